// Activations, as layers of their own and as the `activation` of others.
#include <cctype>

#include "base/error.hpp"
#include "base/named.hpp"
#include "import/keras/layer.hpp"

namespace fragnet {
namespace {

constexpr float one_sixth = 1.0f / 6;

// Functions of one number. TensorFlow gives the function leaky_relu a slope of 0.2; the layer LeakyReLU has 0.3.
constexpr Named<Unary> unary_activations[] = {
    {"celu", {UnaryKind::elu, 1}},
    {"exponential", {UnaryKind::exp}},
    {"gelu", {UnaryKind::gelu}},
    {"gelu_approximate", {UnaryKind::gelu_tanh}},
    {"gelu_new", {UnaryKind::gelu_tanh}},
    {"hard_sigmoid", {UnaryKind::hard_sigmoid, 0.2f, 0.5f}},
    {"hard_tanh", {UnaryKind::clip, -1, 1}},
    {"leaky_relu", {UnaryKind::leaky_relu, 0.2f}},
    {"mish", {UnaryKind::mish}},
    {"relu6", {UnaryKind::relu6}},
    {"selu", {UnaryKind::selu}},
    {"sigmoid", {UnaryKind::sigmoid}},
    {"silu", {UnaryKind::swish}},
    {"softplus", {UnaryKind::softplus}},
    {"softsign", {UnaryKind::softsign}},
    {"sparse_sigmoid", {UnaryKind::hard_sigmoid, 0.5f, 0.5f}},
    {"swish", {UnaryKind::swish}},
    {"tanh", {UnaryKind::tanh}},
};

ValueId import_log_softmax(KerasLayer& layer);
ValueId import_hard_silu(KerasLayer& layer);
ValueId import_log_sigmoid(KerasLayer& layer);

// Activations with settings or of several operations: functions, and layers that stand as an object in another layer's
// `activation` or whose class is named there: "leaky_re_lu" and "LeakyReLU" are the layer.
constexpr Named<LayerHandler> activation_layers[] = {
    {"activation", import_activation},
    {"elu", import_elu},
    {"hard_silu", import_hard_silu},
    {"hard_swish", import_hard_silu},
    {"leaky_re_lu", import_leaky_relu},
    {"log_sigmoid", import_log_sigmoid},
    {"log_softmax", import_log_softmax},
    {"re_lu", import_relu},
    {"relu", import_relu},
    {"softmax", import_softmax},
    {"thresholded_re_lu", import_thresholded_relu},
};

bool is_upper(char letter) {
  return std::isupper(static_cast<unsigned char>(letter)) != 0;
}

// Keras writes hard_sigmoid and LeakyReLU, TensorFlow.js hardSigmoid and leaky_re_lu: words begin where a capital follows a
// small letter, or goes before one.
std::string in_snake_case(const std::string& written) {
  std::string name;
  for (size_t i = written.rfind('>') + 1; i < written.size();
       ++i) {  // models save custom ones as "Package>Name"
    const bool follows = !name.empty() && name.back() != '_';
    const bool is_before_small =
        i + 1 < written.size() && std::islower(static_cast<unsigned char>(written[i + 1]));
    if (is_upper(written[i]) && follows && (!is_upper(written[i - 1]) || is_before_small)) name += '_';
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(written[i])));
  }
  return name;
}

struct ActivationSpec {
  std::string written, name;     // as the file has it, and in snake case; "" for none
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
  }
  spec.name = in_snake_case(spec.written);
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

// One of unary_activations, with what its own configuration says.
ValueId add_function(KerasLayer& layer, const ActivationSpec& spec) {
  const Unary* found = find_named(unary_activations, spec.name);
  if (!found) {
    fail(code::unsupported_op, layer.config.where, ": the activation \"", spec.written,
         "\" is not supported");
  }
  Unary unary = *found;
  if (spec.name == "gelu" && config_flag(layer.config, {"approximate"}, false))
    unary.kind = UnaryKind::gelu_tanh;
  if (spec.name == "leaky_relu") {
    unary.a = static_cast<float>(config_number(layer.config, {"negative_slope", "alpha"}, unary.a));
  }
  if (spec.name == "hard_sigmoid" && layer.keras_version == 0) {
    layer.builder.warn(
        text(layer.config.where, ": the file does not say which Keras wrote it, so \"", spec.written,
             "\" is taken for clip(0.2 x + 0.5) as in Keras 2; in Keras 3 it is clip(x / 6 + 0.5)"));
  }
  if (spec.name == "hard_sigmoid" && layer.keras_version >= 3) unary.a = one_sixth;
  return add_node(layer, unary, {layer.inputs[0]});
}

// x × clip(x / 6 + 0.5)
ValueId import_hard_silu(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  return add_node(layer, Binary{BinaryKind::multiply},
                  {x, add_unary(layer, UnaryKind::hard_sigmoid, x, one_sixth, 0.5)});
}

// -softplus(-x)
ValueId import_log_sigmoid(KerasLayer& layer) {
  const ValueId turned = add_unary(layer, UnaryKind::negate, only_input(layer));
  return add_unary(layer, UnaryKind::negate, add_unary(layer, UnaryKind::softplus, turned));
}

ValueId add_softmax(KerasLayer& layer, bool log) {
  const ValueId x = only_input(layer);
  const int axis = config_axis(layer.config, {"axis"}, -1, static_cast<int>(shape_of(layer, x).size()));
  return add_node(layer, Softmax{.axis = axis, .log = log}, {x});
}

ValueId import_log_softmax(KerasLayer& layer) {
  return add_softmax(layer, true);
}

}  // namespace

ValueId add_activation(KerasLayer& layer, ValueId x) {
  const ActivationSpec spec = read_activation(layer.config);
  if (spec.name.empty() || spec.name == "linear") return x;
  static const Json no_config = Json::object();
  std::set<std::string_view> read;
  const KerasConfig config{spec.config ? *spec.config : no_config, layer.config.where, &read};
  const LayerHandler* handler = find_named(activation_layers, spec.name);
  KerasLayer inner{layer.builder,
                   layer.weights,
                   layer.constants,
                   layer.elements_left,
                   layer.keras_version,
                   layer.scopes,
                   layer.name,
                   config,
                   {x}};
  const ValueId made = handler ? (*handler)(inner) : add_function(inner, spec);
  refuse_unread_keys(config);
  return made;
}

ValueId finish_picture(KerasLayer& layer, ValueId nhwc) {
  const std::string name = read_activation(layer.config).name;
  if (name == "softmax" || name == "log_softmax") return add_activation(layer, picture_output(layer, nhwc));
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
  return add_softmax(layer, false);
}

}  // namespace fragnet
