#include <array>

#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {

void lower_select(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    if (!std::holds_alternative<Select>(node.op)) {
      rewrite.put(std::move(node));
      continue;
    }
    // The branch that is not chosen becomes 0 before the two are added, whatever it holds.
    const auto [condition, a, b] = std::array{node.inputs[0], node.inputs[1], node.inputs[2]};
    const ValueId chosen = rewrite.put_new(node.name, Binary{BinaryKind::keep_where}, {a, condition});
    const ValueId other = rewrite.put_new(node.name, Binary{BinaryKind::keep_where_not}, {b, condition});
    // A sum of booleans would be a whole number.
    const bool is_boolean = rewrite.value(node.output).dtype == DType::boolean;
    const Binary either{is_boolean ? BinaryKind::logical_or : BinaryKind::add};
    rewrite.replace(node.output, rewrite.put_new(node.name, either, {chosen, other}));
  }
  rewrite.finish();
}

}  // namespace fragnet
