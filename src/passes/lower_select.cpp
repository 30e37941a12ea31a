#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {

void lower_select(Graph& graph) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    if (!std::holds_alternative<Select>(node.op)) {
      rewrite.put(std::move(node));
      continue;
    }
    // b + condition × (a - b), with the condition 0 or 1; exact to a rounding for finite a and b.
    const ValueId difference =
        rewrite.put_new(node.name, Binary{BinaryKind::subtract}, {node.inputs[1], node.inputs[2]});
    const ValueId chosen =
        rewrite.put_new(node.name, Binary{BinaryKind::multiply}, {difference, node.inputs[0]});
    rewrite.replace(node.output,
                    rewrite.put_new(node.name, Binary{BinaryKind::add}, {chosen, node.inputs[2]}));
  }
  rewrite.finish();
}

}  // namespace fragnet
