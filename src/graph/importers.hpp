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

// What a camera's picture is scaled to where a model takes any size: the size of the pix2pix generators.
inline constexpr int open_side_pixels = 256;

// As without `open_side`, which an open height or width becomes. Some models leave a side open that only one size fits: where
// 256 does not and nothing is asked for, import_model() tries others, and tells in Graph::warnings which one it took.
InputShapes choose_input_shapes(const std::vector<InputSpec>& inputs, const InputShapes& asked,
                                int open_side);

}  // namespace fragnet
