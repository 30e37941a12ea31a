#include <algorithm>

#include "passes/passes.hpp"

namespace fragnet {
namespace {

// A convolution binds a texture for each part, beside its weights and the operands of its epilogue.
constexpr size_t max_pictures = 8;

bool can_read_parts(const Node& node) {
  return std::holds_alternative<Conv2d>(node.op) || std::holds_alternative<Conv2dTranspose>(node.op);
}

bool is_channel_concat(const Node& node) {
  const auto* concat = std::get_if<Concat>(&node.op);
  return concat && concat->axis == 3;
}

// concat(concat(a, b), c) → concat(a, b, c), where nobody else reads the inner one.
void flatten(Graph& graph) {
  const std::vector<int> uses = use_counts(graph);
  const std::vector<int> maker = makers(graph);
  for (Node& node : graph.nodes) {
    if (!is_channel_concat(node)) continue;
    std::vector<ValueId> parts;
    std::vector<int> inner_sources;
    for (ValueId input : node.inputs) {
      const int before = maker[static_cast<size_t>(input)];
      const Node* inner = before >= 0 ? &graph.nodes[static_cast<size_t>(before)] : nullptr;
      if (inner && is_channel_concat(*inner) && uses[static_cast<size_t>(input)] == 1) {
        parts.insert(parts.end(), inner->inputs.begin(), inner->inputs.end());
        inner_sources.insert(inner_sources.end(), inner->sources.begin(), inner->sources.end());
      } else {
        parts.push_back(input);
      }
    }
    if (parts.size() > max_pictures) continue;
    node.inputs = std::move(parts);
    std::sort(inner_sources.begin(), inner_sources.end());
    add_sources(node, inner_sources);
  }
  drop_unused_nodes(graph);
}

}  // namespace

void fuse_concat(Graph& graph, const PassOptions&) {
  flatten(graph);
  const std::vector<int> maker = makers(graph);
  // How many convolutions read each value as their picture.
  std::vector<int> readings(graph.values.size(), 0);
  for (const Node& node : graph.nodes) {
    if (can_read_parts(node)) ++readings[static_cast<size_t>(node.inputs[0])];
  }
  const std::vector<int> uses = use_counts(graph);
  for (Node& node : graph.nodes) {
    if (!can_read_parts(node)) continue;
    const size_t picture = static_cast<size_t>(node.inputs[0]);
    const int before = maker[picture];
    // Where somebody else needs the whole, it is made anyway, and reading one texture is cheaper than
    // several.
    if (before < 0 || uses[picture] != readings[picture]) continue;
    const Node& concat = graph.nodes[static_cast<size_t>(before)];
    if (!is_channel_concat(concat) || concat.inputs.size() > max_pictures) continue;
    node.pictures = static_cast<int>(concat.inputs.size());
    node.inputs.erase(node.inputs.begin());
    node.inputs.insert(node.inputs.begin(), concat.inputs.begin(), concat.inputs.end());
    add_sources(node, concat.sources);
  }
  drop_unused_nodes(graph);
}

}  // namespace fragnet
