// PyTorch's layers, of a layers.json.
#include <algorithm>
#include <limits>

#include "graph/grouped_convolution.hpp"
#include "graph/keras_layers.hpp"

namespace fragnet {
namespace {

// PyTorch has kernels as (O, I, kh, kw), of transposed convolutions as (I, O, kh, kw): here both are turned.
ValueId add_kernel(KerasLayer& layer) {
  const KerasWeight& kernel = take_weight(layer, {"kernel"});
  return add_node(layer, Transpose{{2, 3, 1, 0}}, {add_weight(layer, kernel, kernel.tensor->shape)});
}

// kernel: (kh, kw, …)
Window window_of(KerasLayer& layer, ValueId kernel) {
  const Shape& shape = layer.builder.shape(kernel);
  const auto [y, x] = config_pair(layer.config, {"padding"}, {0, 0}, 0, max_window_span);
  return {.kernel = {shape[0], shape[1]},
          .stride = config_pair(layer.config, {"stride"}, {1, 1}, 1, max_window_span),
          .padding = {y, y, x, x}};
}

}  // namespace

ValueId import_pytorch_conv2d(KerasLayer& layer) {
  const ValueId kernel = add_kernel(layer);
  const int groups = config_int(layer.config, {"groups"}, 1, 1, max_window_span);
  const Window window = window_of(layer, kernel);
  const ValueId result = add_grouped_conv2d(layer.builder, layer.name, layer.config.where,
                                            picture_input(layer), kernel, window, groups);
  return add_activation(layer, add_bias(layer, result));
}

ValueId import_pytorch_conv2d_transpose(KerasLayer& layer) {
  const ValueId picture = picture_input(layer), kernel = add_kernel(layer);
  const Shape from = shape_of(layer, picture);
  Conv2dTranspose op{window_of(layer, kernel)};
  const auto extra = config_pair(layer.config, {"output_padding"}, {0, 0}, 0, max_window_span);
  const std::array<int, 2> cut{op.window.padding.top, op.window.padding.left};
  for (size_t i = 0; i < 2; ++i) {
    const int64_t extent =
        int64_t{from[i + 1] - 1} * op.window.stride[i] - 2 * int64_t{cut[i]} + op.window.kernel[i] + extra[i];
    // One that is no extent is refused with the node.
    op.output[i] = static_cast<int>(std::clamp<int64_t>(extent, 0, std::numeric_limits<int>::max()));
  }
  return add_activation(layer, add_bias(layer, add_node(layer, op, {picture, kernel})));
}

}  // namespace fragnet
