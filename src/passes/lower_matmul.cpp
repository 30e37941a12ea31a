#include "base/error.hpp"
#include "graph/builder.hpp"
#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {

void lower_matmul(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    const auto* matmul = std::get_if<MatMul>(&node.op);
    const Value* weights = matmul ? &rewrite.value(rewrite.current(node.inputs[1])) : nullptr;
    if (!matmul || matmul->transpose_a || !weights->constant ||
        rewrite.value(node.output).dtype != DType::float32 || weights->shape[0] != 1 ||
        weights->shape[1] != 1) {
      rewrite.put(std::move(node));
      continue;
    }
    // (1, 1, K, N) is already the kernel of a 1×1 convolution whose pixels are the rows of the other matrix.
    if (matmul->transpose_b) {
      const Transpose transpose{{0, 1, 3, 2}};
      const ValueType type = infer_type(transpose, {{weights->dtype, weights->shape}}, node.name);
      std::optional<Tensor> turned = evaluate(transpose, {*weights->constant}, type);
      if (!turned) fail(code::internal, "layer \"", node.name, "\": its weights cannot be transposed");
      node.inputs[1] = rewrite.new_constant(node.name, std::move(*turned));
    }
    node.op = Conv2d{};
    rewrite.put(std::move(node));
  }
  rewrite.finish();
}

}  // namespace fragnet
