// What TensorFlow's optimiser fuses onto a convolution or matrix product, and the pieces it is made of.
#pragma once

#include "import/tensorflow/node.hpp"

namespace fragnet {

// Adds one number a channel. `channel_axis` counts from the front.
ValueId add_bias(const TfNode& node, ValueId value, ValueId bias, int channel_axis);

// gamma × (x - mean) / sqrt(variance + epsilon) + beta as one multiplication and one addition a channel,
// whose factors are computed here if all four are constants.
struct BatchNorm {
  ValueId gamma, beta, mean, variance;
  float epsilon = 0;
};
ValueId add_batch_norm(const TfNode& node, ValueId value, const BatchNorm& norm, int channel_axis);

// Applies the operations that the attribute `fused_ops` lists, in its order, to a value whose channels are
// its last axis. Their operands are the node's inputs from `first_operand` on; with `channels_first` operands
// with the rank of pictures are (…, C, H, W).
ValueId add_fused_ops(const TfNode& node, ValueId value, size_t first_operand, bool channels_first);

}  // namespace fragnet
