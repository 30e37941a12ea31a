// The tool with which passes edit a graph: take the nodes out, put back what shall stay, name what a value
// became.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graph/graph.hpp"

namespace fragnet {

class Rewrite {
 public:
  explicit Rewrite(Graph& graph) : graph_(graph) {}

  // The nodes in order; the graph has none until put() fills it again and finish() ends the pass.
  std::vector<Node> take_nodes() { return std::exchange(graph_.nodes, {}); }

  // Appends the node; its inputs are looked up among the replaced values.
  void put(Node node);
  // Appends a new node and returns its value. The result's type is inferred. (Names come by value: the caller may hold a
  // reference to one of the values, which move when a value is added.)
  ValueId put_new(std::string name, Op op, std::vector<ValueId> inputs);
  ValueId new_value(std::string name, DType dtype, Shape shape);
  ValueId new_constant(std::string name, Tensor tensor);

  // From here on, whoever uses `value` uses `by`.
  void replace(ValueId value, ValueId by);
  ValueId current(ValueId value) const;

  const Value& value(ValueId id) const { return graph_.values[static_cast<size_t>(id)]; }
  Value& value(ValueId id) { return graph_.values[static_cast<size_t>(id)]; }

  void finish();  // renames the outputs

 private:
  Graph& graph_;
  std::vector<ValueId> replaced_;  // by value; -1: itself
};

}  // namespace fragnet
