// Layers-models: Keras configurations of all generations.
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "formats/tfjs_parts.hpp"

namespace fragnet {
namespace {

constexpr int64_t max_index = 1 << 20;  // of a call or an output of a layer

bool is_model(const std::string& class_name) {
  return class_name == "Model" || class_name == "Functional" || class_name == "Sequential";
}

bool is_keras_tensor(const Json& json) {
  const Json* class_name = find_member(json, {"class_name"});
  return class_name && *class_name == "__keras_tensor__";
}

// ["conv2d_1", 0, 0] or ["conv2d_1", 0, 0, {…}]
bool is_reference(const Json& json) {
  return json.is_array() && (json.size() == 3 || json.size() == 4) && json[0].is_string() &&
         json[1].is_number() && json[2].is_number();
}

bool holds_tensor(const Json& json) {
  if (is_keras_tensor(json) || is_reference(json)) return true;
  if (!json.is_structured()) return false;
  return std::any_of(json.begin(), json.end(), holds_tensor);
}

LayerRef parse_reference(const Json& json, const std::string& where) {
  LayerRef reference{.layer = json[0].get<std::string>()};
  const std::array<int*, 2> numbers{&reference.call, &reference.tensor};
  for (size_t i = 0; i < 2; ++i) {
    const auto number = as_integer(json[i + 1]);
    if (!number || *number < 0 || *number > max_index) {
      fail(code::bad_topology, where, ": the reference to ", in_quotes(reference.layer),
           " has a number that is not in 0…", max_index);
    }
    *numbers[i] = static_cast<int>(*number);
  }
  return reference;
}

[[noreturn]] void refuse_argument(const std::string& where, const std::string& name) {
  fail(code::unsupported_op, where, ": the layer is called with a tensor as argument ", in_quotes(name),
       ", which Fragnet does not know");
}

// `training` and `mask` are passed over like TensorFlow.js does; an argument that carries a tensor would
// change the result.
void check_arguments(const Json& arguments, const std::string& where) {
  if (!arguments.is_object()) return;
  for (const auto& [name, value] : arguments.items()) {
    if (holds_tensor(value)) refuse_argument(where, name);
  }
}

// Appends the tensors of a reference, or of lists of references (dictionaries come in the order of their
// keys, as in Keras).
void collect_references(const Json& json, std::vector<LayerRef>& references, const std::string& where) {
  if (is_reference(json)) {
    references.push_back(parse_reference(json, where));
    if (json.size() == 4) check_arguments(json[3], where);
  } else if (is_keras_tensor(json)) {
    const Json* config = find_member(json, {"config"});
    const Json* history = config ? find_member(*config, {"keras_history"}) : nullptr;
    if (!history || !is_reference(*history)) {
      fail(code::bad_topology, where, ": a __keras_tensor__ has no keras_history [layer, call, tensor]");
    }
    references.push_back(parse_reference(*history, where));
  } else if (json.is_structured() && !find_member(json, {"class_name"})) {
    for (const Json& item : json) collect_references(item, references, where);
  } else if (!json.is_null() && !json.is_boolean()) {
    fail(code::unsupported_op, where, ": the layer is called with ",
         json.is_object() ? "an object that is no tensor" : kind_of(json), " among its inputs");
  }
}

// One use of a layer: [["a", 0, 0, {}], ["b", 0, 0, {}]], or since Keras 3 {args: [tensors], kwargs: {}}.
std::vector<LayerRef> parse_call(const Json& json, const std::string& where) {
  std::vector<LayerRef> inputs;
  if (json.is_array()) {
    collect_references(json, inputs, where);
    return inputs;
  }
  const Json* arguments = find_member(json, {"args"});
  if (!arguments || !arguments->is_array()) {
    fail(code::bad_topology, where, ": an inbound node is ", kind_of(json), " without the list args");
  }
  collect_references(*arguments, inputs, where);
  if (const Json* named = find_member(json, {"kwargs"})) {
    for (const auto& [name, value] : named->items()) {
      if (!holds_tensor(value)) continue;
      if (name != "inputs" || !inputs.empty()) refuse_argument(where, name);
      collect_references(value, inputs, where);
    }
  }
  return inputs;
}

// Keras 3's spellings become Keras 2's.
void normalise_config(Json& config) {
  if (const Json* shape = find_member(config, {"batch_shape"});
      shape && !find_member(config, {"batch_input_shape"})) {
    config["batch_input_shape"] = *shape;
  }
  config.erase("batch_shape");
  if (const Json* policy = find_member(config, {"dtype"}); policy && policy->is_object()) {
    const Json* parts = find_member(*policy, {"config"});
    const Json* name = parts ? find_member(*parts, {"name"}) : nullptr;
    const Json dtype = name && name->is_string() ? *name : Json("float32");
    config["dtype"] = dtype;
  }
}

// The ends of a model: [["a", 0, 0], …], or one of them alone.
std::vector<LayerRef> take_ends(Json& config, const char* name, const std::string& where) {
  std::vector<LayerRef> ends;
  if (const Json* list = find_member(config, {name})) collect_references(*list, ends, where + ", " + name);
  config.erase(name);
  return ends;
}

LayerDef parse_layer(Json& json, bool is_root, const std::string& where);

void parse_model_config(LayerDef& model, const std::string& where) {
  Json layers;
  if (model.config.is_array()) {  // old Sequential models
    layers = std::move(model.config);
    model.config = Json::object();
  } else if (Json* list = find_member(model.config, {"layers"})) {
    layers = std::move(*list);
    model.config.erase("layers");
  }
  if (!layers.is_array()) fail(code::bad_topology, where, " has no list of layers");
  if (layers.empty()) fail(code::bad_topology, where, " has no layers");
  model.layers.reserve(layers.size());
  for (Json& layer : layers) {
    const std::string place = text("layer ", model.layers.size(), " of ", where);
    model.layers.push_back(parse_layer(layer, false, place));
  }
  if (model.class_name == "Sequential") return;
  model.inputs = take_ends(model.config, "input_layers", where);
  model.outputs = take_ends(model.config, "output_layers", where);
  if (model.outputs.empty()) fail(code::bad_topology, where, " has no output_layers");
}

// `where` is the layer's place, until its name is known. Recursion is as deep as the JSON at most.
LayerDef parse_layer(Json& json, bool is_root, const std::string& where) {
  LayerDef layer;
  const Json* class_name = find_member(json, {"class_name"});
  if (!class_name || !class_name->is_string()) fail(code::bad_topology, where, " has no class_name");
  layer.class_name = class_name->get<std::string>();
  if (is_root && !is_model(layer.class_name)) {
    fail(code::bad_topology, where, " is a ", in_quotes(layer.class_name),
         ", not a Model, Functional or Sequential");
  }
  Json* config = find_member(json, {"config"});
  if (!config || !(config->is_object() || (config->is_array() && layer.class_name == "Sequential"))) {
    fail(code::bad_topology, where, " (", in_quotes(layer.class_name), ") has no config object");
  }
  const Json* name = find_member(json, {"name"});
  if (!name) name = find_member(*config, {"name"});
  if (name && name->is_string()) {
    layer.name = name->get<std::string>();
  } else if (!is_root) {
    fail(code::bad_topology, where, " (", in_quotes(layer.class_name), ") has no name");
  }
  const std::string place = is_root ? where : "layer " + in_quotes(layer.name);
  if (const Json* nodes = find_member(json, {"inbound_nodes"})) {
    if (!nodes->is_array()) fail(code::bad_topology, place, ": its inbound_nodes are ", kind_of(*nodes));
    for (const Json& node : *nodes) layer.calls.push_back(parse_call(node, place));
  }
  layer.config = std::move(*config);
  if (is_model(layer.class_name)) parse_model_config(layer, place);
  normalise_config(layer.config);
  return layer;
}

}  // namespace

LayersTopology parse_layers_topology(Json&& model) {
  Json taken = std::move(model);
  return {parse_layer(taken, true, "the model")};
}

}  // namespace fragnet
