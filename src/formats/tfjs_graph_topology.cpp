// Graph-models: the nodes of a TensorFlow GraphDef as JSON, and the signature that names its inputs and
// outputs, and the library of functions that control flow calls.
#include <set>

#include "base/error.hpp"
#include "formats/tfjs_parts.hpp"

namespace fragnet {
namespace {

// Constants inside nodes are rare and small, but one value may stand for a whole tensor of them.
constexpr int64_t max_inline_elements = int64_t{1} << 22;

const std::string& text_member(const Json& node, const char* name, size_t index) {
  const Json* member = find_member(node, {name});
  if (!member || !member->is_string())
    fail(code::bad_topology, "node ", index, " of the graph has no ", name);
  return member->get_ref<const std::string&>();
}

NodeDef parse_node(const Json& json, size_t index, int64_t& inline_elements) {
  NodeDef node;
  node.name = text_member(json, "name", index);
  node.op = text_member(json, "op", index);
  const std::string where = "node " + in_quotes(node.name) + " (" + in_quotes(node.op) + ")";
  if (const Json* inputs = find_member(json, {"input"})) {
    if (!inputs->is_array())
      fail(code::bad_topology, where, ": its input is ", kind_of(*inputs), ", not an array");
    node.inputs.reserve(inputs->size());
    for (const Json& input : *inputs) {
      if (!input.is_string())
        fail(code::bad_topology, where, ": an input is ", kind_of(input), ", not a name");
      node.inputs.push_back(input.get<std::string>());
    }
  }
  if (const Json* attributes = find_member(json, {"attr"})) {
    if (!attributes->is_object()) {
      fail(code::bad_topology, where, ": its attr is ", kind_of(*attributes), ", not an object");
    }
    for (const auto& [name, value] : attributes->items()) {
      auto attribute = parse_attribute(value, inline_elements, where + ", attribute " + in_quotes(name));
      if (attribute) node.attributes.emplace(name, std::move(*attribute));
    }
  }
  return node;
}

// "split:1" → "split", "input_1:0" → "input_1"
std::string node_of(const std::string& tensor) {
  return tensor.substr(0, tensor.find(':'));
}

// TensorFlow.js calls a port by its node, and lists ports in the order of the signature's keys; a tensor that
// two keys name is listed once; entries that name no node (a converter pruned it) are passed over.
std::vector<SignatureEntry> parse_ports(const Json& signature, const char* side,
                                        const std::vector<std::string>& keys,
                                        const std::set<std::string>& nodes) {
  std::vector<SignatureEntry> entries;
  const Json* ports = find_member(signature, {side});
  if (!ports) return entries;
  if (!ports->is_object()) {
    fail(code::bad_topology, "the ", side, " of the signature are ", kind_of(*ports), ", not an object");
  }
  std::set<std::string> listed;
  std::string missing;
  for (const std::string& key : keys) {
    const Json* port = find_member(*ports, {key.c_str()});
    if (!port) continue;
    SignatureEntry entry;
    const Json* tensor = find_member(*port, {"name"});
    entry.tensor = tensor && tensor->is_string() ? tensor->get<std::string>() : key;
    if (!nodes.count(node_of(entry.tensor))) {
      missing = entry.tensor;
      continue;
    }
    if (!listed.insert(entry.tensor).second) continue;
    const bool first_output = entry.tensor.size() > 2 && entry.tensor.substr(entry.tensor.size() - 2) == ":0";
    entry.name = first_output ? node_of(entry.tensor) : entry.tensor;
    if (const Json* shape = find_member(*port, {"tensorShape", "tensor_shape"})) {
      entry.shape = parse_tensor_shape(*shape, "the signature's " + in_quotes(key));
    }
    entries.push_back(std::move(entry));
  }
  if (entries.empty() && !missing.empty()) {
    fail(code::bad_topology, "the signature names ", in_quotes(missing), " among its ", side,
         ", but the graph has no such node");
  }
  return entries;
}

// ---- Functions ----

// In a function's body "split:output:1" is a result by the name of the operation's output. Of operations with several named
// outputs only those of control flow are known.
std::string result_of(const std::string& written) {
  const size_t first = written.find(':'), second = written.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return written;
  const std::string output = written.substr(first + 1, second - first - 1);
  const std::string node = written.substr(0, first);
  if (output == "output_true" || output == "value_index") return node + ":1";
  for (const char* unknown : {"batch_mean", "batch_variance", "reserve_space", "indices"}) {
    if (output.rfind(unknown, 0) == 0)
      return written;  // which names no node, and is refused where it is needed
  }
  return node + written.substr(second);
}

std::vector<std::string> names_in(const Json& signature, std::initializer_list<const char*> keys) {
  std::vector<std::string> names;
  const Json* list = find_member(signature, keys);
  if (!list || !list->is_array()) return names;
  for (const Json& argument : *list) names.push_back(text_member(argument, "name", names.size()));
  return names;
}

void parse_function(const Json& json, GraphTopology& topology, int64_t& inline_elements) {
  const Json* signature = find_member(json, {"signature"});
  if (!signature) return;  // nobody can call it
  FunctionDef function;
  for (std::string& name : names_in(*signature, {"inputArg", "input_arg"}))
    function.nodes.push_back({.name = std::move(name), .op = "_Arg"});
  function.arguments = function.nodes.size();
  if (const Json* nodes = find_member(json, {"nodeDef", "node_def"}); nodes && nodes->is_array()) {
    for (const Json& node : *nodes) {
      function.nodes.push_back(parse_node(node, function.nodes.size(), inline_elements));
      for (std::string& input : function.nodes.back().inputs) input = result_of(input);
    }
  }
  const Json* results = find_member(json, {"ret"});
  for (const std::string& name : names_in(*signature, {"outputArg", "output_arg"})) {
    const Json* result = results ? find_member(*results, {name.c_str()}) : nullptr;
    if (!result || !result->is_string())
      fail(code::bad_topology, "a function of the graph's library does not return its ", in_quotes(name));
    function.results.push_back(result_of(result->get_ref<const std::string&>()));
  }
  topology.functions[text_member(*signature, "name", topology.functions.size())] = std::move(function);
}

}  // namespace

NodeDef parse_node(const Json& json) {
  int64_t inline_elements = max_inline_elements;
  return parse_node(json, 0, inline_elements);
}

GraphTopology parse_graph_topology(const Json& graph, const Json* signature, const KeyOrder& order,
                                   const std::string& order_path) {
  const Json& list = graph.at("node");
  if (!list.is_array())
    fail(code::bad_topology, "the graph's node is ", kind_of(list), ", an array was expected");
  if (list.empty()) fail(code::bad_topology, "the graph has no nodes");
  GraphTopology topology;
  topology.nodes.reserve(list.size());
  std::set<std::string> names;
  int64_t inline_elements = max_inline_elements;
  for (const Json& json : list) {
    topology.nodes.push_back(parse_node(json, topology.nodes.size(), inline_elements));
    const std::string& name = topology.nodes.back().name;
    if (!names.insert(name).second)
      fail(code::bad_topology, "two nodes of the graph are called ", in_quotes(name));
  }
  const Json* library = find_member(graph, {"library"});
  const Json* functions = library ? find_member(*library, {"function"}) : nullptr;
  if (functions && functions->is_array()) {
    for (const Json& function : *functions) parse_function(function, topology, inline_elements);
  }
  if (signature) {
    topology.inputs = parse_ports(*signature, "inputs", order.at(order_path + "/inputs"), names);
    topology.outputs = parse_ports(*signature, "outputs", order.at(order_path + "/outputs"), names);
  }
  return topology;
}

}  // namespace fragnet
