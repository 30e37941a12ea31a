#include <algorithm>

#include "plan/plan.hpp"

namespace fragnet {
namespace {

int64_t texels_of(const Layout& layout) {
  return int64_t{layout.width} * layout.height * layout.layers();
}

}  // namespace

void choose_ranged(const Graph& graph, Plan& plan) {
  // Of the texels of the largest feature map.
  constexpr int64_t small_part = 64;
  int64_t largest = 0;
  for (const Step& step : plan.steps) {
    const ValueId value = graph.nodes[static_cast<size_t>(step.node)].output;
    largest = std::max(largest, texels_of(plan.place_of(value).layout));
  }
  for (const Step& step : plan.steps) {
    const ValueId value = graph.nodes[static_cast<size_t>(step.node)].output;
    const bool is_output = std::any_of(graph.outputs.begin(), graph.outputs.end(),
                                       [&](const Port& port) { return port.value == value; });
    Layout& layout = plan.places[static_cast<size_t>(value)]->layout;
    const bool is_float = graph.values[static_cast<size_t>(value)].dtype == DType::float32;
    if (is_output || !is_float || texels_of(layout) * small_part <= largest) continue;
    layout.range = plan.range_texels;
    // For each quad that a fragment writes, though the last may lie beyond the channels.
    plan.range_texels += layout.groups * layout.block.q;
  }
}

void choose_scaled(const Graph& graph, Plan& plan) {
  for (const Step& step : plan.steps) {
    const ValueId value = graph.nodes[static_cast<size_t>(step.node)].output;
    plan.places[static_cast<size_t>(value)]->layout.range = value;
  }
}

}  // namespace fragnet
