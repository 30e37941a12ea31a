#include <optional>

#include "base/error.hpp"
#include "passes/passes.hpp"

namespace fragnet {
namespace {

using Extent = Rearrange::Extent;

constexpr size_t max_extents = 6;

// Joins neighbours that are walked as one run, so that fewer divisions are left for the shader.
void join_runs(std::vector<Extent>& extents) {
  std::vector<Extent> joined;
  const auto is_whole = [](const Extent& e) { return e.step == 1 && e.start == 0 && e.limit == e.count; };
  for (const Extent& extent : extents) {
    if (extent.count == 1 && extent.start == 0) continue;
    if (!joined.empty()) {
      Extent& outer = joined.back();
      if (is_whole(outer) && is_whole(extent) && outer.stride == extent.stride * extent.count) {
        outer.count *= extent.count;
        outer.limit = outer.count;
        outer.stride = extent.stride;
        continue;
      }
    }
    joined.push_back(extent);
  }
  if (joined.empty()) joined.push_back({.count = 1, .limit = 1, .stride = 0});
  extents = std::move(joined);
}

std::optional<Rearrange> lower(const Op& op, const Shape& in) {
  const std::vector<int64_t> strides = strides_of(in);
  const auto stride = [&](size_t i) { return static_cast<int>(strides[i]); };
  Rearrange out;
  if (const auto* transpose = std::get_if<Transpose>(&op)) {
    for (int i : transpose->order) {
      const size_t from = static_cast<size_t>(i);
      out.extents.push_back({.count = in[from], .limit = in[from], .stride = stride(from)});
    }
  } else if (const auto* slice = std::get_if<Slice>(&op)) {
    for (size_t i = 0; i < in.size(); ++i) {
      out.extents.push_back({.count = slice->size[i],
                             .step = slice->stride[i],
                             .start = slice->begin[i],
                             .limit = in[i],
                             .stride = stride(i)});
    }
  } else if (const auto* pad = std::get_if<Pad>(&op)) {
    out.pad = pad->kind;
    out.value = pad->value;
    for (size_t i = 0; i < in.size(); ++i) {
      out.extents.push_back({.count = in[i] + pad->margins[i][0] + pad->margins[i][1],
                             .start = -pad->margins[i][0],
                             .limit = in[i],
                             .stride = stride(i)});
    }
  } else if (const auto* tile = std::get_if<Tile>(&op)) {
    for (size_t i = 0; i < in.size(); ++i) {
      const int repeats = tile->repeats[i];
      if (repeats > 1) out.extents.push_back({.count = repeats, .limit = repeats, .stride = 0});
      out.extents.push_back({.count = in[i], .limit = in[i], .stride = stride(i)});
    }
  } else {
    return std::nullopt;
  }
  join_runs(out.extents);
  return out;
}

}  // namespace

void lower_movement(Graph& graph) {
  for (Node& node : graph.nodes) {
    std::optional<Rearrange> rearrange =
        lower(node.op, node.inputs.empty() ? Shape{} : input_value(graph, node, 0).shape);
    if (!rearrange) continue;
    if (rearrange->extents.size() > max_extents) {
      fail(code::unsupported_op, "layer \"", node.name, "\": ", name_of(node.op), " over ",
           rearrange->extents.size(), " separate extents is not supported, at most ", max_extents, " are");
    }
    node.op = std::move(*rearrange);
  }
}

}  // namespace fragnet
