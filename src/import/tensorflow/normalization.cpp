// Bias, batch norm and softmax.
#include "base/error.hpp"
#include "import/tensorflow/fused.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

int channel_axis_of(const TfNode& node) {
  const size_t rank = node.shape(0).size();
  if (rank < 2) {
    fail(code::bad_shape, node.where, ": ", node.def.op, " wants an input with channels, it has the shape ",
         to_string(node.shape(0)));
  }
  return is_channels_first(node) ? 1 : static_cast<int>(rank) - 1;
}

TfResults import_bias_add(const TfNode& node) {
  return {add_bias(node, node.inputs[0], node.inputs[1], channel_axis_of(node))};
}

// Mean and variance of each channel of the input itself, over everything else.
void take_own_statistics(const TfNode& node, BatchNorm& norm, int channel_axis) {
  std::vector<int> axes;
  for (int axis = 0; axis < static_cast<int>(node.shape(0).size()); ++axis) {
    if (axis != channel_axis) axes.push_back(axis);
  }
  const Reduce mean{.kind = ReduceKind::mean, .axes = axes, .keep_dims = true};
  norm.mean = node.add(mean, {node.inputs[0]});
  const ValueId centred = node.add(Binary{BinaryKind::subtract}, {node.inputs[0], norm.mean});
  norm.variance = node.add(mean, {node.add(Unary{UnaryKind::square}, {centred})});
}

// inputs: x, scale, offset, mean, variance. As in TensorFlow.js the given statistics are used, whatever
// `is_training` says; where they are empty, the network was saved while it took those of its input.
TfResults import_batch_norm(const TfNode& node) {
  BatchNorm norm{.gamma = node.inputs[1],
                 .beta = node.inputs[2],
                 .mean = node.inputs[3],
                 .variance = node.inputs[4],
                 .epsilon = static_cast<float>(number_of(node, "epsilon", 0.001))};
  const int channel_axis = channel_axis_of(node);
  if (flag_of(node, "is_training", true) && element_count(node.shape(3)) == 0 &&
      element_count(node.shape(4)) == 0) {
    take_own_statistics(node, norm, channel_axis);
  }
  return {add_batch_norm(node, node.inputs[0], norm, channel_axis)};
}

TfResults import_softmax(const TfNode& node) {
  const int axis = axis_of(node, -1, node.shape(0).size());
  return {node.add(Softmax{.axis = axis, .log = node.def.op == "LogSoftmax"}, {node.inputs[0]})};
}

}  // namespace

std::span<const TfOp> normalization_ops() {
  static constexpr TfOp ops[] = {
      {"BiasAdd", 2, import_bias_add},
      {"FusedBatchNorm", 5, import_batch_norm},
      {"FusedBatchNormV2", 5, import_batch_norm},
      {"FusedBatchNormV3", 5, import_batch_norm},
      {"Softmax", 1, import_softmax},
      {"LogSoftmax", 1, import_softmax},
  };
  return ops;
}

}  // namespace fragnet
