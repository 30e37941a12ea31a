// TensorFlowOpLayer: what Keras makes of a TensorFlow function that a model calls between its layers. Its
// configuration holds the TensorFlow node (as an object, or as JSON in a text), which is imported like those of
// graph-models, and the constants among the node's inputs.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "formats/json_access.hpp"
#include "import/keras/layer.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

// A layer has no library of functions.
struct NoFunctions : TfFunctions {
  TfResults call(const TfNode& node, const std::string& function, const std::vector<ValueId>&) override {
    fail(code::unsupported_op, node.where, " calls the function \"", function, "\", which no layer holds");
  }
};

struct Numbers {
  Shape shape;
  std::vector<double> values;
  bool are_whole = true;
};

// A number, or lists of lists of them, of which those of one depth are equally long.
void read_numbers(const KerasConfig& config, const Json& json, size_t depth, Numbers& numbers) {
  const bool is_number = json.is_number() && depth == numbers.shape.size() &&
                         std::abs(json.get<double>()) <= std::numeric_limits<float>::max();
  const bool is_list = json.is_array() && !json.empty() && json.size() <= max_elements && depth < max_rank;
  if (is_list && numbers.values.empty() && depth == numbers.shape.size())
    numbers.shape.push_back(static_cast<int>(json.size()));
  const bool fits = depth < numbers.shape.size() && json.size() == static_cast<size_t>(numbers.shape[depth]);
  if (!is_number && !(is_list && fits)) {
    fail(code::bad_topology, config.where, ": a constant of the TensorFlow node must be numbers, it is ",
         shown(json));
  }
  if (is_number) {
    numbers.values.push_back(json.get<double>());
    numbers.are_whole = numbers.are_whole && json.is_number_integer();
    return;
  }
  for (const Json& part : json) read_numbers(config, part, depth + 1, numbers);
}

// Whole numbers are sizes and axes, but where an operation takes elements of one kind.
ValueId add_constant_input(KerasLayer& layer, const NodeDef& def, const Json& json) {
  Numbers numbers;
  read_numbers(layer.config, json, 0, numbers);
  const auto is_op = [&](const TfOp& op) { return def.op == op.name; };
  const std::span<const TfOp> pointwise = pointwise_ops();
  if (std::any_of(pointwise.begin(), pointwise.end(), is_op)) {
    numbers.are_whole = !layer.inputs.empty() && layer.builder.value(layer.inputs[0]).dtype == DType::int32;
  }
  const std::string name = layer.name + "/constant";
  if (!numbers.are_whole) {
    std::vector<float> floats(numbers.values.begin(), numbers.values.end());
    return layer.builder.add_constant(name, make_tensor(numbers.shape, std::move(floats)));
  }
  std::vector<int32_t> integers;
  for (const double value : numbers.values)
    integers.push_back(static_cast<int32_t>(std::clamp(value, -2147483648.0, 2147483647.0)));
  return layer.builder.add_constant(name, make_tensor(numbers.shape, std::move(integers)));
}

// The node's inputs: at each position a constant of the configuration, or the layer's next input.
std::vector<ValueId> inputs_of_node(KerasLayer& layer, const NodeDef& def) {
  const Json* constants = find_value(layer.config, {"constants"});
  const auto constant_at = [&](size_t position) {
    return constants ? find_member(*constants, {std::to_string(position).c_str()}) : nullptr;
  };
  std::vector<ValueId> inputs;
  auto next = layer.inputs.begin();
  for (;;) {
    if (const Json* constant = constant_at(inputs.size())) {
      inputs.push_back(add_constant_input(layer, def, *constant));
    } else if (next != layer.inputs.end()) {
      inputs.push_back(*next++);
    } else {
      return inputs;
    }
  }
}

}  // namespace

ValueId import_tensorflow_op(KerasLayer& layer) {
  const Json* written = find_value(layer.config, {"node_def"});
  Json node;
  if (written && written->is_string()) {
    node = parse_json(written->get_ref<const std::string&>(), layer.config.where + ": `node_def`");
  } else if (written) {
    node = *written;
  }
  if (!node.is_object()) {
    fail(code::bad_topology, layer.config.where, ": `node_def` must be a TensorFlow node, it is ",
         written ? shown(*written) : "missing");
  }
  node["name"] = layer.name;
  const NodeDef def = parse_node(node);
  NoFunctions functions;
  const Weights no_weights;
  const TfResults results = import_node_def(def, inputs_of_node(layer, def), layer.config.where,
                                            {layer.builder, no_weights, layer.elements_left, functions});
  if (results.empty() || std::find(results.begin(), results.end(), dead_value) != results.end())
    fail(code::unsupported_op, layer.config.where, ": ", def.op, " is not supported in a layer");
  layer.more_results = {results.begin() + 1, results.end()};
  return results.front();
}

}  // namespace fragnet
