#include <algorithm>

#include "passes/passes.hpp"

namespace fragnet {
namespace {

// Exchanges a transpose with the Unary or Pad that alone reads it, so that the transpose meets its inverse.
void sink(Graph& graph, Node& transpose, Node& reader) {
  const std::vector<int>& order = std::get<Transpose>(transpose.op).order;
  Value& between = graph.values[static_cast<size_t>(transpose.output)];
  const Shape source = graph.values[static_cast<size_t>(transpose.inputs[0])].shape;
  Shape shape = source;
  if (auto* pad = std::get_if<Pad>(&reader.op)) {
    std::vector<std::array<int, 2>> margins(order.size());
    for (size_t i = 0; i < order.size(); ++i) margins[static_cast<size_t>(order[i])] = pad->margins[i];
    for (size_t i = 0; i < order.size(); ++i) shape[i] += margins[i][0] + margins[i][1];
    pad->margins = std::move(margins);
  } else if (!std::holds_alternative<Unary>(reader.op)) {
    return;
  }
  between.shape = shape;
  between.dtype = graph.values[static_cast<size_t>(reader.output)].dtype;
  std::swap(transpose.op, reader.op);
  std::swap(transpose.name, reader.name);
  std::swap(transpose.sources, reader.sources);
}

}  // namespace

void cancel_transposes(Graph& graph, const PassOptions&) {
  const std::vector<int> uses = use_counts(graph);
  const std::vector<int> maker = makers(graph);
  for (Node& node : graph.nodes) {
    if (node.inputs.empty()) continue;
    const int before = maker[static_cast<size_t>(node.inputs[0])];
    if (before < 0) continue;
    Node& source = graph.nodes[static_cast<size_t>(before)];
    auto* first = std::get_if<Transpose>(&source.op);
    if (!first) continue;
    if (auto* second = std::get_if<Transpose>(&node.op)) {
      for (int& extent : second->order) extent = first->order[static_cast<size_t>(extent)];
      node.inputs[0] = source.inputs[0];
      add_sources(node, source.sources);
    } else if (uses[static_cast<size_t>(source.output)] == 1) {
      sink(graph, source, node);
    }
  }
  drop_unused_nodes(graph);
  drop_identities(graph);
}

}  // namespace fragnet
