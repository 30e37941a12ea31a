#include <optional>

#include "base/error.hpp"
#include "graph/rearrange.hpp"
#include "passes/passes.hpp"

namespace fragnet {
namespace {

using Extent = Rearrange::Extent;

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

}  // namespace

void lower_movement(Graph& graph, const PassOptions&) {
  for (Node& node : graph.nodes) {
    if (node.inputs.empty() || std::holds_alternative<Reshape>(node.op))
      continue;  // fuse_reshapes sees to those
    std::optional<Rearrange> rearrange = as_rearrange(node.op, input_value(graph, node, 0).shape);
    if (!rearrange) continue;
    join_runs(rearrange->extents);
    if (rearrange->extents.size() > max_rearrange_extents) {
      fail(code::unsupported_op, place_of(node.name, node.op), ": moving elements over ",
           rearrange->extents.size(), " separate extents is not supported, at most ", max_rearrange_extents,
           " are");
    }
    node.op = std::move(*rearrange);
  }
}

}  // namespace fragnet
