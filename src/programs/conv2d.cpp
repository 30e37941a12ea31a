#include <tuple>
#include <utility>

#include "programs/draft.hpp"
#include "programs/weights.hpp"

namespace fragnet {
namespace {

// Folded taps are a window that a fragment holds in registers: none that lie further apart than this.
constexpr int max_folded = 16;

}  // namespace

void write_conv2d(Draft& draft, const Conv2d& op) {
  draft.file = "conv2d.frag";
  KernelView kernel = view_of_conv2d(*input_value(draft.graph, draft.node, draft.node.pictures).constant);
  const Picture &in = draft.layout_of(0).picture, &out = draft.output().picture;
  Window window = op.window;
  window.kernel = {kernel.height, kernel.width};
  LiveTaps taps;
  std::tie(taps.first_y, taps.last_y) =
      live_taps(kernel.height, window.stride[0], window.dilation[0], window.padding.top, out.h, in.h);
  std::tie(taps.first_x, taps.last_x) =
      live_taps(kernel.width, window.stride[1], window.dilation[1], window.padding.left, out.w, in.w);
  define_window(draft, window);
  const auto column_met = [&](int x, int tap) {
    return x * window.stride[1] + tap * window.dilation[1] - window.padding.left;
  };
  const int last_x = last_block_x(draft.output());
  TapsOfRow row{.taps = taps.width(),
                .pixel_distance = window.stride[1] * draft.block().step_w,
                .tap_distance = window.dilation[1],
                .lowest = column_met(0, taps.first_x),
                .highest = column_met(last_x, taps.last_x - 1)};
  if (kernel.inputs == 1 && kernel.width > 1 && kernel.width <= 4 &&
      (kernel.width - 1) * row.tap_distance < max_folded) {
    // One channel would leave three quarters of every matrix empty: the taps of a row take the channels' place.
    row.lowest = column_met(0, 0);
    row.highest = column_met(last_x, kernel.width - 1);
    kernel.inputs = row.taps = std::exchange(kernel.width, 1);
    kernel.stride_input = kernel.outputs;
    taps.first_x = 0;
    taps.last_x = 1;
    row.are_folded = true;
  }
  bind_grid(draft, kernel, {.taps = taps}, op.slices);
  define_block(draft);
  define_taps(draft, row);
}

}  // namespace fragnet
