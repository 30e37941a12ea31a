// A layers.json: PyTorch's layers, each on the result of the one before, become a graph.
#pragma once

#include "formats/model.hpp"
#include "graph/graph.hpp"
#include "import/input_shapes.hpp"

namespace fragnet {

// One picture (height, width, channels), called "input". Throws `bad-topology`.
std::vector<InputSpec> layers_json_inputs(const LayersJson& topology);

Graph import_layers_json(const LayersJson& topology, const Weights& weights, const InputShapes& shapes);

}  // namespace fragnet
