#include "base/error.hpp"
#include "programs/draft.hpp"
#include "programs/weights.hpp"

namespace fragnet {

void write_conv2d_transpose(Draft& draft, const Conv2dTranspose& op) {
  draft.file = "conv2d_transpose.frag";
  const std::vector<int> channels = bind_parts(draft);
  const Tensor& kernel = *input_value(draft.graph, draft.node, draft.node.pictures).constant;
  const std::vector<float> values = to_floats(kernel);
  const KernelView view = view_of_conv2d_transpose(values, kernel.shape);
  const Layout& out = draft.output();
  PackedWeights packed = pack_grid(view, channels, out.groups * out.block.q, op.window.dilation,
                                   draft.limits.texture_size, draft.where());

  // The kernel as it lies in the texture, with the zeros of its dilation.
  Window window = op.window;
  window.kernel = {(view.height - 1) * op.window.dilation[0] + 1,
                   (view.width - 1) * op.window.dilation[1] + 1};
  define_window(draft, window);
  const auto taps = [&](size_t i) { return (window.kernel[i] + window.stride[i] - 1) / window.stride[i]; };
  define(draft, "TAPS_H", taps(0));
  define(draft, "TAPS_W", taps(1));
  define_block(draft);
  bind_grid(draft, std::move(packed));
}

}  // namespace fragnet
