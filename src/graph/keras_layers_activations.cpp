// Activations, as layers of their own and as the `activation` of others.
#include <cctype>

#include "base/error.hpp"
#include "base/named.hpp"
#include "graph/keras_layers.hpp"

namespace fragnet {
namespace {

// Keras 2 and TensorFlow.js give hard_sigmoid as clip(0.2 x + 0.5), TensorFlow gives leaky_relu a slope of
// 0.2.
constexpr Named<Unary> unary_activations[] = {
    {"elu", {UnaryKind::elu, 1}},
    {"exponential", {UnaryKind::exp}},
    {"gelu", {UnaryKind::gelu}},
    {"gelunew", {UnaryKind::gelu_tanh}},
    {"hardsigmoid", {UnaryKind::hard_sigmoid, 0.2f, 0.5f}},
    {"leakyrelu", {UnaryKind::leaky_relu, 0.2f}},
    {"mish", {UnaryKind::mish}},
    {"relu", {UnaryKind::relu}},
    {"relu6", {UnaryKind::relu6}},
    {"selu", {UnaryKind::selu}},
    {"sigmoid", {UnaryKind::sigmoid}},
    {"silu", {UnaryKind::swish}},
    {"softplus", {UnaryKind::softplus}},
    {"softsign", {UnaryKind::softsign}},
    {"swish", {UnaryKind::swish}},
    {"tanh", {UnaryKind::tanh}},
};

// Layers that may stand as an object in another layer's `activation`.
constexpr Named<LayerHandler> activation_layers[] = {
    {"ELU", import_elu},
    {"LeakyReLU", import_leaky_relu},
    {"ReLU", import_relu},
    {"Softmax", import_softmax},
    {"ThresholdedReLU", import_thresholded_relu},
};

struct ActivationSpec {
  std::string written;  // "" for none
  std::string
      name;  // in lower case without underscores: TensorFlow.js writes hardSigmoid, Keras hard_sigmoid
  LayerHandler layer = nullptr;
  const Json* config = nullptr;  // of an object
};

ActivationSpec read_activation(const KerasConfig& config) {
  ActivationSpec spec;
  const Json* json = find_value(config, {"activation"});
  if (!json) return spec;
  if (json->is_string()) {
    spec.written = json->get<std::string>();
  } else {
    const KerasConfig object{*json, config.where};
    if (!json->is_object()) {
      fail(code::bad_topology, config.where, ": `activation` must be a name or an object, it is ",
           shown(*json));
    }
    spec.written = config_text(object, {"class_name"}, "an object without class_name");
    spec.config = find_value(object, {"config"});
    // Keras 3: {"class_name": "function", "config": "relu"}
    if (spec.config && spec.config->is_string()) spec.written = spec.config->get<std::string>();
    if (const LayerHandler* found = find_named(activation_layers, spec.written)) spec.layer = *found;
  }
  for (char letter : spec.written) {
    if (letter != '_') spec.name += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return spec;
}

ValueId add_unary(KerasLayer& layer, UnaryKind kind, ValueId x, double a = 0, double b = 0) {
  return add_node(layer, Unary{kind, static_cast<float>(a), static_cast<float>(b)}, {x});
}

// x > threshold ? x : below
ValueId add_threshold(KerasLayer& layer, ValueId x, double threshold, ValueId below) {
  const ValueId above = add_node(layer, Binary{BinaryKind::greater}, {x, add_scalar(layer, threshold)});
  return add_node(layer, Select{}, {above, x, below});
}

}  // namespace

ValueId add_activation(KerasLayer& layer, ValueId x) {
  const ActivationSpec spec = read_activation(layer.config);
  static const Json no_config = Json::object();
  const KerasConfig config{spec.config ? *spec.config : no_config, layer.config.where};
  if (spec.layer) {
    KerasLayer inner{layer.builder, layer.weights, layer.constants, layer.scopes, layer.name, config, {x}};
    return spec.layer(inner);
  }
  if (spec.written.empty() || spec.name == "linear") return x;
  if (spec.name == "softmax" || spec.name == "logsoftmax") {
    const int last = static_cast<int>(shape_of(layer, x).size()) - 1;
    return add_node(layer, Softmax{.axis = last, .log = spec.name == "logsoftmax"}, {x});
  }
  const Unary* found = find_named(unary_activations, spec.name);
  if (!found) {
    fail(code::unsupported_op, layer.config.where, ": the activation \"", spec.written,
         "\" is not supported");
  }
  Unary unary = *found;
  if (unary.kind == UnaryKind::gelu && config_flag(config, {"approximate"}, false))
    unary.kind = UnaryKind::gelu_tanh;
  if (unary.kind == UnaryKind::elu || unary.kind == UnaryKind::leaky_relu) {
    unary.a = static_cast<float>(config_number(config, {"negative_slope", "alpha"}, unary.a));
  }
  return add_node(layer, unary, {x});
}

ValueId finish_picture(KerasLayer& layer, ValueId nhwc) {
  const std::string name = read_activation(layer.config).name;
  if (name == "softmax" || name == "logsoftmax") return add_activation(layer, picture_output(layer, nhwc));
  return picture_output(layer, add_activation(layer, nhwc));
}

ValueId import_activation(KerasLayer& layer) {
  return add_activation(layer, only_input(layer));
}

// x ≥ max_value: max_value; threshold ≤ x < max_value: x; else negative_slope × (x - threshold)
ValueId import_relu(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const double slope = config_number(layer.config, {"negative_slope", "alpha"}, 0);
  const double threshold = config_number(layer.config, {"threshold", "theta"}, 0);
  const bool has_top = find_value(layer.config, {"max_value"}) != nullptr;
  const double top = config_number(layer.config, {"max_value"}, 0);
  if (has_top && top < 0) {
    fail(code::bad_topology, layer.config.where, ": `max_value` must not be negative, it is ", top);
  }
  if (slope == 0 && threshold == 0) {
    if (!has_top) return add_unary(layer, UnaryKind::relu, x);
    return top == 6 ? add_unary(layer, UnaryKind::relu6, x) : add_unary(layer, UnaryKind::clip, x, 0, top);
  }
  ValueId y = -1;
  if (threshold == 0) {
    y = add_unary(layer, UnaryKind::leaky_relu, x, slope);
  } else if (slope == 0) {
    y = add_threshold(layer, x, threshold, add_scalar(layer, 0));
  } else {
    const ValueId under = add_node(layer, Binary{BinaryKind::subtract}, {x, add_scalar(layer, threshold)});
    y = add_threshold(layer, x, threshold,
                      add_node(layer, Binary{BinaryKind::multiply}, {under, add_scalar(layer, slope)}));
  }
  return has_top ? add_node(layer, Binary{BinaryKind::minimum}, {y, add_scalar(layer, top)}) : y;
}

ValueId import_leaky_relu(KerasLayer& layer) {
  const double slope = config_number(layer.config, {"negative_slope", "alpha"}, 0.3);
  return add_unary(layer, UnaryKind::leaky_relu, only_input(layer), slope);
}

ValueId import_elu(KerasLayer& layer) {
  return add_unary(layer, UnaryKind::elu, only_input(layer), config_number(layer.config, {"alpha"}, 1));
}

// alpha: the input's shape without the batch, with extents of one along `shared_axes`
ValueId import_prelu(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const Shape shape = shape_of(layer, x);
  Shape wanted(shape.begin() + 1, shape.end());
  if (find_value(layer.config, {"shared_axes"})) {
    for (int axis : config_axes(layer.config, {"shared_axes"}, {}, static_cast<int>(shape.size()))) {
      if (axis == 0)
        fail(code::bad_topology, layer.config.where, ": `shared_axes` must not name the batch, axis 0");
      wanted[static_cast<size_t>(axis) - 1] = 1;
    }
  }
  const KerasWeight& alpha = take_weight(layer, {"alpha"});
  if (alpha.tensor->shape != wanted) {
    fail(code::bad_shape, layer.config.where, ": for the input ", to_string(shape), " the weight \"",
         alpha.name, "\" must have the shape ", to_string(wanted), ", it has ",
         to_string(alpha.tensor->shape));
  }
  return add_node(layer, Binary{BinaryKind::prelu}, {x, add_weight(layer, alpha, wanted)});
}

ValueId import_thresholded_relu(KerasLayer& layer) {
  const double theta = config_number(layer.config, {"theta"}, 1);
  return add_threshold(layer, only_input(layer), theta, add_scalar(layer, 0));
}

ValueId import_softmax(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const int axis = config_axis(layer.config, {"axis"}, -1, static_cast<int>(shape_of(layer, x).size()));
  return add_node(layer, Softmax{.axis = axis}, {x});
}

}  // namespace fragnet
