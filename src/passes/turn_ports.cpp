#include "passes/passes.hpp"
#include "passes/rewrite.hpp"

namespace fragnet {
namespace {

Shape as_channels_last(const PortPicture& port) {
  return {1, port.height, port.width, port.channels};
}

}  // namespace

bool is_turned_input(const PortPicture& port) {
  return port.layout == PortLayout::nchw && port.is_picture();
}

bool is_turned_output(const PortPicture& port) {
  return port.layout == PortLayout::nchw;
}

void turn_ports(Graph& graph, const PassOptions& options) {
  if (!options.ports) return;
  Rewrite rewrite(graph);
  std::vector<Node> nodes = rewrite.take_nodes();
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const PortPicture& port = options.ports->inputs[i];
    const Value value = rewrite.value(graph.inputs[i].value);
    if (!is_turned_input(port) && port.layout != PortLayout::hw) continue;
    const ValueId picture = rewrite.new_value(value.name, value.dtype, as_channels_last(port));
    const Op back = is_turned_input(port) ? Op(Transpose{{0, 3, 1, 2}}) : Op(Reshape{value.shape});
    rewrite.replace(graph.inputs[i].value, rewrite.put_new(value.name, back, {picture}));
    graph.inputs[i].value = picture;
  }
  for (Node& node : nodes) rewrite.put(std::move(node));
  rewrite.finish();
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    const PortPicture& port = options.ports->outputs[i];
    ValueId& value = graph.outputs[i].value;
    if (!is_turned_output(port) && port.layout != PortLayout::hw) continue;
    const Op forth =
        is_turned_output(port) ? Op(Transpose{{0, 2, 3, 1}}) : Op(Reshape{as_channels_last(port)});
    value = rewrite.put_new(rewrite.value(value).name, forth, {value});
  }
}

}  // namespace fragnet
