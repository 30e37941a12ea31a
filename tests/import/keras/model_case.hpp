// Small Keras models for tests, without a file.
#pragma once

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "import/import_model.hpp"
#include "import/input_shapes.hpp"
#include "import/keras/layers_model.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {

inline void expect_error(const std::function<void()>& act, std::string_view error_code,
                         const std::string& sentence) {
  try {
    act();
    ADD_FAILURE() << "no error, wanted: " << sentence;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), error_code) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(sentence));
  }
}

// A layer that is used once, on the first outputs of these layers.
inline LayerDef keras_layer(const std::string& class_name, const std::string& name, Json config,
                            const std::vector<std::string>& inputs) {
  LayerDef layer{.class_name = class_name, .name = name, .config = std::move(config)};
  layer.calls.emplace_back();
  for (const std::string& input : inputs) layer.calls[0].push_back({input});
  return layer;
}

inline LayerDef keras_input(const std::string& name, const Json& batch_input_shape) {
  return {.class_name = "InputLayer", .name = name, .config = {{"batch_input_shape", batch_input_shape}}};
}

// A functional model: its inputs are its InputLayers.
inline LayerDef keras_model(const std::string& name, std::vector<LayerDef> layers,
                            const std::vector<LayerRef>& outputs) {
  LayerDef model{.class_name = "Functional", .name = name, .config = Json::object()};
  for (const LayerDef& layer : layers) {
    if (layer.class_name == "InputLayer") model.inputs.push_back({layer.name});
  }
  model.layers = std::move(layers);
  model.outputs = outputs;
  return model;
}

using NamedTensors = std::map<std::string, HostTensor>;

inline Graph import_keras(const LayerDef& root, const NamedTensors& weights = {},
                          const InputShapes& shapes = {}) {
  Weights encoded_weights;
  for (const auto& [name, tensor] : weights) encoded_weights[name] = encoded(tensor);
  return import_layers_model({root}, encoded_weights, shapes);
}

// The model of one layer "it" on inputs of these shapes.
inline Graph import_one(const std::string& class_name, const Json& config, const NamedTensors& weights,
                        const std::vector<Shape>& shapes) {
  std::vector<LayerDef> layers;
  std::vector<std::string> names;
  for (const Shape& shape : shapes) {
    names.push_back("x" + std::to_string(names.size()));
    layers.push_back(keras_input(names.back(), shape));
  }
  layers.push_back(keras_layer(class_name, "it", config, names));
  return import_keras(keras_model("model", layers, {{"it"}}), weights);
}

// What one layer "it" makes of its inputs.
inline HostTensor run_one(const std::string& class_name, const Json& config, const NamedTensors& weights,
                          const std::vector<HostTensor>& inputs) {
  std::vector<Shape> shapes;
  for (const HostTensor& input : inputs) shapes.push_back(input.shape);
  return reference_run(import_one(class_name, config, weights, shapes), inputs).at(0);
}

// f of every element
template <class F>
HostTensor mapped(const HostTensor& x, F f) {
  HostTensor y = x;
  for (float& value : y.values) value = static_cast<float>(f(static_cast<double>(value)));
  return y;
}

inline void expect_same(const HostTensor& got, const HostTensor& want, double tolerance = 1e-5) {
  ASSERT_EQ(got.shape, want.shape);
  EXPECT_EQ(difference(got, want, tolerance), "");
}

}  // namespace fragnet
