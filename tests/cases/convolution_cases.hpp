// Convolutions and depthwise convolutions: channels around multiples of four, kernels 1 to 7, strides and
// dilations 1 to 3, every way to pad, and the layers of the pix2pix family.
#pragma once

#include "cases/op_case.hpp"

namespace fragnet {

enum class CasePadding { valid, same, margins };

struct ConvolutionCase {
  int batch = 1, height = 6, width = 7, in = 4;
  int out = 4;  // channels; of a depthwise convolution: channels for each input channel
  std::array<int, 2> kernel{3, 3}, stride{1, 1}, dilation{1, 1};
  CasePadding padding = CasePadding::same;
  Margins margins;  // for CasePadding::margins
};

inline std::string name_of(const ConvolutionCase& c) {
  std::string name = name_of(Shape{c.batch, c.height, c.width, c.in}) + "_to_" + std::to_string(c.out) +
                     "_k" + name_of(Shape{c.kernel[0], c.kernel[1]});
  if (c.stride != std::array<int, 2>{1, 1}) name += "_s" + name_of(Shape{c.stride[0], c.stride[1]});
  if (c.dilation != std::array<int, 2>{1, 1}) name += "_d" + name_of(Shape{c.dilation[0], c.dilation[1]});
  switch (c.padding) {
    case CasePadding::valid:
      return name + "_valid";
    case CasePadding::same:
      return name + "_same";
    case CasePadding::margins:
      break;
  }
  return name + "_p" + name_of(Shape{c.margins.top, c.margins.bottom, c.margins.left, c.margins.right});
}

inline Window window_of(const ConvolutionCase& c) {
  Window window{.kernel = c.kernel, .stride = c.stride, .dilation = c.dilation};
  switch (c.padding) {
    case CasePadding::valid:
      window.padding = resolve_padding(Padding::valid, c.height, c.width, window);
      break;
    case CasePadding::same:
      window.padding = resolve_padding(Padding::same, c.height, c.width, window);
      break;
    case CasePadding::margins:
      window.padding = c.margins;
      break;
  }
  return window;
}

inline OpCase conv2d_case(const ConvolutionCase& c) {
  return {.name = name_of(c),
          .op = Conv2d{window_of(c)},
          .inputs = {{c.batch, c.height, c.width, c.in}, {c.kernel[0], c.kernel[1], c.in, c.out}},
          .constants = 1};
}

inline OpCase depthwise_case(const ConvolutionCase& c) {
  return {.name = name_of(c),
          .op = DepthwiseConv2d{window_of(c)},
          .inputs = {{c.batch, c.height, c.width, c.in}, {c.kernel[0], c.kernel[1], c.in, c.out}},
          .constants = 1};
}

inline constexpr int case_channels[] = {1, 2, 3, 4, 5, 7, 8, 13, 33};

// What convolutions of both kinds must get right about their window; channels are set by the caller.
inline std::vector<ConvolutionCase> window_cases() {
  std::vector<ConvolutionCase> cases;
  for (int kernel = 1; kernel <= 7; ++kernel) {
    for (int stride = 1; stride <= 3; ++stride) {
      for (CasePadding padding : {CasePadding::same, CasePadding::valid}) {
        cases.push_back({.height = 11,
                         .width = 13,
                         .kernel = {kernel, kernel},
                         .stride = {stride, stride},
                         .padding = padding});
      }
    }
  }
  for (int dilation : {2, 3}) {
    for (int kernel : {2, 3, 5}) {
      for (CasePadding padding : {CasePadding::same, CasePadding::valid}) {
        cases.push_back({.height = 14,
                         .width = 15,
                         .kernel = {kernel, kernel},
                         .dilation = {dilation, dilation},
                         .padding = padding});
      }
    }
  }
  const std::vector<ConvolutionCase> odd_ones = {
      // kernels, strides and dilations that are not square
      {.height = 9, .width = 10, .kernel = {1, 7}},
      {.height = 9, .width = 10, .kernel = {7, 1}},
      {.height = 9, .width = 10, .kernel = {2, 5}, .stride = {2, 1}},
      {.height = 9, .width = 10, .kernel = {3, 4}, .stride = {1, 3}},
      {.height = 9, .width = 10, .kernel = {4, 3}, .stride = {3, 2}, .padding = CasePadding::valid},
      {.height = 12, .width = 11, .kernel = {3, 2}, .dilation = {1, 3}},
      {.height = 12, .width = 11, .kernel = {2, 3}, .dilation = {3, 2}, .padding = CasePadding::valid},
      {.height = 12, .width = 11, .kernel = {3, 3}, .stride = {2, 2}, .dilation = {2, 2}},
      {.height = 12, .width = 11, .kernel = {3, 3}, .stride = {2, 3}, .dilation = {3, 2}},
      // a stride that skips pixels
      {.height = 10, .width = 11, .kernel = {1, 1}, .stride = {2, 2}},
      {.height = 10, .width = 11, .kernel = {2, 1}, .stride = {3, 3}, .padding = CasePadding::valid},
      // margins of every kind, also wider than the kernel reaches
      {.kernel = {3, 3}, .padding = CasePadding::margins, .margins = {1, 0, 0, 0}},
      {.kernel = {3, 3}, .padding = CasePadding::margins, .margins = {0, 2, 0, 0}},
      {.kernel = {3, 3}, .padding = CasePadding::margins, .margins = {0, 0, 3, 0}},
      {.kernel = {3, 3}, .padding = CasePadding::margins, .margins = {0, 0, 0, 4}},
      {.kernel = {4, 4}, .stride = {2, 2}, .padding = CasePadding::margins, .margins = {1, 2, 0, 3}},
      {.kernel = {4, 4}, .stride = {2, 2}, .padding = CasePadding::margins, .margins = {3, 0, 2, 1}},
      {.kernel = {3, 3}, .dilation = {2, 2}, .padding = CasePadding::margins, .margins = {4, 1, 0, 2}},
      {.kernel = {2, 2}, .padding = CasePadding::margins, .margins = {4, 4, 4, 4}},
      // several pictures
      {.batch = 2, .kernel = {3, 3}},
      {.batch = 2, .kernel = {4, 4}, .stride = {2, 2}},
      {.batch = 3, .kernel = {5, 5}, .stride = {3, 3}, .padding = CasePadding::valid},
      // pictures of one row, one column, one pixel, and smaller than the kernel
      {.height = 1, .width = 17, .kernel = {3, 3}},
      {.height = 17, .width = 1, .kernel = {3, 3}, .stride = {2, 2}},
      {.height = 1, .width = 1, .kernel = {1, 1}},
      {.height = 1, .width = 1, .kernel = {5, 5}},
      {.height = 2, .width = 2, .kernel = {4, 4}, .stride = {2, 2}},
      {.height = 3, .width = 3, .kernel = {7, 7}, .stride = {2, 2}},
      {.height = 2, .width = 3, .kernel = {3, 3}, .dilation = {3, 3}},
  };
  cases.insert(cases.end(), odd_ones.begin(), odd_ones.end());
  return cases;
}

inline std::vector<OpCase> conv2d_cases() {
  std::vector<OpCase> cases;
  for (int in : case_channels) {
    for (int out : case_channels) {
      cases.push_back(conv2d_case({.height = 5, .width = 7, .in = in, .out = out, .stride = {2, 2}}));
    }
  }
  int turn = 0;
  for (ConvolutionCase c : window_cases()) {
    c.in = case_channels[static_cast<size_t>(turn % 8)];  // 1 … 13
    c.out = case_channels[static_cast<size_t>(turn * 5 % 8)];
    ++turn;
    cases.push_back(conv2d_case(c));
  }
  const std::vector<ConvolutionCase> layers = {
      // the encoder of a pix2pix generator: the picture, the middle, the bottleneck
      {.height = 64, .width = 64, .in = 1, .out = 8, .kernel = {4, 4}, .stride = {2, 2}},
      {.height = 16, .width = 16, .in = 16, .out = 32, .kernel = {4, 4}, .stride = {2, 2}},
      {.height = 4, .width = 4, .in = 64, .out = 64, .kernel = {4, 4}, .stride = {2, 2}},
      {.height = 2, .width = 2, .in = 128, .out = 128, .kernel = {4, 4}, .stride = {2, 2}},
      // a dense layer's shape, and a long sum over few pixels
      {.height = 1, .width = 1, .in = 515, .out = 67, .kernel = {1, 1}},
      {.height = 3, .width = 3, .in = 130, .out = 6, .kernel = {3, 3}, .padding = CasePadding::valid},
      // a stylisation net's first and last layers
      {.height = 33, .width = 31, .in = 3, .out = 32, .kernel = {9, 9}},
      {.height = 33, .width = 31, .in = 32, .out = 3, .kernel = {9, 9}},
  };
  for (const ConvolutionCase& c : layers) cases.push_back(conv2d_case(c));
  return cases;
}

inline std::vector<OpCase> depthwise_conv2d_cases() {
  std::vector<OpCase> cases;
  for (int in : case_channels) {
    for (int multiplier : {1, 2, 3}) {
      cases.push_back(depthwise_case({.height = 5, .in = in, .out = multiplier}));
    }
  }
  int turn = 0;
  for (ConvolutionCase c : window_cases()) {
    c.in = case_channels[static_cast<size_t>(turn % 8)];
    c.out = turn % 5 == 0 ? 2 : turn % 7 == 0 ? 3 : 1;
    ++turn;
    cases.push_back(depthwise_case(c));
  }
  return cases;
}

}  // namespace fragnet
