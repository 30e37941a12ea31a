#include "graph/infer_type.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace fragnet {

DType wider(DType a, DType b) {
  if (a == DType::float32 || b == DType::float32) return DType::float32;
  return a == DType::int32 || b == DType::int32 ? DType::int32 : DType::boolean;
}

void TypeInference::check_input_count(const Op& op, size_t count) const {
  if (inputs.size() != count) {
    fail(code::bad_shape, where, ": ", name_of(op), " wants ", count, count == 1 ? " input" : " inputs",
         ", it gets ", inputs.size());
  }
}

void TypeInference::check_axis(const Op& op, int axis, const Shape& shape) const {
  if (axis < 0 || static_cast<size_t>(axis) >= shape.size()) {
    fail(code::bad_shape, where, ": ", name_of(op), " wants an axis of ", to_string(shape), ", it gets axis ",
         axis);
  }
}

void TypeInference::check_list(const Op& op, const char* what, size_t length, const Shape& shape) const {
  if (length != shape.size()) {
    fail(code::bad_shape, where, ": ", name_of(op), " wants one ", what, " for each extent of ",
         to_string(shape), ", it gets ", length);
  }
}

const Shape& TypeInference::picture() const {
  const Shape& shape = inputs[0].shape;
  if (shape.size() != 4) {
    fail(code::bad_shape, where, ": the input must be a picture of rank 4 (N, H, W, C), it has the shape ",
         to_string(shape));
  }
  return shape;
}

Shape TypeInference::checked_shape(const std::vector<int64_t>& extents) const {
  Shape shape;
  for (int64_t extent : extents) {
    if (extent > std::numeric_limits<int>::max()) {
      fail(code::too_large, where, ": an extent of ", extent, " elements is more than ", max_elements);
    }
    if (extent < 0 || (extent == 0 && extents.size() != 1)) {
      fail(code::bad_shape, where, ": the result would have an extent of ", extent);
    }
    shape.push_back(static_cast<int>(extent));
  }
  element_count(shape, where);
  return shape;
}

ValueType TypeInference::operator()(const MatMul& op) const {
  check_input_count(op, 2);
  const Shape &a = inputs[0].shape, &b = inputs[1].shape;
  if (a.size() < 2 || b.size() < 2) {
    fail(code::bad_shape, where, ": matmul wants two matrices, it gets ", to_string(a), " and ",
         to_string(b));
  }
  int rows = a[a.size() - 2], a_inner = a[a.size() - 1];
  int b_inner = b[b.size() - 2], columns = b[b.size() - 1];
  if (op.transpose_a) std::swap(rows, a_inner);
  if (op.transpose_b) std::swap(b_inner, columns);
  if (a_inner != b_inner) {
    fail(code::bad_shape, where, ": the matrix wants ", b_inner, " input features, the input has ", a_inner,
         " (", to_string(a), " × ", to_string(b), ")");
  }
  const Shape leading = broadcast_shape(Shape(a.begin(), a.end() - 2), Shape(b.begin(), b.end() - 2), where);
  std::vector<int64_t> extents(leading.begin(), leading.end());
  extents.insert(extents.end(), {rows, columns});
  return {wider(DType::int32, wider(inputs[0].dtype, inputs[1].dtype)), checked_shape(extents)};
}

ValueType TypeInference::operator()(const Unary& op) const {
  check_input_count(op, 1);
  const ValueType& x = inputs[0];
  const DType counted = wider(x.dtype, DType::int32);
  switch (op.kind) {
    case UnaryKind::clip:
      if (!(op.a <= op.b)) {
        fail(code::bad_value, where, ": clip keeps the values from ", op.a, " to ", op.b, ", which are none");
      }
      return {counted, x.shape};
    case UnaryKind::relu:
    case UnaryKind::relu6:
    case UnaryKind::square:
    case UnaryKind::abs:
    case UnaryKind::negate:
    case UnaryKind::sign:
    case UnaryKind::floor:
    case UnaryKind::ceil:
    case UnaryKind::round:
    case UnaryKind::trunc:
      return {counted, x.shape};
    case UnaryKind::logical_not:
    case UnaryKind::is_nan:
      return {DType::boolean, x.shape};
    default:
      return {DType::float32, x.shape};
  }
}

