#include <algorithm>

#include "passes/passes.hpp"

namespace fragnet {

void drop_unused_nodes(Graph& graph, const PassOptions&) {
  Flags needed(graph.values.size(), false);
  for (const Port& port : graph.outputs) needed[static_cast<size_t>(port.value)] = true;
  std::vector<Node> kept;
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    Node& node = graph.nodes[i];
    if (!needed[static_cast<size_t>(node.output)]) continue;
    for (ValueId input : node.inputs) needed[static_cast<size_t>(input)] = true;
    kept.push_back(std::move(node));
  }
  std::reverse(kept.begin(), kept.end());
  graph.nodes = std::move(kept);
}

}  // namespace fragnet
