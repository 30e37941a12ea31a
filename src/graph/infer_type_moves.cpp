// The types of operations that move elements and compute nothing.
#include <algorithm>

#include "base/error.hpp"
#include "graph/infer_type.hpp"

namespace fragnet {

ValueType TypeInference::operator()(const Reshape& op) const {
  check_input_count(op, 1);
  const Shape& from = inputs[0].shape;
  if (element_count(from, where) != element_count(op.shape, where)) {
    fail(code::bad_shape, where, ": reshape to ", to_string(op.shape), " wants ", element_count(op.shape),
         " elements, the input ", to_string(from), " has ", element_count(from));
  }
  return {inputs[0].dtype, checked_shape({op.shape.begin(), op.shape.end()})};
}

ValueType TypeInference::operator()(const Transpose& op) const {
  check_input_count(op, 1);
  const Shape& from = inputs[0].shape;
  check_list(op, "entry of its order", op.order.size(), from);
  Flags seen(from.size(), false);
  Shape shape;
  for (int axis : op.order) {
    check_axis(op, axis, from);
    if (seen[static_cast<size_t>(axis)]) {
      fail(code::bad_shape, where, ": transpose wants every axis once, its order is ", to_string(op.order));
    }
    seen[static_cast<size_t>(axis)] = true;
    shape.push_back(from[static_cast<size_t>(axis)]);
  }
  return {inputs[0].dtype, shape};
}

ValueType TypeInference::operator()(const Concat& op) const {
  if (inputs.size() < 2) {
    fail(code::bad_shape, where, ": concat wants two or more inputs, it gets ", inputs.size());
  }
  const Shape& first = inputs[0].shape;
  check_axis(op, op.axis, first);
  const size_t axis = static_cast<size_t>(op.axis);
  DType dtype = inputs[0].dtype;
  std::vector<int64_t> extents(first.begin(), first.end());
  for (size_t i = 1; i < inputs.size(); ++i) {
    const Shape& other = inputs[i].shape;
    bool fits = other.size() == first.size();
    for (size_t k = 0; fits && k < first.size(); ++k) fits = k == axis || other[k] == first[k];
    if (!fits) {
      fail(code::bad_shape, where, ": concat along axis ", axis,
           " wants equal shapes but for that axis, input 0 is ", to_string(first), " and input ", i, " is ",
           to_string(other));
    }
    extents[axis] += other[axis];
    dtype = wider(dtype, inputs[i].dtype);
  }
  return {dtype, checked_shape(extents)};
}

ValueType TypeInference::operator()(const Slice& op) const {
  check_input_count(op, 1);
  const Shape& from = inputs[0].shape;
  check_list(op, "begin", op.begin.size(), from);
  check_list(op, "size", op.size.size(), from);
  check_list(op, "stride", op.stride.size(), from);
  for (size_t i = 0; i < from.size(); ++i) {
    const int64_t first = op.begin[i];
    const int64_t last = first + (int64_t{op.size[i]} - 1) * op.stride[i];
    const bool inside = std::min(first, last) >= 0 && std::max(first, last) < from[i];
    if (op.size[i] < 0 || op.stride[i] == 0 || (op.size[i] > 0 && !inside)) {
      fail(code::bad_shape, where, ": slice takes ", op.size[i], " elements from ", first, " in steps of ",
           op.stride[i], " along axis ", i, ", where the input ", to_string(from), " has ", from[i]);
    }
  }
  return {inputs[0].dtype, checked_shape({op.size.begin(), op.size.end()})};
}

ValueType TypeInference::operator()(const Pad& op) const {
  check_input_count(op, 1);
  const Shape& from = inputs[0].shape;
  check_list(op, "pair of margins", op.margins.size(), from);
  std::vector<int64_t> extents;
  for (size_t i = 0; i < from.size(); ++i) {
    const auto [before, after] = op.margins[i];
    if (before < 0 || after < 0) {
      fail(code::bad_shape, where, ": a margin must not be negative, axis ", i, " has ", before, " and ",
           after);
    }
    // A mirror shows nothing beyond the far edge.
    const int limit = op.kind == PadKind::reflect ? from[i] - 1 : from[i];
    if (op.kind != PadKind::constant && std::max(before, after) > limit) {
      fail(code::bad_shape, where, ": ", name_of(op), " can add at most ", limit, " to axis ", i, " of ",
           to_string(from), ", it is asked for ", std::max(before, after));
    }
    extents.push_back(int64_t{from[i]} + before + after);
  }
  return {inputs[0].dtype, checked_shape(extents)};
}

ValueType TypeInference::operator()(const Tile& op) const {
  check_input_count(op, 1);
  const Shape& from = inputs[0].shape;
  check_list(op, "repeat", op.repeats.size(), from);
  std::vector<int64_t> extents;
  for (size_t i = 0; i < from.size(); ++i) {
    if (op.repeats[i] < 1) {
      fail(code::bad_shape, where, ": tile must repeat at least once, axis ", i, " has ", op.repeats[i]);
    }
    extents.push_back(int64_t{from[i]} * op.repeats[i]);
  }
  return {inputs[0].dtype, checked_shape(extents)};
}

ValueType TypeInference::operator()(const Gather& op) const {
  check_input_count(op, 1);
  const Shape& from = inputs[0].shape;
  check_axis(op, op.axis, from);
  const size_t axis = static_cast<size_t>(op.axis);
  for (int index : op.indices) {
    if (index < 0 || index >= from[axis]) {
      fail(code::bad_shape, where, ": gather wants index ", index, " of axis ", axis, ", where the input ",
           to_string(from), " has ", from[axis]);
    }
  }
  std::vector<int64_t> extents(from.begin(), from.end());
  extents[axis] = static_cast<int64_t>(op.indices.size());
  return {inputs[0].dtype, checked_shape(extents)};
}

}  // namespace fragnet
