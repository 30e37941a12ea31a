// Pooling and resizing.
#pragma once

#include "cases/convolution_cases.hpp"

namespace fragnet {

inline OpCase pool_case(PoolKind kind, const ConvolutionCase& c) {
  const std::string prefix = kind == PoolKind::max ? "max_" : "average_";
  return {.name = prefix + name_of(c),
          .op = Pool2d{.kind = kind, .window = window_of(c)},
          .inputs = {{c.batch, c.height, c.width, c.in}}};
}

inline std::vector<OpCase> pool2d_cases() {
  std::vector<ConvolutionCase> windows;
  for (int kernel : {1, 2, 3, 5}) {
    for (int stride : {1, 2, 3}) {
      for (CasePadding padding : {CasePadding::same, CasePadding::valid}) {
        windows.push_back({.height = 9,
                           .width = 11,
                           .kernel = {kernel, kernel},
                           .stride = {stride, stride},
                           .padding = padding});
      }
    }
  }
  const std::vector<ConvolutionCase> odd_ones = {
      {.height = 9, .width = 11, .kernel = {2, 4}, .stride = {1, 3}},
      {.height = 9, .width = 11, .kernel = {5, 1}, .stride = {3, 1}, .padding = CasePadding::valid},
      {.height = 9, .width = 11, .kernel = {3, 3}, .dilation = {2, 2}},
      {.height = 9, .width = 11, .kernel = {3, 3}, .padding = CasePadding::margins, .margins = {1, 0, 2, 1}},
      {.height = 9,
       .width = 11,
       .kernel = {3, 3},
       .stride = {2, 2},
       .padding = CasePadding::margins,
       .margins = {0, 2, 1, 0}},
      {.batch = 2, .kernel = {3, 3}, .stride = {2, 2}},
      {.height = 1, .width = 1, .kernel = {3, 3}, .stride = {2, 2}},
      {.height = 2, .width = 2, .kernel = {2, 2}, .stride = {2, 2}, .padding = CasePadding::valid},
      {.height = 9, .width = 11, .kernel = {9, 11}, .padding = CasePadding::valid},  // the whole picture
  };
  windows.insert(windows.end(), odd_ones.begin(), odd_ones.end());
  std::vector<OpCase> cases;
  int turn = 0;
  for (ConvolutionCase c : windows) {
    for (PoolKind kind : {PoolKind::max, PoolKind::average}) {
      c.in = case_channels[static_cast<size_t>(turn++ % 8)];
      c.out = c.in;
      cases.push_back(pool_case(kind, c));
    }
  }
  return cases;
}

inline std::vector<OpCase> resize_cases() {
  struct Sizes {
    Shape from;
    std::array<int, 2> to;
  };
  const std::vector<Sizes> sizes = {
      {{1, 5, 6, 3}, {10, 12}},  // twice
      {{1, 4, 3, 5}, {12, 15}},  // unequal whole factors
      {{1, 9, 12, 4}, {3, 4}},   // a third
      {{1, 8, 6, 2}, {5, 9}},    // down along one extent, up along the other, by odd factors
      {{1, 7, 5, 13}, {4, 3}},   // down by odd factors
      {{1, 5, 7, 1}, {5, 7}},    // as it was
      {{1, 1, 1, 8}, {6, 5}},    // from one pixel
      {{1, 6, 5, 7}, {1, 1}},    // to one pixel
      {{1, 1, 9, 4}, {4, 20}},   // from one row
      {{2, 4, 5, 6}, {9, 11}},   // several pictures
      {{1, 16, 16, 33}, {13, 17}},
  };
  struct Rule {
    const char* name;
    bool align_corners, half_pixel_centers;
  };
  const std::vector<Rule> rules = {
      {"", false, false}, {"_corners", true, false}, {"_half_pixel", false, true}};
  std::vector<OpCase> cases;
  for (const Sizes& size : sizes) {
    for (ResizeKind kind : {ResizeKind::nearest, ResizeKind::bilinear}) {
      for (const Rule& rule : rules) {
        const std::string prefix = kind == ResizeKind::nearest ? "nearest_" : "bilinear_";
        cases.push_back({.name = prefix + name_of(size.from) + "_to_" +
                                 name_of(Shape{size.to[0], size.to[1]}) + rule.name,
                         .op = Resize{.kind = kind,
                                      .output = size.to,
                                      .align_corners = rule.align_corners,
                                      .half_pixel_centers = rule.half_pixel_centers},
                         .inputs = {size.from}});
      }
    }
  }
  return cases;
}

}  // namespace fragnet
