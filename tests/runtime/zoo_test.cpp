// Published models, against what TensorFlow.js makes of the same inputs.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "formats/model.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

// The greatest difference over the greatest reference value.
constexpr double zoo_tolerance = 1e-3;

std::filesystem::path zoo() {
  return std::filesystem::path(SHARED_FOLDER) / "zoo";
}

std::vector<uint8_t> bytes_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path << " cannot be read";
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Json json_of_file(const std::filesystem::path& path) {
  const std::vector<uint8_t> bytes = bytes_of_file(path);
  return Json::parse(bytes.begin(), bytes.end());
}

HostTensor reference_file(const std::filesystem::path& path, const Json& description) {
  const std::vector<uint8_t> bytes = bytes_of_file(path);
  HostTensor tensor{description.at("shape").get<Shape>(), std::vector<float>(bytes.size() / sizeof(float))};
  std::memcpy(tensor.values.data(), bytes.data(), tensor.values.size() * sizeof(float));
  return tensor;
}

Graph imported(const std::filesystem::path& folder, const Json& fed) {
  const std::vector<uint8_t> text = bytes_of_file(folder / "model.json");
  const ModelFile model = parse_model({reinterpret_cast<const char*>(text.data()), text.size()});
  Weights weights;
  for (const WeightGroup& group : model.groups) {
    std::vector<uint8_t> bytes;
    for (const std::string& path : group.paths) {
      const std::vector<uint8_t> shard = bytes_of_file(folder / path);
      bytes.insert(bytes.end(), shard.begin(), shard.end());
    }
    read_weights(group, std::make_shared<const std::vector<uint8_t>>(std::move(bytes)), weights);
  }
  InputShapes shapes;
  for (const Json& input : fed) shapes[input.at("name").get<std::string>()] = input.at("shape").get<Shape>();
  return import_model(model, weights, choose_input_shapes(model_inputs(model), shapes));
}

double greatest_difference(const HostTensor& a, const HostTensor& b) {
  double greatest = 0;
  for (size_t i = 0; i < std::min(a.values.size(), b.values.size()); ++i) {
    greatest = std::max(greatest, std::abs(double{a.values[i]} - b.values[i]));
  }
  return greatest;
}

class Zoo : public testing::TestWithParam<const char*> {};

TEST_P(Zoo, GivesWhatTensorFlowJsGives) {
  const std::filesystem::path folder = zoo() / GetParam();
  if (!std::filesystem::exists(folder)) {
    std::cout << folder << " is not there\n";
    GTEST_SKIP();
  }
  const Json run = json_of_file(folder / "tfjs.json");
  const Graph graph = imported(folder, run.at("fed"));

  // The files lie in TensorFlow.js's order; the graph's inputs go by name.
  std::vector<HostTensor> inputs(graph.inputs.size());
  for (size_t i = 0; i < run.at("fed").size(); ++i) {
    const Json& fed = run.at("fed")[i];
    const auto port = std::find_if(graph.inputs.begin(), graph.inputs.end(),
                                   [&](const Port& it) { return it.name == fed.at("name"); });
    ASSERT_NE(port, graph.inputs.end()) << "the model has no input " << fed.at("name");
    inputs[static_cast<size_t>(port - graph.inputs.begin())] =
        reference_file(folder / ("ref_in" + std::to_string(i) + ".f32"), fed);
  }

  double worst = 0;
  const std::vector<HostTensor> outputs = run_on_device(graph, inputs);
  ASSERT_EQ(outputs.size(), run.at("result").size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    SCOPED_TRACE("output " + std::to_string(i) + " " + graph.outputs[i].name);
    HostTensor got = outputs[i];
    HostTensor want = reference_file(folder / ("ref_out" + std::to_string(i) + ".f32"), run.at("result")[i]);
    float largest = 0;
    for (float value : want.values) largest = std::max(largest, std::abs(value));
    ASSERT_GT(largest, 0);
    // Relative to the greatest value even where that is below one.
    for (float& value : got.values) value /= largest;
    for (float& value : want.values) value /= largest;
    EXPECT_EQ(difference(got, want, zoo_tolerance), "");
    worst = std::max(worst, greatest_difference(got, want));
  }
  RecordProperty("worst_relative_error", std::to_string(worst));
}

// The folder's name as a test may be called.
std::string zoo_name(const testing::TestParamInfo<const char*>& model) {
  std::string name = model.param;
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Published, Zoo,
                         testing::Values("bodypix-050-s16-u16", "enheg-lines", "espcn-nchw", "espcn-x2",
                                         "esrgan-slim-2x", "lwgan-hr", "magenta-transformer-separable",
                                         "meet-seg-128x128", "mnist-conv-ae", "mnist-vae-decoder-graph",
                                         "mnist-vae-decoder-layers", "pixel-upsampler-2x",
                                         "u2net-portrait-256-uint8", "webcam-style-1", "whitebox-cartoon-u8"),
                         zoo_name);

}  // namespace
}  // namespace fragnet
