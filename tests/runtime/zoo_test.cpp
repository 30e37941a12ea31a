// Published models, against what TensorFlow.js makes of the same inputs.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

// The greatest difference over the greatest reference value.
constexpr double zoo_tolerance = 1e-3;
// The least signal-to-noise ratio with half-float targets, over the range of the reference.
constexpr double zoo_half_decibels = 40;

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
  const std::vector<uint8_t> json = bytes_of_file(folder / "model.json");
  const ModelFile model = parse_model({reinterpret_cast<const char*>(json.data()), json.size()});
  Weights weights;
  for (WeightGroup group : model.groups) {
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

class Zoo : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::filesystem::path folder = std::filesystem::path(SHARED_FOLDER) / "zoo" / GetParam();
    if (!std::filesystem::exists(folder)) {
      std::cout << folder << " is not there\n";
      GTEST_SKIP();
    }
    const Json run = json_of_file(folder / "tfjs.json");
    graph_ = imported(folder, run.at("fed"));

    // The files lie in TensorFlow.js's order; the graph's inputs go by name.
    inputs_.resize(graph_.inputs.size());
    for (size_t i = 0; i < run.at("fed").size(); ++i) {
      const Json& fed = run.at("fed")[i];
      const auto port = std::find_if(graph_.inputs.begin(), graph_.inputs.end(),
                                     [&](const Port& it) { return it.name == fed.at("name"); });
      ASSERT_NE(port, graph_.inputs.end()) << "the model has no input " << fed.at("name");
      inputs_[static_cast<size_t>(port - graph_.inputs.begin())] =
          reference_file(folder / ("ref_in" + std::to_string(i) + ".f32"), fed);
    }
    for (size_t i = 0; i < run.at("result").size(); ++i) {
      outputs_.push_back(
          reference_file(folder / ("ref_out" + std::to_string(i) + ".f32"), run.at("result")[i]));
    }
  }

  Graph graph_;
  std::vector<HostTensor> inputs_, outputs_;
};

TEST_P(Zoo, GivesWhatTensorFlowJsGives) {
  const std::vector<HostTensor> got = run_on_device(graph_, inputs_);
  ASSERT_EQ(got.size(), outputs_.size());
  double worst = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].shape, outputs_[i].shape) << graph_.outputs[i].name;
    double largest = 0, furthest = 0;
    for (size_t k = 0; k < got[i].values.size(); ++k) {
      const double want = outputs_[i].values[k];
      ASSERT_TRUE(std::isfinite(got[i].values[k])) << graph_.outputs[i].name << ", element " << k;
      largest = std::max(largest, std::abs(want));
      furthest = std::max(furthest, std::abs(got[i].values[k] - want));
    }
    EXPECT_LE(furthest, zoo_tolerance * largest) << "output " << graph_.outputs[i].name;
    worst = std::max(worst, furthest / largest);
  }
  RecordProperty("worst_relative_error", text(worst));
}

TEST_P(Zoo, KeepsFortyDecibelsInHalfPrecision) {
  const std::vector<HostTensor> got = run_on_device(graph_, inputs_, Precision::fp16);
  ASSERT_EQ(got.size(), outputs_.size());
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < got.size(); ++i) {
    const std::vector<float>& want = outputs_[i].values;
    ASSERT_EQ(got[i].values.size(), want.size());
    const auto [low, high] = std::minmax_element(want.begin(), want.end());
    double squares = 0;
    for (size_t k = 0; k < want.size(); ++k) squares += std::pow(double{got[i].values[k]} - want[k], 2);
    const double range = double{*high} - *low;
    const double decibels = 10 * std::log10(range * range * static_cast<double>(want.size()) / squares);
    EXPECT_GE(decibels, zoo_half_decibels) << "output " << graph_.outputs[i].name;
    least = std::min(least, decibels);
  }
  RecordProperty("least_decibels", text(least));
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
