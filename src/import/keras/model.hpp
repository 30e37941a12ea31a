// How the layers of a Keras model hang together: which runs when, and what the model's inputs and outputs are
// called.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/model.hpp"
#include "graph/graph.hpp"
#include "import/input_shapes.hpp"

namespace fragnet {

inline constexpr size_t max_nesting = 32;  // of models in models; picture networks have two or three

bool is_model(const LayerDef& layer);       // Model, Functional or Sequential
bool is_sequential(const LayerDef& layer);  // its layers run one after the other, and it lists no references
bool is_input(const LayerDef& layer);
std::string place_of_model(const LayerDef& model);  // for messages: `the model "decoder"`

// Throws `bad-topology` where two layers have one name.
std::map<std::string_view, const LayerDef*> layers_by_name(const LayerDef& model);

// ---- order.cpp: functional models ----

// One use of one layer: the number of its layer, and of the call.
struct LayerUse {
  size_t layer = 0, call = 0;
  std::vector<size_t> inputs;  // uses
  std::vector<int> tensors;    // which output of each
};

struct LayerUses {
  std::vector<LayerUse> list;
  std::vector<size_t> outputs;  // of the model: uses, and which output of each
  std::vector<int> output_tensors;
};

// All uses of all layers. Throws `bad-topology` where a reference names no layer of the model or no call of
// it; which outputs a use has is known only when it has run.
LayerUses resolve_uses(const LayerDef& model);

// The uses that the outputs need, each after its inputs and otherwise in the order of the file. Throws
// `bad-topology` for a layer that depends on itself.
std::vector<size_t> order_of(const LayerDef& model, const LayerUses& uses);

// The number that the file gives to the first call of each layer somebody refers to. Keras counts a nested
// model's calls from 1, since building it is its call 0; Keras 3 counts those of a Sequential from 0. The
// lowest number in use tells.
std::map<std::string_view, int> first_calls(const LayerDef& model);

// ---- ports.cpp ----

// The InputLayers that a model lists, or where a Sequential begins. `depth`: how deep the model is nested.
std::vector<InputSpec> inputs_of(const LayerDef& model, size_t depth = 0);

// What TensorFlow.js calls the tensors that a model returns: "conv2d_3/conv2d_3". Every output refers to a
// layer.
std::vector<std::string> output_names(const LayerDef& model);

}  // namespace fragnet
