// Kernels as textures. How a convolution's kernels lie: see glsl/include/weights.glsl.
#pragma once

#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "programs/program.hpp"

namespace fragnet {

struct PackedWeights {
  Image image;         // sampler "weights"
  int cells = 1;       // input quads in a row
  int folds = 1;       // rows of cells for one output quad
  int strip_rows = 1;  // rows of cells that stand one below the other
  int strips = 1;      // side by side
};

// A kernel seen as kernel(ky, kx, input, output), in whatever order it is stored.
struct KernelView {
  const std::vector<float>* values = nullptr;
  int height = 1, width = 1, inputs = 1, outputs = 1;
  int64_t stride_input = 0, stride_output = 0;  // in elements; a tap holds all inputs × outputs
  float at(int y, int x, int input, int output) const {
    const int64_t tap = (int64_t{y} * width + x) * inputs * outputs;
    return (*values)[static_cast<size_t>(tap + input * stride_input + output * stride_output)];
  }
};
KernelView view_of_conv2d(const std::vector<float>& values, const Shape& shape);  // (kh, kw, in, out)
KernelView view_of_conv2d_transpose(const std::vector<float>& values,
                                    const Shape& shape);  // (kh, kw, out, in)

// channels: of each picture that the convolution reads; every picture begins a new quad. output_quads: rows
// of the grid, at least as many as the kernel's outputs fill. spread: (height, width) distance of taps, for a
// dilated transposed convolution, whose zeros are written out. Throws `too-large`, opening with `where`.
PackedWeights pack_grid(const KernelView& kernel, const std::vector<int>& channels, int output_quads,
                        std::array<int, 2> spread, int texture_size, const std::string& where);

// kernel: (kh, kw, in, multiplier). One texel a tap and output quad.
PackedWeights pack_depthwise(const Tensor& kernel, int texture_size, const std::string& where);

}  // namespace fragnet