ValueType TypeInference::operator()(const Binary& op) const {
  check_input_count(op, 2);
  const Shape shape = broadcast_shape(inputs[0].shape, inputs[1].shape, where);
  ValueType result{wider(DType::int32, wider(inputs[0].dtype, inputs[1].dtype)),
                   checked_shape({shape.begin(), shape.end()})};
  switch (op.kind) {
    case BinaryKind::equal:
    case BinaryKind::not_equal:
    case BinaryKind::less:
    case BinaryKind::less_equal:
    case BinaryKind::greater:
    case BinaryKind::greater_equal:
    case BinaryKind::logical_and:
    case BinaryKind::logical_or:
      result.dtype = DType::boolean;
      break;
    case BinaryKind::atan2:
    case BinaryKind::prelu:
      result.dtype = DType::float32;
      break;
    case BinaryKind::keep_where:
    case BinaryKind::keep_where_not:
      result.dtype = inputs[0].dtype;
      break;
    default:
      break;
  }
  return result;
}

ValueType TypeInference::operator()(const Select& op) const {
  check_input_count(op, 3);
  const Shape both = broadcast_shape(inputs[1].shape, inputs[2].shape, where);
  const Shape shape = broadcast_shape(inputs[0].shape, both, where);
  return {wider(inputs[1].dtype, inputs[2].dtype), checked_shape({shape.begin(), shape.end()})};
}

ValueType TypeInference::operator()(const Reduce& op) const {
  check_input_count(op, 1);
  const ValueType& x = inputs[0];
  for (size_t i = 0; i < op.axes.size(); ++i) {
    check_axis(op, op.axes[i], x.shape);
    if (i > 0 && op.axes[i] <= op.axes[i - 1]) {
      fail(code::bad_shape, where, ": ", name_of(op), " wants sorted and distinct axes, it gets ",
           to_string(op.axes));
    }
  }
  if (element_count(x.shape, where) == 0) {
    fail(code::bad_shape, where, ": ", name_of(op), " of no elements");
  }
  ValueType result{wider(x.dtype, DType::int32), {}};
  for (size_t i = 0; i < x.shape.size(); ++i) {
    const bool reduced = std::binary_search(op.axes.begin(), op.axes.end(), static_cast<int>(i));
    if (!reduced) result.shape.push_back(x.shape[i]);
    if (reduced && op.keep_dims) result.shape.push_back(1);
  }
  switch (op.kind) {
    case ReduceKind::mean:
      result.dtype = DType::float32;
      break;
    case ReduceKind::argmax:
    case ReduceKind::argmin:
      if (op.axes.size() != 1) {
        fail(code::bad_shape, where, ": ", name_of(op), " wants one axis, it gets ", op.axes.size());
      }
      result.dtype = DType::int32;
      break;
    case ReduceKind::any:
    case ReduceKind::all:
      result.dtype = DType::boolean;
      break;
    default:
      break;
  }
  return result;
}

ValueType TypeInference::operator()(const Softmax& op) const {
  check_input_count(op, 1);
  check_axis(op, op.axis, inputs[0].shape);
  return {DType::float32, inputs[0].shape};
}

ValueType TypeInference::operator()(const Pointwise&) const {
  fail(code::internal, where, ": the type of pointwise is not inferred");
}

ValueType TypeInference::operator()(const Rearrange&) const {
  fail(code::internal, where, ": the type of rearrange is not inferred");
}

ValueType infer_type(const Op& op, const std::vector<ValueType>& inputs, const std::string& where) {
  for (const ValueType& input : inputs) {
    if (element_count(input.shape, where) == 0 && input.shape.size() != 1) {
      fail(code::bad_shape, where, ": an input has the shape ", to_string(input.shape),
           ", which holds no element");
    }
  }
  return std::visit(TypeInference{inputs, where}, op);
}

}  // namespace fragnet
