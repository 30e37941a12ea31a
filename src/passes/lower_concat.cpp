#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {

void lower_concat(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    const auto* concat = std::get_if<Concat>(&node.op);
    if (!concat || node.inputs.size() == 2) {
      rewrite.put(std::move(node));
      continue;
    }
    ValueId joined = node.inputs[0];
    for (size_t i = 1; i < node.inputs.size(); ++i) {
      joined = rewrite.put_new(node.name, *concat, {joined, node.inputs[i]});
    }
    rewrite.replace(node.output, joined);
  }
  rewrite.finish();
}

}  // namespace fragnet
