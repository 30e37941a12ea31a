// What a Keras model's inputs and outputs are called, as TensorFlow.js lists them.
#include <optional>
#include <set>

#include "base/error.hpp"
#include "import/keras/config.hpp"
#include "import/keras/model.hpp"

namespace fragnet {
namespace {

DType dtype_of(const KerasConfig& config) {
  const std::string name = config_text(config, {"dtype"}, "float32");
  if (name == "bool") return DType::boolean;
  const bool counts = name.rfind("int", 0) == 0 || name.rfind("uint", 0) == 0;
  return counts ? DType::int32 : DType::float32;
}

std::optional<Shape> declared_shape(const KerasConfig& config) {
  if (const Json* whole = find_value(config, {"batch_input_shape", "batch_shape"})) {
    return config_shape(config, *whole, "batch_input_shape");
  }
  if (const Json* rest = find_value(config, {"input_shape", "shape"})) {
    Shape shape = config_shape(config, *rest, "input_shape");
    shape.insert(shape.begin(), open_extent);
    return shape;
  }
  return std::nullopt;
}

InputSpec input_spec(const LayerDef& layer, const std::string& name) {
  const KerasConfig config{layer.config, "layer \"" + layer.name + '"'};
  const std::optional<Shape> shape = declared_shape(config);
  if (!shape || shape->empty()) {
    fail(code::bad_topology, config.where, ": the model's input starts here, but `batch_input_shape` is ",
         shape ? "empty" : "missing");
  }
  return {name, *shape, dtype_of(config)};
}

// How many tensors "<name>/<name>" the models inside `model` have made: TensorFlow.js builds those first, and
// numbers tensors of the same name.
using TensorCounts = std::map<std::string_view, int64_t>;
void count_nested_tensors(const LayerDef& model, TensorCounts& counts) {
  for (const LayerDef& nested : model.layers) {
    if (!is_model(nested)) continue;
    for (const LayerDef& layer : nested.layers) {
      if (is_input(layer)) continue;
      counts[layer.name] += is_sequential(nested) ? 1 : static_cast<int64_t>(layer.calls.size());
    }
    count_nested_tensors(nested, counts);
  }
}

std::string tensor_name(const LayerDef& layer, const TensorCounts& counts, int64_t tensors_before) {
  if (is_input(layer)) return layer.name;
  const auto found = counts.find(layer.name);
  const int64_t number = tensors_before + (found == counts.end() ? 0 : found->second);
  const std::string name = layer.name + '/' + layer.name;
  return number == 0 ? name : name + '_' + std::to_string(number);
}

}  // namespace

std::vector<InputSpec> inputs_of(const LayerDef& model, size_t depth) {
  if (depth > max_nesting) fail(code::bad_topology, "models are nested more than ", max_nesting, " deep");
  if (is_sequential(model)) {
    if (model.layers.empty()) fail(code::bad_topology, place_of_model(model), " has no layers");
    const LayerDef& first = model.layers.front();
    if (is_input(first)) return {input_spec(first, first.name)};
    if (is_model(first)) return inputs_of(first, depth + 1);
    // Without any shape of its own, the first layer gets what Keras noted when it built the model.
    const KerasConfig config{first.config, "layer \"" + first.name + '"'};
    const Json* built = find_value({model.config, place_of_model(model)}, {"build_input_shape"});
    if (!declared_shape(config) && built) {
      return {{first.name + "_input", config_shape(config, *built, "build_input_shape"), dtype_of(config)}};
    }
    return {input_spec(first, first.name + "_input")};
  }
  const auto layers = layers_by_name(model);
  std::vector<InputSpec> inputs;
  std::set<std::string_view> names;
  for (const LayerRef& reference : model.inputs) {
    const auto found = layers.find(reference.layer);
    if (found == layers.end() || !is_input(*found->second)) {
      fail(code::bad_topology, place_of_model(model), ": its input \"", reference.layer,
           "\" is not an InputLayer");
    }
    if (!names.insert(reference.layer).second) {
      fail(code::bad_topology, place_of_model(model), ": its input \"", reference.layer,
           "\" is listed twice");
    }
    inputs.push_back(input_spec(*found->second, reference.layer));
  }
  if (inputs.empty()) fail(code::bad_topology, place_of_model(model), " has no inputs");
  return inputs;
}

std::vector<std::string> output_names(const LayerDef& model) {
  TensorCounts counts;
  count_nested_tensors(model, counts);
  if (is_sequential(model)) {
    const LayerDef& last = model.layers.back();
    // A Sequential that holds one model and nothing else passes that model's tensors on.
    if (model.layers.size() == 1 && is_model(last)) return output_names(last);
    return {tensor_name(last, counts, 0)};
  }
  std::vector<std::string> names;
  const auto layers = layers_by_name(model);
  const std::map<std::string_view, int> base = first_calls(model);
  for (const LayerRef& reference : model.outputs) {
    const LayerDef& layer = *layers.at(reference.layer);
    const int64_t width =
        is_model(layer) && !is_sequential(layer) ? static_cast<int64_t>(layer.outputs.size()) : 1;
    const int64_t call = reference.call - base.at(reference.layer);
    names.push_back(tensor_name(layer, counts, call * width + reference.tensor));
  }
  return names;
}

}  // namespace fragnet
