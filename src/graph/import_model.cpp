// The door to the two importers.
#include "formats/model.hpp"
#include "graph/importers.hpp"

namespace fragnet {

std::vector<InputSpec> model_inputs(const ModelFile& model) {
  if (const auto* graph = std::get_if<GraphTopology>(&model.topology)) return graph_model_inputs(*graph);
  return layers_model_inputs(std::get<LayersTopology>(model.topology));
}

Graph import_model(const ModelFile& model, const Weights& weights, const InputShapes& shapes) {
  if (const auto* graph = std::get_if<GraphTopology>(&model.topology))
    return import_graph_model(*graph, weights, shapes);
  return import_layers_model(std::get<LayersTopology>(model.topology), weights, shapes);
}

}  // namespace fragnet
