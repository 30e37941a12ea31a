#include "support/reference_ops.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace fragnet {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

HostTensor after_epilogue(const Node& node, const std::vector<HostTensor>& inputs, HostTensor result) {
  for (const PointwiseStep& step : node.epilogue) {
    if (const auto* unary = std::get_if<Unary>(&step.op)) {
      result = reference_unary(*unary, result);
      continue;
    }
    const HostTensor& operand = inputs.at(static_cast<size_t>(step.operand));
    const Binary& binary = std::get<Binary>(step.op);
    result = step.operand_first ? reference_binary(binary, operand, result)
                                : reference_binary(binary, result, operand);
  }
  return result;
}

HostTensor run_node(const Node& node, const Shape& shape, const std::vector<HostTensor>& inputs) {
  // What follows the operation's own inputs are operands of the epilogue.
  size_t own = inputs.size();
  for (const PointwiseStep& step : node.epilogue) {
    if (step.operand >= 0) own = std::min(own, static_cast<size_t>(step.operand));
  }
  std::vector<HostTensor> joined(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(own));
  if (node.pictures > 1) {
    const std::vector<HostTensor> pictures(inputs.begin(), inputs.begin() + node.pictures);
    joined.erase(joined.begin() + 1, joined.begin() + node.pictures);
    joined[0] = reference_concat(static_cast<int>(pictures[0].shape.size()) - 1, pictures);
  }
  HostTensor result;
  if (std::holds_alternative<Pointwise>(node.op)) {
    result = filled(shape, [&](const std::vector<int>& c) { return at_broadcast(joined.at(0), c); });
  } else if (const auto* rearrange = std::get_if<Rearrange>(&node.op)) {
    result = reference_rearrange(*rearrange, joined.at(0), shape);
  } else {
    result = reference(node.op, joined);
  }
  return after_epilogue(node, inputs, std::move(result));
}

}  // namespace

HostTensor reference(const Op& op, const std::vector<HostTensor>& inputs) {
  const HostTensor& x = inputs.at(0);
  return std::visit(
      Overloaded{
          [&](const Conv2d& o) { return reference_conv2d(o.window, x, inputs.at(1)); },
          [&](const DepthwiseConv2d& o) { return reference_depthwise_conv2d(o.window, x, inputs.at(1)); },
          [&](const Conv2dTranspose& o) { return reference_conv2d_transpose(o, x, inputs.at(1)); },
          [&](const MatMul& o) { return reference_matmul(o, x, inputs.at(1)); },
          [&](const Unary& o) { return reference_unary(o, x); },
          [&](const Binary& o) { return reference_binary(o, x, inputs.at(1)); },
          [&](const Select&) { return reference_select(x, inputs.at(1), inputs.at(2)); },
          [&](const Reduce& o) { return reference_reduce(o, x); },
          [&](const Softmax& o) { return reference_softmax(o, x); },
          [&](const Pool2d& o) { return reference_pool2d(o, x); },
          [&](const Resize& o) { return reference_resize(o, x); },
          [&](const Reshape& o) { return reference_reshape(o, x); },
          [&](const Transpose& o) { return reference_transpose(o, x); },
          [&](const Concat& o) { return reference_concat(o.axis, inputs); },
          [&](const Slice& o) { return reference_slice(o, x); },
          [&](const Pad& o) { return reference_pad(o, x); },
          [&](const Tile& o) { return reference_tile(o, x); },
          [&](const Gather& o) { return reference_gather(o, x); },
          [&](const SpaceToBatch& o) { return reference_space_to_batch(o, x); },
          [&](const BatchToSpace& o) { return reference_batch_to_space(o, x); },
          [&](const Pointwise&) -> HostTensor { fail(code::internal, "pointwise has no shape of its own"); },
          [&](const Rearrange&) -> HostTensor { fail(code::internal, "rearrange has no shape of its own"); },
      },
      op);
}

std::vector<HostTensor> reference_run(const Graph& graph, const std::vector<HostTensor>& inputs) {
  if (inputs.size() != graph.inputs.size()) {
    fail(code::bad_input, "the graph has ", graph.inputs.size(), " inputs, ", inputs.size(), " were given");
  }
  std::vector<HostTensor> values(graph.values.size());
  const auto value = [&](ValueId id) -> HostTensor& { return values.at(static_cast<size_t>(id)); };
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].constant) values[i] = decoded(*graph.values[i].constant);
  }
  for (size_t i = 0; i < inputs.size(); ++i) value(graph.inputs[i].value) = inputs[i];
  for (const Node& node : graph.nodes) {
    std::vector<HostTensor> arguments;
    for (ValueId id : node.inputs) arguments.push_back(value(id));
    const Shape& shape = graph.values.at(static_cast<size_t>(node.output)).shape;
    HostTensor result = run_node(node, shape, arguments);
    if (result.shape != shape) {
      fail(code::internal, "layer \"", node.name, "\": the graph says ", to_string(shape),
           ", the reference makes ", to_string(result.shape));
    }
    value(node.output) = std::move(result);
  }
  std::vector<HostTensor> outputs;
  for (const Port& port : graph.outputs) outputs.push_back(value(port.value));
  return outputs;
}

}  // namespace fragnet
