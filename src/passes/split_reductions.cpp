#include <algorithm>

#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

// Above this many elements for each result a second pass pays: the first one keeps more fragments busy, and
// sums of sums round less.
constexpr int64_t max_elements_at_once = 512;

bool is_split(const Graph& graph, const Node& node, const Reduce& reduce) {
  const bool can_split = reduce.kind != ReduceKind::argmax && reduce.kind != ReduceKind::argmin;
  const auto over = [&](int axis) { return std::count(reduce.axes.begin(), reduce.axes.end(), axis) > 0; };
  if (!can_split || !over(1) || !over(2)) return false;
  const Shape& shape = input_value(graph, node, 0).shape;
  return int64_t{shape[1]} * shape[2] > max_elements_at_once;
}

}  // namespace

void split_reductions(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    const auto* reduce = std::get_if<Reduce>(&node.op);
    if (!reduce || !is_split(graph, node, *reduce)) {
      rewrite.put(std::move(node));
      continue;
    }
    Reduce rest = *reduce;  // all but the width
    rest.axes.erase(std::find(rest.axes.begin(), rest.axes.end(), 2));
    const ValueId rows = rewrite.put_new(node.name, Reduce{reduce->kind, {2}, true}, {node.inputs[0]});
    rewrite.replace(node.output, rewrite.put_new(node.name, rest, {rows}));
  }
  rewrite.finish();
}

}  // namespace fragnet
