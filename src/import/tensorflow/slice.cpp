// Parts of tensors, tensors of parts, and margins around them.
#include <algorithm>

#include "base/error.hpp"
#include "import/tensorflow/strided_slice.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

// Nothing in a picture network is cut into more pieces; a file that claims more is refused.
constexpr int max_results = 4096;

ValueId sliced(const TfNode& node, ValueId value, Slice op) {
  const bool whole = op.size == node.builder.shape(value) &&
                     std::all_of(op.stride.begin(), op.stride.end(), [](int stride) { return stride > 0; });
  return whole ? value : node.add(std::move(op), {value});
}

// `size` elements from `begin` on along one axis.
ValueId part_of(const TfNode& node, ValueId value, int axis, int begin, int size) {
  const Shape shape = node.builder.shape(value);
  Slice op{.begin = Shape(shape.size(), 0), .size = shape, .stride = Shape(shape.size(), 1)};
  op.begin[static_cast<size_t>(axis)] = begin;
  op.size[static_cast<size_t>(axis)] = size;
  return sliced(node, value, std::move(op));
}

void check_result_count(const TfNode& node, int64_t count) {
  if (count < 1 || count > max_results) {
    fail(code::bad_shape, node.where, ": ", node.def.op, " into ", count, " parts, from 1 to ", max_results,
         " are possible");
  }
}

ValueId concatenated(const TfNode& node, const std::vector<ValueId>& parts, int axis) {
  return parts.size() == 1 ? parts[0] : node.add(Concat{.axis = axis}, parts);
}

// The axis is the last input of ConcatV2 and the first of Concat.
TfResults import_concat(const TfNode& node) {
  const bool axis_first = node.def.op == "Concat";
  const size_t axis_input = axis_first ? 0 : node.inputs.size() - 1;
  std::vector<ValueId> parts = node.inputs;
  parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(axis_input));
  const int axis = axis_of(node, int_of(node, axis_input, "axis"), node.builder.shape(parts[0]).size());
  return {concatenated(node, parts, axis)};
}

Shape without_ones(Shape shape) {
  shape.erase(std::remove(shape.begin(), shape.end(), 1), shape.end());
  return shape;
}

// TensorFlow.js gives the first input's shape to inputs that differ from it by extents of 1.
TfResults import_pack(const TfNode& node) {
  Shape shape = node.shape(0);
  const int axis = axis_of(node, integer_of(node, "axis", 0), shape.size() + 1);
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (without_ones(node.shape(i)) != without_ones(shape)) {
      fail(code::bad_shape, node.where, ": Pack wants equal shapes, input 0 is ", to_string(shape),
           " and input ", i, " is ", to_string(node.shape(i)));
    }
  }
  shape.insert(shape.begin() + axis, 1);
  std::vector<ValueId> parts;
  for (ValueId input : node.inputs) parts.push_back(reshaped(node, input, shape));
  return {concatenated(node, parts, axis)};
}

TfResults import_unpack(const TfNode& node) {
  Shape shape = node.shape(0);
  const int axis = axis_of(node, integer_of(node, "axis", 0), shape.size());
  const int count = shape[static_cast<size_t>(axis)];
  check_result_count(node, count);
  shape.erase(shape.begin() + axis);
  TfResults results;
  for (int i = 0; i < count; ++i) {
    results.push_back(reshaped(node, part_of(node, node.inputs[0], axis, i, 1), shape));
  }
  return results;
}

// inputs: axis, x. The attribute `num_split` says into how many equal parts.
TfResults import_split(const TfNode& node) {
  const Shape shape = node.shape(1);
  const int axis = axis_of(node, int_of(node, 0, "axis"), shape.size());
  const int extent = shape[static_cast<size_t>(axis)];
  const int64_t count = integer_of(node, "num_split", 1);
  check_result_count(node, count);
  if (extent % count != 0) {
    fail(code::bad_shape, node.where, ": Split of ", extent, " elements into ", count,
         " equal parts along axis ", axis, " of ", to_string(shape));
  }
  const int size = static_cast<int>(extent / count);
  TfResults results;
  for (int64_t i = 0; i < count; ++i) {
    results.push_back(part_of(node, node.inputs[1], axis, static_cast<int>(i) * size, size));
  }
  return results;
}

// inputs: x, sizes, of which one may be -1 (what is left), axis
TfResults import_split_v(const TfNode& node) {
  const Shape shape = node.shape(0);
  const int axis = axis_of(node, int_of(node, 2, "axis"), shape.size());
  const int extent = shape[static_cast<size_t>(axis)];
  std::vector<int32_t> sizes = ints_of(node, 1, "sizes");
  check_result_count(node, static_cast<int64_t>(sizes.size()));
  int64_t named = 0;
  for (int32_t size : sizes) named += std::max(size, 0);
  const auto open = std::find(sizes.begin(), sizes.end(), -1);
  if (open != sizes.end() && named <= extent) {
    *open = static_cast<int32_t>(extent - named);
    named = extent;
  }
  if (named != extent || std::any_of(sizes.begin(), sizes.end(), [](int32_t size) { return size < 0; })) {
    fail(code::bad_shape, node.where, ": SplitV into ", to_string(Shape(sizes.begin(), sizes.end())), " of ",
         extent, " elements along axis ", axis, " of ", to_string(shape));
  }
  TfResults results;
  int begin = 0;
  for (int32_t size : sizes) {
    results.push_back(part_of(node, node.inputs[0], axis, begin, size));
    begin += size;
  }
  return results;
}

