#include "runtime/model_info.hpp"

#include "formats/json_object.hpp"

namespace fragnet {
namespace {

Json describe(const std::vector<NetworkPort>& ports) {
  Json list = Json::array();
  for (const NetworkPort& port : ports) {
    list.push_back(
        json_object({{"name", port.name}, {"shape", port.shape}, {"dtype", to_string(port.dtype)}}));
  }
  return list;
}

int64_t parameters_of(const Graph& graph, const Node& node) {
  int64_t count = 0;
  for (ValueId input : node.inputs) {
    const Value& value = graph.values[static_cast<size_t>(input)];
    if (value.constant) count += element_count(value.shape);
  }
  return count;
}

}  // namespace

WeightTotals weight_totals(const ModelFile& model) {
  WeightTotals totals;
  for (const WeightGroup& group : model.groups) {
    totals.bytes += group.bytes;
    for (const WeightSpec& weight : group.weights) {
      if (weight.dtype == DType::float32 && !weight.is_text) totals.parameters += element_count(weight.shape);
    }
  }
  return totals;
}

Json describe(const ModelFile& model, const Network& network) {
  const WeightTotals totals = weight_totals(model);
  Json layers = Json::array();
  const Graph& graph = network.graph();
  for (const Step& step : network.plan().steps) {
    const Node& node = graph.nodes[static_cast<size_t>(step.node)];
    layers.push_back(json_object({{"name", node.name},
                                  {"op", name_of(node.op)},
                                  {"shape", graph.values[static_cast<size_t>(node.output)].shape},
                                  {"parameters", parameters_of(graph, node)},
                                  {"macs", step.macs}}));
  }
  return json_object({{"format", model.format},
                      {"name", model.name},
                      {"inputs", describe(network.inputs())},
                      {"outputs", describe(network.outputs())},
                      {"parameters", totals.parameters},
                      {"weightBytes", totals.bytes},
                      {"layers", std::move(layers)}});
}

}  // namespace fragnet
