#include <algorithm>

#include "passes/passes.hpp"

namespace fragnet {
namespace {

Window* window_of(Op& op) {
  if (auto* conv = std::get_if<Conv2d>(&op)) return &conv->window;
  if (auto* conv = std::get_if<DepthwiseConv2d>(&op)) return &conv->window;
  return nullptr;
}

// A convolution of which every phase of a dilation may be a picture of its own, and of which the whole is a legal one.
bool is_plain_convolution(Node& node, ValueId picture, const SpaceToBatch& deal) {
  const Window* window = window_of(node.op);
  if (!window || node.inputs[0] != picture || window->stride != std::array{1, 1} ||
      window->dilation != std::array{1, 1}) {
    return false;
  }
  const auto is_small = [&](size_t i, int first, int second) {
    const int64_t reach = int64_t{deal.block[i]} * (window->kernel[i] + first + second);
    return reach <= max_window_span / 2;
  };
  const auto [top, bottom, left, right] = deal.padding;
  return is_small(0, window->padding.top, window->padding.bottom) &&
         is_small(1, window->padding.left, window->padding.right) &&
         std::max({top, bottom, left, right}) <= max_window_span / 2;
}

// A pointwise node on `value` that treats every pixel alike, so that it may act before or after BatchToSpace.
bool is_uniform(const Graph& graph, const Node& node, ValueId value) {
  if (std::holds_alternative<Unary>(node.op)) return true;
  if (!std::holds_alternative<Binary>(node.op)) return false;
  const Value& other = input_value(graph, node, node.inputs[0] == value ? 1 : 0);
  const Shape& shape = graph.values[static_cast<size_t>(value)].shape;
  if (shape != graph.values[static_cast<size_t>(node.output)].shape) return false;
  return other.constant && element_count(other.shape) == (other.shape.empty() ? 1 : other.shape.back());
}

void set_shape(Graph& graph, ValueId value, const Shape& shape) {
  graph.values[static_cast<size_t>(value)].shape = shape;
}

// What a phase's picture is padded with, in rows and columns of the whole.
Margins spread(const Margins& padding, const std::array<int, 2>& block) {
  return {padding.top * block[0], padding.bottom * block[0], padding.left * block[1],
          padding.right * block[1]};
}

// Cuts `crop` off what `padding` adds: one of both is left on each side.
void settle(int& padding, int& crop) {
  const int shared = std::min(padding, crop);
  padding -= shared;
  crop -= shared;
}

// `deal`, the nodes between and `collect`, which then are Pad, dilated convolutions and Slice.
void undo_batches(Graph& graph, Node& deal, const std::vector<int>& between, Node& collect) {
  const auto [block, padding] = std::get<SpaceToBatch>(deal.op);
  Margins before = padding, crop = std::get<BatchToSpace>(collect.op).crop;
  std::vector<Window*> windows;
  for (int index : between) {
    Node& node = graph.nodes[static_cast<size_t>(index)];
    Window* window = window_of(node.op);
    if (!window) continue;
    windows.push_back(window);
    add_sources(node, deal.sources);
    add_sources(node, collect.sources);
  }
  for (Window* window : windows) {
    window->dilation = block;
    window->padding = spread(window->padding, block);
  }
  // Where nothing else acts on the padding, the one convolution pads by itself, and makes nothing that is cut off.
  if (windows.size() == 1 && window_of(graph.nodes[static_cast<size_t>(between[0])].op)) {
    Margins& own = windows[0]->padding;
    own = {own.top + before.top, own.bottom + before.bottom, own.left + before.left,
           own.right + before.right};
    before = {};
    settle(own.top, crop.top);
    settle(own.bottom, crop.bottom);
    settle(own.left, crop.left);
    settle(own.right, crop.right);
  }
  Shape shape = graph.values[static_cast<size_t>(deal.inputs[0])].shape;
  shape[1] += before.top + before.bottom;
  shape[2] += before.left + before.right;
  deal.op = Pad{.margins = {{0, 0}, {before.top, before.bottom}, {before.left, before.right}, {0, 0}}};
  set_shape(graph, deal.output, shape);
  for (int index : between) {
    Node& node = graph.nodes[static_cast<size_t>(index)];
    if (const Window* window = window_of(node.op)) {
      const auto [height, width] = window_output(shape[1], shape[2], *window);
      shape = {shape[0], height, width, graph.values[static_cast<size_t>(node.output)].shape[3]};
    }
    set_shape(graph, node.output, shape);
  }
  collect.op = Slice{
      {0, crop.top, crop.left, 0}, graph.values[static_cast<size_t>(collect.output)].shape, {1, 1, 1, 1}};
}

}  // namespace

// TensorFlow spells a dilated convolution as SpaceToBatch → convolution (stride 1) → BatchToSpace, sometimes with a bias and
// an activation before the last, or with several convolutions. The pictures dealt out to the batch are the phases of the
// dilation.
void fuse_dilation(Graph& graph, const PassOptions&) {
  const std::vector<int> uses = use_counts(graph);
  // The only node that reads each value (-1: none or several).
  std::vector<int> reader(graph.values.size(), -1);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (ValueId input : graph.nodes[i].inputs) reader[static_cast<size_t>(input)] = static_cast<int>(i);
  }
  const auto next = [&](const Node& node) -> int {
    return uses[static_cast<size_t>(node.output)] == 1 ? reader[static_cast<size_t>(node.output)] : -1;
  };

  for (Node& first : graph.nodes) {
    const auto* deal = std::get_if<SpaceToBatch>(&first.op);
    if (!deal) continue;
    std::vector<int> between;
    bool convolves = false;
    int at = next(first);
    for (ValueId value = first.output; at >= 0; at = next(graph.nodes[static_cast<size_t>(at)])) {
      Node& node = graph.nodes[static_cast<size_t>(at)];
      const bool is_convolution = is_plain_convolution(node, value, *deal);
      if (!is_convolution && !is_uniform(graph, node, value)) break;
      convolves = convolves || is_convolution;
      between.push_back(at);
      value = node.output;
    }
    if (at < 0 || !convolves) continue;
    Node& last = graph.nodes[static_cast<size_t>(at)];
    const auto* collect = std::get_if<BatchToSpace>(&last.op);
    if (collect && collect->block == deal->block) undo_batches(graph, first, between, last);
  }
  drop_unused_nodes(graph);
  drop_identities(graph);
}

}  // namespace fragnet
