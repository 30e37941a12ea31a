// TensorFlow's operations by subject: each function adds its own to the table.
#pragma once

#include "graph/tf_ops_node.hpp"

namespace fragnet {

void list_constant_ops(TfOpTable& table);     // Const, Shape, Fill, Range; and what only passes a value on
void list_pointwise_ops(TfOpTable& table);    // one element in, one out
void list_convolution_ops(TfOpTable& table);  // windows that slide over pictures
void list_matmul_ops(TfOpTable& table);
void list_normalization_ops(TfOpTable& table);  // batch norm, bias, softmax
void list_reduction_ops(TfOpTable& table);
void list_shape_ops(TfOpTable& table);    // the same elements under another shape or in another order
void list_slice_ops(TfOpTable& table);    // parts of tensors, and tensors of parts
void list_picture_ops(TfOpTable& table);  // resizing; channels, batches and pixels turned into each other

}  // namespace fragnet
