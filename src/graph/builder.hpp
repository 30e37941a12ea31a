// Builds a graph node by node. Every node's type is inferred at once, and a node whose inputs are all
// constants is evaluated at once, so that sizes which a model computes (Shape → StridedSlice → Pack) are
// numbers when they are needed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace fragnet {

class GraphBuilder {
 public:
  ValueId add_input(const std::string& name, DType dtype, Shape shape);
  ValueId add_constant(const std::string& name, Tensor tensor);
  // Returns the value of the new node, or of a constant where evaluate() could compute it. Throws as
  // infer_type(), `bad-value` for an integer division by zero, `too-large` when the constants to compute go
  // beyond all reason.
  ValueId add(const std::string& name, Op op, std::vector<ValueId> inputs);
  // What is added until end_layer() is work of the layer of this name and kind, which may be used several times; layers may
  // be within one another. `result`: the first that the layer makes. A layer of which only a constant is left is forgotten.
  void begin_layer(const std::string& name, const std::string& kind);
  void end_layer(ValueId result);
  void add_output(const std::string& name, ValueId value);
  void add_statistics(ValueId value, ChannelStatistics statistics);
  void warn(const std::string& sentence);  // says a sentence once

  const Value& value(ValueId id) const { return graph_.values[static_cast<size_t>(id)]; }
  const Shape& shape(ValueId id) const { return value(id).shape; }
  // The numbers of a constant; throws `unsupported-op` with `where` if the value is not one ("… must be known
  // when the model is loaded").
  std::vector<int32_t> constant_ints(ValueId id, const std::string& where) const;
  std::vector<float> constant_floats(ValueId id, const std::string& where) const;

  Graph finish();  // drops nothing; verify() holds

 private:
  ValueId add_value(Value value);

  Graph graph_;
  std::map<std::string, int> layer_numbers_;  // by kind and name
  std::vector<int> open_layers_;              // the innermost one last
  // What evaluate() has made and read so far: a short file must not cost a long time or much memory.
  int64_t evaluated_bytes_ = 0, evaluated_elements_ = 0;
};

// Computes an operation on the host, slowly and plainly; nullopt for operations that only a device does
// (convolutions, pooling, resizing) or for results above a million elements. Reshape, Transpose and Slice
// work at any size and keep the encoding (uint8 stays uint8). int32 arithmetic stays int32 and wraps;
// dividing an int32 by zero is `bad-value`. The operation is legal for its inputs, and `result` is what
// infer_type() says.
std::optional<Tensor> evaluate(const Op& op, const std::vector<Tensor>& inputs, const ValueType& result);

}  // namespace fragnet
