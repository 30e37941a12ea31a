// The front door: finds the topology, the signature and the manifest in whatever wrapping a model.json has.
#include <algorithm>

#include "base/error.hpp"
#include "formats/tfjs_parts.hpp"

namespace fragnet {
namespace {

const std::string file_name = "model.json";

// What scripts/train/export writes of the input's noise.
float grain_of(const Json& file) {
  const Json* metadata = find_member(file, {"userDefinedMetadata"});
  const Json* grain = metadata ? find_member(*metadata, {"grain"}) : nullptr;
  return grain && grain->is_number() ? std::clamp(grain->get<float>(), 0.0f, 1.0f) : 0;
}

struct Signature {
  const Json* json = nullptr;
  std::string path;
};

Signature find_signature(const Json& file) {
  if (const Json* signature = find_member(file, {"signature"})) return {signature, "signature"};
  if (const Json* metadata = find_member(file, {"userDefinedMetadata"})) {
    if (const Json* signature = find_member(*metadata, {"signature"})) {
      return {signature, "userDefinedMetadata/signature"};
    }
  }
  return {};
}

// Some writers keep a part as text that is JSON in turn.
void unwrap_text(Json& json, const std::string& what) {
  if (json.is_string()) {
    const std::string inner = json.get<std::string>();
    json = parse_json(inner, what);
  }
}

// The topology itself: of a wrapped file, or the whole file.
Json& find_topology(Json& file) {
  if (Json* topology = find_member(file, {"modelTopology"})) {
    unwrap_text(*topology, "the modelTopology of " + file_name);
    return *topology;
  }
  if (find_member(file, {"node", "model_config", "class_name"})) return file;
  fail(code::bad_topology, file_name, " has no modelTopology: it is not a TensorFlow.js model");
}

// "2.4.0", "keras v3.4.1"; "tfjs-layers 4.22.0" is TensorFlow.js, whose layers are those of Keras 2.
constexpr std::string_view generated_by = "generatedBy";
int keras_version_of(const Json& json, const char* key) {
  const Json* said = find_member(json, {key});
  if (!said || !said->is_string()) return 0;
  const std::string& version = said->get_ref<const std::string&>();
  if (version.find("tfjs") != std::string::npos) return 2;
  if (key == generated_by && version.find("keras") == std::string::npos)
    return 0;  // by TensorFlow, which has its own
  const size_t digit = version.find_first_of("0123456789");
  if (digit == std::string::npos) return 0;
  return version[digit] <= '2' ? 2 : 3;
}

}  // namespace

ModelJson parse_model_json(std::string_view text) {
  ModelJson model;
  for (const char* ports : {"inputs", "outputs"}) {
    model.order[std::string("signature/") + ports];
    model.order[std::string("userDefinedMetadata/signature/") + ports];
  }
  model.file = parse_json(text, file_name, &model.order);
  return model;
}

ModelFile parse_model(std::string_view text) {
  return parse_model(parse_model_json(text));
}

ModelFile parse_model(ModelJson json) {
  Json& file = json.file;
  if (!file.is_object()) {
    fail(code::bad_topology, file_name, " is ", kind_of(file), ", an object with modelTopology was expected");
  }

  if (is_npy_model(file)) return parse_npy_model(std::move(file));
  ModelFile model;
  model.grain = grain_of(file);
  // The manifest comes first: reading a bare Keras topology takes the file apart.
  if (const Json* manifest = find_member(file, {"weightsManifest"}))
    model.groups = parse_weights_manifest(*manifest);
  Json* topology = &find_topology(file);
  if (find_member(*topology, {"node"})) {
    const Signature signature = find_signature(file);
    model.format = "graph-model";
    model.topology = parse_graph_topology(*topology, signature.json, json.order, signature.path);
    return model;
  }
  int keras_version = keras_version_of(*topology, "keras_version");
  if (keras_version == 0) keras_version = keras_version_of(file, "generatedBy");
  if (Json* keras = find_member(*topology, {"model_config"})) {
    unwrap_text(*keras, "the model_config of " + file_name);
    topology = keras;
  }
  if (!find_member(*topology, {"class_name"}) || !find_member(*topology, {"config"})) {
    fail(code::bad_topology, "the modelTopology of ", file_name,
         " is neither a TensorFlow graph (it has no node list) nor a Keras model (it has no class_name and "
         "config)");
  }
  if (keras_version == 0) keras_version = keras_version_of(*topology, "keras_version");
  LayersTopology layers = parse_layers_topology(std::move(*topology));
  layers.keras_version = keras_version;
  model.format = "layers-model";
  model.name = layers.root.name;
  model.topology = std::move(layers);
  return model;
}

}  // namespace fragnet