// inputs: x, begins, sizes (-1: all that is left)
TfResults import_slice(const TfNode& node) {
  const Shape shape = node.shape(0);
  const std::vector<int32_t> begin = ints_of(node, 1, "begin", shape.size());
  std::vector<int32_t> size = ints_of(node, 2, "size", shape.size());
  for (size_t i = 0; i < shape.size(); ++i) {
    if (begin[i] < 0 || begin[i] > shape[i] || size[i] < -1 || size[i] > shape[i] - begin[i]) {
      fail(code::bad_shape, node.where, ": Slice takes ", size[i], " elements from ", begin[i],
           " along axis ", i, ", where the input ", to_string(shape), " has ", shape[i]);
    }
    if (size[i] == -1) size[i] = shape[i] - begin[i];
  }
  return {sliced(node, node.inputs[0],
                 {.begin = {begin.begin(), begin.end()},
                  .size = {size.begin(), size.end()},
                  .stride = std::vector<int>(shape.size(), 1)})};
}

// inputs: x, begins, ends, strides
TfResults import_strided_slice(const TfNode& node) {
  const StridedSlice parts{.begin = ints_of(node, 1, "begin"),
                           .end = ints_of(node, 2, "end"),
                           .stride = ints_of(node, 3, "stride"),
                           .begin_mask = integer_of(node, "begin_mask", 0),
                           .end_mask = integer_of(node, "end_mask", 0),
                           .ellipsis_mask = integer_of(node, "ellipsis_mask", 0),
                           .new_axis_mask = integer_of(node, "new_axis_mask", 0),
                           .shrink_axis_mask = integer_of(node, "shrink_axis_mask", 0)};
  ResolvedSlice resolved = resolve(parts, node.shape(0), node.where);
  return {reshaped(node, sliced(node, node.inputs[0], std::move(resolved.slice)), resolved.shape)};
}

// inputs: x, margins (n, 2), and for PadV2 the value to fill with
TfResults import_pad(const TfNode& node) {
  Pad op{.margins = margins_of(node, 1, "margins", node.shape(0).size())};
  if (node.def.op == "MirrorPad") {
    const std::string mode = word_of(node, "mode", "REFLECT");
    if (mode != "REFLECT" && mode != "SYMMETRIC") {
      fail(code::bad_topology, node.where, ": \"mode\" must be REFLECT or SYMMETRIC, it is \"", mode, "\"");
    }
    op.kind = mode == "REFLECT" ? PadKind::reflect : PadKind::symmetric;
  } else if (node.inputs.size() > 2) {
    const std::vector<float> value = node.builder.constant_floats(node.inputs[2], node.where);
    if (value.size() != 1)
      fail(code::bad_shape, node.where, ": Pad with ", value.size(), " numbers instead of one");
    op.value = value[0];
  }
  const bool nothing =
      std::all_of(op.margins.begin(), op.margins.end(),
                  [](const std::array<int, 2>& margin) { return margin[0] == 0 && margin[1] == 0; });
  if (nothing) return {node.inputs[0]};
  return {node.add(std::move(op), {node.inputs[0]})};
}

// inputs: x, indices, and for GatherV2 the axis
TfResults import_gather(const TfNode& node) {
  const Shape from = node.shape(0), list = node.shape(1);
  if (integer_of(node, "batch_dims", 0) != 0) {
    fail(code::unsupported_op, node.where, ": ", node.def.op, " with batch_dims is not supported");
  }
  const int axis = axis_of(node, node.inputs.size() > 2 ? int_of(node, 2, "axis") : 0, from.size());
  const std::vector<int32_t> indices = ints_of(node, 1, "indices");
  Shape shape = from;
  shape.erase(shape.begin() + axis);
  shape.insert(shape.begin() + axis, list.begin(), list.end());
  const ValueId gathered =
      node.add(Gather{.axis = axis, .indices = {indices.begin(), indices.end()}}, {node.inputs[0]});
  return {reshaped(node, gathered, shape)};
}

}  // namespace

std::span<const TfOp> slice_ops() {
  static constexpr TfOp ops[] = {
      {"Concat", 2, import_concat},   {"ConcatV2", 2, import_concat},
      {"Pack", 1, import_pack},       {"Unpack", 1, import_unpack},
      {"Split", 2, import_split},     {"SplitV", 3, import_split_v},
      {"Slice", 3, import_slice},     {"StridedSlice", 4, import_strided_slice},
      {"Pad", 2, import_pad},         {"PadV2", 3, import_pad},
      {"MirrorPad", 2, import_pad},   {"Gather", 2, import_gather},
      {"GatherV2", 2, import_gather},
  };
  return ops;
}

}  // namespace fragnet
