// The two importers' share of model_inputs(): what each format says about a model's inputs.
#pragma once

#include <vector>

#include "formats/model.hpp"
#include "graph/graph.hpp"

namespace fragnet {

// The signature's inputs if there are any, else the Placeholder nodes with their attribute `shape`; in the
// order in which TensorFlow.js lists them, names without ":0". Throws `bad-topology`.
std::vector<InputSpec> graph_model_inputs(const GraphTopology& topology);

// The InputLayers that the root model lists (`batch_input_shape` or `batch_shape`); for a Sequential without
// one, its first layer's `batch_input_shape` under the name `<layer>_input`. Throws `bad-topology`.
std::vector<InputSpec> layers_model_inputs(const LayersTopology& topology);

}  // namespace fragnet
