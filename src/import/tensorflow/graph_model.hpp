// Graph-models: TensorFlow's nodes become a graph.
#pragma once

#include "formats/model.hpp"
#include "graph/graph.hpp"
#include "import/input_shapes.hpp"

namespace fragnet {

// The signature's inputs if there are any, else the Placeholder nodes with their attribute `shape`; in the
// order in which TensorFlow.js lists them, names without ":0". Throws `bad-topology`.
std::vector<InputSpec> graph_model_inputs(const GraphTopology& topology);

Graph import_graph_model(const GraphTopology& topology, const Weights& weights, const InputShapes& shapes);

}  // namespace fragnet
