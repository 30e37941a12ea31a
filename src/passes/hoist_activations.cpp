#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {

void hoist_activations(Graph& graph, const PassOptions&) {
  const std::vector<int> uses = use_counts(graph);
  const std::vector<int> maker = makers(graph);
  Rewrite rewrite(graph);
  std::vector<Node> nodes = rewrite.take_nodes();
  for (Node& node : nodes) {
    const int before =
        std::holds_alternative<Unary>(node.op) ? maker[static_cast<size_t>(node.inputs[0])] : -1;
    const Node* concat = before >= 0 ? &nodes[static_cast<size_t>(before)] : nullptr;
    if (!concat || !std::holds_alternative<Concat>(concat->op) ||
        uses[static_cast<size_t>(node.inputs[0])] != 1) {
      rewrite.put(node);
      continue;
    }
    std::vector<ValueId> parts;
    for (ValueId part : concat->inputs) parts.push_back(rewrite.put_new(node.name, node.op, {part}));
    rewrite.replace(node.output, rewrite.put_new(concat->name, concat->op, parts));
  }
  rewrite.finish();
  drop_unused_nodes(graph);
}

}  // namespace fragnet
