#include "graph/graph.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"

namespace fragnet {
namespace {

std::string value_text(const Graph& graph, ValueId id) {
  if (id < 0 || static_cast<size_t>(id) >= graph.values.size()) return text("?", id);
  const std::string& name = graph.values[static_cast<size_t>(id)].name;
  return name.empty() ? text("t", id) : name;
}

std::string shape_text(const Graph& graph, ValueId id) {
  if (id < 0 || static_cast<size_t>(id) >= graph.values.size()) return "[…]";
  return to_string(graph.values[static_cast<size_t>(id)].shape);
}

}  // namespace

std::string place_of(const std::string& name, const Op& op) {
  return name.empty() ? "a " + name_of(op) : "layer \"" + name + "\"";
}

const Value& input_value(const Graph& graph, const Node& node, int index) {
  if (index < 0 || static_cast<size_t>(index) >= node.inputs.size()) {
    fail(code::internal, place_of(node.name, node.op), ": it has ", node.inputs.size(),
         " inputs, not an input ", index);
  }
  return graph.values.at(static_cast<size_t>(node.inputs[static_cast<size_t>(index)]));
}

std::string to_string(const Graph& graph) {
  std::string out;
  for (const Node& node : graph.nodes) {
    out += text(name_of(node.op), ' ', shape_text(graph, node.output));
    for (size_t i = 0; i < node.inputs.size(); ++i)
      out += text(i ? ", " : " ← ", value_text(graph, node.inputs[i]));
    if (node.pictures != 1) out += text("   ", node.pictures, " pictures");
    for (const PointwiseStep& step : node.epilogue) {
      if (const auto* unary = std::get_if<Unary>(&step.op)) {
        out += text(" | ", name_of(unary->kind));
        continue;
      }
      const size_t operand = static_cast<size_t>(step.operand);
      out += text(" | ", name_of(std::get<Binary>(step.op).kind), step.operand_first ? " to " : " ",
                  operand < node.inputs.size() ? value_text(graph, node.inputs[operand]) : "?");
    }
    out += text("   \"", node.name, "\"\n");
  }
  return out;
}

void add_sources(Node& node, const std::vector<int>& sources) {
  std::vector<int> all;
  std::set_union(node.sources.begin(), node.sources.end(), sources.begin(), sources.end(),
                 std::back_inserter(all));
  node.sources = std::move(all);
}

std::vector<int> makers(const Graph& graph) {
  std::vector<int> makers(graph.values.size(), -1);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    makers.at(static_cast<size_t>(graph.nodes[i].output)) = static_cast<int>(i);
  }
  return makers;
}

std::vector<int> use_counts(const Graph& graph) {
  std::vector<int> counts(graph.values.size(), 0);
  for (const Node& node : graph.nodes) {
    for (ValueId id : node.inputs) ++counts.at(static_cast<size_t>(id));
  }
  for (const Port& port : graph.outputs) ++counts.at(static_cast<size_t>(port.value));
  return counts;
}

}  // namespace fragnet
