// Windows that slide over pictures: convolutions in their fused and unfused spellings, and pooling. Channels
// first is spelled with transpositions around, which a later pass cancels between neighbours.
#include "base/error.hpp"
#include "import/grouped_convolution.hpp"
#include "import/tensorflow/fused.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

// A list for (N, H, W, C) or (N, C, H, W).
struct PictureAxes {
  size_t height = 1, width = 2, channels = 3;
};
PictureAxes axes_of(bool channels_first) {
  return channels_first ? PictureAxes{.height = 2, .width = 3, .channels = 1} : PictureAxes{};
}

// One of `strides`, `dilations`, `ksize`: (height, width). Batch and channels must have 1.
std::array<int, 2> read_pair(const TfNode& node, const char* name, bool channels_first) {
  const std::vector<int64_t> list = integers_of(node, name);
  if (list.empty()) return {1, 1};
  if (list.size() != 4) {
    fail(code::bad_topology, node.where, ": \"", name, "\" must have 4 numbers, it has ", list.size());
  }
  const PictureAxes axes = axes_of(channels_first);
  if (list[0] != 1 || list[axes.channels] != 1) {
    fail(code::unsupported_op, node.where, ": \"", name, "\" is ", list[0], " for the batch and ",
         list[axes.channels], " for the channels, only 1 is supported");
  }
  std::array<int, 2> pair{};
  for (size_t i = 0; i < 2; ++i) {
    const int64_t value = list[i == 0 ? axes.height : axes.width];
    if (value < 1 || value > max_window_span) {
      fail(code::bad_topology, node.where, ": \"", name, "\" must be from 1 to ", max_window_span, ", it is ",
           value);
    }
    pair[i] = static_cast<int>(value);
  }
  return pair;
}

// The attribute `explicit_paddings`: pairs (before, after) in the order of the data format.
Margins read_margins(const TfNode& node, bool channels_first) {
  const std::vector<int64_t> list = integers_of(node, "explicit_paddings");
  if (list.size() != 8) {
    fail(code::bad_topology, node.where, ": \"explicit_paddings\" must have 8 numbers, it has ", list.size());
  }
  const PictureAxes axes = axes_of(channels_first);
  const size_t c = 2 * axes.channels;
  if (list[0] != 0 || list[1] != 0 || list[c] != 0 || list[c + 1] != 0) {
    fail(code::unsupported_op, node.where,
         ": \"explicit_paddings\" of the batch or the channels is not supported");
  }
  const auto margin = [&](size_t index) {
    if (list[index] < 0 || list[index] > max_window_span) {
      fail(code::bad_topology, node.where, ": \"explicit_paddings\" must be from 0 to ", max_window_span,
           ", they have ", list[index]);
    }
    return static_cast<int>(list[index]);
  };
  const size_t h = 2 * axes.height, w = 2 * axes.width;
  return {.top = margin(h), .bottom = margin(h + 1), .left = margin(w), .right = margin(w + 1)};
}

// The window on a picture of this size, padding resolved. The attribute `dilations` may be missing.
Window read_window(const TfNode& node, std::array<int, 2> kernel, bool channels_first, int height,
                   int width) {
  Window window{.kernel = kernel,
                .stride = read_pair(node, "strides", channels_first),
                .dilation = read_pair(node, "dilations", channels_first)};
  const std::string padding = word_of(node, "padding", "");
  if (padding == "EXPLICIT") {
    window.padding = read_margins(node, channels_first);
  } else if (padding == "SAME") {
    window.padding = resolve_padding(Padding::same, height, width, window);
  } else if (padding != "VALID") {
    fail(code::bad_topology, node.where, ": \"padding\" must be SAME, VALID or EXPLICIT, it is \"", padding,
         "\"");
  }
  return window;
}

const Shape& shape_of_rank_4(const TfNode& node, ValueId value, const char* what) {
  const Shape& shape = node.builder.shape(value);
  if (shape.size() != 4) {
    fail(code::bad_shape, node.where, ": the ", what, " of ", node.def.op,
         " must have rank 4, it has the shape ", to_string(shape));
  }
  return shape;
}

// The picture as (N, H, W, C).
ValueId read_picture(const TfNode& node, size_t input, bool channels_first) {
  shape_of_rank_4(node, node.inputs[input], "input");
  return channels_first ? to_channels_last(node, node.inputs[input]) : node.inputs[input];
}

