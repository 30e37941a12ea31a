#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "plan/plan.hpp"

namespace fragnet {
namespace {

int power_of_two_up_to(int count, int limit) {
  return static_cast<int>(std::bit_floor(static_cast<unsigned>(std::clamp(count, 1, limit))));
}

bool is_power_of_two(int number) {
  return (number & (number - 1)) == 0;
}

// The block of that shape within `out` and the device; `pixels`: of one row that one fragment may compute. What is too
// deep is as wide as it may be instead; what is too wide is not deeper, as such layers are small: more fragments are worth
// more there than larger ones, and fewer render targets compile sooner.
Block fitted(const BlockShape& shape, const Picture& out, int pixels, const DeviceLimits& limits) {
  const int targets = power_of_two_up_to(limits.draw_buffers, 8);
  Block block{.w = power_of_two_up_to(pixels, std::min(shape.w, targets))};
  block.q = power_of_two_up_to(quads_of(out.c), std::min(shape.q, targets / block.w));
  if (block.q < shape.q) block.w = power_of_two_up_to(pixels, targets / block.q);
  return block;
}

// Whether bytes keep their digits as byte - zero in a float (glsl/include/weights.glsl); a scale may even be 0.
bool has_fine_zero(const Tensor& kernel) {
  constexpr double most_scales = 1 << 16;
  return kernel.scale != 0 && std::abs(kernel.min) <= most_scales * std::abs(kernel.scale);
}

// Whether half floats have the numbers: neither too great for them nor so small that they lose their digits.
bool fits_halves(const Tensor& kernel) {
  if (kernel.encoding != Encoding::float32) return true;
  float greatest = 0;
  for (size_t at = 0; at < kernel.bytes.size(); at += sizeof(float)) {
    float weight;
    std::memcpy(&weight, kernel.bytes.data() + at, sizeof weight);
    greatest = std::max(greatest, std::abs(weight));
  }
  return greatest == 0 || (greatest > 0x1p-10f && greatest < 0x1p15f);
}

WeightFormat weight_format(const Node& node, const Tensor& kernel, const PlanOptions& options) {
  // The zeros between the taps of a dilated transposed kernel are written out, and no byte need mean zero.
  const auto* transpose = std::get_if<Conv2dTranspose>(&node.op);
  const bool has_zeros = transpose && transpose->window.dilation != std::array<int, 2>{1, 1};
  const bool has_bytes = kernel.encoding == Encoding::uint8 && kernel.dtype == DType::float32 && !has_zeros &&
                         has_fine_zero(kernel);
  if (options.weights && (has_bytes || *options.weights != WeightFormat::uint8)) return *options.weights;
  if (has_bytes) return WeightFormat::uint8;
  const bool has_halves = kernel.encoding == Encoding::float16 || (options.half && fits_halves(kernel));
  return has_halves ? WeightFormat::float16 : WeightFormat::float32;
}

const Tensor* grid_kernel(const Graph& graph, const Node& node) {
  const bool has_grid =
      std::holds_alternative<Conv2d>(node.op) || std::holds_alternative<Conv2dTranspose>(node.op);
  if (!has_grid) return nullptr;
  const auto& kernel = input_value(graph, node, node.pictures).constant;
  return kernel ? &*kernel : nullptr;
}

}  // namespace

std::vector<BlockShape> block_shapes() {
  // On two software devices, and by the arithmetic of fetches, a block is best rather wide than deep: a matrix of weights
  // costs more to fetch and unpack than a pixel.
  return {{4, 2}, {2, 4}, {8, 1}, {4, 1}, {2, 2}, {1, 8}, {1, 4}, {1, 1}};
}

BlockShape best_guess(const DeviceLimits& limits) {
  return limits.small_bodies ? BlockShape{4, 1} : block_shapes().front();
}

std::string kind_of_layer(const Graph& graph, const Node& node) {
  const Tensor* kernel = grid_kernel(graph, node);
  if (!kernel) return "";
  const auto* transpose = std::get_if<Conv2dTranspose>(&node.op);
  const Window& window = transpose ? transpose->window : std::get<Conv2d>(node.op).window;
  return text(name_of(node.op), ' ', kernel->shape[0], "×", kernel->shape[1], '/', window.stride[0], ' ',
              kernel->encoding == Encoding::uint8 ? "uint8" : "float");
}

Variant choose_variant(const Graph& graph, const Node& node, const DeviceLimits& limits,
                       const PlanOptions& options) {
  const Picture out = as_picture(graph.values[static_cast<size_t>(node.output)].shape);
  Variant variant;
  if (std::holds_alternative<DepthwiseConv2d>(node.op)) {
    variant.block.w = power_of_two_up_to(out.w, std::min(power_of_two_up_to(limits.draw_buffers, 8), 4));
  }
  const Tensor* kernel = grid_kernel(graph, node);
  if (!kernel) return variant;
  variant.weights = weight_format(node, *kernel, options);
  auto tuned = options.tuning.find(kind_of_layer(graph, node));
  if (tuned == options.tuning.end()) tuned = options.tuning.find("");
  const BlockShape shape = tuned != options.tuning.end() ? tuned->second : best_guess(limits);
  int pixels = out.w;
  Block phases;
  if (const auto* transpose = std::get_if<Conv2dTranspose>(&node.op)) {
    const auto [stride_h, stride_w] = transpose->window.stride;
    // Pixels of one phase meet the same taps, so one weight serves them all.
    const bool has_phases =
        is_power_of_two(stride_h) && is_power_of_two(stride_w) && stride_h <= out.h && stride_w <= out.w;
    if (has_phases) phases = {.step_w = stride_w, .step_h = stride_h};
    pixels = has_phases ? out.w / stride_w : 1;
  }
  variant.block = fitted(shape, out, pixels, limits);
  variant.block.step_w = phases.step_w;
  variant.block.step_h = phases.step_h;
  return variant;
}

std::string to_string(WeightFormat format) {
  switch (format) {
    case WeightFormat::float32:
      return "float32";
    case WeightFormat::float16:
      return "float16";
    case WeightFormat::uint8:
      return "uint8";
  }
  return "?";
}

}  // namespace fragnet
