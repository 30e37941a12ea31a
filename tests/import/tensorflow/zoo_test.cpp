// Published graph-models: each becomes a graph with the ports that TensorFlow.js lists, which computes what
// TensorFlow.js computes.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>
#include <iterator>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "import/import_model.hpp"
#include "import/input_shapes.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

std::string shared(const std::string& path) {
  return std::string(SHARED_FOLDER) + "/" + path;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

HostTensor read_floats(const std::string& path, const Shape& shape) {
  const std::string bytes = read_text(path);
  HostTensor tensor{shape, std::vector<float>(static_cast<size_t>(element_count(shape)))};
  EXPECT_EQ(bytes.size(), tensor.values.size() * sizeof(float)) << path;
  if (bytes.size() == tensor.values.size() * sizeof(float))
    std::memcpy(tensor.values.data(), bytes.data(), bytes.size());
  return tensor;
}

Weights read_all_weights(const ModelFile& model, const std::string& folder) {
  Weights weights;
  for (WeightGroup group : model.groups) {
    auto bytes = std::make_shared<std::vector<uint8_t>>();
    for (const std::string& path : group.paths) {
      const std::string shard = read_text(folder + "/" + path);
      bytes->insert(bytes->end(), shard.begin(), shard.end());
    }
    read_weights(group, bytes, weights);
  }
  return weights;
}

const Shape& shape_of(const Graph& graph, const Port& port) {
  return graph.values[static_cast<size_t>(port.value)].shape;
}

struct Published {
  const char* folder;
  bool runs;  // within seconds, as plain loops
};
void PrintTo(const Published& model, std::ostream* out) {
  *out << model.folder;
}

class ZooGraph : public testing::TestWithParam<Published> {};

TEST_P(ZooGraph, IsWhatTensorFlowJsMakesOfIt) {
  const std::string folder = shared("zoo/") + GetParam().folder;
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the published models are not there: " << folder;
  const ModelFile model = parse_model(read_text(folder + "/model.json"));
  const Json tfjs = Json::parse(read_text(folder + "/tfjs.json"));
  InputShapes asked;
  for (const Json& fed : tfjs.at("fed")) asked[fed.at("name")] = fed.at("shape").get<Shape>();

  const std::vector<InputSpec> specs = model_inputs(model);
  ASSERT_EQ(specs.size(), tfjs.at("inputs").size());
  for (size_t i = 0; i < specs.size(); ++i) {
    EXPECT_EQ(specs[i].name, tfjs["inputs"][i].at("name"));
    EXPECT_EQ(specs[i].shape, tfjs["inputs"][i].at("shape").get<Shape>());
  }
  const Graph graph = import_model(model, read_all_weights(model, folder), choose_input_shapes(specs, asked));
  ASSERT_EQ(graph.inputs.size(), tfjs.at("fed").size());
  std::vector<HostTensor> inputs;
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    EXPECT_EQ(graph.inputs[i].name, tfjs["fed"][i].at("name"));
    inputs.push_back(
        read_floats(folder + "/ref_in" + std::to_string(i) + ".f32", shape_of(graph, graph.inputs[i])));
  }
  ASSERT_EQ(graph.outputs.size(), tfjs.at("result").size());
  std::vector<HostTensor> results;
  if (GetParam().runs) results = reference_run(graph, inputs);
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    EXPECT_EQ(graph.outputs[i].name, tfjs.at("outputs")[i].at("name"));
    EXPECT_EQ(shape_of(graph, graph.outputs[i]), tfjs["result"][i].at("shape").get<Shape>());
    if (results.empty()) continue;
    const HostTensor want =
        read_floats(folder + "/ref_out" + std::to_string(i) + ".f32", shape_of(graph, graph.outputs[i]));
    EXPECT_EQ(difference(results[i], want, 1e-4), "") << graph.outputs[i].name;
  }
}

