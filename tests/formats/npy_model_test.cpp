// layers.json: chains of layers with .npy files.
#include <cstring>

#include "expect_error.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

using testing::ElementsAre;

std::string file(const std::string& layers, const std::string& outputs = R"("a")",
                 const std::string& more = "") {
  return R"({"format": "fragnet-npy", "input": [32, 32, 1], "layers": [)" + layers + R"(], "outputs": [)" +
         outputs + "]" + more + "}";
}

std::vector<uint8_t> npy(const std::string& descr, const std::string& shape,
                         const std::vector<float>& values) {
  const std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + "}";
  const std::string start =
      std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(header.size()) + '\0' + header;
  std::vector<uint8_t> bytes(start.begin(), start.end());
  bytes.resize(start.size() + values.size() * sizeof(float));
  if (!values.empty()) std::memcpy(bytes.data() + start.size(), values.data(), values.size() * sizeof(float));
  return bytes;
}

void read(ModelFile& model, const std::vector<uint8_t>& bytes, Weights& weights) {
  read_weights(model.groups.at(0), std::make_shared<const std::vector<uint8_t>>(bytes), weights);
}

TEST(NpyModel, IsLayersInARow) {
  const ModelFile model = parse_model(file(
      R"({"name": "down", "op": "conv2d", "kernel": "a.npy", "bias": "b.npy", "stride": 2, "activation": "relu"},
         {"name": "twice", "op": "upsample_nearest", "factor": 2},
         {"name": "up", "op": "conv2d_transpose", "kernel": "a.npy"})",
      R"("up", "down")", R"(, "name": "Tiny")"));
  EXPECT_EQ(model.format, "fragnet-npy");
  EXPECT_EQ(model.name, "Tiny");
  const auto& topology = std::get<LayersJson>(model.topology);
  EXPECT_EQ(topology.input_shape, Json({32, 32, 1}));
  ASSERT_EQ(topology.layers.size(), 3u);
  EXPECT_EQ(topology.layers[0].class_name, "conv2d");
  EXPECT_EQ(topology.layers[0].name, "down");
  EXPECT_EQ(topology.layers[0].config.at("stride"), 2);
  EXPECT_EQ(topology.layers[0].config.at("use_bias"), true);
  EXPECT_EQ(topology.layers[1].name, "twice");
  EXPECT_EQ(topology.layers[2].config.at("use_bias"), false);
  EXPECT_THAT(topology.outputs, ElementsAre("up", "down"));
}

TEST(NpyModel, SaysWhichFileEachWeightIsIn) {
  std::string files;
  for (const WeightGroup& group :
       parse_model(file(R"({"name": "a", "op": "conv2d", "kernel": "k.npy", "bias": "b.npy"})")).groups) {
    files += group.weights.at(0).name + " in " + group.paths.at(0) + (group.is_npy ? "; " : "?");
  }
  EXPECT_EQ(files, "a/bias in b.npy; a/kernel in k.npy; ");
}

TEST(NpyModel, KnowsItsWeightsOnceTheyAreRead) {
  ModelFile model = parse_model(file(R"({"name": "a", "op": "conv2d", "kernel": "a.npy"})"));
  Weights weights;
  const std::vector<uint8_t> bytes = npy("<f4", "(2, 1)", {1, -2});
  read(model, bytes, weights);
  EXPECT_THAT(to_floats(weights.at("a/kernel")), ElementsAre(1, -2));
  EXPECT_EQ(model.groups[0].bytes, static_cast<int64_t>(bytes.size()));
  ASSERT_EQ(model.groups[0].weights.size(), 1u);
  EXPECT_EQ(model.groups[0].weights[0].shape, (Shape{2, 1}));
}

TEST(NpyModel, NamesTheFileThatCannotBeRead) {
  ModelFile model = parse_model(file(R"({"name": "a", "op": "conv2d", "kernel": "a.npy"})"));
  Weights weights;
  expect_error(code::bad_array, "the weight file \"a.npy\": this is no .npy file", [&] {
    read(model, {'P', 'K', 3, 4}, weights);
  });
  expect_error(code::bad_array, "the weight file \"a.npy\": the .npy file has elements of type \">f4\"",
               [&] { read(model, npy(">f4", "(1,)", {1}), weights); });
  expect_error(code::bad_array, "the .npy file has 4 bytes of elements, its shape [2] of <f4 wants 8",
               [&] { read(model, npy("<f4", "(2,)", {1}), weights); });
  expect_error(code::bad_value, "weight \"a/kernel\" is NaN or infinite at element 1 of its shape [2]", [&] {
    read(model, npy("<f4", "(2,)", {1, std::numeric_limits<float>::infinity()}), weights);
  });
}

TEST(NpyModel, RefusesWhatItDoesNotKnow) {
  const auto refuses = [](std::string_view code, const std::string& why, const std::string& json) {
    expect_error(code, why, [&] { parse_model(json); });
  };
  const std::string start = R"({"format": "fragnet-npy", "input": [1, 1, 1])",
                    a = R"({"name": "a", "op": "conv2d")";
  refuses(code::bad_topology, "the model has no list \"layers\"", start + R"(, "layers": 3})");
  refuses(code::bad_topology, "the model has no list \"input\"", R"({"format": "fragnet-npy"})");
  refuses(code::bad_topology, "the model has no list \"outputs\"", start + R"(, "layers": []})");
  refuses(code::bad_topology, "layer 1 has no text \"op\"", file("3"));
  refuses(code::bad_topology, "layer 1 has no text \"op\"", file(R"({"name": "a"})"));
  refuses(code::bad_topology, "layer 2 has no text \"name\"", file(a + R"(}, {"op": "conv2d"})"));
  refuses(code::bad_topology, "layer \"a\": \"dilation\" is not known", file(a + R"(, "dilation": 2})"));
  refuses(code::bad_topology, "layer \"a\" has no text \"kernel\"", file(a + R"(, "kernel": []})"));
  refuses(code::bad_topology, "an output is a number", file(a + "}", "1"));
  refuses(code::bad_weights, "layer \"a\" names the file \"../a.npy\": it leaves the model's folder",
          file(a + R"(, "kernel": "../a.npy"})"));
}

}  // namespace
}  // namespace fragnet
