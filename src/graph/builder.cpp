#include "graph/builder.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "graph/infer_type.hpp"

namespace fragnet {
namespace {

// A published model folds a few megabytes. A transposed copy of the largest kernels we know is 200 MB.
constexpr int64_t max_evaluated_bytes = int64_t{1} << 29;
constexpr int64_t max_evaluated_work = int64_t{1} << 30;

// Empty lists of numbers (a reduction over no axes) are constants; everything else has elements.
void check_not_empty(const Shape& shape, const std::string& where) {
  if (element_count(shape, where) == 0) {
    fail(code::bad_shape, where, ": the shape ", to_string(shape), " holds no element");
  }
}

}  // namespace

ValueId GraphBuilder::add_value(Value value) {
  graph_.values.push_back(std::move(value));
  return static_cast<ValueId>(graph_.values.size() - 1);
}

ValueId GraphBuilder::add_input(const std::string& name, DType dtype, Shape shape) {
  check_not_empty(shape, "input \"" + name + "\"");
  const ValueId id = add_value({.name = name, .dtype = dtype, .shape = shape});
  graph_.inputs.push_back({name, id});
  graph_.layers.push_back({name, "input", std::move(shape)});
  return id;
}

void GraphBuilder::begin_layer(const std::string& name, const std::string& kind) {
  const auto [layer, is_new] =
      layer_numbers_.emplace(kind + ' ' + name, static_cast<int>(graph_.layers.size()));
  if (is_new) graph_.layers.push_back({name, kind});
  open_layers_.push_back(layer->second);
}

void GraphBuilder::end_layer(ValueId result) {
  const int number = open_layers_.back();
  open_layers_.pop_back();
  Layer& layer = graph_.layers[static_cast<size_t>(number)];
  if (result >= 0 && layer.shape.empty()) layer.shape = shape(result);
  const bool is_last = static_cast<size_t>(number) + 1 == graph_.layers.size();
  const bool has_nodes = !graph_.nodes.empty() && graph_.nodes.back().sources == std::vector<int>{number};
  const bool is_constant = result < 0 || value(result).constant;
  if (!is_last || has_nodes || !is_constant) return;
  layer_numbers_.erase(layer.kind + ' ' + layer.name);
  graph_.layers.pop_back();
}

ValueId GraphBuilder::add_constant(const std::string& name, Tensor tensor) {
  const std::string where = "constant \"" + name + "\"";
  const int64_t bytes = element_count(tensor.shape, where) * bytes_of(tensor.encoding);
  if (tensor.bytes.size() != static_cast<size_t>(bytes)) {
    fail(code::bad_weights, where, ": the shape ", to_string(tensor.shape), " needs ", bytes,
         " bytes, there are ", tensor.bytes.size());
  }
  return add_value(
      {.name = name, .dtype = tensor.dtype, .shape = tensor.shape, .constant = std::move(tensor)});
}

ValueId GraphBuilder::add(const std::string& name, Op op, std::vector<ValueId> inputs) {
  const std::string where = place_of(name, op);
  std::vector<ValueType> types;
  std::vector<Tensor> constants;
  for (ValueId id : inputs) {
    if (id < 0 || static_cast<size_t>(id) >= graph_.values.size()) {
      fail(code::internal, where, ": its input is the value ", id, ", the graph has ", graph_.values.size());
    }
    types.push_back({value(id).dtype, value(id).shape});
    if (value(id).constant) constants.push_back(*value(id).constant);
  }
  const ValueType type = infer_type(op, types, where);
  if (!types.empty()) refuse_vain_work(op, types[0].shape, type.shape, where);

  if (constants.size() == inputs.size()) {
    if (!std::holds_alternative<Reshape>(op)) {  // which shares its input's bytes
      evaluated_elements_ += element_count(type.shape);
      for (const Tensor& tensor : constants) evaluated_elements_ += element_count(tensor.shape);
    }
    if (evaluated_bytes_ > max_evaluated_bytes || evaluated_elements_ > max_evaluated_work) {
      fail(code::too_large, where, ": the model computes more than ", max_evaluated_bytes,
           " bytes of constants from its constants");
    }
    std::optional<Tensor> constant;
    try {
      constant = evaluate(op, constants, type);
    } catch (const Error& error) {
      fail(error.code(), where, ": ", error.what());
    }
    if (constant) {
      if (!std::holds_alternative<Reshape>(op))
        evaluated_bytes_ += static_cast<int64_t>(constant->bytes.size());
      return add_constant(name, std::move(*constant));
    }
  }
  check_not_empty(type.shape, where);
  const ValueId output = add_value({.name = name, .dtype = type.dtype, .shape = type.shape});
  Node& node = graph_.nodes.emplace_back(
      Node{.name = name, .op = std::move(op), .inputs = std::move(inputs), .output = output});
  if (!open_layers_.empty()) node.sources = {open_layers_.back()};
  return output;
}

void GraphBuilder::add_output(const std::string& name, ValueId value) {
  graph_.outputs.push_back({name, value});
}

void GraphBuilder::warn(const std::string& sentence) {
  std::vector<std::string>& said = graph_.warnings;
  if (std::find(said.begin(), said.end(), sentence) == said.end()) said.push_back(sentence);
}

std::vector<int32_t> GraphBuilder::constant_ints(ValueId id, const std::string& where) const {
  const Value& it = value(id);
  if (!it.constant) {
    fail(code::unsupported_op, where, ": \"", it.name, "\" must be known when the model is loaded");
  }
  try {
    return to_ints(*it.constant);
  } catch (const Error& error) {
    fail(error.code(), where, ": \"", it.name, "\": ", error.what());
  }
}

std::vector<float> GraphBuilder::constant_floats(ValueId id, const std::string& where) const {
  const Value& it = value(id);
  if (!it.constant) {
    fail(code::unsupported_op, where, ": \"", it.name, "\" must be known when the model is loaded");
  }
  return to_floats(*it.constant);
}

void GraphBuilder::add_statistics(ValueId value, ChannelStatistics statistics) {
  graph_.statistics[value] = std::move(statistics);
}

Graph GraphBuilder::finish() {
  verify(graph_, "import");
  return std::move(graph_);
}

}  // namespace fragnet
