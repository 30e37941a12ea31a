#include "base/error.hpp"
#include "passes/passes.hpp"

namespace fragnet {

void fuse_reshapes(Graph& graph, const PassOptions&) {
  const std::vector<int> uses = use_counts(graph);
  const std::vector<int> maker = makers(graph);
  for (Node& node : graph.nodes) {
    const bool is_reshape = std::holds_alternative<Reshape>(node.op);
    if (!is_reshape && !std::holds_alternative<Rearrange>(node.op)) continue;
    // A Rearrange reads its input in row-major order, whatever the shape: a Reshape before it says nothing.
    int before = maker[static_cast<size_t>(node.inputs[0])];
    while (before >= 0 && std::holds_alternative<Reshape>(graph.nodes[static_cast<size_t>(before)].op)) {
      const Node& reshape = graph.nodes[static_cast<size_t>(before)];
      add_sources(node, reshape.sources);
      node.inputs[0] = reshape.inputs[0];
      before = maker[static_cast<size_t>(node.inputs[0])];
    }
    if (!is_reshape) continue;
    // It writes in that order too: a Reshape after it takes its place.
    if (before >= 0 && uses[static_cast<size_t>(node.inputs[0])] == 1) {
      const Node& source = graph.nodes[static_cast<size_t>(before)];
      if (std::holds_alternative<Rearrange>(source.op)) {
        node.op = source.op;
        node.inputs = source.inputs;
        add_sources(node, source.sources);
        continue;
      }
    }
    const int count = static_cast<int>(element_count(graph.values[static_cast<size_t>(node.output)].shape));
    node.op = Rearrange{.extents = {{.count = count, .limit = count, .stride = 1}}};
  }
  drop_unused_nodes(graph);
}

}  // namespace fragnet
