// The tool with which passes edit a graph: take the nodes out, put back what shall stay, name what a value
// became.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.hpp"

namespace fragnet {

class Rewrite {
 public:
  explicit Rewrite(Graph& graph);

  // The nodes in order; the graph has none until put() fills it again and finish() ends the pass.
  std::vector<Node> take_nodes() { return std::exchange(graph_.nodes, {}); }

  // Appends the node; its inputs are looked up among the replaced values.
  void put(Node node);
  // Appends a new node and returns its value. The result's type is inferred. It does work of the layers that the nodes, or
  // else the input, of this name did work of. (Names come by value: the caller may hold a
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
  // The layers of the nodes and inputs of each name: an index into nodes that hold nothing else.
  std::map<std::string, int> number_of_name_;
  std::vector<Node> sources_;
};

}  // namespace fragnet
