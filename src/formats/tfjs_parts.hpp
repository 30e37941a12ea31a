// The parts of a model.json, each read by the file of its name, and the other format. Private to formats/.
#pragma once

#include "formats/json_access.hpp"
#include "formats/model.hpp"

namespace fragnet {

// A TensorFlow GraphDef. `signature` may be null; its entries keep the order that `order` recorded under
// `order_path`
// ("signature" or "userDefinedMetadata/signature").
GraphTopology parse_graph_topology(const Json& graph, const Json* signature, const KeyOrder& order,
                                   const std::string& order_path);

// A Keras model {class_name, config}. Takes the JSON apart.
LayersTopology parse_layers_topology(Json&& model);

std::vector<WeightGroup> parse_weights_manifest(const Json& manifest);

// The value of a node's attribute, of a function its name; nullopt for kinds that no picture network needs (shapes of
// unknown rank, constants without data). `where` opens the messages. `inline_elements` is what constants may
// still take up.
std::optional<Attribute> parse_attribute(const Json& value, int64_t& inline_elements,
                                         const std::string& where);

// TensorFlow's TensorShapeProto: {dim: [{size: "-1"}, …]}; nullopt if its rank is unknown.
std::optional<Shape> parse_tensor_shape(const Json& json, const std::string& where);

// A layers.json: {"format": "fragnet-npy", "input": [32, 32, 1], "layers": [{"name": "down", "op": "conv2d", "kernel":
// "a.npy", …}, …], "outputs": ["down", …]}
bool is_npy_model(const Json& file);
ModelFile parse_npy_model(Json&& file);  // takes the JSON apart

}  // namespace fragnet
