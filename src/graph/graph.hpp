// A network as the engine sees it: values by id, nodes in the order in which they run. Every node makes
// exactly one value. All shapes are closed and every constant is known: importers (src/import) build a graph
// for given input shapes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/tensor.hpp"
#include "graph/ops.hpp"

namespace fragnet {

using ValueId = int;

struct Value {
  std::string name;  // of the layer or node that makes it, as the model file calls it
  DType dtype = DType::float32;
  Shape shape;
  std::optional<Tensor> constant;
};

// A pointwise operation done on a node's result v in the same shader: v = f(v), or v = f(v, operand).
struct PointwiseStep {
  std::variant<Unary, Binary> op;
  int operand = -1;            // for Binary: index into Node::inputs
  bool operand_first = false;  // f(operand, v) instead of f(v, operand)
};

// A layer of the model's file, as its author knows it: a layer of Keras's or of PyTorch's, or a node of TensorFlow's.
struct Layer {
  std::string name, kind;  // "decoder/up_3", "Conv2DTranspose"
  Shape shape;             // of its first result
};

struct Node {
  std::string name;
  Op op;
  std::vector<ValueId> inputs;
  ValueId output = -1;
  // The layers that the node does work of, which every pass carries on: indices into Graph::layers, in order.
  std::vector<int> sources;
  // Filled in by passes. A convolution may have several pictures instead of one: its inputs are then
  // picture 0 … picture n-1, kernel, operands…, and it acts on their concatenation along the channels.
  int pictures = 1;
  std::vector<PointwiseStep> epilogue;
};

// What TensorFlow.js calls the tensor, and which value it is.
struct Port {
  std::string name;
  ValueId value = -1;
};

// What a batch norm has seen of a value while it was trained, by channel.
struct ChannelStatistics {
  std::vector<float> mean, variance;
};

struct Graph {
  std::vector<Value> values;
  std::vector<Node> nodes;  // each after the makers of its inputs
  std::vector<Port> inputs, outputs;
  std::vector<Layer>
      layers;  // in the order in which they were imported; those that became constants are left out
  std::map<ValueId, ChannelStatistics> statistics;  // as imported: of values that a batch norm reads
  std::vector<std::string> warnings;  // sentences: what the file left open, and what was taken for it
};

// `layer "up_3"`, or `a conv2d` for a node without a name: opens the messages about it.
std::string place_of(const std::string& name, const Op& op);

const Value& input_value(const Graph& graph, const Node& node, int index);
std::string to_string(
    const Graph& graph);  // one node a line: `conv2d [1, 128, 128, 4] ← input_1, kernel   "conv2d_1"`

// The node does the work of these layers, too.
void add_sources(Node& node, const std::vector<int>& sources);

// The node that makes each value (-1: an input or a constant), and how many nodes and outputs use each value.
std::vector<int> makers(const Graph& graph);
std::vector<int> use_counts(const Graph& graph);

// What is legal, in one place. Run after import and after every pass; throws `internal` naming `after`.
void verify(const Graph& graph, const std::string& after);

}  // namespace fragnet
