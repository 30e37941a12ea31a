#include <algorithm>

#include "base/error.hpp"
#include "base/picture.hpp"
#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

[[noreturn]] void refuse(const Node& node, const Shape& shape) {
  fail(code::unsupported_op, "layer \"", node.name, "\": ", name_of(node.op), " on the shape ",
       to_string(shape), " is not supported: beyond rank 4 the leading extents act as one");
}

// The extent of the picture that `axis` of a tensor becomes: 0 n, 1 h, 2 w, 3 c.
int picture_axis(const Node& node, const Shape& shape, int axis) {
  const int rank = static_cast<int>(shape.size());
  const int moved = axis + 4 - rank;
  if (moved > 0 || rank <= 4) return moved;
  // Several extents have become the batch: one of them can stand for it if the others are 1.
  for (int i = 0; i <= rank - 4; ++i) {
    if (i != axis && shape[static_cast<size_t>(i)] != 1) refuse(node, shape);
  }
  return 0;
}

// The extents of the picture that the axes of a reduction become. Beyond rank 4, the leading extents are reduced all
// together or not at all.
std::vector<int> picture_axes(const Node& node, const Shape& shape, const std::vector<int>& axes) {
  const int leading = static_cast<int>(shape.size()) - 3;  // extents that become the batch, beyond rank 4
  std::vector<int> moved;
  int reduced = 0, kept = 0;
  for (int i = 0; i < leading && shape.size() > 4; ++i) {
    if (shape[static_cast<size_t>(i)] == 1) continue;
    ++(std::count(axes.begin(), axes.end(), i) > 0 ? reduced : kept);
  }
  if (reduced > 0 && kept > 0) refuse(node, shape);
  if (reduced > 0) moved.push_back(0);
  for (int axis : axes) {
    const int extent = axis + 4 - static_cast<int>(shape.size());
    if (shape.size() <= 4 || axis >= leading) moved.push_back(extent);
  }
  std::sort(moved.begin(), moved.end());
  return moved;
}

void check_broadcast(const Graph& graph, const Node& node) {
  const Picture out = as_picture(graph.values[static_cast<size_t>(node.output)].shape);
  for (ValueId input : node.inputs) {
    const Shape& shape = graph.values[static_cast<size_t>(input)].shape;
    const Picture in = as_picture(shape);
    if (in.n != 1 && in.n != out.n) refuse(node, shape);
  }
}

}  // namespace

void lower_to_pictures(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  std::vector<Node> nodes = rewrite.take_nodes();
  for (Node& node : nodes) {
    const Shape shape = node.inputs.empty() ? Shape{} : rewrite.value(node.inputs[0]).shape;
    if (auto* reduce = std::get_if<Reduce>(&node.op)) {
      reduce->axes = picture_axes(node, shape, reduce->axes);
    } else if (auto* softmax = std::get_if<Softmax>(&node.op)) {
      softmax->axis = picture_axis(node, shape, softmax->axis);
    } else if (auto* concat = std::get_if<Concat>(&node.op)) {
      concat->axis = picture_axis(node, shape, concat->axis);
    } else if (auto* reshape = std::get_if<Reshape>(&node.op)) {
      reshape->shape = shape_of(as_picture(reshape->shape));
    } else if (std::holds_alternative<Binary>(node.op) || std::holds_alternative<Select>(node.op) ||
               std::holds_alternative<MatMul>(node.op)) {
      check_broadcast(graph, node);
    }
  }
  for (Value& value : graph.values) {
    value.shape = shape_of(as_picture(value.shape));
    if (value.constant) value.constant->shape = value.shape;
  }
  for (Node& node : nodes) {
    auto* reduce = std::get_if<Reduce>(&node.op);
    if (!reduce || reduce->keep_dims) {
      rewrite.put(std::move(node));
      continue;
    }
    // A shader keeps the reduced extents; dropping them is a reshape.
    const ValueId output = node.output;
    const ValueId kept =
        rewrite.put_new(node.name, Reduce{reduce->kind, reduce->axes, true}, {node.inputs[0]});
    rewrite.replace(output, rewrite.put_new(node.name, Reshape{rewrite.value(output).shape}, {kept}));
  }
  rewrite.finish();
}

}  // namespace fragnet
