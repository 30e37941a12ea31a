#include "graph/rearrange.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace fragnet {
namespace {

struct AsRearrange {
  const Shape& input;
  std::vector<int64_t> strides = strides_of(input);

  Rearrange::Extent whole(size_t i) const {
    return {.count = input[i], .limit = input[i], .stride = static_cast<int>(strides[i])};
  }

  std::optional<Rearrange> operator()(const Reshape&) const {
    Rearrange moved;
    for (size_t i = 0; i < input.size(); ++i) moved.extents.push_back(whole(i));
    return moved;
  }
  std::optional<Rearrange> operator()(const Transpose& op) const {
    Rearrange moved;
    for (int axis : op.order) moved.extents.push_back(whole(static_cast<size_t>(axis)));
    return moved;
  }
  std::optional<Rearrange> operator()(const Slice& op) const {
    Rearrange moved;
    for (size_t i = 0; i < input.size(); ++i) {
      Rearrange::Extent extent = whole(i);
      extent.count = op.size[i];
      extent.step = op.stride[i];
      extent.start = op.begin[i];
      moved.extents.push_back(extent);
    }
    return moved;
  }
  std::optional<Rearrange> operator()(const Pad& op) const {
    Rearrange moved{.pad = op.kind, .value = op.value};
    for (size_t i = 0; i < input.size(); ++i) {
      Rearrange::Extent extent = whole(i);
      extent.count += op.margins[i][0] + op.margins[i][1];
      extent.start = -op.margins[i][0];
      moved.extents.push_back(extent);
    }
    return moved;
  }
  std::optional<Rearrange> operator()(const Tile& op) const {
    Rearrange moved;
    for (size_t i = 0; i < input.size(); ++i) {
      // The same elements again and again: a stride of 0.
      moved.extents.push_back({.count = op.repeats[i], .limit = op.repeats[i], .stride = 0});
      moved.extents.push_back(whole(i));
    }
    return moved;
  }
  template <class Other>
  std::optional<Rearrange> operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

std::optional<Rearrange> as_rearrange(const Op& op, const Shape& input) {
  return std::visit(AsRearrange{input}, op);
}

std::string fault_of(const Rearrange& op, int64_t input_elements, int64_t output_elements) {
  int64_t count = 1, lowest = 0, highest = 0;
  for (size_t i = 0; i < op.extents.size(); ++i) {
    const Rearrange::Extent& extent = op.extents[i];
    if (extent.count < 0 || extent.limit < 0) {
      return text("extent ", i, " has the count ", extent.count, " and the limit ", extent.limit);
    }
    count *= extent.count;
    if (count > max_elements) return text("it makes more than ", max_elements, " elements");
    if (extent.count == 0) continue;

    const int64_t one_end = extent.start,
                  other_end = extent.start + (int64_t{extent.count} - 1) * extent.step;
    int64_t first = std::min(one_end, other_end), last = std::max(one_end, other_end);
    if (op.pad == PadKind::constant) {
      first = std::max<int64_t>(first, 0);
      last = std::min<int64_t>(last, int64_t{extent.limit} - 1);
      if (first > last) continue;  // padding alone
    } else {
      // The positions in between are less far outside than the ends.
      const int64_t from_first = source_position(first, extent.limit, op.pad);
      const int64_t from_last = source_position(last, extent.limit, op.pad);
      if (std::min(from_first, from_last) < 0 || std::max(from_first, from_last) >= extent.limit) {
        return text("extent ", i, " mirrors the positions ", first, " to ", last, " more than once in ",
                    extent.limit);
      }
      if (first < 0 || last >= extent.limit) {
        first = 0;
        last = int64_t{extent.limit} - 1;
      }
    }
    lowest += std::min(first * extent.stride, last * extent.stride);
    highest += std::max(first * extent.stride, last * extent.stride);
    // Far outside; leaving here also keeps the sums small.
    if (lowest < -max_elements || highest > max_elements)
      return text("it reads the elements ", lowest, " to ", highest);
  }
  if (count != output_elements)
    return text("it makes ", count, " elements, its output has ", output_elements);
  if (count > 0 && (lowest < 0 || highest >= input_elements)) {
    return text("it reads the elements ", lowest, " to ", highest, " of ", input_elements);
  }
  return "";
}

}  // namespace fragnet
