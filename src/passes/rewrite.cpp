#include "passes/rewrite.hpp"

#include "base/error.hpp"

namespace fragnet {

Rewrite::Rewrite(Graph& graph) : graph_(graph) {
  for (const Node& node : graph.nodes) {
    const auto [known, is_new] = number_of_name_.emplace(node.name, static_cast<int>(sources_.size()));
    if (is_new) sources_.push_back({});
    Node& all = sources_[static_cast<size_t>(known->second)];
    add_sources(all, node.sources);
  }
  for (size_t i = 0; i < graph.inputs.size() && i < graph.layers.size(); ++i) {
    const bool is_new =
        number_of_name_.emplace(graph.layers[i].name, static_cast<int>(sources_.size())).second;
    if (is_new) sources_.push_back({.sources = {static_cast<int>(i)}});
  }
}

ValueId Rewrite::current(ValueId value) const {
  while (static_cast<size_t>(value) < replaced_.size() && replaced_[static_cast<size_t>(value)] >= 0) {
    value = replaced_[static_cast<size_t>(value)];
  }
  return value;
}

void Rewrite::replace(ValueId value, ValueId by) {
  by = current(by);
  if (by == value) return;
  if (replaced_.size() <= static_cast<size_t>(value)) replaced_.resize(static_cast<size_t>(value) + 1, -1);
  replaced_[static_cast<size_t>(value)] = by;
}

void Rewrite::put(Node node) {
  for (ValueId& input : node.inputs) input = current(input);
  graph_.nodes.push_back(std::move(node));
}

ValueId Rewrite::new_value(std::string name, DType dtype, Shape shape) {
  graph_.values.push_back({.name = std::move(name), .dtype = dtype, .shape = std::move(shape)});
  return static_cast<ValueId>(graph_.values.size()) - 1;
}

ValueId Rewrite::new_constant(std::string name, Tensor tensor) {
  const ValueId id = new_value(std::move(name), tensor.dtype, tensor.shape);
  value(id).constant = std::move(tensor);
  return id;
}

ValueId Rewrite::put_new(std::string name, Op op, std::vector<ValueId> inputs) {
  std::vector<ValueType> types;
  for (ValueId& input : inputs) {
    input = current(input);
    types.push_back({value(input).dtype, value(input).shape});
  }
  const ValueType type = infer_type(op, types, text("layer \"", name, "\""));
  const ValueId output = new_value(name, type.dtype, type.shape);
  const auto known = number_of_name_.find(name);
  std::vector<int> sources;
  if (known != number_of_name_.end()) sources = sources_[static_cast<size_t>(known->second)].sources;
  graph_.nodes.push_back({.name = std::move(name),
                          .op = std::move(op),
                          .inputs = std::move(inputs),
                          .output = output,
                          .sources = std::move(sources)});
  return output;
}

void Rewrite::finish() {
  for (Port& port : graph_.outputs) port.value = current(port.value);
}

}  // namespace fragnet
