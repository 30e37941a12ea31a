#include "import/tensorflow/fused.hpp"

#include "base/error.hpp"
#include "base/named.hpp"

namespace fragnet {
namespace {

// One number a channel, shaped so that it broadcasts along `channel_axis` of `picture`.
ValueId per_channel(const TfNode& node, ValueId numbers, const Shape& picture, int channel_axis,
                    const char* what) {
  const size_t axis = static_cast<size_t>(channel_axis);
  const Shape shape = node.builder.shape(numbers);
  if (element_count(shape, node.where) != picture[axis]) {
    fail(code::bad_shape, node.where, ": the ", what, " wants one number for each of the ", picture[axis],
         " channels of ", to_string(picture), ", its shape is ", to_string(shape));
  }
  Shape aligned(picture.size() - axis, 1);
  aligned[0] = picture[axis];
  return reshaped(node, numbers, aligned);
}

constexpr Named<UnaryKind> fused_activations[] = {
    {"RELU", UnaryKind::relu}, {"RELU6", UnaryKind::relu6},     {"ELU", UnaryKind::elu},
    {"TANH", UnaryKind::tanh}, {"SIGMOID", UnaryKind::sigmoid}, {"LEAKYRELU", UnaryKind::leaky_relu},
    {"SELU", UnaryKind::selu}};

// Operands are read one after the other.
struct Operands {
  const TfNode& node;
  size_t next;

  ValueId take(const std::string& what) {
    if (next >= node.inputs.size()) {
      fail(code::bad_topology, node.where, ": the fused ", what, " has no operand, the node has ",
           node.inputs.size(), " inputs");
    }
    return node.inputs[next++];
  }
};

}  // namespace

ValueId add_bias(const TfNode& node, ValueId value, ValueId bias, int channel_axis) {
  const Shape shape = node.builder.shape(value);
  bias = per_channel(node, bias, shape, channel_axis, "bias");
  return node.add(Binary{.kind = BinaryKind::add}, {value, bias});
}

ValueId add_batch_norm(const TfNode& node, ValueId value, const BatchNorm& norm, int channel_axis) {
  const Shape shape = node.builder.shape(value);
  const auto aligned = [&](ValueId numbers, const char* what) {
    return per_channel(node, numbers, shape, channel_axis, what);
  };
  const ValueId gamma = aligned(norm.gamma, "scale of the batch norm");
  const ValueId beta = aligned(norm.beta, "offset of the batch norm");
  const ValueId mean = aligned(norm.mean, "mean of the batch norm");
  const ValueId variance = aligned(norm.variance, "variance of the batch norm");
  const ValueId epsilon = add_constant(node, {}, std::vector<float>{norm.epsilon});

  const Value &means = node.builder.value(norm.mean), &variances = node.builder.value(norm.variance);
  if (means.constant && variances.constant)
    node.builder.add_statistics(value, {to_floats(*means.constant), to_floats(*variances.constant)});

  const ValueId raised = node.add(Binary{.kind = BinaryKind::add}, {variance, epsilon});
  const ValueId inverse = node.add(Unary{.kind = UnaryKind::rsqrt}, {raised});
  const ValueId factor = node.add(Binary{.kind = BinaryKind::multiply}, {gamma, inverse});
  const ValueId shift = node.add(Binary{.kind = BinaryKind::multiply}, {mean, factor});
  const ValueId offset = node.add(Binary{.kind = BinaryKind::subtract}, {beta, shift});
  const ValueId scaled = node.add(Binary{.kind = BinaryKind::multiply}, {value, factor});
  return node.add(Binary{.kind = BinaryKind::add}, {scaled, offset});
}

ValueId add_fused_ops(const TfNode& node, ValueId value, size_t first_operand, bool channels_first) {
  const int channel_axis = static_cast<int>(node.builder.shape(value).size()) - 1;
  Operands operands{node, first_operand};
  const auto as_picture = [&](ValueId operand) {
    return channels_first ? to_channels_last(node, operand) : operand;
  };
  for (const std::string& name : words_of(node, "fused_ops")) {
    if (const UnaryKind* activation = find_named(fused_activations, name)) {
      float a = 0;
      if (*activation == UnaryKind::elu) a = 1;
      if (*activation == UnaryKind::leaky_relu) {
        a = static_cast<float>(number_of(node, "leakyrelu_alpha", 0.2));
      }
      value = node.add(Unary{.kind = *activation, .a = a}, {value});
    } else if (name == "BIASADD") {
      value = add_bias(node, value, operands.take("bias"), channel_axis);
    } else if (name == "FUSEDBATCHNORM") {
      BatchNorm norm;
      norm.gamma = operands.take("batch norm");
      norm.beta = operands.take("batch norm");
      norm.mean = operands.take("batch norm");
      norm.variance = operands.take("batch norm");
      norm.epsilon = static_cast<float>(number_of(node, "epsilon", 0.0001));
      value = add_batch_norm(node, value, norm, channel_axis);
    } else if (name == "ADD") {
      value = node.add(Binary{.kind = BinaryKind::add}, {value, as_picture(operands.take("addition"))});
    } else if (name == "PRELU") {
      value = node.add(Binary{.kind = BinaryKind::prelu}, {value, as_picture(operands.take("Prelu"))});
    } else if (!name.empty() && name != "NONE" && name != "NOOP" && name != "IDENTITY" && name != "LINEAR") {
      fail(code::unsupported_op, node.where, ": ", node.def.op, " with the fused operation ", name,
           " is not supported");
    }
  }
  return value;
}

}  // namespace fragnet
