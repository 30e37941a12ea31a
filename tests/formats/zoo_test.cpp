// Published models: every model.json is understood, and every shard is as long as its manifest says.
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>
#include <iterator>

#include "base/error.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

struct Published {
  const char* folder;
  const char* format;
  size_t nodes;  // or layers, those of nested models included
  size_t inputs, outputs, groups, weights;
  int64_t elements;  // of all weights; in layers-models what TensorFlow.js counts as parameters
};
void PrintTo(const Published& model, std::ostream* out) {
  *out << model.folder;
}

const Published zoo[] = {
    {"zoo/bodypix-050-s16-u16", "graph-model", 172, 0, 0, 1, 72, 604960},
    {"zoo/enheg-lines", "layers-model", 10, 0, 0, 1, 10, 243361},
    {"zoo/espcn-nchw", "layers-model", 13, 1, 1, 1, 6, 24752},
    {"zoo/espcn-x2", "layers-model", 4, 0, 0, 1, 6, 21284},
    {"zoo/esrgan-slim-2x", "layers-model", 24, 1, 1, 1, 24, 222075},
    {"zoo/lwgan-hr", "graph-model", 109, 4, 1, 1, 50, 76248},
    {"zoo/magenta-transformer-separable", "graph-model", 447, 0, 0, 1, 102, 569430},
    {"zoo/meet-seg-128x128", "graph-model", 409, 1, 1, 1, 164, 186191},
    {"zoo/mnist-conv-ae", "layers-model", 15, 1, 1, 2, 14, 178001},
    {"zoo/mnist-vae-decoder-graph", "graph-model", 83, 1, 1, 1, 46, 102367},
    {"zoo/mnist-vae-decoder-layers", "layers-model", 17, 1, 1, 1, 22, 102657},
    {"zoo/pixel-upsampler-2x", "layers-model", 1, 0, 0, 1, 0, 0},
    {"zoo/u2net-portrait-256-uint8", "graph-model", 1141, 0, 1, 1, 514, 555249},
    {"zoo/webcam-style-1", "layers-model", 57, 1, 1, 1, 88, 854483},
    {"zoo/whitebox-cartoon-u8", "graph-model", 154, 1, 1, 1, 69, 1467272},
};

const Published topologies[] = {
    {"topologies/pix2pix-large", "graph-model", 173, 1, 1, 1, 93, 0},
    {"topologies/pix2pix-medium", "graph-model", 173, 1, 1, 1, 93, 0},
    {"topologies/pix2pix-small", "graph-model", 173, 1, 1, 1, 93, 0},
};

std::vector<uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

size_t count_layers(const LayerDef& layer) {
  size_t count = layer.layers.size();
  for (const LayerDef& inner : layer.layers) count += count_layers(inner);
  return count;
}

class PublishedModel : public testing::TestWithParam<Published> {
 protected:
  void SetUp() override {
    if (!std::ifstream(folder() + "/model.json")) {
      std::cout << "the published models are not there: " << SHARED_FOLDER << "\n";
      GTEST_SKIP();
    }
    const std::vector<uint8_t> json = read_file(folder() + "/model.json");
    model = parse_model({reinterpret_cast<const char*>(json.data()), json.size()});
  }

  std::string folder() const { return std::string(SHARED_FOLDER) + "/" + GetParam().folder; }

  ModelFile model;
};

class ZooModel : public PublishedModel {};

TEST_P(PublishedModel, HasTheNodesPortsAndWeightsThatItsFileLists) {
  const Published& expected = GetParam();
  EXPECT_EQ(model.format, expected.format);
  EXPECT_EQ(model.groups.size(), expected.groups);
  size_t weights = 0;
  for (const WeightGroup& group : model.groups) weights += group.weights.size();
  EXPECT_EQ(weights, expected.weights);
  if (const auto* graph = std::get_if<GraphTopology>(&model.topology)) {
    EXPECT_EQ(graph->nodes.size(), expected.nodes);
    EXPECT_EQ(graph->inputs.size(), expected.inputs);
    EXPECT_EQ(graph->outputs.size(), expected.outputs);
    size_t constants = 0;
    for (const NodeDef& node : graph->nodes) constants += node.op == "Const";
    EXPECT_EQ(constants, weights);
  } else {
    const LayerDef& root = std::get<LayersTopology>(model.topology).root;
    EXPECT_EQ(count_layers(root), expected.nodes);
    EXPECT_EQ(root.inputs.size(), expected.inputs);
    EXPECT_EQ(root.outputs.size(), expected.outputs);
  }
}

TEST_P(ZooModel, HasShardsThatHoldItsWeights) {
  Weights weights;
  for (WeightGroup group : model.groups) {
    auto bytes = std::make_shared<std::vector<uint8_t>>();
    for (const std::string& path : group.paths) {
      const std::vector<uint8_t> shard = read_file(folder() + "/" + path);
      bytes->insert(bytes->end(), shard.begin(), shard.end());
    }
    read_weights(group, bytes, weights);
  }
  EXPECT_EQ(weights.size(), GetParam().weights);
  int64_t elements = 0;
  for (const auto& [name, tensor] : weights) elements += element_count(tensor.shape);
  EXPECT_EQ(elements, GetParam().elements);
}

std::string test_name(const testing::TestParamInfo<Published>& info) {
  std::string name = info.param.folder;
  name = name.substr(name.find('/') + 1);
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Zoo, PublishedModel, testing::ValuesIn(zoo), test_name);
INSTANTIATE_TEST_SUITE_P(Zoo, ZooModel, testing::ValuesIn(zoo), test_name);
INSTANTIATE_TEST_SUITE_P(Topologies, PublishedModel, testing::ValuesIn(topologies), test_name);

TEST(PublishedModels, KeepTheOrderOfTheirSignature) {
  std::ifstream file(std::string(SHARED_FOLDER) + "/zoo/lwgan-hr/model.json", std::ios::binary);
  if (!file) GTEST_SKIP() << "the published models are not there: " << SHARED_FOLDER;
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  const GraphTopology graph = std::get<GraphTopology>(parse_model(json).topology);
  std::string names;
  for (const SignatureEntry& input : graph.inputs) names += input.name + " ";
  EXPECT_EQ(names, "input_4 input_5 input_2 input_3 ");
}

}  // namespace
}  // namespace fragnet
