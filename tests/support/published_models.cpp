#include "support/published_models.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numbers>
#include <stdexcept>

#include "formats/model.hpp"
#include "import/import_model.hpp"

namespace fragnet {
namespace {

using Path = std::filesystem::path;

Path shared_folder(const char* kind, const std::string& name) {
  return Path(SHARED_FOLDER) / kind / name;
}

bool is_there(const Path& folder) {
  const bool exists = std::filesystem::exists(folder);
  if (!exists) std::cout << folder << " is not there\n";
  return exists;
}

std::vector<uint8_t> bytes_of_file(const Path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Json json_of_file(const Path& path) {
  const std::vector<uint8_t> bytes = bytes_of_file(path);
  return Json::parse(bytes.begin(), bytes.end());
}

ModelFile model_of_file(const Path& path) {
  const std::vector<uint8_t> json = bytes_of_file(path);
  return parse_model({reinterpret_cast<const char*>(json.data()), json.size()});
}

HostTensor reference_file(const Path& path, const Json& description) {
  const std::vector<uint8_t> bytes = bytes_of_file(path);
  HostTensor tensor{description.at("shape").get<Shape>(), std::vector<float>(bytes.size() / sizeof(float))};
  std::memcpy(tensor.values.data(), bytes.data(), tensor.values.size() * sizeof(float));
  return tensor;
}

// Normal numbers, the same everywhere.
class Normal {
 public:
  double next() {
    const double radius = std::sqrt(-2 * std::log(std::max(uniform(), 1e-9)));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  double uniform() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ / 4294967296.0;
  }
  uint32_t state_ = 123456789;
};

int last_number(const std::string& name) {
  const size_t at = name.find("conv2d_transpose_");
  return at == std::string::npos ? 0 : std::atoi(name.c_str() + at + std::strlen("conv2d_transpose_"));
}

bool has(const std::string& name, const char* part) {
  return name.find(part) != std::string::npos;
}

bool ends_in(const std::string& name, const std::string& end) {
  return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

// Fills the groups of a generator whose files were not published.
class GeneratorWeights {
 public:
  GeneratorWeights(ModelFile& file, double gain) : file_(file), gain_(gain) {
    for (const NodeDef& node : std::get<GraphTopology>(file.topology).nodes)
      if (node.op == "Conv2DBackpropInput") transposed_.push_back(&node);
    // The k-th one makes a picture of 2^k × 2^k.
    std::sort(transposed_.begin(), transposed_.end(),
              [](const NodeDef* a, const NodeDef* b) { return last_number(a->name) < last_number(b->name); });
    for (const WeightGroup& group : file.groups)
      for (const WeightSpec& weight : group.weights) shapes_[weight.name] = weight.shape;
  }

  Weights made() {
    Weights weights;
    for (WeightGroup& group : file_.groups) {
      std::vector<uint8_t> bytes;
      for (WeightSpec& weight : group.weights) append(weight, bytes);
      read_weights(group, std::make_shared<const std::vector<uint8_t>>(std::move(bytes)), weights);
    }
    return weights;
  }

 private:
  int whole_number(const std::string& name) const {
    if (ends_in(name, "strided_slice/stack")) return 0;
    if (has(name, "strided_slice/stack_")) return 1;
    if (ends_in(name, "axis")) return 3;
    for (size_t k = 0; k < transposed_.size(); ++k) {
      const std::string base = transposed_[k]->name.substr(0, transposed_[k]->name.rfind('/'));
      if (name == base + "/stack/1" || name == base + "/stack/2") return 2 << k;
      if (name == base + "/stack/3") return shapes_.at(transposed_[k]->inputs[1])[2];
    }
    throw std::runtime_error("no value known for " + name);
  }

  double spread(const WeightSpec& weight) const {
    if (weight.shape.size() != 4) return 0.2;
    const bool is_transposed = has(weight.name, "unknown_");
    const int fan_in = weight.name == "unknown" ? 16
                       : is_transposed          ? 4 * weight.shape[3]
                                                : 16 * weight.shape[2];
    // What the last kernel finds is about as great as the encoder has made it.
    const double times = !is_transposed                                 ? gain_
                         : weight.name == transposed_.back()->inputs[1] ? 2 / std::pow(gain_, 8)
                                                                        : 1;
    return times * std::sqrt(2.0 / fan_in);
  }

  void append(WeightSpec& weight, std::vector<uint8_t>& bytes) {
    const auto count = static_cast<size_t>(element_count(weight.shape));
    const size_t at = bytes.size();
    bytes.resize(at + count * static_cast<size_t>(bytes_of(weight.encoding)));
    if (weight.dtype == DType::int32) {
      const std::vector<int32_t> numbers(count, whole_number(weight.name));
      std::memcpy(bytes.data() + at, numbers.data(), count * sizeof(int32_t));
      return;
    }
    const double mean = has(weight.name, "Scaled") ? 1 : 0, times = spread(weight);
    std::vector<double> values(count);
    for (double& value : values) value = mean + times * normal_.next();
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    weight.min = *low;
    weight.scale = *high > *low ? (*high - *low) / 255 : 1;
    if (weight.encoding != Encoding::uint8) throw std::runtime_error("bytes are expected");
    for (size_t i = 0; i < count; ++i)
      bytes[at + i] = static_cast<uint8_t>(std::lround((values[i] - weight.min) / weight.scale));
  }

  ModelFile& file_;
  double gain_;
  std::vector<const NodeDef*> transposed_;
  std::map<std::string, Shape> shapes_;
  Normal normal_;
};

}  // namespace

const std::vector<const char*>& zoo_names() {
  static const std::vector<const char*> names = {"bodypix-050-s16-u16",
                                                 "enheg-lines",
                                                 "espcn-nchw",
                                                 "espcn-x2",
                                                 "esrgan-slim-2x",
                                                 "lwgan-hr",
                                                 "magenta-transformer-separable",
                                                 "meet-seg-128x128",
                                                 "mnist-conv-ae",
                                                 "mnist-vae-decoder-graph",
                                                 "mnist-vae-decoder-layers",
                                                 "pixel-upsampler-2x",
                                                 "u2net-portrait-256-uint8",
                                                 "webcam-style-1",
                                                 "whitebox-cartoon-u8"};
  return names;
}

bool has_zoo_model(const std::string& name) {
  return is_there(shared_folder("zoo", name));
}

PublishedModel zoo_model(const std::string& name) {
  const Path folder = shared_folder("zoo", name);
  const Json run = json_of_file(folder / "tfjs.json");
  const ModelFile file = model_of_file(folder / "model.json");
  Weights weights;
  for (WeightGroup group : file.groups) {
    std::vector<uint8_t> bytes;
    for (const std::string& path : group.paths) {
      const std::vector<uint8_t> shard = bytes_of_file(folder / path);
      bytes.insert(bytes.end(), shard.begin(), shard.end());
    }
    read_weights(group, std::make_shared<const std::vector<uint8_t>>(std::move(bytes)), weights);
  }
  InputShapes shapes;
  for (const Json& fed : run.at("fed"))
    shapes[fed.at("name").get<std::string>()] = fed.at("shape").get<Shape>();
  PublishedModel model{.graph = import_model(file, weights, choose_input_shapes(model_inputs(file), shapes))};

  // The files lie in TensorFlow.js's order; the graph's inputs go by name.
  model.inputs.resize(model.graph.inputs.size());
  for (size_t i = 0; i < run.at("fed").size(); ++i) {
    const Json& fed = run.at("fed")[i];
    const auto port = std::find_if(model.graph.inputs.begin(), model.graph.inputs.end(),
                                   [&](const Port& it) { return it.name == fed.at("name"); });
    if (port == model.graph.inputs.end())
      throw std::runtime_error("the model has no input " + fed.at("name").dump());
    model.inputs[static_cast<size_t>(port - model.graph.inputs.begin())] =
        reference_file(folder / ("ref_in" + std::to_string(i) + ".f32"), fed);
  }
  for (size_t i = 0; i < run.at("result").size(); ++i) {
    model.outputs.push_back(
        reference_file(folder / ("ref_out" + std::to_string(i) + ".f32"), run.at("result")[i]));
  }
  return model;
}

const std::vector<const char*>& generator_names() {
  static const std::vector<const char*> names = {"pix2pix-small", "pix2pix-medium", "pix2pix-large"};
  return names;
}

bool has_generator(const std::string& name) {
  return is_there(shared_folder("topologies", name));
}

PublishedModel generator(const std::string& name, double gain) {
  ModelFile file = model_of_file(shared_folder("topologies", name) / "model.json");
  const Weights weights = GeneratorWeights(file, gain).made();
  PublishedModel model{.graph = import_model(file, weights, choose_input_shapes(model_inputs(file), {}))};
  const Shape& shape = model.graph.values[static_cast<size_t>(model.graph.inputs[0].value)].shape;
  model.inputs = {smooth_picture(shape, 0.3f)};
  return model;
}

HostTensor smooth_picture(const Shape& shape, float turn, float low, float high) {
  HostTensor tensor{shape, std::vector<float>(static_cast<size_t>(element_count(shape)))};
  for (size_t i = 0; i < tensor.values.size(); ++i) {
    const auto y = static_cast<float>(i / static_cast<size_t>(shape[2] * shape[3]));
    const auto x = static_cast<float>(i / static_cast<size_t>(shape[3]) % static_cast<size_t>(shape[2]));
    const float wave = std::sin(x * 0.13f + turn) * std::cos(y * 0.09f - turn);
    tensor.values[i] = low + (high - low) * (0.5f + 0.5f * wave);
  }
  return tensor;
}

}  // namespace fragnet
