// The door to the importers: from what a model file says to a graph. Each format has a room of its own:
// tensorflow/ the nodes of graph-models, keras/ the layers of layers-models, layers_json/ PyTorch's layers.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "import/input_shapes.hpp"

namespace fragnet {

struct ModelFile;  // of formats/model.hpp

// The model's inputs in the order in which TensorFlow.js lists them. Throws `bad-topology`.
std::vector<InputSpec> model_inputs(const ModelFile& model);

// Names, not values, decide what a model's inputs and outputs are called: as TensorFlow.js lists them in
// `model.inputs` and in the result of `predict`. `asked` may leave inputs out. Some models leave a side open
// that only one size fits: where 256 does not and nothing is asked for, others are tried, and Graph::warnings
// says which was taken. Throws `unsupported-op`, `bad-topology`, `bad-shape`, `bad-weights`.
Graph import_model(const ModelFile& model, const Weights& weights, const InputShapes& asked);

// The names in the tables of the importers, for the README's table.
std::vector<std::string> supported_graph_ops();
std::vector<std::string> supported_layers();
std::vector<std::string> supported_layers_json();

}  // namespace fragnet
