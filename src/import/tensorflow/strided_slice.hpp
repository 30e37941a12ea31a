// What TensorFlow's StridedSlice (x[1:, ::-2, ..., newaxis, 0]) does to a tensor of known shape.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/ops.hpp"

namespace fragnet {

// One entry of each list for every part between commas; bit i of a mask is about part i.
struct StridedSlice {
  std::vector<int32_t> begin, end, stride;
  // Parts whose begin or end is left out, the `...`, a new extent of 1, and a single index whose extent goes
  // away.
  int64_t begin_mask = 0, end_mask = 0, ellipsis_mask = 0, new_axis_mask = 0, shrink_axis_mask = 0;
};

struct ResolvedSlice {
  Slice slice;  // of the input
  Shape shape;  // of the result: the slice's, with new extents in and single indices out
};

// As tensorflow/core/util/strided_slice_op.cc. Throws `bad-shape` with `where`.
ResolvedSlice resolve(const StridedSlice& parts, const Shape& input, const std::string& where);

}  // namespace fragnet
