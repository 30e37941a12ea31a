#include "graph/ops.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/error.hpp"

namespace fragnet {
namespace {

// In the order of the enumerators.
constexpr std::string_view unary_names[] = {
    "relu",     "relu6", "leaky_relu", "elu",         "selu",  "sigmoid", "hard_sigmoid", "tanh",  "softplus",
    "softsign", "swish", "gelu",       "gelu_tanh",   "mish",  "exp",     "expm1",        "log",   "log1p",
    "sqrt",     "rsqrt", "square",     "reciprocal",  "abs",   "negate",  "sign",         "floor", "ceil",
    "round",    "trunc", "sin",        "cos",         "tan",   "asin",    "acos",         "atan",  "sinh",
    "cosh",     "erf",   "clip",       "logical_not", "is_nan"};
static_assert(std::size(unary_names) == static_cast<size_t>(UnaryKind::is_nan) + 1);

constexpr std::string_view binary_names[] = {"add",
                                             "subtract",
                                             "multiply",
                                             "divide",
                                             "floor_divide",
                                             "floor_mod",
                                             "mod",
                                             "minimum",
                                             "maximum",
                                             "power",
                                             "squared_difference",
                                             "atan2",
                                             "equal",
                                             "not_equal",
                                             "less",
                                             "less_equal",
                                             "greater",
                                             "greater_equal",
                                             "logical_and",
                                             "logical_or",
                                             "prelu",
                                             "keep_where",
                                             "keep_where_not"};
static_assert(std::size(binary_names) == static_cast<size_t>(BinaryKind::keep_where_not) + 1);

constexpr std::string_view reduce_names[] = {"reduce_sum", "reduce_mean",    "reduce_max",
                                             "reduce_min", "reduce_product", "argmax",
                                             "argmin",     "reduce_any",     "reduce_all"};
static_assert(std::size(reduce_names) == static_cast<size_t>(ReduceKind::all) + 1);

struct NameOf {
  std::string operator()(const Conv2d&) const { return "conv2d"; }
  std::string operator()(const DepthwiseConv2d&) const { return "depthwise_conv2d"; }
  std::string operator()(const Conv2dTranspose&) const { return "conv2d_transpose"; }
  std::string operator()(const MatMul&) const { return "matmul"; }
  std::string operator()(const Unary& op) const { return name_of(op.kind); }
  std::string operator()(const Binary& op) const { return name_of(op.kind); }
  std::string operator()(const Select&) const { return "select"; }
  std::string operator()(const Reduce& op) const {
    return std::string(reduce_names[static_cast<size_t>(op.kind)]);
  }
  std::string operator()(const Softmax& op) const { return op.log ? "log_softmax" : "softmax"; }
  std::string operator()(const Pool2d& op) const {
    return op.kind == PoolKind::max ? "max_pool2d" : "average_pool2d";
  }
  std::string operator()(const Resize& op) const {
    return op.kind == ResizeKind::nearest ? "resize_nearest" : "resize_bilinear";
  }
  std::string operator()(const Reshape&) const { return "reshape"; }
  std::string operator()(const Transpose&) const { return "transpose"; }
  std::string operator()(const Concat&) const { return "concat"; }
  std::string operator()(const Slice&) const { return "slice"; }
  std::string operator()(const Pad& op) const {
    switch (op.kind) {
      case PadKind::constant:
        return "pad";
      case PadKind::reflect:
        return "reflect_pad";
      case PadKind::symmetric:
        return "symmetric_pad";
    }
    return "pad";
  }
  std::string operator()(const Tile&) const { return "tile"; }
  std::string operator()(const Gather&) const { return "gather"; }
  std::string operator()(const SpaceToBatch&) const { return "space_to_batch"; }
  std::string operator()(const BatchToSpace&) const { return "batch_to_space"; }
  std::string operator()(const Pointwise&) const { return "pointwise"; }
  std::string operator()(const Rearrange&) const { return "rearrange"; }
};

// (before, after) along one side of a picture.
std::array<int, 2> same_padding(int extent, int kernel, int stride, int dilation) {
  const int64_t in = extent;
  const int64_t out = (in + stride - 1) / stride;
  const int64_t span = int64_t{kernel - 1} * dilation + 1;
  const int64_t total = std::max<int64_t>((out - 1) * stride + span - in, 0);
  return {static_cast<int>(total / 2), static_cast<int>(total - total / 2)};
}

int output_extent(int extent, int before, int after, int kernel, int stride, int dilation) {
  const int64_t room = int64_t{extent} + before + after - (int64_t{kernel - 1} * dilation + 1);
  return room < 0 ? 0 : static_cast<int>(room / stride + 1);
}

}  // namespace

std::string name_of(const Op& op) {
  return std::visit(NameOf{}, op);
}
std::string name_of(UnaryKind kind) {
  return std::string(unary_names[static_cast<size_t>(kind)]);
}
std::string name_of(BinaryKind kind) {
  return std::string(binary_names[static_cast<size_t>(kind)]);
}

bool is_legal(const Window& window) {
  const auto pair_is_legal = [&](int side) {
    const int kernel = window.kernel[static_cast<size_t>(side)];
    const int stride = window.stride[static_cast<size_t>(side)];
    const int dilation = window.dilation[static_cast<size_t>(side)];
    return kernel >= 1 && stride >= 1 && dilation >= 1 && stride <= max_window_span &&
           int64_t{kernel - 1} * dilation < max_window_span;
  };
  const auto margin_is_legal = [](int margin) { return margin >= 0 && margin <= max_window_span; };
  const Margins& padding = window.padding;
  return pair_is_legal(0) && pair_is_legal(1) && margin_is_legal(padding.top) &&
         margin_is_legal(padding.bottom) && margin_is_legal(padding.left) && margin_is_legal(padding.right);
}

Margins resolve_padding(Padding padding, int height, int width, const Window& window) {
  if (padding == Padding::valid || !is_legal(window) || height < 1 || width < 1) return {};
  const auto [top, bottom] = same_padding(height, window.kernel[0], window.stride[0], window.dilation[0]);
  const auto [left, right] = same_padding(width, window.kernel[1], window.stride[1], window.dilation[1]);
  return {.top = top, .bottom = bottom, .left = left, .right = right};
}

std::array<int, 2> window_output(int height, int width, const Window& window) {
  if (!is_legal(window) || height < 1 || width < 1) return {0, 0};
  const Margins& padding = window.padding;
  return {output_extent(height, padding.top, padding.bottom, window.kernel[0], window.stride[0],
                        window.dilation[0]),
          output_extent(width, padding.left, padding.right, window.kernel[1], window.stride[1],
                        window.dilation[1])};
}

}  // namespace fragnet