ValueId in_its_format(const TfNode& node, ValueId value, bool channels_first) {
  return channels_first ? to_channels_first(node, value) : value;
}

ValueId add_convolution(const TfNode& node, const Conv2d& op, ValueId picture, ValueId kernel) {
  // A kernel of fewer input channels than the picture has meets them in groups.
  const int channels = node.builder.shape(picture)[3], inputs = node.builder.shape(kernel)[2];
  const int groups = channels % inputs == 0 ? channels / inputs : 1;
  return add_grouped_conv2d(node.builder, node.def.name, node.where, picture, kernel, op.window, groups);
}

ValueId add_convolution(const TfNode& node, const DepthwiseConv2d& op, ValueId picture, ValueId kernel) {
  return node.add(op, {picture, kernel});
}

// inputs: picture, kernel (kh, kw, in / groups, out) or (kh, kw, in, multiplier), operands of fused operations
template <class Convolution>
TfResults import_convolution(const TfNode& node) {
  const bool channels_first = is_channels_first(node);
  const ValueId picture = read_picture(node, 0, channels_first), kernel = node.inputs[1];
  const Shape taps = shape_of_rank_4(node, kernel, "kernel"), shape = node.builder.shape(picture);
  Convolution op;
  op.window = read_window(node, {taps[0], taps[1]}, channels_first, shape[1], shape[2]);
  ValueId value = add_convolution(node, op, picture, kernel);
  value = add_fused_ops(node, value, 2, channels_first);
  return {in_its_format(node, value, channels_first)};
}

// inputs: sizes of the result (4, or only height and width), kernel (kh, kw, out, in), picture
TfResults import_transposed_convolution(const TfNode& node) {
  const bool channels_first = is_channels_first(node);
  const ValueId picture = read_picture(node, 2, channels_first), kernel = node.inputs[1];
  const Shape taps = shape_of_rank_4(node, kernel, "kernel");
  const std::vector<int32_t> sizes = ints_of(node, 0, "output size");
  if (sizes.size() != 4 && sizes.size() != 2) {
    fail(code::bad_shape, node.where, ": the output size must have 4 numbers, it has ", sizes.size());
  }
  const PictureAxes axes = axes_of(channels_first);
  const int height = sizes.size() == 4 ? sizes[axes.height] : sizes[0];
  const int width = sizes.size() == 4 ? sizes[axes.width] : sizes[1];
  if (sizes.size() == 4 && sizes[axes.channels] != taps[2]) {
    fail(code::bad_shape, node.where, ": the kernel makes ", taps[2],
         " output channels, the output size says ", sizes[axes.channels]);
  }
  Conv2dTranspose op{.output = {height, width}};
  op.window = read_window(node, {taps[0], taps[1]}, channels_first, height, width);
  return {in_its_format(node, node.add(op, {picture, kernel}), channels_first)};
}

TfResults import_pool(const TfNode& node) {
  const bool channels_first = is_channels_first(node);
  const ValueId picture = read_picture(node, 0, channels_first);
  const Shape shape = node.builder.shape(picture);
  Pool2d op{.kind = static_cast<PoolKind>(node.kind)};
  op.window = read_window(node, read_pair(node, "ksize", channels_first), channels_first, shape[1], shape[2]);
  return {in_its_format(node, node.add(op, {picture}), channels_first)};
}

}  // namespace

std::span<const TfOp> convolution_ops() {
  static constexpr TfOp ops[] = {
      {"Conv2D", 2, import_convolution<Conv2d>},
      {"_FusedConv2D", 2, import_convolution<Conv2d>},
      {"FusedConv2D", 2, import_convolution<Conv2d>},
      {"DepthwiseConv2dNative", 2, import_convolution<DepthwiseConv2d>},
      {"DepthwiseConv2d", 2, import_convolution<DepthwiseConv2d>},
      {"FusedDepthwiseConv2dNative", 2, import_convolution<DepthwiseConv2d>},
      {"Conv2DBackpropInput", 3, import_transposed_convolution},
      {"MaxPool", 1, import_pool, static_cast<int>(PoolKind::max)},
      {"AvgPool", 1, import_pool, static_cast<int>(PoolKind::average)},
  };
  return ops;
}

}  // namespace fragnet
