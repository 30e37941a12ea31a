#include <algorithm>
#include <array>
#include <tuple>

#include "base/error.hpp"
#include "programs/draft.hpp"
#include "programs/weights.hpp"

namespace fragnet {
namespace {

// Some drivers end a loop of more turns without a word: those of processors that stand in for a GPU after 65,535.
constexpr int64_t most_turns = 65535;

}  // namespace

void write_conv2d_transpose(Draft& draft, const Conv2dTranspose& op) {
  draft.file = "conv2d_transpose.frag";
  const KernelView kernel =
      view_of_conv2d_transpose(*input_value(draft.graph, draft.node, draft.node.pictures).constant);
  const Picture &in = draft.layout_of(0).picture, &out = draft.output().picture;
  // The kernel as it lies in the texture, with the zeros of its dilation.
  Window window = op.window;
  window.kernel = {(kernel.height - 1) * window.dilation[0] + 1, (kernel.width - 1) * window.dilation[1] + 1};
  LiveTaps taps;
  std::tie(taps.first_y, taps.last_y) =
      live_taps(window.kernel[0], window.stride[0], 1, window.padding.top, in.h, out.h);
  std::tie(taps.first_x, taps.last_x) =
      live_taps(window.kernel[1], window.stride[1], 1, window.padding.left, in.w, out.w);
  define_window(draft, window);
  bind_grid(draft, kernel, {.spread = window.dilation, .taps = taps}, op.slices);
  define_block(draft);
  // Of one phase.
  const auto phase_taps = [&](size_t i) {
    return (window.kernel[i] + window.stride[i] - 1) / window.stride[i];
  };
  const bool is_dilated = window.dilation != std::array{1, 1};
  const int64_t turns = int64_t{std::min(phase_taps(0), in.h)} * phase_taps(1) * draft.layout_of(0).quads();
  if (is_dilated && turns > most_turns) {
    fail(code::too_large, "layer \"", draft.node.name, "\": a transposed convolution with a dilation of ",
         window.dilation[0], "×", window.dilation[1], " would take ", turns, " turns of a loop, at most ",
         most_turns, " are certain");
  }
  define(draft, "PHASE_TAPS_H", phase_taps(0));
  define(draft, "PHASE_TAPS_W", phase_taps(1));
  const bool is_whole = window.kernel[1] % window.stride[1] == 0 && taps.width() == window.kernel[1];
  define_taps(draft, {.taps = phase_taps(1),
                      .pixel_distance = std::max(1, draft.block().step_w / window.stride[1]),
                      .lowest = window.padding.left / window.stride[1] - phase_taps(1) + 1,
                      .highest = (last_block_x(draft.output()) + window.padding.left) / window.stride[1],
                      .stride = window.stride[1],
                      .is_reversed = true,
                      .may_miss = !is_whole || draft.extent == Extent::layer});
}

}  // namespace fragnet
