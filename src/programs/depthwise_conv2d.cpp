#include "base/error.hpp"
#include "programs/draft.hpp"
#include "programs/weights.hpp"

namespace fragnet {

void write_depthwise_conv2d(Draft& draft, const DepthwiseConv2d& op) {
  draft.file = "depthwise_conv2d.frag";
  bind_pictures(draft, 1);
  const Tensor& kernel = *input_value(draft.graph, draft.node, 1).constant;
  PackedWeights packed = pack_depthwise(kernel, draft.limits.texture_size, draft.where());
  Window window = op.window;
  window.kernel = {kernel.shape[0], kernel.shape[1]};
  define_window(draft, window);
  define(draft, "MULTIPLIER", kernel.shape[3]);
  define(draft, "WEIGHT_CELLS", packed.cells);
  define_block(draft);
  bind_image(draft, std::move(packed.image));
}

}  // namespace fragnet
