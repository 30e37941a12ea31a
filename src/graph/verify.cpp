// What a legal graph is.
#include <algorithm>

#include "base/error.hpp"
#include "graph/graph.hpp"
#include "graph/rearrange.hpp"

namespace fragnet {
namespace {

class Verifier {
 public:
  Verifier(const Graph& graph, const std::string& after) : graph_(graph), after_(after) {}

  void run() {
    check_values();
    check_inputs();
    for (const Node& node : graph_.nodes) {
      place_ = place_of(node.name, node.op);
      check_order(node);
      if (std::holds_alternative<Rearrange>(node.op)) {
        check_rearrange(node);
      } else if (!std::holds_alternative<Pointwise>(node.op)) {
        check_type(node);
      }
      check_pointwise(node);
      check_sources(node);
    }
    check_outputs();
  }

 private:
  template <class... Parts>
  [[noreturn]] void broken(const Parts&... parts) const {
    fail(code::internal, "after ", after_, ": ", parts...);
  }

  const Value& value(ValueId id) const { return graph_.values[static_cast<size_t>(id)]; }

  void check_id(ValueId id, const std::string& who) const {
    if (id < 0 || static_cast<size_t>(id) >= graph_.values.size()) {
      broken(who, " names the value ", id, ", the graph has ", graph_.values.size());
    }
  }

  // Every value has a closed shape; a constant's tensor agrees with it. Only lists of constants may be empty.
  void check_values() {
    known_.assign(graph_.values.size(), false);
    for (size_t i = 0; i < graph_.values.size(); ++i) {
      const Value& it = graph_.values[i];
      const std::string who = text("value ", i, " \"", it.name, "\"");
      if (!is_closed(it.shape)) broken(who, " has the open shape ", to_string(it.shape));
      int64_t count = 0;
      try {
        count = element_count(it.shape);
      } catch (const Error& error) {
        broken(who, ": ", error.what());
      }
      if (count == 0 && !it.constant)
        broken(who, " has the shape ", to_string(it.shape), ", which holds no element");
      if (!it.constant) continue;
      known_[i] = true;
      if (it.constant->shape != it.shape || it.constant->dtype != it.dtype) {
        broken(who, " is ", to_string(it.dtype), " ", to_string(it.shape), ", its constant is ",
               to_string(it.constant->dtype), " ", to_string(it.constant->shape));
      }
      const size_t bytes = static_cast<size_t>(count * bytes_of(it.constant->encoding));
      if (it.constant->bytes.size() != bytes) {
        broken(who, " needs ", bytes, " bytes, its constant has ", it.constant->bytes.size());
      }
    }
  }

  void check_inputs() {
    for (const Port& port : graph_.inputs) {
      const std::string who = "the input \"" + port.name + "\"";
      check_id(port.value, who);
      if (known_[static_cast<size_t>(port.value)]) broken(who, " is a constant or another input");
      known_[static_cast<size_t>(port.value)] = true;
    }
  }

  // A node's inputs are known before it runs, and it makes a value that nobody else makes.
  void check_order(const Node& node) {
    for (ValueId id : node.inputs) {
      check_id(id, place_);
      if (!known_[static_cast<size_t>(id)]) broken(place_, " uses the value ", id, " before it is made");
    }
    check_id(node.output, place_);
    if (known_[static_cast<size_t>(node.output)]) {
      broken(place_, " makes the value ", node.output, ", which is an input, a constant or made already");
    }
    known_[static_cast<size_t>(node.output)] = true;
  }

  std::vector<ValueType> input_types(const Node& node) const {
    std::vector<ValueType> types;
    for (ValueId id : node.inputs) types.push_back({value(id).dtype, value(id).shape});
    return types;
  }

  // The pictures as the one that they stand for.
  void join_pictures(const Node& node, std::vector<ValueType>& types) const {
    const bool can_have_more = std::holds_alternative<Conv2d>(node.op) ||
                               std::holds_alternative<Conv2dTranspose>(node.op) ||
                               std::holds_alternative<DepthwiseConv2d>(node.op);
    if (node.pictures < 1 || (node.pictures > 1 && !can_have_more)) {
      broken(place_, ": a ", name_of(node.op), " with ", node.pictures, " pictures");
    }
    const size_t pictures = static_cast<size_t>(node.pictures);
    if (pictures == 1) return;
    if (types.size() < pictures) broken(place_, ": ", pictures, " pictures but ", types.size(), " inputs");
    const std::vector<ValueType> parts(types.begin(), types.begin() + node.pictures);
    types.erase(types.begin() + 1, types.begin() + node.pictures);
    types[0] = infer_type(Concat{.axis = 3}, parts, place_);
  }

  // The output's type is what infer_type() says. Operands of the epilogue follow the operation's own inputs;
  // what the epilogue does to the dtype is its maker's affair, the shape stays.
  void check_type(const Node& node) const {
    const Value& output = value(node.output);
    std::vector<ValueType> types = input_types(node);
    ValueType wanted;
    try {
      join_pictures(node, types);
      if (!node.epilogue.empty()) types.resize(std::min(types.size(), own_inputs(node)));
      wanted = infer_type(node.op, types, place_);
    } catch (const Error& error) {
      broken(error.what());
    }
    if (wanted.shape != output.shape || (node.epilogue.empty() && wanted.dtype != output.dtype)) {
      broken(place_, ": the result of ", name_of(node.op), " is ", to_string(wanted.dtype), " ",
             to_string(wanted.shape), ", its value says ", to_string(output.dtype), " ",
             to_string(output.shape));
    }
  }

