#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

// Half floats end at 65504, and a picture has more pixels than that. So a long sum is stored as a mean; who reads it makes it
// the sum again where numbers have 32 bits, between reading and storing.
constexpr int64_t min_elements = 64;

int64_t elements_of_sum(const Rewrite& rewrite, const Node& node) {
  const auto* reduce = std::get_if<Reduce>(&node.op);
  if (!reduce || reduce->kind != ReduceKind::sum || rewrite.value(node.output).dtype != DType::float32)
    return 0;
  return element_count(rewrite.value(node.inputs[0]).shape) / element_count(rewrite.value(node.output).shape);
}

struct Scaled {
  ValueId mean = -1, elements = -1;
};

}  // namespace

void scale_sums(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  std::vector<Scaled> sums(graph.values.size());  // by the value that is the sum
  const auto scaled = [&](ValueId value) -> const Scaled* {
    const auto i = static_cast<size_t>(value);
    return i < sums.size() && sums[i].mean >= 0 ? &sums[i] : nullptr;
  };
  const auto put = [&](const Node& node, Op op, ValueId a, ValueId b) {
    return rewrite.put_new(node.name, std::move(op), {a, b});
  };
  for (Node& node : rewrite.take_nodes()) {
    if (const int64_t elements = elements_of_sum(rewrite, node); elements >= min_elements) {
      Reduce mean = std::get<Reduce>(node.op);
      mean.kind = ReduceKind::mean;
      const Scaled parts{rewrite.put_new(node.name, mean, {node.inputs[0]}),
                         rewrite.new_constant(node.name, make_scalar(static_cast<float>(elements)))};
      // For readers that have no place to multiply in; the others get a multiplication of their own.
      rewrite.replace(node.output, put(node, Binary{BinaryKind::multiply}, parts.mean, parts.elements));
      sums[static_cast<size_t>(node.output)] = parts;
      continue;
    }
    const auto* binary = std::get_if<Binary>(&node.op);
    const bool is_quotient = binary && binary->kind == BinaryKind::divide;
    if (is_quotient || (binary && binary->kind == BinaryKind::multiply)) {
      // Behind the operation, which may be one of a whole picture with the sum: x / sum = x / mean / elements.
      const size_t place = scaled(node.inputs[1]) ? 1 : 0;
      if (const Scaled* sum = scaled(node.inputs[place])) {
        node.inputs[place] = sum->mean;
        const ValueId of_mean = rewrite.put_new(node.name, node.op, node.inputs);
        const BinaryKind kind = is_quotient && place == 1 ? BinaryKind::divide : BinaryKind::multiply;
        rewrite.replace(node.output, put(node, Binary{kind}, of_mean, sum->elements));
        continue;
      }
    } else if (binary || std::holds_alternative<Unary>(node.op)) {
      for (ValueId& input : node.inputs) {
        if (const Scaled* sum = scaled(input))
          input = put(node, Binary{BinaryKind::multiply}, sum->mean, sum->elements);
      }
    }
    rewrite.put(std::move(node));
  }
  rewrite.finish();
  drop_unused_nodes(graph);
}

}  // namespace fragnet
