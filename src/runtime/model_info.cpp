#include "runtime/model_info.hpp"

#include "formats/json_object.hpp"

namespace fragnet {
namespace {

Json describe(const NetworkPort& port, const PortPicture& picture) {
  Json facts = json_object({{"height", picture.height},
                            {"width", picture.width},
                            {"channels", picture.channels},
                            {"layout", to_string(picture.layout)},
                            {"range", Json::array({picture.range.low, picture.range.high})},
                            {"kind", to_string(picture.kind)},
                            {"factor", picture.factor},
                            {"guessed", picture.is_guessed},
                            {"why", picture.why}});
  return json_object({{"name", port.name},
                      {"shape", port.shape},
                      {"dtype", to_string(port.dtype)},
                      {"picture", std::move(facts)}});
}

int64_t parameters_of(const Graph& graph, const Node& node) {
  int64_t count = 0;
  for (ValueId input : node.inputs) {
    const Value& value = graph.values[static_cast<size_t>(input)];
    if (value.constant) count += element_count(value.shape);
  }
  return count;
}

// The layer whose work a step counts as: the one that it is named after.
int owner_of(const Graph& graph, const Node& node) {
  for (const int layer : node.sources) {
    if (graph.layers[static_cast<size_t>(layer)].name == node.name) return layer;
  }
  return node.sources.empty() ? -1 : node.sources.front();
}

}  // namespace

Json describe_inputs(const Network& network) {
  Json list = Json::array();
  for (size_t i = 0; i < network.inputs().size(); ++i) {
    Json port = describe(network.inputs()[i], network.ports().inputs[i]);
    port["fill"] = to_string(network.ports().fills[i]);
    list.push_back(std::move(port));
  }
  return list;
}

Json describe_outputs(const Network& network) {
  Json list = Json::array();
  for (size_t i = 0; i < network.outputs().size(); ++i)
    list.push_back(describe(network.outputs()[i], network.ports().outputs[i]));
  return list;
}

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
  Json steps = Json::array(), layers = Json::array();
  const Graph& graph = network.graph();
  struct Work {
    int64_t parameters = 0, macs = 0;
  };
  std::vector<Work> work(graph.layers.size());
  for (const Step& step : network.plan().steps) {
    const Node& node = graph.nodes[static_cast<size_t>(step.node)];
    const int64_t parameters = parameters_of(graph, node);
    steps.push_back(json_object({{"name", node.name},
                                 {"op", name_of(node.op)},
                                 {"shape", graph.values[static_cast<size_t>(node.output)].shape},
                                 {"parameters", parameters},
                                 {"macs", step.macs},
                                 {"layers", node.sources}}));
    if (const int owner = owner_of(graph, node); owner >= 0) {
      work[static_cast<size_t>(owner)].parameters += parameters;
      work[static_cast<size_t>(owner)].macs += step.macs;
    }
  }
  for (size_t i = 0; i < graph.layers.size(); ++i) {
    const Layer& layer = graph.layers[i];
    layers.push_back(json_object({{"name", layer.name},
                                  {"op", layer.kind},
                                  {"kind", layer.kind},
                                  {"shape", layer.shape},
                                  {"parameters", work[i].parameters},
                                  {"macs", work[i].macs}}));
  }
  Json warnings = Json::array();
  for (const std::string& sentence : graph.warnings) warnings.push_back(sentence);
  return json_object({{"format", model.format},
                      {"name", model.name},
                      {"inputs", describe_inputs(network)},
                      {"outputs", describe_outputs(network)},
                      {"frameInput", network.ports().frame_input},
                      {"shownOutput", network.ports().shown_output},
                      {"grain", model.grain},
                      {"parameters", totals.parameters},
                      {"weightBytes", totals.bytes},
                      {"layers", std::move(layers)},
                      {"steps", std::move(steps)},
                      {"warnings", std::move(warnings)}});
}

}  // namespace fragnet
