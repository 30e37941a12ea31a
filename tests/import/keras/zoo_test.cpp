// Published layers-models: what TensorFlow.js says of their inputs and outputs, and what it makes of one
// input.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "import/import_model.hpp"
#include "import/keras/model_case.hpp"

namespace fragnet {
namespace {

namespace fs = std::filesystem;

std::vector<uint8_t> bytes_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

HostTensor floats_of_file(const fs::path& path, const Shape& shape) {
  const std::vector<uint8_t> bytes = bytes_of_file(path);
  HostTensor tensor{shape, std::vector<float>(bytes.size() / sizeof(float))};
  EXPECT_EQ(static_cast<int64_t>(tensor.values.size()), element_count(shape)) << path;
  std::memcpy(tensor.values.data(), bytes.data(), tensor.values.size() * sizeof(float));
  return tensor;
}

ModelFile model_of_folder(const fs::path& folder, Weights& weights) {
  const std::vector<uint8_t> json = bytes_of_file(folder / "model.json");
  ModelFile model = parse_model({reinterpret_cast<const char*>(json.data()), json.size()});
  for (WeightGroup group : model.groups) {
    auto bytes = std::make_shared<std::vector<uint8_t>>();
    for (const std::string& path : group.paths) {
      const std::vector<uint8_t> shard = bytes_of_file(folder / path);
      bytes->insert(bytes->end(), shard.begin(), shard.end());
    }
    read_weights(group, bytes, weights);
  }
  return model;
}

class ImportLayersModelZoo : public testing::TestWithParam<std::string> {};

TEST_P(ImportLayersModelZoo, GivesWhatTensorFlowJsGives) {
  const fs::path folder = fs::path(SHARED_FOLDER) / "zoo" / GetParam();
  if (!fs::exists(folder)) {
    std::cout << "the published model is not there: " << folder << "\n";
    GTEST_SKIP();
  }
  const std::vector<uint8_t> json = bytes_of_file(folder / "tfjs.json");
  const Json wanted = Json::parse(json);
  Weights weights;
  const ModelFile model = model_of_folder(folder, weights);

  const std::vector<InputSpec> specs = model_inputs(model);
  ASSERT_EQ(specs.size(), wanted["inputs"].size());
  InputShapes shapes;
  for (size_t i = 0; i < specs.size(); ++i) {
    EXPECT_EQ(specs[i].name, wanted["inputs"][i]["name"]);
    shapes[specs[i].name] = wanted["fed"][i]["shape"].get<Shape>();
    Shape declared;
    for (const Json& extent : wanted["inputs"][i]["shape"]) {
      declared.push_back(extent.is_null() ? open_extent : extent.get<int>());
    }
    EXPECT_EQ(specs[i].shape, declared);
  }

  const Graph graph = import_model(model, weights, shapes);
  ASSERT_EQ(graph.outputs.size(), wanted["outputs"].size());
  std::vector<HostTensor> inputs;
  for (size_t i = 0; i < specs.size(); ++i) {
    inputs.push_back(floats_of_file(folder / ("ref_in" + std::to_string(i) + ".f32"), shapes[specs[i].name]));
  }
  const std::vector<HostTensor> outputs = reference_run(graph, inputs);
  for (size_t i = 0; i < outputs.size(); ++i) {
    EXPECT_EQ(graph.outputs[i].name, wanted["outputs"][i]["name"]);
    const Shape shape = wanted["result"][i]["shape"].get<Shape>();
    expect_same(outputs[i], floats_of_file(folder / ("ref_out" + std::to_string(i) + ".f32"), shape), 1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Published, ImportLayersModelZoo,
                         testing::Values("enheg-lines", "espcn-nchw", "espcn-x2", "esrgan-slim-2x",
                                         "mnist-conv-ae", "mnist-vae-decoder-layers", "pixel-upsampler-2x",
                                         "webcam-style-1"));

}  // namespace
}  // namespace fragnet