  // How many inputs the operation itself takes, pictures counted as one; a concatenation takes all that is no
  // operand.
  size_t own_inputs(const Node& node) const {
    struct Count {
      size_t operator()(const Conv2d&) const { return 2; }
      size_t operator()(const DepthwiseConv2d&) const { return 2; }
      size_t operator()(const Conv2dTranspose&) const { return 2; }
      size_t operator()(const MatMul&) const { return 2; }
      size_t operator()(const Binary&) const { return 2; }
      size_t operator()(const Select&) const { return 3; }
      size_t operator()(const Concat&) const { return inputs; }
      size_t operator()(const Unary&) const { return 1; }
      size_t operator()(const Reduce&) const { return 1; }
      size_t operator()(const Softmax&) const { return 1; }
      size_t operator()(const Pool2d&) const { return 1; }
      size_t operator()(const Resize&) const { return 1; }
      size_t operator()(const Reshape&) const { return 1; }
      size_t operator()(const Transpose&) const { return 1; }
      size_t operator()(const Slice&) const { return 1; }
      size_t operator()(const Pad&) const { return 1; }
      size_t operator()(const Tile&) const { return 1; }
      size_t operator()(const Gather&) const { return 1; }
      size_t operator()(const SpaceToBatch&) const { return 1; }
      size_t operator()(const BatchToSpace&) const { return 1; }
      size_t operator()(const Pointwise&) const { return 1; }
      size_t operator()(const Rearrange&) const { return 1; }
      size_t inputs;
    };
    size_t first_operand = node.inputs.size();
    for (const PointwiseStep& step : node.epilogue) {
      if (step.operand >= 0) first_operand = std::min(first_operand, static_cast<size_t>(step.operand));
    }
    return std::visit(Count{first_operand}, node.op);
  }

  void check_rearrange(const Node& node) const {
    if (node.inputs.empty()) broken(place_, ": a rearrange without an input");
    const Rearrange& op = std::get<Rearrange>(node.op);
    if (op.extents.size() > max_rearrange_extents) {
      broken(place_, ": a rearrange over ", op.extents.size(), " extents, at most ", max_rearrange_extents,
             " are allowed");
    }
    const std::string fault =
        fault_of(op, element_count(value(node.inputs[0]).shape), element_count(value(node.output).shape));
    if (!fault.empty()) broken(place_, ": rearrange: ", fault);
  }

  // What is combined with the result element by element is broadcast to the result's shape, never the other
  // way.
  void check_pointwise(const Node& node) const {
    const Shape& shape = value(node.output).shape;
    if (std::holds_alternative<Pointwise>(node.op)) {
      if (node.inputs.empty()) broken(place_, ": a pointwise without an input");
      check_broadcast(node, 0, shape);
    }
    for (const PointwiseStep& step : node.epilogue) {
      if (std::holds_alternative<Unary>(step.op)) {
        if (step.operand != -1)
          broken(place_, ": the unary step of its epilogue has the operand ", step.operand);
        continue;
      }
      if (step.operand < 0 || static_cast<size_t>(step.operand) >= node.inputs.size()) {
        broken(place_, ": its epilogue names the operand ", step.operand, " of ", node.inputs.size(),
               " inputs");
      }
      check_broadcast(node, step.operand, shape);
    }
  }

  void check_broadcast(const Node& node, int index, const Shape& shape) const {
    const Shape& operand = input_value(graph_, node, index).shape;
    bool fits = operand.size() <= shape.size();
    for (size_t i = 0; fits && i < operand.size(); ++i) {  // i counts from the innermost extent
      const int extent = operand[operand.size() - 1 - i];
      fits = extent == 1 || extent == shape[shape.size() - 1 - i];
    }
    if (!fits) {
      broken(place_, ": the operand ", index, " has the shape ", to_string(operand),
             ", which is not broadcast to ", to_string(shape));
    }
  }

  void check_sources(const Node& node) const {
    for (const int layer : node.sources) {
      if (layer < 0 || static_cast<size_t>(layer) >= graph_.layers.size())
        broken(place_, " does work of the layer ", layer, ", the graph has ", graph_.layers.size());
    }
  }

  void check_outputs() const {
    if (graph_.outputs.empty()) broken("the graph has no output");
    for (const Port& port : graph_.outputs) {
      const std::string who = "the output \"" + port.name + "\"";
      check_id(port.value, who);
      if (!known_[static_cast<size_t>(port.value)]) broken(who, " is a value that nobody makes");
    }
  }

  const Graph& graph_;
  const std::string& after_;
  Flags known_;        // inputs, constants, and what the nodes so far have made
  std::string place_;  // of the node being checked
};

}  // namespace

void verify(const Graph& graph, const std::string& after) {
  Verifier(graph, after).run();
}

}  // namespace fragnet