std::string test_name(const testing::TestParamInfo<Published>& info) {
  std::string name = info.param.folder;
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Published, ZooGraph,
                         testing::Values(Published{"mnist-vae-decoder-graph", true},
                                         Published{"meet-seg-128x128", true},
                                         Published{"whitebox-cartoon-u8", true},
                                         Published{"magenta-transformer-separable", true},
                                         Published{"u2net-portrait-256-uint8", true},
                                         Published{"bodypix-050-s16-u16", true}, Published{"lwgan-hr", true}),
                         test_name);

// ---- The generators, whose files come without weights ----

// The integers that the generators keep as weights: the slice [0:1] of a shape, the channels' axis, and the
// output sizes of the transposed convolutions, which double from 2 on.
int32_t integer_of(const std::string& name, const GraphTopology& topology,
                   const std::vector<WeightSpec>& specs) {
  const auto ends_with = [&](const std::string& end) {
    return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  if (ends_with("strided_slice/stack")) return 0;
  if (ends_with("strided_slice/stack_1") || ends_with("strided_slice/stack_2")) return 1;
  if (ends_with("axis")) return 3;
  const std::string base = name.substr(0, name.size() - std::string("/stack/1").size());
  std::map<int, const NodeDef*> ups;  // conv2d_transpose, conv2d_transpose_1 …
  for (const NodeDef& node : topology.nodes) {
    if (node.op != "Conv2DBackpropInput") continue;
    const std::string key = "conv2d_transpose_";
    const size_t at = node.name.rfind(key);
    ups[at == std::string::npos ? 0 : std::atoi(node.name.c_str() + at + key.size())] = &node;
  }
  int size = 1;
  for (const auto& [number, node] : ups) {
    size *= 2;
    if (node->name.compare(0, base.size() + 1, base + "/") != 0) continue;
    if (!ends_with("/stack/3")) return size;
    for (const WeightSpec& spec : specs) {
      if (spec.name == node->inputs[1]) return spec.shape[2];
    }
  }
  ADD_FAILURE() << "no value for " << name;
  return 0;
}

class Generator : public testing::TestWithParam<const char*> {};

TEST_P(Generator, MakesAPictureOfItsSize) {
  const std::string path = shared("topologies/") + GetParam() + "/model.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the published topologies are not there: " << path;
  const ModelFile model = parse_model(read_text(path));
  const GraphTopology& topology = std::get<GraphTopology>(model.topology);
  Weights weights;
  for (WeightGroup group : model.groups) {
    for (const WeightSpec& spec : group.weights) {
      const size_t count = static_cast<size_t>(element_count(spec.shape));
      if (spec.dtype == DType::int32) {
        const int32_t value = integer_of(spec.name, topology, group.weights);
        weights[spec.name] = make_tensor(spec.shape, std::vector<int32_t>(count, value));
        continue;
      }
      auto zeros = std::make_shared<const std::vector<uint8_t>>(count, uint8_t{0});
      Tensor tensor{.shape = spec.shape, .encoding = Encoding::uint8, .bytes = *zeros};
      tensor.owner = zeros;
      weights[spec.name] = tensor;
    }
  }
  const Graph graph = import_model(model, weights, choose_input_shapes(model_inputs(model), {}));
  ASSERT_EQ(graph.inputs.size(), 1u);
  EXPECT_EQ(shape_of(graph, graph.inputs[0]), (Shape{1, 256, 256, 1}));
  ASSERT_EQ(graph.outputs.size(), 1u);
  EXPECT_EQ(graph.outputs[0].name, "Identity");
  EXPECT_EQ(shape_of(graph, graph.outputs[0]), (Shape{1, 256, 256, 3}));
  size_t up = 0;
  for (const Node& node : graph.nodes) up += std::holds_alternative<Conv2dTranspose>(node.op);
  EXPECT_EQ(up, 8u);
}

INSTANTIATE_TEST_SUITE_P(Published, Generator,
                         testing::Values("pix2pix-small", "pix2pix-medium", "pix2pix-large"),
                         [](const auto& test) { return std::string(test.param).substr(8); });

}  // namespace
}  // namespace fragnet
