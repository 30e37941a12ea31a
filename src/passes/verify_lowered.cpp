#include <algorithm>

#include "base/error.hpp"
#include "passes/passes.hpp"

namespace fragnet {
namespace {

template <class... Kinds>
bool is_one_of(const Op& op) {
  return (std::holds_alternative<Kinds>(op) || ...);
}

bool has_program(const Op& op) {
  return is_one_of<Conv2d, DepthwiseConv2d, Conv2dTranspose, MatMul, Reduce, Pool2d, Resize, Concat,
                   Rearrange, Pointwise>(op);
}

// A concatenation of two; what follows them are operands of its epilogue.
bool is_of_two(const Node& node) {
  size_t parts = node.inputs.size();
  for (const PointwiseStep& step : node.epilogue) {
    if (step.operand >= 0) parts = std::min(parts, static_cast<size_t>(step.operand));
  }
  return parts == 2;
}

}  // namespace

void verify_lowered(const Graph& graph) {
  for (const Node& node : graph.nodes) {
    const bool is_legal =
        has_program(node.op) && (!std::holds_alternative<Concat>(node.op) || is_of_two(node));
    if (!is_legal)
      fail(code::internal, place_of(node.name, node.op), ": no shader computes this ", name_of(node.op));
    const Shape& shape = graph.values[static_cast<size_t>(node.output)].shape;
    if (shape.size() != 4)
      fail(code::internal, place_of(node.name, node.op), " makes no picture, but ", to_string(shape));
  }
}

}  // namespace fragnet
