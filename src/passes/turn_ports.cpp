#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

// N, C, H, W with the channels of a picture. What could be read either way stays as it is.
bool is_channels_first(const Shape& shape) {
  const auto has_picture_channels = [](int count) { return count == 1 || count == 3 || count == 4; };
  return shape.size() == 4 && has_picture_channels(shape[1]) && !has_picture_channels(shape[3]);
}

}  // namespace

TurnedPorts turn_ports(Graph& graph) {
  TurnedPorts turned;
  Rewrite rewrite(graph);
  std::vector<Node> nodes = rewrite.take_nodes();
  for (Port& port : graph.inputs) {
    const Value value = rewrite.value(port.value);
    turned.inputs.push_back(is_channels_first(value.shape));
    if (!turned.inputs.back()) continue;
    const Shape& s = value.shape;
    const ValueId picture = rewrite.new_value(value.name, value.dtype, {s[0], s[2], s[3], s[1]});
    rewrite.replace(port.value, rewrite.put_new(value.name, Transpose{{0, 3, 1, 2}}, {picture}));
    port.value = picture;
  }
  for (Node& node : nodes) rewrite.put(std::move(node));
  rewrite.finish();
  for (Port& port : graph.outputs) {
    turned.outputs.push_back(is_channels_first(rewrite.value(port.value).shape));
    if (!turned.outputs.back()) continue;
    port.value = rewrite.put_new(rewrite.value(port.value).name, Transpose{{0, 2, 3, 1}}, {port.value});
  }
  return turned;
}

}  // namespace fragnet
