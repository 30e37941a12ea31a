#include "passes/passes.hpp"

namespace fragnet {

void lower_pointwise(Graph& graph, const PassOptions&) {
  for (Node& node : graph.nodes) {
    if (const auto* unary = std::get_if<Unary>(&node.op)) {
      node.epilogue = {{.op = *unary}};
    } else if (const auto* binary = std::get_if<Binary>(&node.op)) {
      // Load a computed tensor of full size where there is one: only such a node can be fused with its maker.
      PointwiseStep step{.op = *binary, .operand = 1};
      const Value& first = input_value(graph, node, 0);
      const Value& second = input_value(graph, node, 1);
      const Shape& result = graph.values[static_cast<size_t>(node.output)].shape;
      if ((first.constant || first.shape != result) && !second.constant && second.shape == result) {
        std::swap(node.inputs[0], node.inputs[1]);
        step.operand_first = true;
      }
      node.epilogue = {step};
    } else {
      continue;
    }
    node.op = Pointwise{};
  }
}

}  // namespace fragnet
