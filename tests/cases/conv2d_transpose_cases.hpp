// Transposed convolutions: strides 1 to 4, kernels 1 to 7, also kernels that are smaller than the stride (so
// that some outputs stay zero), and outputs that the input's size leaves open.
#pragma once

#include <algorithm>

#include "cases/convolution_cases.hpp"

namespace fragnet {

struct ConvTransposeCase {
  int batch = 1, height = 4, width = 5, in = 4, out = 4;
  std::array<int, 2> kernel{4, 4}, stride{2, 2}, dilation{1, 1};
  CasePadding padding = CasePadding::same;
  Margins margins;                 // for CasePadding::margins
  std::array<int, 2> extra{0, 0};  // added to the output that TensorFlow chooses
};

// TensorFlow's choice where the caller gives none: in × stride for `same`, the least that holds every tap
// otherwise, but no less than in × stride for `valid`.
inline std::array<int, 2> output_of(const ConvTransposeCase& c) {
  const std::array<int, 2> in{c.height, c.width};
  const std::array<int, 2> cut{c.margins.top + c.margins.bottom, c.margins.left + c.margins.right};
  std::array<int, 2> output{};
  for (size_t i = 0; i < 2; ++i) {
    const int reach = (c.kernel[i] - 1) * c.dilation[i] + 1;
    switch (c.padding) {
      case CasePadding::same:
        output[i] = in[i] * c.stride[i];
        break;
      case CasePadding::valid:
        output[i] = in[i] * c.stride[i] + std::max(reach - c.stride[i], 0);
        break;
      case CasePadding::margins:
        output[i] = (in[i] - 1) * c.stride[i] + reach - cut[i];
        break;
    }
    output[i] += c.extra[i];
  }
  return output;
}

inline OpCase conv2d_transpose_case(const ConvTransposeCase& c) {
  const std::array<int, 2> output = output_of(c);
  Conv2dTranspose op{.window = {.kernel = c.kernel, .stride = c.stride, .dilation = c.dilation},
                     .output = output};
  switch (c.padding) {
    case CasePadding::same:
      op.window.padding = resolve_padding(Padding::same, output[0], output[1], op.window);
      break;
    case CasePadding::valid:
      op.window.padding = resolve_padding(Padding::valid, output[0], output[1], op.window);
      break;
    case CasePadding::margins:
      op.window.padding = c.margins;
      break;
  }
  const ConvolutionCase like{.batch = c.batch,
                             .height = c.height,
                             .width = c.width,
                             .in = c.in,
                             .out = c.out,
                             .kernel = c.kernel,
                             .stride = c.stride,
                             .dilation = c.dilation,
                             .padding = c.padding,
                             .margins = c.margins};
  return {.name = name_of(like) + "_makes_" + name_of(Shape{output[0], output[1]}),
          .op = op,
          .inputs = {{c.batch, c.height, c.width, c.in}, {c.kernel[0], c.kernel[1], c.out, c.in}},
          .constants = 1};
}

inline std::vector<OpCase> conv2d_transpose_cases() {
  std::vector<OpCase> cases;
  for (int in : case_channels) {
    for (int out : case_channels) {
      cases.push_back(conv2d_transpose_case({.height = 3, .width = 4, .in = in, .out = out}));
    }
  }
  std::vector<ConvTransposeCase> windows;
  for (int stride = 1; stride <= 4; ++stride) {
    for (int kernel = 1; kernel <= 7; ++kernel) {
      for (CasePadding padding : {CasePadding::same, CasePadding::valid}) {
        windows.push_back({.kernel = {kernel, kernel}, .stride = {stride, stride}, .padding = padding});
      }
    }
  }
  const std::vector<ConvTransposeCase> odd_ones = {
      // the other outputs that the same input could have come from
      {.kernel = {3, 3}, .extra = {-1, -1}},
      {.kernel = {3, 3}, .extra = {-1, 0}},
      {.kernel = {4, 4}, .extra = {0, -1}},
      {.kernel = {5, 5}, .stride = {3, 3}, .extra = {-2, -1}},
      {.kernel = {3, 3}, .padding = CasePadding::valid, .extra = {1, 1}},
      {.kernel = {4, 4}, .stride = {3, 3}, .padding = CasePadding::valid, .extra = {2, 0}},
      {.kernel = {3, 3}, .padding = CasePadding::margins, .margins = {1, 1, 1, 1}, .extra = {1, 1}},
      {.kernel = {2, 2}, .stride = {4, 4}, .padding = CasePadding::valid, .extra = {-1, -2}},
      // margins of every kind
      {.padding = CasePadding::margins},
      {.padding = CasePadding::margins, .margins = {1, 1, 1, 1}},
      {.padding = CasePadding::margins, .margins = {2, 0, 0, 1}},
      {.kernel = {5, 5}, .padding = CasePadding::margins, .margins = {0, 3, 1, 2}},
      {.kernel = {3, 3}, .stride = {1, 1}, .padding = CasePadding::margins, .margins = {2, 0, 1, 2}},
      // windows that are not square
      {.kernel = {2, 5}, .stride = {2, 1}},
      {.kernel = {3, 4}, .stride = {1, 3}},
      {.kernel = {4, 3}, .stride = {3, 2}, .padding = CasePadding::valid},
      {.kernel = {1, 7}, .stride = {2, 2}},
      {.kernel = {7, 1}, .stride = {1, 4}},
      // dilation
      {.kernel = {3, 3}, .stride = {1, 1}, .dilation = {2, 2}},
      {.kernel = {3, 3}, .stride = {1, 1}, .dilation = {3, 1}, .padding = CasePadding::valid},
      {.kernel = {3, 3}, .stride = {2, 2}, .dilation = {2, 2}},
      {.kernel = {3, 2}, .stride = {2, 3}, .dilation = {3, 2}, .padding = CasePadding::valid},
      // several pictures; a row, a column, a pixel
      {.batch = 2},
      {.batch = 3, .kernel = {3, 3}, .stride = {3, 3}, .padding = CasePadding::valid},
      {.height = 1, .width = 9},
      {.height = 9, .width = 1, .kernel = {5, 5}},
      {.height = 1, .width = 1},
      {.height = 1, .width = 1, .kernel = {3, 3}, .padding = CasePadding::valid},
  };
  windows.insert(windows.end(), odd_ones.begin(), odd_ones.end());
  int turn = 0;
  for (ConvTransposeCase c : windows) {
    c.in = case_channels[static_cast<size_t>(turn % 8)];
    c.out = case_channels[static_cast<size_t>(turn * 5 % 8)];
    ++turn;
    cases.push_back(conv2d_transpose_case(c));
  }
  const std::vector<ConvTransposeCase> layers = {
      // the decoder of a pix2pix generator: the bottleneck, the middle, the picture
      {.height = 1, .width = 1, .in = 128, .out = 128},
      {.height = 2, .width = 2, .in = 128, .out = 64},
      {.height = 16, .width = 16, .in = 32, .out = 16},
      {.height = 32, .width = 32, .in = 16, .out = 3},
  };
  for (const ConvTransposeCase& c : layers) cases.push_back(conv2d_transpose_case(c));
  return cases;
}

}  // namespace fragnet
