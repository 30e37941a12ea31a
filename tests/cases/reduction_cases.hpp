// Reductions over every set of axes of tensors of rank 1 to 4, softmax along every axis, and matrix products.
#pragma once

#include "cases/op_case.hpp"

namespace fragnet {

inline std::string name_of(ReduceKind kind) {
  switch (kind) {
    case ReduceKind::sum:
      return "sum";
    case ReduceKind::mean:
      return "mean";
    case ReduceKind::max:
      return "max";
    case ReduceKind::min:
      return "min";
    case ReduceKind::product:
      return "product";
    case ReduceKind::argmax:
      return "argmax";
    case ReduceKind::argmin:
      return "argmin";
    case ReduceKind::any:
      return "any";
    case ReduceKind::all:
      return "all";
  }
  return "";
}

inline OpCase reduce_case(ReduceKind kind, const Shape& shape, const std::vector<int>& axes, bool keep_dims) {
  std::string name = name_of(kind) + "_" + name_of(shape) + "_over";
  for (int axis : axes) name += "_" + std::to_string(axis);
  return {.name = name + (keep_dims ? "_kept" : ""),
          .op = Reduce{.kind = kind, .axes = axes, .keep_dims = keep_dims},
          .inputs = {shape}};
}

// Each kind over every set of axes; whether the extents are kept alternates, so that both occur with each
// kind and set.
inline std::vector<OpCase> reduce_cases(ReduceKind kind) {
  const std::vector<Shape> shapes = {{13}, {5, 7}, {3, 6, 5}, {2, 5, 3, 6}};
  const bool one_axis = kind == ReduceKind::argmax || kind == ReduceKind::argmin;
  std::vector<OpCase> cases;
  int turn = static_cast<int>(kind);
  for (const Shape& shape : shapes) {
    for (unsigned set = 1; set < 1u << shape.size(); ++set) {
      std::vector<int> axes;
      for (int axis = 0; axis < static_cast<int>(shape.size()); ++axis) {
        if (set >> axis & 1) axes.push_back(axis);
      }
      if (one_axis && axes.size() > 1) continue;
      cases.push_back(reduce_case(kind, shape, axes, turn++ % 2 == 0));
    }
  }
  return cases;
}

inline std::vector<OpCase> reduce_cases() {
  std::vector<OpCase> cases;
  for (ReduceKind kind :
       {ReduceKind::sum, ReduceKind::mean, ReduceKind::max, ReduceKind::min, ReduceKind::product,
        ReduceKind::argmax, ReduceKind::argmin, ReduceKind::any, ReduceKind::all}) {
    append(cases, reduce_cases(kind));
  }
  // What networks do most: a picture to one number a channel, and a pixel's channels to one number.
  append(cases, {reduce_case(ReduceKind::mean, {1, 33, 35, 5}, {1, 2}, true),
                 reduce_case(ReduceKind::mean, {1, 16, 16, 8}, {1, 2}, false),
                 reduce_case(ReduceKind::max, {1, 9, 7, 33}, {3}, true),
                 reduce_case(ReduceKind::argmax, {1, 9, 7, 21}, {3}, false),
                 reduce_case(ReduceKind::sum, {1, 70, 66, 3}, {1, 2, 3}, false),
                 reduce_case(ReduceKind::mean, {1, 1, 1, 4}, {1, 2}, true)});
  return cases;
}

inline std::vector<OpCase> softmax_cases() {
  const std::vector<Shape> shapes = {{13}, {3, 10}, {4, 5, 6}, {2, 5, 3, 7}, {1, 4, 4, 2}, {1, 5, 6, 33}};
  std::vector<OpCase> cases;
  for (const Shape& shape : shapes) {
    for (int axis = 0; axis < static_cast<int>(shape.size()); ++axis) {
      for (bool log : {false, true}) {
        cases.push_back({.name = (log ? "log_" : "") + name_of(shape) + "_along_" + std::to_string(axis),
                         .op = Softmax{.axis = axis, .log = log},
                         .inputs = {shape}});
      }
    }
  }
  return cases;
}

// `constants` of 1: the second matrix is a weight, as in a dense layer.
inline OpCase matmul_case(const Shape& a, const Shape& b, int constants, bool transpose_a = false,
                          bool transpose_b = false) {
  return {.name = name_of(a) + (transpose_a ? "_transposed" : "") + "_by_" + name_of(b) +
                  (transpose_b ? "_transposed" : "") + (constants ? "_weights" : ""),
          .op = MatMul{.transpose_a = transpose_a, .transpose_b = transpose_b},
          .inputs = {a, b},
          .constants = constants};
}

inline std::vector<OpCase> matmul_cases() {
  std::vector<OpCase> cases;
  for (int constants : {0, 1}) {
    append(cases, {
                      matmul_case({1, 1}, {1, 1}, constants),
                      matmul_case({1, 7}, {7, 5}, constants),
                      matmul_case({3, 5}, {5, 1}, constants),
                      matmul_case({5, 13}, {13, 33}, constants),
                      matmul_case({5, 6}, {5, 7}, constants, true, false),
                      matmul_case({5, 6}, {7, 6}, constants, false, true),
                      matmul_case({6, 5}, {7, 6}, constants, true, true),
                      matmul_case({3, 4, 5}, {3, 5, 6}, constants),
                      matmul_case({2, 5, 3}, {2, 7, 5}, constants, true, true),
                      matmul_case({1, 4, 5}, {3, 5, 6}, constants),
                      matmul_case({3, 4, 5}, {5, 6}, constants),
                      matmul_case({2, 3, 4, 5}, {2, 3, 5, 7}, constants),
                      matmul_case({2, 1, 4, 5}, {1, 3, 7, 5}, constants, false, true),
                      matmul_case({1, 100}, {100, 130}, constants),
                  });
  }
  append(cases, {
                    matmul_case({1, 1030}, {1030, 10}, 1),  // a long sum
                    matmul_case({64, 32}, {32, 48}, 1),
                    matmul_case({2, 4, 64, 8}, {2, 4, 64, 8}, 0, false, true),  // attention
                });
  return cases;
}

}  // namespace fragnet
