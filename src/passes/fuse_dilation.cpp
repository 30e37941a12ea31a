#include "passes/passes.hpp"

namespace fragnet {
namespace {

Window* window_of(Op& op) {
  if (auto* conv = std::get_if<Conv2d>(&op)) return &conv->window;
  if (auto* conv = std::get_if<DepthwiseConv2d>(&op)) return &conv->window;
  return nullptr;
}

// A pointwise node that treats every pixel alike, so that it may act before or after BatchToSpace.
bool is_uniform(const Graph& graph, const Node& node) {
  if (std::holds_alternative<Unary>(node.op)) return true;
  if (!std::holds_alternative<Binary>(node.op)) return false;
  const Value& other = input_value(graph, node, 1);
  if (input_value(graph, node, 0).shape != graph.values[static_cast<size_t>(node.output)].shape) return false;
  return other.constant && element_count(other.shape) == (other.shape.empty() ? 1 : other.shape.back());
}

}  // namespace

// TensorFlow spells a dilated convolution as SpaceToBatch → convolution (valid, stride 1) → BatchToSpace,
// sometimes with a bias and an activation before the last. The pictures dealt out to the batch are the phases
// of the dilation.
void fuse_dilation(Graph& graph) {
  const std::vector<int> uses = use_counts(graph);
  // The only node that reads each value (-1: none or several).
  std::vector<int> reader(graph.values.size(), -1);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (ValueId input : graph.nodes[i].inputs) reader[static_cast<size_t>(input)] = static_cast<int>(i);
  }
  const auto next = [&](const Node& node) -> int {
    return uses[static_cast<size_t>(node.output)] == 1 ? reader[static_cast<size_t>(node.output)] : -1;
  };

  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto* deal = std::get_if<SpaceToBatch>(&graph.nodes[i].op);
    if (!deal) continue;
    const int conv_index = next(graph.nodes[i]);
    if (conv_index < 0) continue;
    Node& conv = graph.nodes[static_cast<size_t>(conv_index)];
    Window* window = window_of(conv.op);
    if (!window || conv.inputs[0] != graph.nodes[i].output || window->stride != std::array{1, 1} ||
        window->dilation != std::array{1, 1} || window->padding != Margins{}) {
      continue;
    }
    std::vector<int> between;
    int at = next(conv);
    while (at >= 0 && is_uniform(graph, graph.nodes[static_cast<size_t>(at)])) {
      between.push_back(at);
      at = next(graph.nodes[static_cast<size_t>(at)]);
    }
    if (at < 0) continue;
    Node& collect = graph.nodes[static_cast<size_t>(at)];
    const auto* gather = std::get_if<BatchToSpace>(&collect.op);
    if (!gather || gather->block != deal->block) continue;
    const Margins padding{deal->padding.top - gather->crop.top, deal->padding.bottom - gather->crop.bottom,
                          deal->padding.left - gather->crop.left, deal->padding.right - gather->crop.right};
    if (padding.top < 0 || padding.bottom < 0 || padding.left < 0 || padding.right < 0) continue;

    window->dilation = deal->block;
    window->padding = padding;
    conv.inputs[0] = graph.nodes[i].inputs[0];
    const Shape shape = graph.values[static_cast<size_t>(collect.output)].shape;
    graph.values[static_cast<size_t>(conv.output)].shape = shape;
    ValueId last = conv.output;
    for (int index : between) {
      last = graph.nodes[static_cast<size_t>(index)].output;
      graph.values[static_cast<size_t>(last)].shape = shape;
    }
    // What remains of BatchToSpace changes nothing; drop_identities would not know it, a Reshape it does.
    collect.op = Reshape{shape};
    collect.inputs = {last};
  }
  drop_unused_nodes(graph);
  drop_identities(graph);
}

}  // namespace fragnet
