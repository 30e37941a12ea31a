#include <algorithm>

#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

// Whether the node's result is its first input, element by element and in the same shape.
bool is_identity(const Graph& graph, const Node& node) {
  if (!node.epilogue.empty()) return false;
  const Shape& in = input_value(graph, node, 0).shape;
  if (in != graph.values[static_cast<size_t>(node.output)].shape) return false;
  if (std::holds_alternative<Reshape>(node.op) || std::holds_alternative<Tile>(node.op)) return true;
  if (const auto* transpose = std::get_if<Transpose>(&node.op)) {
    return std::is_sorted(transpose->order.begin(), transpose->order.end());
  }
  if (const auto* slice = std::get_if<Slice>(&node.op)) {
    return std::all_of(slice->stride.begin(), slice->stride.end(), [](int stride) { return stride == 1; });
  }
  if (const auto* pad = std::get_if<Pad>(&node.op)) {
    // Negative margins cut, and may make up for positive ones on the other side.
    return std::all_of(pad->margins.begin(), pad->margins.end(),
                       [](const std::array<int, 2>& margin) { return margin[0] == 0 && margin[1] == 0; });
  }
  return std::holds_alternative<Concat>(node.op) && node.inputs.size() == 1;
}

}  // namespace

void drop_identities(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    if (is_identity(graph, node)) {
      rewrite.replace(node.output, node.inputs[0]);
    } else {
      rewrite.put(std::move(node));
    }
  }
  rewrite.finish();
}

}  // namespace fragnet
