// A layers.json: a chain of layers whose kernels and biases are .npy files.
#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/named.hpp"
#include "formats/tfjs_parts.hpp"
#include "formats/weight_path.hpp"

namespace fragnet {
namespace {

const std::string format_name = "fragnet-npy";

// More than any network uses, and small enough that no size that is computed from it overflows 64 bits.
constexpr int max_number = 1 << 16;
constexpr size_t max_layers = 1000;

constexpr Named<std::string NpyLayer::*> texts[] = {
    {"name", &NpyLayer::name},
    {"op", &NpyLayer::op},
    {"kernel", &NpyLayer::kernel},
    {"bias", &NpyLayer::bias},
    {"activation", &NpyLayer::activation},
};
constexpr Named<int NpyLayer::*> numbers[] = {
    {"stride", &NpyLayer::stride},
    {"padding", &NpyLayer::padding},
    {"output_padding", &NpyLayer::output_padding},
    {"factor", &NpyLayer::factor},
};

const Json& list_in(const Json& file, const char* name) {
  const Json* list = find_member(file, {name});
  if (!list || !list->is_array() || list->empty())
    fail(code::bad_topology, "the ", format_name, " model has no list ", in_quotes(name));
  return *list;
}

std::string text_in(const Json& json, const std::string& where) {
  if (!json.is_string()) fail(code::bad_topology, where, " is ", kind_of(json), ", text was expected");
  return json.get_ref<const std::string&>();
}

int number_of(const Json& json, int least, int most, const std::string& where) {
  const std::optional<int64_t> number = as_integer(json);
  if (!number || *number < least || *number > most)
    fail(code::bad_topology, where, " must be a whole number from ", least, " to ", most);
  return static_cast<int>(*number);
}

// What a layer says that nobody knows would change its result: it is refused.
NpyLayer parse_layer(const Json& json, size_t number) {
  std::string where = text("layer ", number);
  if (!json.is_object()) fail(code::bad_topology, where, " is ", kind_of(json), ", an object was expected");
  NpyLayer layer{.name = text("layer_", number)};
  for (const auto& [key, value] : json.get_ref<const Json::object_t&>()) {
    const std::string what = where + ": " + in_quotes(key);
    if (const auto* member = find_named(texts, key)) {
      layer.** member = text_in(value, what);
    } else if (const auto* counted = find_named(numbers, key)) {
      layer.** counted = number_of(value, 0, max_number, what);
    } else {
      fail(code::bad_topology, what, " is not known");
    }
  }
  return layer;
}

void add_file(const std::string& path, std::vector<WeightGroup>& groups) {
  const auto is_it = [&](const WeightGroup& group) { return group.paths.front() == path; };
  if (path.empty() || std::any_of(groups.begin(), groups.end(), is_it)) return;
  check_weight_path(path, "a layer");
  groups.push_back({.paths = {path}, .is_npy = true});
}

}  // namespace

bool is_npy_model(const Json& file) {
  const Json* format = find_member(file, {"format"});
  return format && format->is_string() && format->get_ref<const std::string&>() == format_name;
}

ModelFile parse_npy_model(const Json& file) {
  ModelFile model{.format = format_name};
  NpyTopology topology;
  if (const Json* name = find_member(file, {"name"})) model.name = text_in(*name, "\"name\"");
  for (const Json& extent : list_in(file, "input"))
    topology.input.push_back(number_of(extent, open_extent, std::numeric_limits<int>::max(), "\"input\""));
  if (topology.input.size() != 3)
    fail(code::bad_topology, "\"input\" must be height, width and channels, it is ",
         to_string(topology.input));
  const Json& layers = list_in(file, "layers");
  if (layers.size() > max_layers)
    fail(code::too_large, "the model has ", layers.size(), " layers, the limit is ", max_layers);
  for (const Json& layer : layers) {
    topology.layers.push_back(parse_layer(layer, topology.layers.size() + 1));
    add_file(topology.layers.back().kernel, model.groups);
    add_file(topology.layers.back().bias, model.groups);
  }
  if (find_member(file, {"outputs"})) {
    for (const Json& name : list_in(file, "outputs"))
      topology.outputs.push_back(text_in(name, "an entry of \"outputs\""));
  } else {
    topology.outputs.push_back(topology.layers.back().name);
  }
  model.topology = std::move(topology);
  return model;
}

}  // namespace fragnet
