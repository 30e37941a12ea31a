// Private to infer_type(): one function for each operation, and the checks they share.
#pragma once

#include <string>
#include <vector>

#include "graph/ops.hpp"

namespace fragnet {

struct TypeInference {
  const std::vector<ValueType>& inputs;
  const std::string& where;

  // infer_type_pictures.cpp: operations on N,H,W,C
  ValueType operator()(const Conv2d& op) const;
  ValueType operator()(const DepthwiseConv2d& op) const;
  ValueType operator()(const Conv2dTranspose& op) const;
  ValueType operator()(const Pool2d& op) const;
  ValueType operator()(const Resize& op) const;
  ValueType operator()(const SpaceToBatch& op) const;
  ValueType operator()(const BatchToSpace& op) const;

  // infer_type_moves.cpp: operations that move elements
  ValueType operator()(const Reshape& op) const;
  ValueType operator()(const Transpose& op) const;
  ValueType operator()(const Concat& op) const;
  ValueType operator()(const Slice& op) const;
  ValueType operator()(const Pad& op) const;
  ValueType operator()(const Tile& op) const;
  ValueType operator()(const Gather& op) const;

  // infer_type.cpp: arithmetic
  ValueType operator()(const MatMul& op) const;
  ValueType operator()(const Unary& op) const;
  ValueType operator()(const Binary& op) const;
  ValueType operator()(const Select& op) const;
  ValueType operator()(const Reduce& op) const;
  ValueType operator()(const Softmax& op) const;
  ValueType operator()(const Pointwise& op) const;
  ValueType operator()(const Rearrange& op) const;

  void check_input_count(const Op& op, size_t count) const;
  void check_axis(const Op& op, int axis, const Shape& shape) const;
  void check_list(const Op& op, const char* what, size_t length,
                  const Shape& shape) const;  // one for each extent
  const Shape& picture() const;               // input 0, of rank 4
  // Extents that came out of arithmetic as a shape: each fits an int, all are positive unless the rank is 1.
  Shape checked_shape(const std::vector<int64_t>& extents) const;
};

// The type that holds the values of both: bool < int32 < float32.
DType wider(DType a, DType b);

// Throws `too-large` for a window that goes over padding alone nearly everywhere, far more often than in any network: it
// would be tried in vain.
void refuse_vain_work(const Op& op, const Shape& picture, const Shape& result, const std::string& where);

}  // namespace fragnet
