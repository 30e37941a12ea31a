// A layers.json: a chain of PyTorch's layers whose kernels and biases are .npy files.
#include "base/error.hpp"
#include "base/named.hpp"
#include "formats/tfjs_parts.hpp"
#include "formats/weight_path.hpp"

namespace fragnet {
namespace {

constexpr const char* format_name = "fragnet-npy";

// What a layer may say, and whether that is the path of an array.
constexpr Named<bool> known_keys[] = {
    {"activation", false}, {"bias", true}, {"factor", false},         {"groups", false},  {"kernel", true},
    {"name", false},       {"op", false},  {"output_padding", false}, {"padding", false}, {"stride", false},
};

const std::string& text_of_member(const Json& json, const char* name, const std::string& where) {
  const Json* text = find_member(json, {name});
  if (!text || !text->is_string()) fail(code::bad_topology, where, " has no text \"", name, '"');
  return text->get_ref<const std::string&>();
}

Json& list_in(Json& file, const char* name) {
  Json* list = find_member(file, {name});
  if (!list || !list->is_array()) fail(code::bad_topology, "the model has no list \"", name, '"');
  return *list;
}

// A key that nobody reads would change the layer's result unseen: it is refused.
LayerDef parse_layer(Json& json, const std::string& place, std::vector<WeightGroup>& groups) {
  LayerDef layer{.class_name = text_of_member(json, "op", place),
                 .name = text_of_member(json, "name", place)};
  const std::string where = "layer " + in_quotes(layer.name);
  for (const auto& [key, value] : json.get_ref<const Json::object_t&>()) {
    const bool* is_array = find_named(known_keys, key);
    if (!is_array) fail(code::bad_topology, where, ": ", in_quotes(key), " is not known");
    if (!*is_array) continue;
    const std::string& path = text_of_member(json, key.c_str(), where);
    check_weight_path(path, where);
    groups.push_back({.paths = {path}, .weights = {{.name = layer.name + '/' + key}}, .is_npy = true});
  }
  json["use_bias"] = find_member(json, {"bias"}) != nullptr;
  for (const char* done : {"bias", "kernel", "op"}) json.erase(done);
  layer.config = std::move(json);
  return layer;
}

}  // namespace

bool is_npy_model(const Json& file) {
  const Json* format = find_member(file, {"format"});
  return format && format->is_string() && format->get_ref<const std::string&>() == format_name;
}

ModelFile parse_npy_model(Json&& file) {
  ModelFile model{.format = format_name};
  LayersJson topology;
  topology.input_shape = std::move(list_in(file, "input"));
  for (Json& json : list_in(file, "layers")) {
    topology.layers.push_back(parse_layer(json, text("layer ", topology.layers.size() + 1), model.groups));
  }
  for (const Json& name : list_in(file, "outputs")) {
    if (!name.is_string())
      fail(code::bad_topology, "an output is ", kind_of(name), ", a layer's name was expected");
    topology.outputs.push_back(name.get_ref<const std::string&>());
  }
  if (const Json* name = find_member(file, {"name"}); name && name->is_string())
    model.name = name->get_ref<const std::string&>();
  model.topology = std::move(topology);
  return model;
}

}  // namespace fragnet
