#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {

void lower_softmax(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    const auto* softmax = std::get_if<Softmax>(&node.op);
    if (!softmax) {
      rewrite.put(std::move(node));
      continue;
    }
    // exp(x - max) / sum: the maximum keeps exp from overflowing.
    const std::vector<int> axes{softmax->axis};
    const auto put = [&](Op op, std::vector<ValueId> inputs) {
      return rewrite.put_new(node.name, std::move(op), std::move(inputs));
    };
    const ValueId x = node.inputs[0];
    const ValueId top = put(Reduce{ReduceKind::max, axes, true}, {x});
    const ValueId shifted = put(Binary{BinaryKind::subtract}, {x, top});
    const ValueId exponentials = put(Unary{UnaryKind::exp}, {shifted});
    const ValueId sum = put(Reduce{ReduceKind::sum, axes, true}, {exponentials});
    const ValueId result =
        softmax->log ? put(Binary{BinaryKind::subtract}, {shifted, put(Unary{UnaryKind::log}, {sum})})
                     : put(Binary{BinaryKind::divide}, {exponentials, sum});
    rewrite.replace(node.output, result);
  }
  rewrite.finish();
}

}  // namespace fragnet
