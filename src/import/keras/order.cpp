#include <algorithm>
#include <functional>
#include <queue>
#include <set>

#include "base/error.hpp"
#include "import/keras/model.hpp"

namespace fragnet {
namespace {

// A layer that waits for itself: from any use that could not run, back over inputs that could not either.
[[noreturn]] void fail_cycle(const LayerDef& model, const LayerUses& uses,
                             const std::vector<size_t>& waiting_for, size_t start) {
  std::set<size_t> seen;
  size_t at = start;
  while (seen.insert(at).second) {
    for (size_t input : uses.list[at].inputs) {
      if (waiting_for[input] > 0) {
        at = input;
        break;
      }
    }
  }
  fail(code::bad_topology, "layer \"", model.layers[uses.list[at].layer].name,
       "\" depends on its own output: the graph is cyclic");
}

}  // namespace

bool is_model(const LayerDef& layer) {
  return layer.class_name == "Model" || layer.class_name == "Functional" || layer.class_name == "Sequential";
}

bool is_sequential(const LayerDef& layer) {
  return layer.class_name == "Sequential";
}
bool is_input(const LayerDef& layer) {
  return layer.class_name == "InputLayer";
}

std::string place_of_model(const LayerDef& model) {
  return model.name.empty() ? "the model" : "the model \"" + model.name + '"';
}

std::map<std::string_view, const LayerDef*> layers_by_name(const LayerDef& model) {
  std::map<std::string_view, const LayerDef*> layers;
  for (const LayerDef& layer : model.layers) {
    if (!layers.emplace(layer.name, &layer).second) {
      fail(code::bad_topology, place_of_model(model), " has two layers with the name \"", layer.name, '"');
    }
  }
  return layers;
}

std::map<std::string_view, int> first_calls(const LayerDef& model) {
  std::map<std::string_view, int> lowest;
  const auto note = [&](const LayerRef& reference) {
    const auto [found, is_new] = lowest.emplace(reference.layer, reference.call);
    if (!is_new) found->second = std::min(found->second, reference.call);
  };
  for (const LayerDef& layer : model.layers) {
    for (const auto& call : layer.calls) {
      for (const LayerRef& reference : call) note(reference);
    }
  }
  for (const LayerRef& reference : model.outputs) note(reference);
  for (const LayerDef& layer : model.layers) {
    const auto found = lowest.find(layer.name);
    if (found != lowest.end()) found->second = is_model(layer) ? std::min(found->second, 1) : 0;
  }
  return lowest;
}

LayerUses resolve_uses(const LayerDef& model) {
  layers_by_name(model);  // no two alike
  LayerUses uses;
  std::map<std::string_view, std::pair<size_t, size_t>> first_use;  // and how many
  for (size_t i = 0; i < model.layers.size(); ++i) {
    const LayerDef& layer = model.layers[i];
    const size_t count = is_input(layer) ? 1 : layer.calls.size();
    first_use[layer.name] = {uses.list.size(), count};
    for (size_t call = 0; call < count; ++call) uses.list.push_back({.layer = i, .call = call});
  }
  const std::map<std::string_view, int> base = first_calls(model);
  const auto use_of = [&](const LayerRef& reference, const std::string& who) {
    const auto found = first_use.find(reference.layer);
    if (found == first_use.end()) {
      fail(code::bad_topology, who, " takes the output of \"", reference.layer,
           "\", which is not a layer of ", place_of_model(model));
    }
    const auto [first, count] = found->second;
    const int call = reference.call - base.at(reference.layer);
    if (call < 0 || static_cast<size_t>(call) >= count) {
      fail(code::bad_topology, who, " takes the output of call ", reference.call, " of \"", reference.layer,
           "\", which is called ", count, count == 1 ? " time" : " times");
    }
    return first + static_cast<size_t>(call);
  };
  for (LayerUse& use : uses.list) {
    const LayerDef& layer = model.layers[use.layer];
    if (is_input(layer)) continue;
    for (const LayerRef& reference : layer.calls[use.call]) {
      use.inputs.push_back(use_of(reference, "layer \"" + layer.name + '"'));
      use.tensors.push_back(reference.tensor);
    }
  }
  for (const LayerRef& reference : model.outputs) {
    uses.outputs.push_back(use_of(reference, place_of_model(model)));
    uses.output_tensors.push_back(reference.tensor);
  }
  return uses;
}

std::vector<size_t> order_of(const LayerDef& model, const LayerUses& uses) {
  Flags needed(uses.list.size(), false);
  std::vector<size_t> open = uses.outputs;
  while (!open.empty()) {
    const size_t at = open.back();
    open.pop_back();
    if (needed[at]) continue;
    needed[at] = true;
    open.insert(open.end(), uses.list[at].inputs.begin(), uses.list[at].inputs.end());
  }
  std::vector<size_t> waiting_for(uses.list.size(), 0);
  std::vector<std::vector<size_t>> takers(uses.list.size());
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  size_t count = 0;
  for (size_t i = 0; i < uses.list.size(); ++i) {
    if (!needed[i]) continue;
    ++count;
    waiting_for[i] = uses.list[i].inputs.size();
    for (size_t input : uses.list[i].inputs) takers[input].push_back(i);
    if (waiting_for[i] == 0) ready.push(i);
  }
  std::vector<size_t> order;
  while (!ready.empty()) {
    const size_t at = ready.top();
    ready.pop();
    order.push_back(at);
    for (size_t taker : takers[at]) {
      if (--waiting_for[taker] == 0) ready.push(taker);
    }
  }
  for (size_t i = 0; order.size() < count && i < uses.list.size(); ++i) {
    if (waiting_for[i] > 0) fail_cycle(model, uses, waiting_for, i);
  }
  return order;
}

}  // namespace fragnet
