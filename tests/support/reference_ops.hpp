// The slow truth: every operation as plain loops that sum in doubles. Nothing here is shared with what is
// tested, except the structs that describe an operation.
#pragma once

#include <vector>

#include "graph/graph.hpp"
#include "support/host_tensor.hpp"

namespace fragnet {

// What `op` makes of its inputs, as TensorFlow.js would. Throws `internal` for Pointwise and Rearrange, whose
// result has the shape that their node says: reference_run() knows them.
HostTensor reference(const Op& op, const std::vector<HostTensor>& inputs);

// The graph's outputs for its inputs, in the order of its ports. Knows what passes add to nodes (several
// pictures, epilogues), so that a graph can be compared before and after a pass.
std::vector<HostTensor> reference_run(const Graph& graph, const std::vector<HostTensor>& inputs);

// ---- The parts, one file for each family ----

// reference_convolution.cpp
HostTensor reference_conv2d(const Window& window, const HostTensor& picture, const HostTensor& kernel);
HostTensor reference_depthwise_conv2d(const Window& window, const HostTensor& picture,
                                      const HostTensor& kernel);
HostTensor reference_conv2d_transpose(const Conv2dTranspose& op, const HostTensor& picture,
                                      const HostTensor& kernel);
HostTensor reference_pool2d(const Pool2d& op, const HostTensor& picture);
HostTensor reference_matmul(const MatMul& op, const HostTensor& a, const HostTensor& b);

// reference_pointwise.cpp
HostTensor reference_unary(const Unary& op, const HostTensor& x);
HostTensor reference_binary(const Binary& op, const HostTensor& a, const HostTensor& b);
HostTensor reference_select(const HostTensor& condition, const HostTensor& a, const HostTensor& b);

// reference_reduction.cpp
HostTensor reference_reduce(const Reduce& op, const HostTensor& x);
HostTensor reference_softmax(const Softmax& op, const HostTensor& x);

// reference_movement.cpp
HostTensor reference_resize(const Resize& op, const HostTensor& picture);
HostTensor reference_reshape(const Reshape& op, const HostTensor& x);
HostTensor reference_transpose(const Transpose& op, const HostTensor& x);
HostTensor reference_concat(int axis, const std::vector<HostTensor>& inputs);
HostTensor reference_slice(const Slice& op, const HostTensor& x);
HostTensor reference_pad(const Pad& op, const HostTensor& x);
HostTensor reference_tile(const Tile& op, const HostTensor& x);
HostTensor reference_gather(const Gather& op, const HostTensor& x);
HostTensor reference_space_to_batch(const SpaceToBatch& op, const HostTensor& x);
HostTensor reference_batch_to_space(const BatchToSpace& op, const HostTensor& x);
HostTensor reference_rearrange(const Rearrange& op, const HostTensor& x, const Shape& shape);

}  // namespace fragnet
