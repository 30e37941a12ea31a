#include <algorithm>

#include "base/picture.hpp"
#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

// Where a layer has fewer fragments than keep the device busy, and a long sum for each of them, as at the bottleneck of a
// U-Net, parts of the sum become fragments of their own, added up in a second pass.
constexpr int elements_of_fragment = 32;  // of a block: eight pixels or quads
constexpr int min_quads_of_slice = 16;
constexpr int max_slices = 8;

int slices_of(const Graph& graph, const Node& node, int busy_fragments) {
  const Shape& out = graph.values[static_cast<size_t>(node.output)].shape;
  if (out[0] != 1) return 1;
  int64_t quads = 0;
  for (int i = 0; i < node.pictures; ++i) quads += quads_of(input_value(graph, node, i).shape[3]);
  int slices = 1;
  while (slices < max_slices && element_count(out) / elements_of_fragment * slices < busy_fragments &&
         quads / (2 * slices) >= min_quads_of_slice) {
    slices *= 2;
  }
  return slices;
}

template <class Convolution>
bool split(Rewrite& rewrite, const Graph& graph, Node& node, int busy_fragments) {
  auto* convolution = std::get_if<Convolution>(&node.op);
  if (!convolution) return false;
  const int slices = slices_of(graph, node, busy_fragments);
  if (slices == 1) return false;
  const Value whole = rewrite.value(node.output);
  Shape parts = whole.shape;
  parts[0] = convolution->slices = slices;
  const ValueId result = std::exchange(node.output, rewrite.new_value(whole.name, whole.dtype, parts));
  const std::string name = node.name;
  const ValueId sliced = node.output;
  rewrite.put(std::move(node));
  rewrite.replace(result, rewrite.put_new(name, Reduce{ReduceKind::sum, {0}, true}, {sliced}));
  return true;
}

}  // namespace

void split_sums(Graph& graph, const PassOptions& options) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    if (split<Conv2d>(rewrite, graph, node, options.busy_fragments) ||
        split<Conv2dTranspose>(rewrite, graph, node, options.busy_fragments))
      continue;
    rewrite.put(std::move(node));
  }
  rewrite.finish();
}

}  // namespace fragnet
