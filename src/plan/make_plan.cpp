#include <algorithm>

#include "base/error.hpp"
#include "plan/plan.hpp"

namespace fragnet {
namespace {

std::string where_of(const Node& node) {
  return text("layer \"", node.name, "\"");
}

// Constants that are weights or numbers need no texture of their own in the plan.
bool is_read_as_tensor(const Graph& graph, const Node& node, int input) {
  const Value& value = input_value(graph, node, input);
  const bool has_kernel = std::holds_alternative<Conv2d>(node.op) ||
                          std::holds_alternative<Conv2dTranspose>(node.op) ||
                          std::holds_alternative<DepthwiseConv2d>(node.op);
  if (has_kernel && input == node.pictures) {
    if (!value.constant) {
      fail(code::unsupported_op, where_of(node),
           ": a kernel that the network computes itself is not supported");
    }
    return false;
  }
  const bool is_operand = std::any_of(node.epilogue.begin(), node.epilogue.end(),
                                      [&](const PointwiseStep& step) { return step.operand == input; });
  return !is_operand || operand_form(value) == OperandForm::tensor;
}

// While ranges are being learned, bytes too take as much as floats.
void check_memory(const Plan& plan, int64_t bytes_per_texel) {
  int64_t bytes = 0;
  for (const TextureSize& size : plan.textures) {
    const int64_t own = size.texels() * bytes_per_texel;
    if (own > max_bytes_of_texture) {
      fail(code::too_large, "a feature map of the network would take ", own >> 20,
           " MiB on the device, at most ", max_bytes_of_texture >> 20,
           " are allowed: ask for a smaller input", bytes_per_texel > 8 ? ", or for the precision fp16" : "");
    }
    bytes += own;
  }
  if (bytes > max_texture_bytes) {
    fail(code::too_large, "the network's feature maps would take ", bytes >> 20,
         " MiB on the device, at most ", max_texture_bytes >> 20, " are allowed: ask for a smaller input",
         bytes_per_texel > 8 ? ", or for the precision fp16" : "");
  }
}

}  // namespace

OperandForm operand_form(const Value& operand) {
  if (!operand.constant) return OperandForm::tensor;
  const Picture picture = as_picture(operand.shape);
  if (picture.n != 1 || picture.h != 1 || picture.w != 1) return OperandForm::tensor;
  return picture.c == 1 ? OperandForm::scalar : OperandForm::channels;
}

int64_t count_macs(const Graph& graph, const Node& node) {
  const auto elements = [&](ValueId value) {
    return element_count(graph.values[static_cast<size_t>(value)].shape);
  };
  const Shape& out = graph.values[static_cast<size_t>(node.output)].shape;
  if (std::holds_alternative<MatMul>(node.op)) {
    const auto& matmul = std::get<MatMul>(node.op);
    const Shape& a = input_value(graph, node, 0).shape;
    return elements(node.output) * a[a.size() - (matmul.transpose_a ? 2 : 1)];
  }
  if (std::holds_alternative<Conv2d>(node.op)) {
    const Shape& in = input_value(graph, node, 0).shape;  // the slices of a sum do a part each
    return elements(node.inputs[static_cast<size_t>(node.pictures)]) * in[0] * out[1] * out[2];
  }
  if (std::holds_alternative<DepthwiseConv2d>(node.op))
    return elements(node.inputs[1]) * out[0] * out[1] * out[2];
  if (std::holds_alternative<Conv2dTranspose>(node.op)) {
    const Shape& in = input_value(graph, node, 0).shape;  // every input pixel meets every tap
    return elements(node.inputs[static_cast<size_t>(node.pictures)]) * in[0] * in[1] * in[2];
  }
  return 0;
}

Plan make_plan(const Graph& graph, const DeviceLimits& limits, const PlanOptions& options) {
  Plan plan;
  plan.places.resize(graph.values.size());
  const auto place = [&](ValueId value, const Block& block, const std::string& what, int square = 0) {
    std::optional<Place>& slot = plan.places[static_cast<size_t>(value)];
    if (slot) return;
    const Picture picture = as_picture(graph.values[static_cast<size_t>(value)].shape);
    slot = Place{.layout = make_layout(picture, block, limits.texture_size, what, square)};
  };
  for (const Port& port : graph.inputs) place(port.value, {}, text("input \"", port.name, "\""));
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    for (size_t input = 0; input < node.inputs.size(); ++input) {
      if (is_read_as_tensor(graph, node, static_cast<int>(input)))
        place(node.inputs[input], {}, where_of(node));
    }
    const Variant variant = choose_variant(graph, node, limits, options);
    place(node.output, variant.block, where_of(node), limits.square);
    plan.steps.push_back({.node = static_cast<int>(i), .macs = count_macs(graph, node), .variant = variant});
  }
  for (const Port& port : graph.outputs) place(port.value, {}, text("output \"", port.name, "\""));
  plan.is_ranged = options.ranged;
  plan.by_sampler = limits.by_sampler;
  if (options.ranged) choose_ranged(graph, plan);
  if (options.half && !options.ranged) choose_scaled(graph, plan);
  share_textures(graph, plan);
  check_memory(plan, options.half && !options.ranged ? 8 : 16);
  return plan;
}

std::string to_string(const Plan& plan, const Graph& graph) {
  std::string out;
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const Node& node = graph.nodes[static_cast<size_t>(plan.steps[i].node)];
    const Place& place = plan.place_of(node.output);
    const Picture& p = place.layout.picture;
    out += text(i < 10 ? "0" : "", i, ' ', name_of(node.op), ' ', p.h, "×", p.w, "×", p.c, " → t",
                place.texture, "  ", to_string(place.layout.block));
    if (plan.steps[i].macs > 0) out += text("  ", to_string(plan.steps[i].variant.weights), " weights");
    out += text("  ", node.name, '\n');
  }
  return out;
}

}  // namespace fragnet
