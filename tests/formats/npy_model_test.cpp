// layers.json: chains of layers with .npy files.
#include <cstring>

#include "expect_error.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

using testing::ElementsAre;

std::string file(const std::string& layers, const std::string& more = "") {
  return R"({"format": "fragnet-npy", "input": [32, 32, 1], "layers": [)" + layers + "]" + more + "}";
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

TEST(NpyModel, ReadsLayersAndTheFilesThatTheyNeed) {
  const ModelFile model = parse_model(file(
      R"({"op": "conv2d", "kernel": "a.npy", "bias": "b.npy", "stride": 2, "padding": 1, "activation": "relu"},
         {"op": "upsample_nearest", "factor": 2},
         {"name": "up", "op": "conv2d_transpose", "kernel": "a.npy", "output_padding": 1})",
      R"(, "name": "Tiny", "outputs": ["up", "layer_1"])"));
  EXPECT_EQ(model.format, "fragnet-npy");
  EXPECT_EQ(model.name, "Tiny");
  const auto& topology = std::get<NpyTopology>(model.topology);
  EXPECT_EQ(topology.input, (Shape{32, 32, 1}));
  EXPECT_THAT(topology.outputs, ElementsAre("up", "layer_1"));
  ASSERT_EQ(topology.layers.size(), 3u);
  const NpyLayer &conv = topology.layers[0], &up = topology.layers[2];
  EXPECT_EQ(conv.name, "layer_1");
  EXPECT_EQ(conv.op, "conv2d");
  EXPECT_EQ(conv.kernel, "a.npy");
  EXPECT_EQ(conv.bias, "b.npy");
  EXPECT_EQ(conv.activation, "relu");
  EXPECT_EQ(conv.stride, 2);
  EXPECT_EQ(conv.padding, 1);
  EXPECT_EQ(topology.layers[1].factor, 2);
  EXPECT_EQ(up.name, "up");
  EXPECT_EQ(up.stride, 1);
  EXPECT_EQ(up.padding, 0);
  EXPECT_EQ(up.output_padding, 1);
  ASSERT_EQ(model.groups.size(), 2u);  // a.npy is needed once
  EXPECT_THAT(model.groups[0].paths, ElementsAre("a.npy"));
  EXPECT_THAT(model.groups[1].paths, ElementsAre("b.npy"));
}

TEST(NpyModel, HasItsLastLayerAsOutputWhereNoneIsNamed) {
  const ModelFile model = parse_model(file(R"({"op": "a"}, {"op": "b"})"));
  EXPECT_THAT(std::get<NpyTopology>(model.topology).outputs, ElementsAre("layer_2"));
}

TEST(NpyModel, KnowsItsWeightsOnceTheyAreRead) {
  ModelFile model = parse_model(file(R"({"op": "conv2d", "kernel": "a.npy"})"));
  Weights weights;
  const std::vector<uint8_t> bytes = npy("<f4", "(2, 1)", {1, -2});
  read(model, bytes, weights);
  EXPECT_THAT(to_floats(weights.at("a.npy")), ElementsAre(1, -2));
  EXPECT_EQ(model.groups[0].bytes, static_cast<int64_t>(bytes.size()));
  ASSERT_EQ(model.groups[0].weights.size(), 1u);
  EXPECT_EQ(model.groups[0].weights[0].shape, (Shape{2, 1}));
}

TEST(NpyModel, NamesTheFileThatCannotBeRead) {
  ModelFile model = parse_model(file(R"({"op": "conv2d", "kernel": "a.npy"})"));
  Weights weights;
  expect_error(code::bad_array, "the weight file \"a.npy\": this is no .npy file", [&] {
    read(model, {'P', 'K', 3, 4}, weights);
  });
  expect_error(code::bad_array, "the weight file \"a.npy\": the .npy file has elements of type \">f4\"",
               [&] { read(model, npy(">f4", "(1,)", {1}), weights); });
  expect_error(code::bad_array, "the .npy file has 4 bytes of elements, its shape [2] of <f4 wants 8",
               [&] { read(model, npy("<f4", "(2,)", {1}), weights); });
  expect_error(code::bad_value, "weight \"a.npy\" is NaN or infinite at element 1 of its shape [2]", [&] {
    read(model, npy("<f4", "(2,)", {1, std::numeric_limits<float>::infinity()}), weights);
  });
}

TEST(NpyModel, RefusesWhatItDoesNotKnow) {
  const auto refuses = [](std::string_view code, const std::string& why, const std::string& json) {
    expect_error(code, why, [&] { parse_model(json); });
  };
  refuses(code::bad_topology, "has no list \"layers\"", file(""));
  refuses(code::bad_topology, "has no list \"input\"",
          R"({"format": "fragnet-npy", "layers": [{"op": "a"}]})");
  refuses(code::bad_topology, "\"input\" must be height, width and channels, it is [32, 32]",
          R"({"format": "fragnet-npy", "input": [32, 32], "layers": [{"op": "a"}]})");
  refuses(code::bad_topology, "\"input\" must be a whole number from -1",
          R"({"format": "fragnet-npy", "input": [32, 1.5, 1], "layers": [{"op": "a"}]})");
  refuses(code::bad_topology, "layer 1 is a number, an object was expected", file("3"));
  refuses(code::bad_topology, "layer 2: \"dilation\" is not known", file(R"({"op": "a"}, {"dilation": 2})"));
  refuses(code::bad_topology, "layer 1: \"kernel\" is an array, text was expected",
          file(R"({"kernel": []})"));
  refuses(code::bad_topology, "layer 1: \"stride\" must be a whole number from 0 to 65536",
          file(R"({"stride": 70000})"));
  refuses(code::bad_topology, "an entry of \"outputs\" is a number",
          file(R"({"op": "a"})", R"(, "outputs": [1])"));
  refuses(code::bad_weights, "a layer names the file \"../a.npy\": it leaves the model's folder",
          file(R"({"op": "conv2d", "kernel": "../a.npy"})"));
  std::string many = "{}";
  for (int i = 0; i < 1000; ++i) many += ", {}";
  refuses(code::too_large, "the model has 1001 layers", file(many));
}

}  // namespace
}  // namespace fragnet
