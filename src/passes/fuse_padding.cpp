#include "passes/passes.hpp"

namespace fragnet {

void fuse_padding(Graph& graph, const PassOptions&) {
  const std::vector<int> maker = makers(graph);
  for (Node& node : graph.nodes) {
    Window* window = nullptr;
    if (auto* conv = std::get_if<Conv2d>(&node.op)) window = &conv->window;
    if (auto* conv = std::get_if<DepthwiseConv2d>(&node.op)) window = &conv->window;
    const int before = window ? maker[static_cast<size_t>(node.inputs[0])] : -1;
    if (before < 0) continue;
    const Node& source = graph.nodes[static_cast<size_t>(before)];
    const auto* pad = std::get_if<Pad>(&source.op);
    if (!pad || pad->kind != PadKind::constant || pad->value != 0 || pad->margins.size() != 4) continue;
    const auto &n = pad->margins[0], &h = pad->margins[1], &w = pad->margins[2], &c = pad->margins[3];
    if (n[0] || n[1] || c[0] || c[1] || h[0] < 0 || h[1] < 0 || w[0] < 0 || w[1] < 0) continue;
    Window padded = *window;
    padded.padding.top += h[0];
    padded.padding.bottom += h[1];
    padded.padding.left += w[0];
    padded.padding.right += w[1];
    if (!is_legal(padded)) continue;
    *window = padded;
    node.inputs[0] = source.inputs[0];
    add_sources(node, source.sources);
  }
  drop_unused_nodes(graph);
}

}  // namespace fragnet
