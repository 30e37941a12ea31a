// Layers-models: Keras's layers become a graph.
#pragma once

#include "formats/model.hpp"
#include "graph/graph.hpp"
#include "import/input_shapes.hpp"

namespace fragnet {

// The InputLayers that the root model lists (`batch_input_shape` or `batch_shape`); for a Sequential without
// one, its first layer's `batch_input_shape` under the name `<layer>_input`. Throws `bad-topology`.
std::vector<InputSpec> layers_model_inputs(const LayersTopology& topology);

Graph import_layers_model(const LayersTopology& topology, const Weights& weights, const InputShapes& shapes);

}  // namespace fragnet
