// Kernels as textures. How a convolution's kernels lie: see glsl/include/weights.glsl.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/tensor.hpp"
#include "plan/plan.hpp"
#include "programs/program.hpp"

namespace fragnet {

struct PackedWeights {
  Image image;         // sampler "weights"
  int cells = 1;       // input quads in a row
  int folds = 1;       // rows of cells for one output quad
  int strip_rows = 1;  // rows of cells that stand one below the other
  int strips = 1;      // side by side
  int rows = 1;        // texels; what describes bytes stands below
};

// A kernel seen as kernel(ky, kx, input, output), in whatever order it is stored.
struct KernelView {
  Tensor kernel;
  int height = 1, width = 1, inputs = 1, outputs = 1;
  int64_t stride_input = 0, stride_output = 0;  // in elements; a tap holds all inputs × outputs
  int64_t index(int y, int x, int input, int output) const {
    return (int64_t{y} * width + x) * inputs * outputs + input * stride_input + output * stride_output;
  }
};
KernelView view_of_conv2d(Tensor kernel);            // (kh, kw, in, out)
KernelView view_of_conv2d_transpose(Tensor kernel);  // (kh, kw, out, in)

// The taps [first, last) of each direction that meet the picture anywhere; the others only ever meet padding.
struct LiveTaps {
  int first_y = 0, last_y = 1, first_x = 0, last_x = 1;
  int height() const { return last_y - first_y; }
  int width() const { return last_x - first_x; }
};

// The taps [first, last) of one direction that any of `count` places meets within [0, limit): tap k of place j lies at
// j × stride + k × dilation - padding. Where none does: [0, 1).
std::pair<int, int> live_taps(int kernel, int stride, int dilation, int padding, int count, int limit);

struct GridOptions {
  std::vector<int> channels;  // of each picture that the convolution reads; every picture begins a new quad
  int output_quads = 1;       // rows of the grid, at least as many as the kernel's outputs fill
  std::array<int, 2> spread{
      1, 1};      // (height, width) distance of taps: a dilated kernel with its zeros written out
  LiveTaps taps;  // of the spread kernel
  WeightFormat format = WeightFormat::float32;  // uint8 only for a kernel that has bytes
  int texture_size = 2048;
};

// Throws `too-large`, opening with `where`.
PackedWeights pack_grid(const KernelView& kernel, const GridOptions& options, const std::string& where);

// kernel: (kh, kw, in, multiplier). One texel of floats a tap and output quad.
PackedWeights pack_depthwise(const Tensor& kernel, int texture_size, const std::string& where);

}  // namespace fragnet
