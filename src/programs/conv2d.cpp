#include <algorithm>

#include "base/error.hpp"
#include "programs/draft.hpp"
#include "programs/weights.hpp"

namespace fragnet {
namespace {

// The taps [first, last) of one direction that meet the picture anywhere; the others only ever meet padding.
std::pair<int, int> live_taps(int kernel, int stride, int dilation, int padding, int in, int out) {
  int first = kernel, last = 0;
  for (int k = 0; k < kernel; ++k) {
    for (int o = 0; o < out; ++o) {
      const int64_t i = int64_t{o} * stride - padding + int64_t{k} * dilation;
      if (i < 0 || i >= in) continue;
      first = std::min(first, k);
      last = std::max(last, k + 1);
      break;
    }
  }
  return {std::min(first, last), last};
}

}  // namespace

void write_conv2d(Draft& draft, const Conv2d& op) {
  draft.file = "conv2d.frag";
  const std::vector<int> channels = bind_parts(draft);
  const Tensor& kernel = *input_value(draft.graph, draft.node, draft.node.pictures).constant;
  const std::vector<float> values = to_floats(kernel);
  const KernelView view = view_of_conv2d(values, kernel.shape);
  const Layout& out = draft.output();
  PackedWeights packed =
      pack_grid(view, channels, out.groups * out.block.q, {1, 1}, draft.limits.texture_size, draft.where());

  Window window = op.window;
  window.kernel = {view.height, view.width};
  define_window(draft, window);
  const Picture& in = draft.layout_of(0).picture;
  const auto [first_y, last_y] =
      live_taps(view.height, window.stride[0], window.dilation[0], window.padding.top, in.h, out.picture.h);
  const auto [first_x, last_x] =
      live_taps(view.width, window.stride[1], window.dilation[1], window.padding.left, in.w, out.picture.w);
  define(draft, "FIRST_KY", first_y);
  define(draft, "LAST_KY", last_y);
  define(draft, "FIRST_KX", first_x);
  define(draft, "LAST_KX", last_x);
  define_block(draft);
  bind_grid(draft, std::move(packed));
}

}  // namespace fragnet
