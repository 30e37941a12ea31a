#include "ports/walk.hpp"

#include <algorithm>
#include <cmath>

namespace fragnet {
namespace {

const Value& value_of(const Graph& graph, ValueId id) {
  return graph.values[static_cast<size_t>(id)];
}

// The mean of a constant that is a number, or one for each channel; nullopt for anything else.
std::optional<double> mean_of(const Value& value) {
  if (!value.constant) return std::nullopt;
  constexpr int64_t most_channels = 4096;
  const int64_t count = element_count(value.shape);
  if (count < 1 || count > most_channels) return std::nullopt;
  double sum = 0;
  for (float number : to_floats(*value.constant)) sum += number;
  return sum / static_cast<double>(count);
}

// Numbers for each channel say where the channels are: [3] along the last extent, [1, 3, 1, 1] along the second.
std::optional<PortLayout> layout_by_constant(const Shape& constant, const Shape& shape) {
  if (element_count(constant) < 2 || shape.size() != 4) return std::nullopt;
  const auto extent = [&](size_t from_end) {
    return from_end < constant.size() ? constant[constant.size() - 1 - from_end] : 1;
  };
  if (extent(0) > 1 && extent(1) == 1 && extent(2) == 1) return PortLayout::nhwc;
  if (extent(2) > 1 && extent(0) == 1 && extent(1) == 1) return PortLayout::nchw;
  return std::nullopt;
}

std::optional<PortLayout> layout_by_axis(const Shape& shape, int axis) {
  if (shape.size() != 4) return std::nullopt;
  if (axis == 3) return PortLayout::nhwc;
  if (axis == 1) return PortLayout::nchw;
  return std::nullopt;
}

bool is_layer(const Op& op) {
  return std::holds_alternative<Conv2d>(op) || std::holds_alternative<DepthwiseConv2d>(op) ||
         std::holds_alternative<Conv2dTranspose>(op);
}

bool works_on_pictures(const Op& op) {
  return is_layer(op) || std::holds_alternative<Pool2d>(op) || std::holds_alternative<Resize>(op) ||
         std::holds_alternative<SpaceToBatch>(op) || std::holds_alternative<BatchToSpace>(op);
}

const std::vector<int> to_channels_last{0, 2, 3, 1}, to_channels_first{0, 3, 1, 2};

// f of x where one operand is a constant number, or one a channel.
std::optional<Affine> as_affine(const Graph& graph, const Node& node, ValueId x) {
  const auto* binary = std::get_if<Binary>(&node.op);
  if (!binary || node.inputs.size() != 2) return std::nullopt;
  const bool is_first = node.inputs[0] == x;
  const std::optional<double> number = mean_of(value_of(graph, node.inputs[is_first ? 1 : 0]));
  if (!number) return std::nullopt;
  switch (binary->kind) {
    case BinaryKind::add:
      return Affine{1, *number};
    case BinaryKind::subtract:
      return is_first ? Affine{1, -*number} : Affine{-1, *number};
    case BinaryKind::multiply:
      return Affine{*number, 0};
    case BinaryKind::divide:
      if (is_first && *number != 0) return Affine{1 / *number, 0};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// What an operation lets through at most.
std::optional<Range> bounds_of(const Op& op) {
  if (const auto* unary = std::get_if<Unary>(&op)) {
    if (unary->kind == UnaryKind::tanh) return Range{-1, 1};
    if (unary->kind == UnaryKind::sigmoid || unary->kind == UnaryKind::hard_sigmoid) return Range{0, 1};
    if (unary->kind == UnaryKind::clip && std::isfinite(unary->a) && std::isfinite(unary->b) &&
        unary->b - unary->a < 1e6f)
      return Range{unary->a, unary->b};
  }
  const auto* softmax = std::get_if<Softmax>(&op);
  if (softmax && !softmax->log) return Range{0, 1};
  return std::nullopt;
}

bool only_moves(const Op& op) {
  return std::holds_alternative<Reshape>(op) || std::holds_alternative<Transpose>(op) ||
         std::holds_alternative<Slice>(op) || std::holds_alternative<Resize>(op) ||
         std::holds_alternative<Pad>(op) || std::holds_alternative<Tile>(op) ||
         std::holds_alternative<Pool2d>(op);
}

// Of an output, by the last operation that knows where the channels are.
std::optional<PortLayout> layout_behind(const Graph& graph, const std::vector<int>& maker, ValueId output) {
  constexpr int most_steps = 64;
  for (int step = 0; step < most_steps; ++step) {
    const int index = maker[static_cast<size_t>(output)];
    if (index < 0) return std::nullopt;
    const Node& node = graph.nodes[static_cast<size_t>(index)];
    const Shape& shape = value_of(graph, output).shape;
    if (works_on_pictures(node.op)) return PortLayout::nhwc;
    if (const auto* transpose = std::get_if<Transpose>(&node.op)) {
      if (transpose->order == to_channels_first) return PortLayout::nchw;
      if (transpose->order == to_channels_last) return PortLayout::nhwc;
      return std::nullopt;
    }
    std::optional<PortLayout> layout;
    if (const auto* softmax = std::get_if<Softmax>(&node.op)) layout = layout_by_axis(shape, softmax->axis);
    if (const auto* concat = std::get_if<Concat>(&node.op)) layout = layout_by_axis(shape, concat->axis);
    const auto* reduce = std::get_if<Reduce>(&node.op);
    if (reduce && reduce->axes.size() == 1) layout = layout_by_axis(shape, reduce->axes[0]);
    if (layout) return layout;
    // On to the operand that is as large.
    const auto same = std::find_if(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
      const Value& value = value_of(graph, input);
      return !value.constant && value.shape == shape;
    });
    if (same == node.inputs.end()) return std::nullopt;
    output = *same;
  }
  return std::nullopt;
}

}  // namespace

WayIn way_in(const Graph& graph, ValueId input) {
  WayIn way;
  constexpr int most_steps = 32;
  ValueId at = input;
  for (int step = 0; step < most_steps; ++step) {
    const Node* next = nullptr;
    Affine change;
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
      const Node& node = graph.nodes[i];
      if (std::find(node.inputs.begin(), node.inputs.end(), at) == node.inputs.end()) continue;
      const Shape& shape = value_of(graph, at).shape;
      if (!way.layout) {
        if (works_on_pictures(node.op)) way.layout = PortLayout::nhwc;
        if (const auto* transpose = std::get_if<Transpose>(&node.op)) {
          if (transpose->order == to_channels_last) way.layout = PortLayout::nchw;
          if (transpose->order == to_channels_first) way.layout = PortLayout::nhwc;
        }
        if (const auto* concat = std::get_if<Concat>(&node.op))
          way.layout = layout_by_axis(shape, concat->axis);
        if (std::holds_alternative<Binary>(node.op)) {
          for (ValueId operand : node.inputs) {
            const Value& other = value_of(graph, operand);
            if (other.constant && !way.layout) way.layout = layout_by_constant(other.shape, shape);
          }
        }
      }
      if (is_layer(node.op)) {
        way.layer = static_cast<int>(i);
        return way;
      }
      const std::optional<Affine> affine = as_affine(graph, node, at);
      const bool goes_on = affine || (only_moves(node.op) && !std::holds_alternative<Reshape>(node.op));
      if (!goes_on || next) continue;
      next = &node;
      change = affine.value_or(Affine{});
    }
    if (!next) break;
    way.affine = {change.factor * way.affine.factor, change.factor * way.affine.offset + change.offset};
    at = next->output;
  }
  return way;
}

WayOut way_out(const Graph& graph, ValueId output) {
  const std::vector<int> maker = makers(graph);
  WayOut way{.layout = layout_behind(graph, maker, output), .from = output};
  Affine behind;                            // from what is looked at to the output
  double low = -INFINITY, high = INFINITY;  // of minimum and maximum with constants, at the output
  const auto at_output = [&](double x) { return behind.factor * x + behind.offset; };
  constexpr int most_steps = 64;
  for (int step = 0; step < most_steps; ++step) {
    const int index = maker[static_cast<size_t>(way.from)];
    if (index < 0) {
      way.is_input = true;
      break;
    }
    const Node& node = graph.nodes[static_cast<size_t>(index)];
    way.last = &node.op;
    if (const std::optional<Range> bounds = bounds_of(node.op)) {
      const double a = at_output(bounds->low), b = at_output(bounds->high);
      way.bounds = Range{static_cast<float>(std::min(a, b)), static_cast<float>(std::max(a, b))};
      return way;
    }
    if (only_moves(node.op)) {
      way.moves_channels |= std::holds_alternative<Reshape>(node.op);
      way.from = node.inputs[0];
      continue;
    }
    const auto* binary = std::get_if<Binary>(&node.op);
    if (!binary) break;
    const bool has_second = value_of(graph, node.inputs[1]).constant.has_value();
    const ValueId x = node.inputs[has_second ? 0 : 1];
    if (value_of(graph, x).constant) break;
    if (binary->kind == BinaryKind::minimum || binary->kind == BinaryKind::maximum) {
      const std::optional<double> limit = mean_of(value_of(graph, node.inputs[has_second ? 1 : 0]));
      if (!limit) break;
      double& side = (binary->kind == BinaryKind::minimum) == (behind.factor > 0) ? high : low;
      side = at_output(*limit);
      if (std::isfinite(low) && std::isfinite(high)) {
        way.bounds = Range{static_cast<float>(low), static_cast<float>(high)};
        return way;
      }
      way.from = x;
      continue;
    }
    const std::optional<Affine> affine = as_affine(graph, node, x);
    if (!affine) break;
    behind = {behind.factor * affine->factor, behind.factor * affine->offset + behind.offset};
    way.from = x;
  }
  return way;
}

}  // namespace fragnet
