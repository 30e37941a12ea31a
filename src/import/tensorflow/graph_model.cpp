// Finds out which nodes the outputs need and in which order they run, and lets the table of operations
// (table.cpp) import each.
#include "import/tensorflow/graph_model.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include "base/error.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

constexpr int64_t max_called_nodes = 100'000;
constexpr int max_call_depth = 32;

std::string layer(const std::string& name) {
  return "layer \"" + name + "\"";
}

// ---- Names ----

bool is_control(const std::string& input) {
  return !input.empty() && input[0] == '^';
}

// One result of a node.
struct Ref {
  size_t node = 0, result = 0;
};

struct NodeIndex {
  const std::vector<NodeDef>& nodes;
  std::map<std::string, size_t> by_name;
};

NodeIndex index_nodes(const std::vector<NodeDef>& nodes) {
  NodeIndex index{nodes, {}};
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!index.by_name.emplace(nodes[i].name, i).second) {
      fail(code::bad_topology, "two nodes of the graph are called \"", nodes[i].name, "\"");
    }
  }
  return index;
}

// "split:1" → node split, result 1; "relu" → node relu, result 0. `where` says who asks.
Ref find_ref(const NodeIndex& index, const std::string& tensor, const std::string& where) {
  const size_t colon = tensor.rfind(':');
  const std::string name = tensor.substr(0, colon);
  const std::string number = colon == std::string::npos ? "0" : tensor.substr(colon + 1);
  const bool is_number = !number.empty() && number.size() < 8 &&
                         std::all_of(number.begin(), number.end(),
                                     [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
  const auto found = index.by_name.find(name);
  if (!is_number || found == index.by_name.end()) {
    fail(code::bad_topology, where, " names \"", tensor, "\", but the graph has no such node");
  }
  return {found->second, static_cast<size_t>(std::stoi(number))};
}

// ---- Inputs and outputs ----

struct GraphInput {
  InputSpec spec;
  size_t node = 0;
};

InputSpec input_spec(const NodeDef& node, const std::string& name,
                     const std::optional<Shape>& signature_shape) {
  InputSpec spec{.name = name};
  const auto shape = node.attributes.find("shape");
  const bool has_shape = shape != node.attributes.end() && std::holds_alternative<Shape>(shape->second);
  if (has_shape) {
    spec.shape = std::get<Shape>(shape->second);
  } else {
    // A rank that nobody states is a picture's.
    spec.shape = signature_shape.value_or(Shape(4, open_extent));
  }
  const auto dtype = node.attributes.find("dtype");
  if (dtype != node.attributes.end()) {
    if (!std::holds_alternative<DType>(dtype->second)) {
      fail(code::bad_topology, "input \"", name, "\": its type is none of numbers");
    }
    spec.dtype = std::get<DType>(dtype->second);
  }
  return spec;
}

std::vector<GraphInput> find_inputs(const GraphTopology& topology, const NodeIndex& index) {
  std::vector<GraphInput> inputs;
  for (const SignatureEntry& entry : topology.inputs) {
    const Ref ref = find_ref(index, entry.tensor, "the signature's input");
    if (ref.result != 0) {
      fail(code::bad_topology, "the signature's input is \"", entry.tensor,
           "\", only a node's first result can be fed");
    }
    const bool listed =
        std::any_of(inputs.begin(), inputs.end(), [&](const GraphInput& it) { return it.node == ref.node; });
    if (!listed) inputs.push_back({input_spec(topology.nodes[ref.node], entry.name, entry.shape), ref.node});
  }
  if (!topology.inputs.empty()) return inputs;
  for (size_t i = 0; i < topology.nodes.size(); ++i) {
    const NodeDef& node = topology.nodes[i];
    if (node.op == "Placeholder") inputs.push_back({input_spec(node, node.name, std::nullopt), i});
  }
  return inputs;
}

struct GraphOutput {
  std::string name;
  Ref ref;
};

// Without a signature: the nodes that no node takes, not even as a control input. NoOp and Assert make
// nothing.
std::vector<GraphOutput> find_outputs(const GraphTopology& topology, const NodeIndex& index) {
  std::vector<GraphOutput> outputs;
  for (const SignatureEntry& entry : topology.outputs) {
    outputs.push_back({entry.name, find_ref(index, entry.tensor, "the signature's output")});
  }
  if (!outputs.empty()) return outputs;
  Flags taken(topology.nodes.size(), false);
  for (const NodeDef& node : topology.nodes) {
    for (const std::string& input : node.inputs) {
      const std::string tensor = is_control(input) ? input.substr(1) : input;
      taken[find_ref(index, tensor, layer(node.name) + ": an input").node] = true;
    }
  }
  for (size_t i = 0; i < topology.nodes.size(); ++i) {
    const NodeDef& node = topology.nodes[i];
    if (!taken[i] && node.op != "NoOp" && node.op != "Assert") outputs.push_back({node.name, {i, 0}});
  }
  return outputs;
}

// ---- Order ----

// The nodes that `wanted` need, each after those it takes, control inputs aside. Nodes that are fed need
// nothing. Depth first without recursion: a file may be as deep as it likes. Throws `bad-topology` for a
// cycle.
class Sorter {
 public:
  Sorter(const NodeIndex& index, const std::vector<GraphInput>& fed)
      : index_(index), state_(index.nodes.size(), State::unseen), refs_(index.nodes.size()) {
    for (const GraphInput& input : fed) state_[input.node] = State::done;
  }

  void visit(size_t root) {
    enter(root);
    while (!path_.empty()) {
      Step& step = path_.back();
      const std::vector<Ref>& refs = refs_[step.node];
      if (step.next_input < refs.size()) {
        enter(refs[step.next_input++].node);
        continue;
      }
      state_[step.node] = State::done;
      order_.push_back(step.node);
      path_.pop_back();
    }
  }

  const std::vector<size_t>& order() const { return order_; }
  const std::vector<Ref>& refs(size_t node) const { return refs_[node]; }

 private:
  enum class State { unseen, open, done };
  struct Step {
    size_t node, next_input = 0;
  };

  void enter(size_t node) {
    const NodeDef& def = index_.nodes[node];
    if (state_[node] == State::open) {
      fail(code::bad_topology, "the graph has a cycle: ", layer(def.name), " needs its own result");
    }
    if (state_[node] == State::done) return;
    for (const std::string& input : def.inputs) {
      if (!is_control(input)) refs_[node].push_back(find_ref(index_, input, layer(def.name) + ": an input"));
    }
    state_[node] = State::open;
    path_.push_back({node});
  }

  const NodeIndex& index_;
  std::vector<State> state_;
  std::vector<std::vector<Ref>> refs_;
  std::vector<Step> path_;
  std::vector<size_t> order_;
};

// ---- Import ----

// What all functions of a model share.
struct Shared {
  const GraphTopology& topology;
  const Weights& weights;
  GraphBuilder builder;
  int64_t elements_left = max_made_elements;
  int64_t nodes_left = max_called_nodes;  // a short loop must not run for long
  int depth = 0;                          // of calls within each other
};

// The nodes of the graph, or of one call of a function.
struct Importer : TfFunctions {
  Importer(const NodeIndex& nodes, Shared& of_all)
      : index(nodes), shared(of_all), results(nodes.nodes.size()), is_dead(nodes.nodes.size()) {}

  const NodeIndex& index;
  Shared& shared;
  std::vector<TfResults> results;  // by node
  Flags is_dead;

  ValueId value_of(const Ref& ref, const std::string& where) const {
    if (is_dead[ref.node]) return dead_value;
    const TfResults& made = results[ref.node];
    if (ref.result >= made.size()) {
      fail(code::bad_topology, where, ": \"", index.nodes[ref.node].name, ":", ref.result,
           "\" is wanted, but ", index.nodes[ref.node].op, " makes ", made.size(),
           made.size() == 1 ? " result" : " results");
    }
    return made[ref.result];
  }

  void import_node(size_t number, const std::vector<Ref>& refs) {
    const NodeDef& def = index.nodes[number];
    const std::string where = layer(def.name);
    std::vector<ValueId> inputs;
    for (const Ref& ref : refs) inputs.push_back(value_of(ref, where));
    const bool may_take_dead = def.op == "Merge" || def.op == "RefMerge";
    is_dead[number] = !may_take_dead && std::find(inputs.begin(), inputs.end(), dead_value) != inputs.end();
    if (is_dead[number]) return;
    shared.builder.begin_layer(def.name, def.op);
    results[number] = import_node_def(def, std::move(inputs), where,
                                      {shared.builder, shared.weights, shared.elements_left, *this});
    shared.builder.end_layer(results[number].empty() ? dead_value : results[number].front());
  }

  TfResults call(const TfNode& node, const std::string& function,
                 const std::vector<ValueId>& arguments) override {
    const auto found = shared.topology.functions.find(function);
    if (found == shared.topology.functions.end()) {
      fail(code::bad_topology, node.where, " calls the function \"", function,
           "\", which the model's library does not hold");
    }
    const FunctionDef& def = found->second;
    if (arguments.size() != def.arguments) {
      fail(code::bad_topology, node.where, ": the function \"", function, "\" takes ", def.arguments,
           " arguments, it is given ", arguments.size());
    }
    shared.nodes_left -= static_cast<int64_t>(def.nodes.size()) + 1;
    if (shared.nodes_left < 0 || shared.depth == max_call_depth) {
      fail(code::too_large, node.where, ": its functions call more than ", max_called_nodes,
           " nodes, or each other deeper than ", max_call_depth);
    }
    ++shared.depth;
    const NodeIndex nodes = index_nodes(def.nodes);
    std::vector<GraphInput> fed;
    for (size_t i = 0; i < def.arguments; ++i) fed.push_back({.node = i});
    Sorter sorter(nodes, fed);
    std::vector<Ref> wanted;
    for (const std::string& result : def.results) {
      wanted.push_back(find_ref(nodes, result, node.where + ": the function's result"));
      sorter.visit(wanted.back().node);
    }
    Importer body(nodes, shared);
    for (size_t i = 0; i < def.arguments; ++i) body.results[i] = {arguments[i]};
    for (size_t each : sorter.order()) body.import_node(each, sorter.refs(each));
    TfResults made;
    for (const Ref& ref : wanted) made.push_back(body.value_of(ref, node.where));
    --shared.depth;
    return made;
  }
};

}  // namespace

std::vector<InputSpec> graph_model_inputs(const GraphTopology& topology) {
  std::vector<InputSpec> specs;
  for (GraphInput& input : find_inputs(topology, index_nodes(topology.nodes)))
    specs.push_back(std::move(input.spec));
  return specs;
}

Graph import_graph_model(const GraphTopology& topology, const Weights& weights, const InputShapes& shapes) {
  const NodeIndex index = index_nodes(topology.nodes);
  const std::vector<GraphInput> inputs = find_inputs(topology, index);
  const std::vector<GraphOutput> outputs = find_outputs(topology, index);

  Sorter sorter(index, inputs);
  for (const GraphOutput& output : outputs) sorter.visit(output.ref.node);
  if (outputs.empty()) {
    for (size_t i = 0; i < topology.nodes.size(); ++i) sorter.visit(i);  // finds the cycle
    fail(code::bad_topology, "the graph has no output: every node feeds another");
  }

  Shared shared{.topology = topology, .weights = weights};
  Importer importer(index, shared);
  for (const GraphInput& input : inputs) {
    const auto shape = shapes.find(input.spec.name);
    if (shape == shapes.end() || !is_closed(shape->second)) {
      fail(code::bad_input, "input \"", input.spec.name, "\": the shape ", to_string(input.spec.shape),
           " is to be closed before the graph is built");
    }
    importer.results[input.node] = {
        shared.builder.add_input(input.spec.name, input.spec.dtype, shape->second)};
  }
  for (size_t node : sorter.order()) importer.import_node(node, sorter.refs(node));
  for (const GraphOutput& output : outputs) {
    const std::string where = "output \"" + output.name + "\"";
    const ValueId value = importer.value_of(output.ref, where);
    if (value == dead_value) fail(code::bad_topology, where, " hangs on a branch that is not taken");
    shared.builder.add_output(output.name, value);
  }
  return shared.builder.finish();
}

}  // namespace fragnet
