#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

// (N, H, W, C) → pad → (N, H/b, b, W/b, b, C) → (b, b, N, H/b, W/b, C) → (b·b·N, H/b, W/b, C)
ValueId deal(Rewrite& rewrite, const Node& node, const SpaceToBatch& op) {
  const Margins& m = op.padding;
  const ValueId padded = rewrite.put_new(
      node.name, Pad{.margins = {{0, 0}, {m.top, m.bottom}, {m.left, m.right}, {0, 0}}}, {node.inputs[0]});
  const Shape s = rewrite.value(padded).shape;
  const auto [bh, bw] = op.block;
  const ValueId split =
      rewrite.put_new(node.name, Reshape{{s[0], s[1] / bh, bh, s[2] / bw, bw, s[3]}}, {padded});
  const ValueId moved = rewrite.put_new(node.name, Transpose{{2, 4, 0, 1, 3, 5}}, {split});
  return rewrite.put_new(node.name, Reshape{{bh * bw * s[0], s[1] / bh, s[2] / bw, s[3]}}, {moved});
}

// The way back, and a slice.
ValueId collect(Rewrite& rewrite, const Node& node, const BatchToSpace& op) {
  const Shape s = rewrite.value(rewrite.current(node.inputs[0])).shape;
  const auto [bh, bw] = op.block;
  const int n = s[0] / (bh * bw);
  const ValueId split = rewrite.put_new(node.name, Reshape{{bh, bw, n, s[1], s[2], s[3]}}, {node.inputs[0]});
  const ValueId moved = rewrite.put_new(node.name, Transpose{{2, 3, 0, 4, 1, 5}}, {split});
  const ValueId whole = rewrite.put_new(node.name, Reshape{{n, s[1] * bh, s[2] * bw, s[3]}}, {moved});
  const int height = s[1] * bh - op.crop.top - op.crop.bottom,
            width = s[2] * bw - op.crop.left - op.crop.right;
  return rewrite.put_new(
      node.name, Slice{{0, op.crop.top, op.crop.left, 0}, {n, height, width, s[3]}, {1, 1, 1, 1}}, {whole});
}

}  // namespace

void lower_batches(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    if (const auto* to_batch = std::get_if<SpaceToBatch>(&node.op)) {
      rewrite.replace(node.output, deal(rewrite, node, *to_batch));
    } else if (const auto* to_space = std::get_if<BatchToSpace>(&node.op)) {
      rewrite.replace(node.output, collect(rewrite, node, *to_space));
    } else {
      rewrite.put(std::move(node));
    }
  }
  rewrite.finish();
}

}  // namespace fragnet
