// Bias, batch norm and softmax.
#include "base/error.hpp"
#include "graph/tf_ops_fused.hpp"
#include "graph/tf_ops_table.hpp"

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

// inputs: x, scale, offset, mean, variance. As in TensorFlow.js the given statistics are used, whatever
// `is_training` says.
TfResults import_batch_norm(const TfNode& node) {
  const BatchNorm norm{.gamma = node.inputs[1],
                       .beta = node.inputs[2],
                       .mean = node.inputs[3],
                       .variance = node.inputs[4],
                       .epsilon = static_cast<float>(number_of(node, "epsilon", 0.001))};
  return {add_batch_norm(node, node.inputs[0], norm, channel_axis_of(node))};
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
