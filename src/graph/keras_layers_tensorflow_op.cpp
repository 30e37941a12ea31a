// TensorFlowOpLayer: what Keras makes of a TensorFlow function that a model calls between its layers. Its
// configuration holds the TensorFlow node (as an object, or as JSON in a text) and the constants among its
// inputs.
#include "base/error.hpp"
#include "base/named.hpp"
#include "formats/json_access.hpp"
#include "graph/keras_layers.hpp"

namespace fragnet {
namespace {

constexpr Named<UnaryKind> unary_ops[] = {
    {"Abs", UnaryKind::abs},           {"Exp", UnaryKind::exp},     {"Neg", UnaryKind::negate},
    {"Relu", UnaryKind::relu},         {"Relu6", UnaryKind::relu6}, {"Sigmoid", UnaryKind::sigmoid},
    {"Softplus", UnaryKind::softplus}, {"Sqrt", UnaryKind::sqrt},   {"Square", UnaryKind::square},
    {"Tanh", UnaryKind::tanh},
};

constexpr Named<BinaryKind> binary_ops[] = {
    {"Add", BinaryKind::add},         {"AddV2", BinaryKind::add},    {"Maximum", BinaryKind::maximum},
    {"Minimum", BinaryKind::minimum}, {"Mul", BinaryKind::multiply}, {"RealDiv", BinaryKind::divide},
    {"Sub", BinaryKind::subtract},
};

// The node's input at this position: a constant of the configuration, or the layer's next input.
ValueId next_input(KerasLayer& layer, size_t position, size_t& taken) {
  const Json* constants = find_value(layer.config, {"constants"});
  const std::string key = std::to_string(position);
  if (constants && constants->is_object()) {
    const KerasConfig object{*constants, layer.config.where};
    if (const auto numbers = config_numbers(object, {key.c_str()})) {
      return numbers->size() == 1 ? add_scalar(layer, numbers->front())
                                  : add_vector(layer, "constant", *numbers);
    }
  }
  if (taken >= layer.inputs.size()) {
    fail(code::bad_topology, layer.config.where, ": the TensorFlow node takes more inputs than the ",
         layer.inputs.size(), " that the layer is given");
  }
  return layer.inputs[taken++];
}

// attr: {"block_size": {"i": "2"}, "data_format": {"s": "TkhXQw=="}}, where 64-bit numbers are texts and
// bytes are base64
const Json* attribute(const Json& node, const char* name, const char* kind) {
  const auto attributes = node.find("attr");
  if (attributes == node.end() || !attributes->is_object()) return nullptr;
  const auto found = attributes->find(name);
  if (found == attributes->end() || !found->is_object() || !found->contains(kind)) return nullptr;
  return &found->at(kind);
}

ValueId import_depth_to_space_node(KerasLayer& layer, const Json& node) {
  const Json* block = attribute(node, "block_size", "i");
  const std::string digits = block ? (block->is_string() ? block->get<std::string>() : block->dump()) : "";
  const bool is_small =
      !digits.empty() && digits.size() <= 4 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!is_small || std::stoi(digits) < 1) {
    fail(code::bad_topology, layer.config.where, ": DepthToSpace wants a block_size from 1 to 9999, it has ",
         block ? shown(*block) : "none");
  }
  const Json* format = attribute(node, "data_format", "s");
  const bool channels_first = format && (*format == "TkNIVw==" || *format == "NCHW");
  if (format && !channels_first && *format != "TkhXQw==" && *format != "NHWC") {
    fail(code::unsupported_op, layer.config.where, ": DepthToSpace with data_format ", shown(*format),
         " is not supported");
  }
  const Json config = {{"data_format", channels_first ? "channels_first" : "channels_last"}};
  const KerasConfig format_alone{config, layer.config.where};
  KerasLayer inner{layer.builder, layer.weights, layer.constants, layer.keras_version,
                   layer.scopes,  layer.name,    format_alone,    layer.inputs};
  return picture_output(inner, add_depth_to_space(inner, picture_input(inner), std::stoi(digits)));
}

}  // namespace

ValueId import_tensorflow_op(KerasLayer& layer) {
  const Json* written = find_value(layer.config, {"node_def"});
  Json node;
  if (written && written->is_string()) {
    node = parse_json(written->get_ref<const std::string&>(), layer.config.where + ": `node_def`");
  } else if (written) {
    node = *written;
  }
  if (!node.is_object()) {
    fail(code::bad_topology, layer.config.where, ": `node_def` must be a TensorFlow node, it is ",
         written ? shown(*written) : "missing");
  }
  const std::string op = config_text({node, layer.config.where}, {"op"}, "");
  if (op == "DepthToSpace") return import_depth_to_space_node(layer, node);
  size_t taken = 0;
  if (const UnaryKind* unary = find_named(unary_ops, op)) {
    return add_node(layer, Unary{*unary}, {next_input(layer, 0, taken)});
  }
  if (const BinaryKind* binary = find_named(binary_ops, op)) {
    const ValueId a = next_input(layer, 0, taken);
    const ValueId b = next_input(layer, 1, taken);
    return add_node(layer, Binary{*binary}, {a, b});
  }
  fail(code::unsupported_op, layer.config.where, ": the TensorFlow operation \"", op,
       "\" is not supported in a layer");
}

}  // namespace fragnet
