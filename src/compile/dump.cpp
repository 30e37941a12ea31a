#include "compile/dump.hpp"

#include <set>

#include "base/error.hpp"
#include "passes/passes.hpp"

namespace fragnet {
namespace {

std::string dump(const Graph& graph) {
  std::string out;
  for (const Port& port : graph.inputs) {
    const Value& value = graph.values[static_cast<size_t>(port.value)];
    out += text("input ", to_string(value.shape), " \"", port.name, "\"\n");
  }
  out += to_string(graph);
  for (const Port& port : graph.outputs) {
    const Value& value = graph.values[static_cast<size_t>(port.value)];
    out += text("output ", to_string(value.shape), " ← ", value.name, " \"", port.name, "\"\n");
  }
  return out;
}

std::string dump(const Ports& ports) {
  std::string out;
  const auto add = [&](const char* side, const PortPicture& port) {
    out += text(side, ' ', port.height, "×", port.width, "×", port.channels, ' ', to_string(port.layout), ' ',
                to_string(port.kind), ' ', port.range.low, " … ", port.range.high, ": ", port.why, '\n');
  };
  for (const PortPicture& port : ports.inputs) add("input", port);
  for (const PortPicture& port : ports.outputs) add("output", port);
  return out;
}

// Each text once, as steps that differ in sizes alone share it.
std::string dump_programs(const Compiled& compiled) {
  std::string out;
  std::set<std::string> seen;
  for (const Step& step : compiled.plan.steps) {
    const Program program = make_program(compiled.graph, compiled.plan, step, compiled.limits);
    if (!seen.insert(program.fragment).second) continue;
    out +=
        text("// ", compiled.graph.nodes[static_cast<size_t>(step.node)].name, '\n', program.fragment, '\n');
  }
  return out;
}

[[noreturn]] void refuse(const std::string& stage) {
  std::string names = "import, ports";
  for (const Pass& pass : passes()) names += text(", ", pass.name);
  fail(code::bad_input, "nothing is called \"", stage, "\" in the pipeline, which is ", names,
       ", plan, programs");
}

}  // namespace

std::string dump_after(const std::string& stage, Graph source, const DeviceLimits& limits,
                       const CompileOptions& options) {
  if (stage == "import") return dump(source);
  const Ports ports = find_ports(source);
  if (stage == "ports") return dump(ports);
  if (stage == "plan" || stage == "programs") {
    const Compiled compiled = compile(std::move(source), limits, options);
    return stage == "plan" ? to_string(compiled.plan, compiled.graph) : dump_programs(compiled);
  }
  std::string out;
  for (const Pass& pass : passes()) {
    pass.run(source, {.ports = &ports, .busy_fragments = limits.busy_fragments});
    if (stage == pass.name) out += (out.empty() ? "" : "\n") + dump(source);
  }
  if (out.empty()) refuse(stage);
  return out;
}

}  // namespace fragnet
