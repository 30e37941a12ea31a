#include "compile/compile.hpp"

#include "passes/passes.hpp"

namespace fragnet {
namespace {

std::vector<NetworkPort> declared(const Graph& graph, const std::vector<Port>& ports) {
  std::vector<NetworkPort> out;
  for (const Port& port : ports) {
    const Value& value = graph.values[static_cast<size_t>(port.value)];
    out.push_back({port.name, value.shape, value.dtype});
  }
  return out;
}

// Passes may have given a port another value.
void connect(std::vector<NetworkPort>& ports, const std::vector<Port>& lowered,
             const std::vector<PortPicture>& pictures, bool (*is_turned)(const PortPicture&)) {
  for (size_t i = 0; i < ports.size(); ++i) {
    ports[i].value = lowered[i].value;
    ports[i].is_turned = is_turned(pictures[i]);
  }
}

}  // namespace

Compiled compile(Graph source, const DeviceLimits& limits, const CompileOptions& options) {
  Compiled compiled{.inputs = declared(source, source.inputs),
                    .outputs = declared(source, source.outputs),
                    .limits = limits};
  compiled.ports = find_ports(source);
  source.statistics.clear();  // which only the ports were found by
  compiled.graph =
      run_passes(std::move(source), {.ports = &compiled.ports, .busy_fragments = limits.busy_fragments});
  connect(compiled.inputs, compiled.graph.inputs, compiled.ports.inputs, is_turned_input);
  connect(compiled.outputs, compiled.graph.outputs, compiled.ports.outputs, is_turned_output);
  compiled.plan = make_plan(compiled.graph, limits, options);
  return compiled;
}

}  // namespace fragnet
