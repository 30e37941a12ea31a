#include "base/error.hpp"
#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

// Beyond this many pieces a chain of concatenations is no way to run a network.
constexpr size_t max_pieces = 64;

ValueId lower(Rewrite& rewrite, const Node& node, const Gather& gather) {
  const size_t axis = static_cast<size_t>(gather.axis);
  const Shape shape = rewrite.value(rewrite.current(node.inputs[0])).shape;
  std::vector<ValueId> pieces;
  for (size_t first = 0; first < gather.indices.size();) {
    size_t last = first + 1;  // a run of neighbours is one slice
    while (last < gather.indices.size() && gather.indices[last] == gather.indices[last - 1] + 1) ++last;
    Slice slice{std::vector<int>(shape.size(), 0), shape, std::vector<int>(shape.size(), 1)};
    slice.begin[axis] = gather.indices[first];
    slice.size[axis] = static_cast<int>(last - first);
    pieces.push_back(rewrite.put_new(node.name, std::move(slice), {node.inputs[0]}));
    first = last;
    if (pieces.size() > max_pieces) {
      fail(code::unsupported_op, "layer \"", node.name, "\": the operation gather takes more than ",
           max_pieces, " separate runs of elements, which Fragnet does not support");
    }
  }
  return pieces.size() == 1 ? pieces[0] : rewrite.put_new(node.name, Concat{gather.axis}, pieces);
}

}  // namespace

void lower_gather(Graph& graph, const PassOptions&) {
  Rewrite rewrite(graph);
  for (Node& node : rewrite.take_nodes()) {
    if (const auto* gather = std::get_if<Gather>(&node.op)) {
      rewrite.replace(node.output, lower(rewrite, node, *gather));
    } else {
      rewrite.put(std::move(node));
    }
  }
  rewrite.finish();
}

}  // namespace fragnet
