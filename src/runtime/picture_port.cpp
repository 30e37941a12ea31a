#include "runtime/picture_port.hpp"

#include "base/picture.hpp"

namespace fragnet {

int picture_input(const Graph& graph) {
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const Picture p = as_picture(graph.values[static_cast<size_t>(graph.inputs[i].value)].shape);
    if (p.n == 1 && (p.c == 1 || p.c == 3 || p.c == 4) && p.h > 1 && p.w > 1) return static_cast<int>(i);
  }
  return -1;
}

Range guess_range(const Graph& graph) {
  for (const Node& node : graph.nodes) {
    if (graph.outputs.empty() || node.output != graph.outputs[0].value || node.epilogue.empty()) continue;
    const auto* last = std::get_if<Unary>(&node.epilogue.back().op);
    if (last && last->kind == UnaryKind::tanh) return {-1, 1};
  }
  return {0, 1};
}

}  // namespace fragnet
