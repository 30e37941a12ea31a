// TensorFlow's operations: the one importer of a node, whether it stands in a graph-model or in a layer of
// Keras's (TensorFlowOpLayer), and the operations by subject.
#pragma once

#include <span>

#include "import/tensorflow/node.hpp"

namespace fragnet {

// The model around a node.
struct TfModel {
  GraphBuilder& builder;
  const Weights& weights;
  int64_t& elements_left;
  TfFunctions& functions;
};

// Adds the nodes that `def` becomes. `inputs`: without control inputs. `where` opens messages. Throws
// `unsupported-op` for an operation that stands in no table, and what the operation throws.
TfResults import_node_def(const NodeDef& def, std::vector<ValueId> inputs, const std::string& where,
                          const TfModel& model);

std::span<const TfOp> constant_ops();     // Const, Shape, Fill, Range; and what only passes a value on
std::span<const TfOp> control_ops();      // branches
std::span<const TfOp> pointwise_ops();    // one element in, one out
std::span<const TfOp> convolution_ops();  // windows that slide over pictures
std::span<const TfOp> matmul_ops();
std::span<const TfOp> normalization_ops();  // batch norm, bias, softmax
std::span<const TfOp> random_ops();         // what samples
std::span<const TfOp> reduction_ops();
std::span<const TfOp> shape_ops();    // the same elements under another shape or in another order
std::span<const TfOp> slice_ops();    // parts of tensors, and tensors of parts
std::span<const TfOp> picture_ops();  // resizing; channels, batches and pixels turned into each other

}  // namespace fragnet
