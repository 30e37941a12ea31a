#include "import/import_model.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "formats/model.hpp"
#include "import/keras/layers_model.hpp"
#include "import/layers_json/layers_json.hpp"
#include "import/tensorflow/graph_model.hpp"

namespace fragnet {

std::vector<InputSpec> model_inputs(const ModelFile& model) {
  if (const auto* graph = std::get_if<GraphTopology>(&model.topology)) return graph_model_inputs(*graph);
  if (const auto* chain = std::get_if<LayersJson>(&model.topology)) return layers_json_inputs(*chain);
  return layers_model_inputs(std::get<LayersTopology>(model.topology));
}

namespace {

// Sides that published models are trained at, the likeliest first.
constexpr int other_sides_pixels[] = {64, 128, 224, 512, 320, 192, 96, 48, 32, 28};

Graph import_at(const ModelFile& model, const Weights& weights, const InputShapes& shapes) {
  if (const auto* graph = std::get_if<GraphTopology>(&model.topology))
    return import_graph_model(*graph, weights, shapes);
  if (const auto* chain = std::get_if<LayersJson>(&model.topology))
    return import_layers_json(*chain, weights, shapes);
  return import_layers_model(std::get<LayersTopology>(model.topology), weights, shapes);
}

bool is_open(const InputSpec& input) {
  return input.shape.size() >= 3 &&
         std::any_of(input.shape.begin() + 1, input.shape.end(), [](int extent) { return extent < 0; });
}

}  // namespace

Graph import_model(const ModelFile& model, const Weights& weights, const InputShapes& asked) {
  const std::vector<InputSpec> inputs = model_inputs(model);
  try {
    return import_at(model, weights, choose_input_shapes(inputs, asked));
  } catch (const Error& error) {
    const bool may_be_the_side = error.code() == code::bad_shape && asked.empty() &&
                                 std::any_of(inputs.begin(), inputs.end(), is_open);
    if (!may_be_the_side) throw;
    for (const int side : other_sides_pixels) {
      try {
        Graph graph = import_at(model, weights, choose_input_shapes(inputs, asked, side));
        graph.warnings.push_back(text("The model leaves its height or width open, yet does not work at ",
                                      open_side_pixels, ": ", side, " was taken. inputShapes gives others."));
        return graph;
      } catch (const Error&) {
        continue;
      }
    }
    throw;
  }
}

}  // namespace fragnet
