// From Keras layers to a graph: runs the layers of a model, and of the models in it, one after the other.
// What a layer means stands in the file of its kind: activations.cpp, convolutions.cpp …
#include "import/keras/layers_model.hpp"

#include <set>

#include "base/error.hpp"
#include "import/import_model.hpp"
#include "import/keras/layer.hpp"
#include "import/keras/model.hpp"
#include "import/tensorflow/node.hpp"

namespace fragnet {
namespace {

// A model that uses and connects layers more often is no picture network: a short file in which each model
// uses the next one twice would ask for 2^depth layers.
constexpr size_t max_uses = 200'000;

// Models save custom classes as "Package>Name".
std::string_view bare_class(const LayerDef& layer) {
  const std::string_view name = layer.class_name;
  return name.substr(name.rfind('>') + 1);
}

std::string joined(const std::vector<std::string>& scopes) {
  std::string name;
  for (const std::string& scope : scopes) name += (name.empty() ? "" : "/") + scope;
  return name;
}

struct Importer {
  GraphBuilder builder;
  KerasWeights weights;
  int keras_version = 0;
  std::map<std::string, ValueId> constants;
  int64_t elements_left = max_made_elements;
  size_t uses_so_far = 0;

  void count_uses(const LayerDef& model);
  std::vector<ValueId> run_layer(const LayerDef& layer, std::vector<ValueId> inputs,
                                 std::vector<std::string> scopes);
  std::vector<ValueId> run_sequential(const LayerDef& model, std::vector<ValueId> inputs,
                                      const std::vector<std::string>& scopes);
  std::vector<ValueId> run_functional(const LayerDef& model, const std::vector<ValueId>& inputs,
                                      const std::vector<std::string>& scopes);
  std::vector<ValueId> run_model(const LayerDef& model, const std::vector<ValueId>& inputs,
                                 const std::vector<std::string>& scopes);
};

// Before anything else is done with a model's layers, of which the outputs may need only some.
void Importer::count_uses(const LayerDef& model) {
  uses_so_far += model.layers.size() + model.outputs.size();
  for (const LayerDef& layer : model.layers) {
    for (const auto& call : layer.calls) uses_so_far += 1 + call.size();
  }
  if (uses_so_far > max_uses)
    fail(code::too_large, "the model uses and connects layers more than ", max_uses, " times");
}

// `scopes`: the names of the models around the layer, the root's included, and its own.
std::vector<ValueId> Importer::run_layer(const LayerDef& layer, std::vector<ValueId> inputs,
                                         std::vector<std::string> scopes) {
  if (is_model(layer)) return run_model(layer, inputs, scopes);
  // The root's name is no part of what users call a layer.
  const std::string name = joined({scopes.begin() + 1, scopes.end()});
  const std::string where = "layer \"" + name + '"';
  const LayerHandler* handler = find_named(layer_handlers(), bare_class(layer));
  if (!handler) {
    fail(code::unsupported_op, where, ": the layer class \"", layer.class_name, "\" is not supported");
  }
  std::set<std::string_view> read;
  KerasLayer use{builder,          weights,           constants, elements_left,
                 keras_version,    std::move(scopes), name,      {layer.config, where, &read},
                 std::move(inputs)};
  builder.begin_layer(use.name, std::string(bare_class(layer)));
  std::vector<ValueId> made = {(*handler)(use)};
  builder.end_layer(made.front());
  if (*handler != import_identity) refuse_unread_keys(use.config);
  made.insert(made.end(), use.more_results.begin(), use.more_results.end());
  return made;
}

std::vector<ValueId> Importer::run_model(const LayerDef& model, const std::vector<ValueId>& inputs,
                                         const std::vector<std::string>& scopes) {
  if (scopes.size() > max_nesting)
    fail(code::bad_topology, "models are nested more than ", max_nesting, " deep");
  count_uses(model);
  return is_sequential(model) ? run_sequential(model, inputs, scopes) : run_functional(model, inputs, scopes);
}

std::vector<ValueId> Importer::run_sequential(const LayerDef& model, std::vector<ValueId> inputs,
                                              const std::vector<std::string>& scopes) {
  if (inputs.size() != 1) {
    fail(code::bad_topology, place_of_model(model), " takes one input, it is given ", inputs.size());
  }
  layers_by_name(model);  // no two alike
  for (const LayerDef& layer : model.layers) {
    if (is_input(layer)) continue;
    std::vector<std::string> inner = scopes;
    inner.push_back(layer.name);
    inputs = run_layer(layer, std::move(inputs), std::move(inner));
  }
  return inputs;
}

std::vector<ValueId> Importer::run_functional(const LayerDef& model, const std::vector<ValueId>& inputs,
                                              const std::vector<std::string>& scopes) {
  if (inputs.size() != model.inputs.size()) {
    fail(code::bad_topology, place_of_model(model), " takes ", model.inputs.size(), " inputs, it is given ",
         inputs.size());
  }
  const LayerUses uses = resolve_uses(model);
  std::map<std::string_view, ValueId> given;
  for (size_t i = 0; i < inputs.size(); ++i) given.emplace(model.inputs[i].layer, inputs[i]);
  std::vector<std::vector<ValueId>> results(uses.list.size());
  const auto result_of = [&](size_t use, int tensor, const std::string& who) {
    const std::vector<ValueId>& outputs = results[use];
    if (tensor < 0 || static_cast<size_t>(tensor) >= outputs.size()) {
      fail(code::bad_topology, who, " takes output ", tensor, " of \"",
           model.layers[uses.list[use].layer].name, "\", which has ", outputs.size());
    }
    return outputs[static_cast<size_t>(tensor)];
  };
  for (size_t at : order_of(model, uses)) {
    const LayerUse& use = uses.list[at];
    const LayerDef& layer = model.layers[use.layer];
    if (is_input(layer)) {
      const auto found = given.find(layer.name);
      if (found == given.end()) {
        fail(code::bad_topology, "layer \"", layer.name, "\" is not among the inputs of ",
             place_of_model(model));
      }
      results[at] = {found->second};
      continue;
    }
    std::vector<ValueId> taken;
    for (size_t i = 0; i < use.inputs.size(); ++i) {
      taken.push_back(result_of(use.inputs[i], use.tensors[i], "layer \"" + layer.name + '"'));
    }
    std::vector<std::string> inner = scopes;
    inner.push_back(layer.name);
    results[at] = run_layer(layer, std::move(taken), std::move(inner));
  }
  std::vector<ValueId> outputs;
  for (size_t i = 0; i < uses.outputs.size(); ++i) {
    outputs.push_back(result_of(uses.outputs[i], uses.output_tensors[i], place_of_model(model)));
  }
  return outputs;
}

}  // namespace

std::vector<InputSpec> layers_model_inputs(const LayersTopology& topology) {
  return inputs_of(topology.root);
}

namespace {

Graph import_with(const LayersTopology& topology, KerasWeights weights, const InputShapes& shapes,
                  const std::string& warning) {
  const LayerDef& root = topology.root;
  const std::vector<InputSpec> specs = layers_model_inputs(topology);
  const InputShapes chosen = choose_input_shapes(specs, shapes);
  Importer importer{.weights = std::move(weights), .keras_version = topology.keras_version};
  if (!warning.empty()) importer.builder.warn(warning);
  std::vector<ValueId> inputs;
  for (const InputSpec& spec : specs) {
    inputs.push_back(importer.builder.add_input(spec.name, spec.dtype, chosen.at(spec.name)));
  }
  const std::vector<ValueId> outputs = importer.run_model(root, inputs, {root.name});
  if (outputs.empty()) fail(code::bad_topology, place_of_model(root), " has no outputs");
  const std::vector<std::string> names = output_names(root);
  for (size_t i = 0; i < outputs.size(); ++i) {
    importer.builder.add_output(names[i], outputs[i]);
  }
  return importer.builder.finish();
}

// Which layers of one class share a base name, for weights that are numbered differently.
void note_peers(const LayerDef& model, std::map<std::string, std::vector<std::string>>& peers) {
  for (const LayerDef& layer : model.layers) {
    peers[layer.class_name + '/' + numbered(layer.name).base].push_back(layer.name);
    note_peers(layer, peers);
  }
}

}  // namespace

// Names first. Where they miss, perhaps all weights are there in the layers' order and only the numbers of their names
// differ, as when a model was saved in a session that had made others before it.
Graph import_layers_model(const LayersTopology& topology, const Weights& weights, const InputShapes& shapes) {
  try {
    return import_with(topology, index_weights(weights), shapes, "");
  } catch (const Error& by_name) {
    if (by_name.code() != code::bad_weights) throw;
    std::map<std::string, std::vector<std::string>> peers;
    note_peers(topology.root, peers);
    KerasWeights in_order = index_weights(weights);
    note_owners(in_order);
    for (auto& [base, names] : peers) note_order(in_order, std::move(names));
    try {
      return import_with(
          topology, std::move(in_order), shapes,
          text(by_name.what(), ": weights were taken in the order of the numbers in their names"));
    } catch (const Error&) {
      throw by_name;
    }
  }
}

std::vector<std::string> supported_layers() {
  std::set<std::string> names = {"Functional", "InputLayer", "Model", "Sequential"};
  for (const auto& [name, handler] : layer_handlers()) names.emplace(name);
  return {names.begin(), names.end()};
}

}  // namespace fragnet
