// A layer's configuration, its weights and its activation are read with the tools of Keras's layers; what a
// layer computes from them is PyTorch's.
#include "import/layers_json/layers_json.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "import/grouped_convolution.hpp"
#include "import/import_model.hpp"
#include "import/keras/layer.hpp"
#include "import/tensorflow/node.hpp"

namespace fragnet {
namespace {

// PyTorch has kernels as (O, I, kh, kw), of transposed convolutions as (I, O, kh, kw): here both are turned.
ValueId add_kernel(KerasLayer& layer) {
  const KerasWeight& kernel = take_weight(layer, {"kernel"});
  return add_node(layer, Transpose{{2, 3, 1, 0}}, {add_weight(layer, kernel, kernel.tensor->shape)});
}

// kernel: (kh, kw, …)
Window window_of(KerasLayer& layer, ValueId kernel) {
  const Shape& shape = layer.builder.shape(kernel);
  const auto [y, x] = config_pair(layer.config, {"padding"}, {0, 0}, 0, max_window_span);
  return {.kernel = {shape[0], shape[1]},
          .stride = config_pair(layer.config, {"stride"}, {1, 1}, 1, max_window_span),
          .padding = {y, y, x, x}};
}

ValueId import_pytorch_conv2d(KerasLayer& layer) {
  const ValueId kernel = add_kernel(layer);
  const int groups = config_int(layer.config, {"groups"}, 1, 1, max_window_span);
  const Window window = window_of(layer, kernel);
  const ValueId result = add_grouped_conv2d(layer.builder, layer.name, layer.config.where,
                                            picture_input(layer), kernel, window, groups);
  return add_activation(layer, add_bias(layer, result));
}

ValueId import_pytorch_conv2d_transpose(KerasLayer& layer) {
  const ValueId picture = picture_input(layer), kernel = add_kernel(layer);
  const Shape from = shape_of(layer, picture);
  Conv2dTranspose op{window_of(layer, kernel)};
  const auto extra = config_pair(layer.config, {"output_padding"}, {0, 0}, 0, max_window_span);
  const std::array<int, 2> cut{op.window.padding.top, op.window.padding.left};
  for (size_t i = 0; i < 2; ++i) {
    const int64_t extent =
        int64_t{from[i + 1] - 1} * op.window.stride[i] - 2 * int64_t{cut[i]} + op.window.kernel[i] + extra[i];
    // One that is no extent is refused with the node.
    op.output[i] = static_cast<int>(std::clamp<int64_t>(extent, 0, std::numeric_limits<int>::max()));
  }
  return add_activation(layer, add_bias(layer, add_node(layer, op, {picture, kernel})));
}

constexpr Named<LayerHandler> handlers[] = {
    {"conv2d", import_pytorch_conv2d},
    {"conv2d_transpose", import_pytorch_conv2d_transpose},
    {"upsample_nearest", import_up_sampling2d},
};

constexpr const char* input_name = "input";

// The layers up to the last one that is an output: what follows it is not needed.
size_t count_needed(const LayersJson& topology) {
  std::map<std::string_view, size_t> places = {{input_name, 0}};
  for (const LayerDef& layer : topology.layers) {
    if (!places.emplace(layer.name, places.size()).second)
      fail(code::bad_topology, "the model has two layers with the name \"", layer.name, '"');
  }
  if (topology.outputs.empty()) fail(code::bad_topology, "the model has no outputs");
  size_t count = 0;
  for (const std::string& name : topology.outputs) {
    const auto found = places.find(name);
    if (found == places.end())
      fail(code::bad_topology, "the model's outputs name \"", name, "\", which is not a layer of it");
    count = std::max(count, found->second);
  }
  return count;
}

}  // namespace

std::vector<InputSpec> layers_json_inputs(const LayersJson& topology) {
  const KerasConfig config{topology.input_shape, text("input \"", input_name, '"')};
  Shape shape = config_shape(config, topology.input_shape, "input");
  shape.insert(shape.begin(), open_extent);
  return {{.name = input_name, .shape = shape}};
}

Graph import_layers_json(const LayersJson& topology, const Weights& weights, const InputShapes& shapes) {
  GraphBuilder builder;
  const KerasWeights index = index_weights(weights);
  std::map<std::string, ValueId> constants, results;
  int64_t elements_left = max_made_elements;
  ValueId value = builder.add_input(input_name, DType::float32,
                                    choose_input_shapes(layers_json_inputs(topology), shapes).at(input_name));
  results.emplace(input_name, value);
  const size_t count = count_needed(topology);
  for (size_t i = 0; i < count; ++i) {
    const LayerDef& layer = topology.layers[i];
    const std::string where = text("layer \"", layer.name, '"');
    const LayerHandler* handler = find_named(handlers, layer.class_name);
    if (!handler)
      fail(code::unsupported_op, where, ": the layer class \"", layer.class_name, "\" is not supported");
    std::set<std::string_view> read;
    KerasLayer use{.builder = builder,
                   .weights = index,
                   .constants = constants,
                   .elements_left = elements_left,
                   .scopes = {layer.name},
                   .name = layer.name,
                   .config = {layer.config, where, &read},
                   .inputs = {value}};
    builder.begin_layer(layer.name, layer.class_name);
    value = (*handler)(use);
    builder.end_layer(value);
    refuse_unread_keys(use.config);
    results.emplace(layer.name, value);
  }
  for (const std::string& name : topology.outputs) builder.add_output(name, results.at(name));
  return builder.finish();
}

std::vector<std::string> supported_layers_json() {
  std::vector<std::string> names;
  for (const auto& [name, handler] : handlers) names.emplace_back(name);
  return names;
}

}  // namespace fragnet
