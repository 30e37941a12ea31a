// The same elements under another shape, in another order, or repeated.
#include <algorithm>

#include "base/error.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

// inputs: x, extents, of which one may be -1: what is left
TfResults import_reshape(const TfNode& node) {
  std::vector<int32_t> extents = ints_of(node, 1, "shape");
  const int64_t count = element_count(node.shape(0), node.where);
  if (std::count(extents.begin(), extents.end(), -1) > 1) {
    fail(code::bad_shape, node.where, ": Reshape wants at most one open extent, it gets ",
         to_string(Shape(extents.begin(), extents.end())));
  }
  const auto open = std::find(extents.begin(), extents.end(), -1);
  if (open != extents.end()) {
    *open = 1;
    const int64_t rest = element_count(Shape(extents.begin(), extents.end()), node.where);
    *open = -1;
    if (rest == 0 || count % rest != 0) {
      fail(code::bad_shape, node.where, ": the input ", to_string(node.shape(0)), " cannot be reshaped to ",
           to_string(Shape(extents.begin(), extents.end())));
    }
    *open = static_cast<int32_t>(count / rest);
  }
  return {reshaped(node, node.inputs[0], Shape(extents.begin(), extents.end()))};
}

// The attribute is `squeeze_dims`, in TensorFlow.js's own exports `axis`; without it every extent of 1 goes.
TfResults import_squeeze(const TfNode& node) {
  const Shape shape = node.shape(0);
  std::vector<int64_t> axes = integers_of(node, "squeeze_dims");
  if (axes.empty()) axes = integers_of(node, "axis");
  Flags goes(shape.size(), false);
  for (size_t i = 0; i < shape.size(); ++i) goes[i] = axes.empty() && shape[i] == 1;
  for (int64_t axis : axes) {
    const size_t i = static_cast<size_t>(axis_of(node, axis, shape.size()));
    if (shape[i] != 1) {
      fail(code::bad_shape, node.where, ": Squeeze along axis ", axis, " of ", to_string(shape),
           ", which has ", shape[i], " elements there");
    }
    goes[i] = true;
  }
  Shape squeezed;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (!goes[i]) squeezed.push_back(shape[i]);
  }
  return {reshaped(node, node.inputs[0], squeezed)};
}

TfResults import_expand_dims(const TfNode& node) {
  Shape shape = node.shape(0);
  const int axis = axis_of(node, int_of(node, 1, "axis"), shape.size() + 1);
  shape.insert(shape.begin() + axis, 1);
  return {reshaped(node, node.inputs[0], shape)};
}

TfResults import_transpose(const TfNode& node) {
  const size_t rank = node.shape(0).size();
  std::vector<int> order;
  for (int32_t axis : ints_of(node, 1, "order", rank)) order.push_back(axis_of(node, axis, rank));
  return {transposed(node, node.inputs[0], order)};
}

TfResults import_tile(const TfNode& node) {
  const std::vector<int32_t> repeats = ints_of(node, 1, "repeats", node.shape(0).size());
  if (std::all_of(repeats.begin(), repeats.end(), [](int32_t repeat) { return repeat == 1; }))
    return {node.inputs[0]};
  return {node.add(Tile{.repeats = {repeats.begin(), repeats.end()}}, {node.inputs[0]})};
}

TfResults import_broadcast_to(const TfNode& node) {
  return {broadcast_to(node, node.inputs[0], extents_of(node, 1, "shape"))};
}

// Marks the axes along which the order turns round.
TfResults add_reversal(const TfNode& node, const Flags& turns) {
  const Shape shape = node.shape(0);
  Slice op{.begin = Shape(shape.size(), 0), .size = shape, .stride = Shape(shape.size(), 1)};
  bool any = false;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (!turns[i] || shape[i] < 2) continue;
    op.begin[i] = shape[i] - 1;
    op.stride[i] = -1;
    any = true;
  }
  if (!any) return {node.inputs[0]};
  return {node.add(std::move(op), {node.inputs[0]})};
}

// inputs: x, a flag for each axis
TfResults import_reverse(const TfNode& node) {
  const std::vector<int32_t> flags = ints_of(node, 1, "flags", node.shape(0).size());
  Flags turns;
  for (int32_t flag : flags) turns.push_back(flag != 0);
  return add_reversal(node, turns);
}

// inputs: x, axes
TfResults import_reverse_v2(const TfNode& node) {
  const size_t rank = node.shape(0).size();
  Flags turns(rank, false);
  for (int32_t axis : ints_of(node, 1, "axes")) turns[static_cast<size_t>(axis_of(node, axis, rank))] = true;
  return add_reversal(node, turns);
}

}  // namespace

std::span<const TfOp> shape_ops() {
  static constexpr TfOp ops[] = {
      {"Reshape", 2, import_reshape},
      {"Squeeze", 1, import_squeeze},
      {"ExpandDims", 2, import_expand_dims},
      {"Transpose", 2, import_transpose},
      {"Tile", 2, import_tile},
      {"BroadcastTo", 2, import_broadcast_to},
      {"Reverse", 2, import_reverse},
      {"ReverseV2", 2, import_reverse_v2},
  };
  return ops;
}

}  // namespace fragnet
