#include <algorithm>
#include <bit>

#include "plan/plan.hpp"

namespace fragnet {
namespace {

int power_of_two_up_to(int count, int limit) {
  return static_cast<int>(std::bit_floor(static_cast<unsigned>(std::clamp(count, 1, limit))));
}

bool is_power_of_two(int number) {
  return (number & (number - 1)) == 0;
}

// Blocks of w pixels × q quads, the best guess first: two software devices and the arithmetic of fetches agree that a
// block should be rather wide than deep, since a weight matrix costs more to fetch and unpack than a pixel.
constexpr struct { int w, q; } shapes[] = {{4, 2}, {8, 1}, {2, 4}, {4, 1}, {1, 8}, {2, 2}, {1, 4}, {1, 1}};

// Of these, what fits `out` and the device; `pixels`: of one row that one fragment may compute.
std::vector<Block> blocks_of(const Picture& out, int pixels, const DeviceLimits& limits, const Block& steps) {
  const int targets = power_of_two_up_to(limits.draw_buffers, 8), quads = quads_of(out.c);
  std::vector<Block> blocks;
  for (const auto& [w, q] : shapes) {
    Block block = steps;
    // Too wide a shape is as deep as it may be instead, and the other way round.
    block.w = power_of_two_up_to(pixels, w);
    block.q = power_of_two_up_to(quads, q);
    if (block.w < w) block.q = power_of_two_up_to(quads, std::max(q, std::min(targets / block.w, 4)));
    if (block.q < q) block.w = power_of_two_up_to(pixels, std::min(targets / block.q, 8));
    if (block.layers() > targets) continue;
    if (std::find(blocks.begin(), blocks.end(), block) == blocks.end()) blocks.push_back(block);
  }
  return blocks;
}

WeightFormat weight_format(const Tensor& kernel, bool half) {
  if (kernel.encoding == Encoding::uint8 && kernel.dtype == DType::float32) return WeightFormat::uint8;
  return half || kernel.encoding == Encoding::float16 ? WeightFormat::float16 : WeightFormat::float32;
}

}  // namespace

std::vector<Variant> allowed_variants(const Graph& graph, const Node& node, const DeviceLimits& limits,
                                      bool half) {
  const Picture out = as_picture(graph.values[static_cast<size_t>(node.output)].shape);
  std::vector<Block> blocks = {{}};
  Block steps;
  if (std::holds_alternative<Conv2d>(node.op)) {
    blocks = blocks_of(out, out.w, limits, steps);
  } else if (const auto* transpose = std::get_if<Conv2dTranspose>(&node.op)) {
    const auto [stride_h, stride_w] = transpose->window.stride;
    // Pixels of one phase meet the same taps, so one weight serves them all.
    const bool has_phases =
        is_power_of_two(stride_h) && is_power_of_two(stride_w) && stride_h <= out.h && stride_w <= out.w;
    if (has_phases) steps = {.step_w = stride_w, .step_h = stride_h};
    blocks = blocks_of(out, has_phases ? out.w / stride_w : 1, limits, steps);
  } else if (std::holds_alternative<DepthwiseConv2d>(node.op)) {
    blocks = {{.w = power_of_two_up_to(out.w, std::min(power_of_two_up_to(limits.draw_buffers, 8), 4))}};
  }
  const bool has_grid =
      std::holds_alternative<Conv2d>(node.op) || std::holds_alternative<Conv2dTranspose>(node.op);
  const auto* kernel = has_grid ? &input_value(graph, node, node.pictures).constant : nullptr;
  std::vector<Variant> variants;
  for (const Block& block : blocks) {
    variants.push_back({.block = block});
    if (kernel && *kernel) variants.back().weights = weight_format(**kernel, half);
  }
  return variants;
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
