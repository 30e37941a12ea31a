#include "import/tensorflow/strided_slice.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace fragnet {
namespace {

bool has_bit(int64_t mask, size_t bit) {
  return bit < 63 && (mask >> bit & 1) != 0;
}

struct Run {
  int begin, size, stride;
};

// The elements that part `i` takes of an axis with `extent` elements. An index counts from the end if it is
// negative, and where it leaves the axis it is drawn in.
Run run_of(const StridedSlice& parts, size_t i, int extent, const std::string& where) {
  const int64_t stride = parts.stride[i];
  const int64_t lowest = stride > 0 ? 0 : -1, highest = stride > 0 ? extent : extent - 1;
  const auto position = [&](int64_t index) {
    return std::clamp(index < 0 ? index + extent : index, lowest, highest);
  };
  if (stride == 0) fail(code::bad_shape, where, ": StridedSlice with a stride of 0");
  const bool forward = stride > 0;
  const int64_t begin =
      has_bit(parts.begin_mask, i) ? (forward ? lowest : highest) : position(parts.begin[i]);
  const int64_t end = has_bit(parts.end_mask, i) ? (forward ? highest : lowest) : position(parts.end[i]);
  const int64_t distance = forward ? end - begin : begin - end, step = forward ? stride : -stride;
  const int64_t size = distance <= 0 ? 0 : (distance + step - 1) / step;
  return {static_cast<int>(begin), static_cast<int>(size), static_cast<int>(stride)};
}

// The one element that a single index takes; neither clamped nor masked.
Run element_of(const StridedSlice& parts, size_t i, int extent, const std::string& where) {
  const int64_t index = parts.begin[i];
  const int64_t position = index < 0 ? index + extent : index;
  if (position < 0 || position >= extent) {
    fail(code::bad_shape, where, ": StridedSlice takes index ", index, " of an axis with ", extent,
         " elements");
  }
  return {static_cast<int>(position), 1, 1};
}

}  // namespace

ResolvedSlice resolve(const StridedSlice& parts, const Shape& input, const std::string& where) {
  const size_t count = parts.begin.size();
  if (parts.end.size() != count || parts.stride.size() != count) {
    fail(code::bad_shape, where, ": StridedSlice has ", count, " begins, ", parts.end.size(), " ends and ",
         parts.stride.size(), " strides");
  }
  size_t axes_named = 0, ellipses = 0;
  for (size_t i = 0; i < count; ++i) {
    if (has_bit(parts.ellipsis_mask, i)) {
      ++ellipses;
    } else if (!has_bit(parts.new_axis_mask, i)) {
      ++axes_named;
    }
  }
  if (ellipses > 1) fail(code::bad_shape, where, ": StridedSlice with more than one ellipsis");
  if (axes_named > input.size()) {
    fail(code::bad_shape, where, ": StridedSlice names ", axes_named, " axes, the input ", to_string(input),
         " has ", input.size());
  }

  ResolvedSlice resolved;
  const auto keep_axes = [&](size_t axes) {
    for (; axes > 0; --axes) {
      const int extent = input[resolved.slice.begin.size()];
      resolved.slice.begin.push_back(0);
      resolved.slice.size.push_back(extent);
      resolved.slice.stride.push_back(1);
      resolved.shape.push_back(extent);
    }
  };
  for (size_t i = 0; i < count; ++i) {
    if (has_bit(parts.ellipsis_mask, i)) {
      keep_axes(input.size() - axes_named);
      continue;
    }
    if (has_bit(parts.new_axis_mask, i)) {
      resolved.shape.push_back(1);
      continue;
    }
    const int extent = input[resolved.slice.begin.size()];
    const bool shrinks = has_bit(parts.shrink_axis_mask, i);
    const Run run = shrinks ? element_of(parts, i, extent, where) : run_of(parts, i, extent, where);
    // An empty run may begin beyond the axis, and a run of one may have any stride.
    resolved.slice.begin.push_back(run.size == 0 ? 0 : run.begin);
    resolved.slice.size.push_back(run.size);
    resolved.slice.stride.push_back(run.size > 1 ? run.stride : 1);
    if (!shrinks) resolved.shape.push_back(run.size);
  }
  keep_axes(input.size() - resolved.slice.begin.size());
  return resolved;
}

}  // namespace fragnet
