// Layers with a kernel: convolutions of all kinds, and Dense.
#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "import/grouped_convolution.hpp"
#include "import/keras/layer.hpp"

namespace fragnet {
namespace {

// The kernel as the file has it, of this rank; its channel counts are checked where they meet the input.
const KerasWeight& take_kernel(KerasLayer& layer, std::initializer_list<const char*> names, size_t rank) {
  const KerasWeight& kernel = take_weight(layer, names);
  if (kernel.tensor->shape.size() != rank) {
    fail(code::bad_shape, layer.config.where, ": the weight \"", kernel.name, "\" must have rank ", rank,
         ", its shape is ", to_string(kernel.tensor->shape));
  }
  return kernel;
}

// kernel: (kh, kw, …). The padding is left open.
Window window_of(KerasLayer& layer, const KerasWeight& kernel) {
  const Shape& shape = kernel.tensor->shape;
  Window window{.kernel = {shape[0], shape[1]}};
  const std::array<int, 2> said =
      config_pair(layer.config, {"kernel_size"}, window.kernel, 1, max_window_span);
  if (said != window.kernel) {
    fail(code::bad_shape, layer.config.where, ": `kernel_size` is ", said[0], "×", said[1], ", the weight \"",
         kernel.name, "\" has the shape ", to_string(shape));
  }
  window.stride = config_pair(layer.config, {"strides"}, {1, 1}, 1, max_window_span);
  window.dilation = config_pair(layer.config, {"dilation_rate"}, {1, 1}, 1, max_window_span);
  return window;
}

Window padded_window(KerasLayer& layer, const KerasWeight& kernel, const Shape& picture) {
  Window window = window_of(layer, kernel);
  window.padding = resolve_padding(config_padding(layer.config), picture[1], picture[2], window);
  return window;
}

// The size of a transposed convolution's output. Keras's rule without `output_padding` is TensorFlow.js's,
// too.
int transposed_output(const KerasLayer& layer, Padding padding, int in, int span, int stride,
                      std::optional<int> output_padding) {
  int64_t out = int64_t{in} * stride;
  if (output_padding) {
    out = int64_t{in - 1} * stride + span - (padding == Padding::same ? 2 * (span / 2) : 0) + *output_padding;
  } else if (padding == Padding::valid) {
    out += std::max(span - stride, 0);
  }
  if (out < 1 || out > std::numeric_limits<int>::max()) {
    fail(code::bad_shape, layer.config.where, ": the output would be ", out, " pixels high or wide");
  }
  return static_cast<int>(out);
}

int span_of(int kernel, int dilation) {
  // A kernel so wide is refused with the window; here it must not overflow.
  return static_cast<int>(std::min<int64_t>(int64_t{kernel - 1} * dilation + 1, 2 * max_window_span));
}

}  // namespace

// kernel: (kh, kw, I / groups, O)
ValueId import_conv2d(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const KerasWeight& kernel = take_kernel(layer, {"kernel"}, 4);
  check_against_config(layer, {"filters"}, kernel.tensor->shape[3], kernel);
  const Window window = padded_window(layer, kernel, shape_of(layer, picture));
  const int groups = config_int(layer.config, {"groups"}, 1, 1, max_window_span);
  const ValueId result = add_grouped_conv2d(layer.builder, layer.name, layer.config.where, picture,
                                            add_weight(layer, kernel, kernel.tensor->shape), window, groups);
  return finish_picture(layer, add_bias(layer, result));
}

// kernel: (kh, kw, O, I)
ValueId import_conv2d_transpose(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const Shape from = shape_of(layer, picture);
  const KerasWeight& kernel = take_kernel(layer, {"kernel"}, 4);
  check_against_config(layer, {"filters"}, kernel.tensor->shape[2], kernel);
  const Padding padding = config_padding(layer.config);
  Conv2dTranspose op{window_of(layer, kernel)};
  std::optional<std::array<int, 2>> extra;
  if (find_value(layer.config, {"output_padding"})) {
    extra = config_pair(layer.config, {"output_padding"}, {0, 0}, 0, max_window_span);
  }
  for (size_t i = 0; i < 2; ++i) {
    const int span = span_of(op.window.kernel[i], op.window.dilation[i]);
    op.output[i] = transposed_output(layer, padding, from[i + 1], span, op.window.stride[i],
                                     extra ? std::optional<int>((*extra)[i]) : std::nullopt);
  }
  op.window.padding = resolve_padding(padding, op.output[0], op.output[1], op.window);
  const ValueId result = add_node(layer, op, {picture, add_weight(layer, kernel, kernel.tensor->shape)});
  return finish_picture(layer, add_bias(layer, result));
}

// kernel: (kh, kw, I, M)
ValueId import_depthwise_conv2d(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const KerasWeight& kernel = take_kernel(layer, {"depthwise_kernel", "kernel"}, 4);
  check_against_config(layer, {"depth_multiplier"}, kernel.tensor->shape[3], kernel);
  const Window window = padded_window(layer, kernel, shape_of(layer, picture));
  const ValueId result =
      add_node(layer, DepthwiseConv2d{window}, {picture, add_weight(layer, kernel, kernel.tensor->shape)});
  return finish_picture(layer, add_bias(layer, result));
}

// depthwise_kernel: (kh, kw, I, M), pointwise_kernel: (1, 1, I×M, O)
ValueId import_separable_conv2d(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const KerasWeight& depthwise = take_kernel(layer, {"depthwise_kernel"}, 4);
  const KerasWeight& pointwise = take_kernel(layer, {"pointwise_kernel"}, 4);
  check_against_config(layer, {"depth_multiplier"}, depthwise.tensor->shape[3], depthwise);
  check_against_config(layer, {"filters"}, pointwise.tensor->shape[3], pointwise);
  const Window window = padded_window(layer, depthwise, shape_of(layer, picture));
  const ValueId spread = add_node(layer, DepthwiseConv2d{window},
                                  {picture, add_weight(layer, depthwise, depthwise.tensor->shape)});
  const ValueId result =
      add_node(layer, Conv2d{}, {spread, add_weight(layer, pointwise, pointwise.tensor->shape)});
  return finish_picture(layer, add_bias(layer, result));
}

// kernel: (I, O), on the last extent of an input of any rank. On a picture it is a convolution of one pixel.
ValueId import_dense(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const KerasWeight& kernel = take_kernel(layer, {"kernel"}, 2);
  const Shape shape = kernel.tensor->shape;
  check_against_config(layer, {"units"}, shape[1], kernel);
  const bool is_picture = shape_of(layer, x).size() == 4;
  const ValueId result =
      is_picture ? add_node(layer, Conv2d{}, {x, add_weight(layer, kernel, {1, 1, shape[0], shape[1]})})
                 : add_node(layer, MatMul{}, {x, add_weight(layer, kernel, shape)});
  return add_activation(layer, add_bias(layer, result));
}

}  // namespace fragnet
