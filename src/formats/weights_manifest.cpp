// The weights manifest: which files hold which weights, in which order and encoding.
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "formats/tfjs_parts.hpp"
#include "formats/weight_path.hpp"

namespace fragnet {
namespace {

constexpr int64_t saturated = std::numeric_limits<int64_t>::max();

int64_t saturating_multiply(int64_t a, int64_t b) {
  return a != 0 && b > saturated / a ? saturated : a * b;
}
int64_t saturating_add(int64_t a, int64_t b) {
  return b > saturated - a ? saturated : a + b;
}

Shape parse_shape(const Json& json, const std::string& where) {
  const Json* extents = find_member(json, {"shape"});
  if (!extents || !extents->is_array()) fail(code::bad_weights, where, " has no shape");
  if (extents->size() > max_rank) {
    fail(code::bad_weights, where, " has a shape of rank ", extents->size(), ", the limit is ", max_rank);
  }
  Shape shape;
  for (const Json& extent : *extents) {
    const auto value = as_integer(extent);
    if (!value)
      fail(code::bad_weights, where, ": an extent of its shape is ", kind_of(extent), ", not a whole number");
    if (*value < 0 || *value > std::numeric_limits<int>::max()) {
      fail(code::bad_weights, where, " has a shape with the extent ", *value);
    }
    shape.push_back(static_cast<int>(*value));
  }
  return shape;
}

double parse_number(const Json& json, const char* name, const std::string& where) {
  const Json* number = find_member(json, {name});
  if (!number || !number->is_number()) fail(code::bad_weights, where, " is quantised without a ", name);
  return number->get<double>();
}

// float16 carries no range; uint8 and uint16 are affine.
void parse_quantization(const Json& json, WeightSpec& spec, const std::string& where) {
  const Json* dtype = find_member(json, {"dtype"});
  const std::string stored = dtype && dtype->is_string() ? dtype->get<std::string>() : "";
  if (spec.is_text || spec.dtype == DType::boolean) {
    fail(code::bad_weights, where, " is quantised, but only float32 and int32 weights can be");
  }
  if (stored == "float16") {
    if (spec.dtype != DType::float32) fail(code::bad_weights, where, " is an int32 stored as float16");
    spec.encoding = Encoding::float16;
    return;
  }
  if (stored != "uint8" && stored != "uint16") {
    fail(code::bad_weights, where, " is quantised as ", in_quotes(stored),
         ", expected uint8, uint16 or float16");
  }
  spec.encoding = stored == "uint8" ? Encoding::uint8 : Encoding::uint16;
  spec.min = parse_number(json, "min", where);
  spec.scale = parse_number(json, "scale", where);
  const double codes = stored == "uint8" ? 255 : 65535;
  const double largest = std::numeric_limits<float>::max();
  if (!(std::abs(spec.min) <= largest) || !(std::abs(spec.min + codes * spec.scale) <= largest)) {
    fail(code::bad_value, where, " is quantised with min ", spec.min, " and scale ", spec.scale,
         ": its range is not finite");
  }
}

WeightSpec parse_spec(const Json& json, size_t index) {
  WeightSpec spec;
  const Json* name = find_member(json, {"name"});
  if (!name || !name->is_string()) fail(code::bad_weights, "weight ", index, " of the manifest has no name");
  spec.name = name->get<std::string>();
  const std::string where = "weight " + in_quotes(spec.name);
  const Json* dtype = find_member(json, {"dtype"});
  const std::string type = dtype && dtype->is_string() ? dtype->get<std::string>() : "";
  if (type == "float32") {
    spec.dtype = DType::float32, spec.encoding = Encoding::float32;
  } else if (type == "int32") {
    spec.dtype = DType::int32, spec.encoding = Encoding::int32;
  } else if (type == "bool") {
    spec.dtype = DType::boolean, spec.encoding = Encoding::boolean;
  } else if (type == "string") {
    spec.is_text = true;
  } else {
    fail(code::bad_weights, where, " has the dtype ", in_quotes(type),
         ", expected float32, int32, bool or string");
  }
  spec.shape = parse_shape(json, where);
  if (const Json* quantization = find_member(json, {"quantization"}))
    parse_quantization(*quantization, spec, where);
  return spec;
}

// What a weight needs in its file; of text at least the lengths.
int64_t bytes_needed(const WeightSpec& spec) {
  int64_t bytes = spec.is_text ? 4 : bytes_of(spec.encoding);
  for (const int extent : spec.shape) bytes = saturating_multiply(bytes, extent);
  return bytes;
}

WeightGroup parse_group(const Json& json, size_t index) {
  WeightGroup group;
  const std::string where = text("group ", index, " of the weights manifest");
  if (const Json* paths = find_member(json, {"paths"})) {
    if (!paths->is_array())
      fail(code::bad_weights, where, ": its paths are ", kind_of(*paths), ", not an array");
    for (const Json& path : *paths) {
      if (!path.is_string()) fail(code::bad_weights, where, ": a path is ", kind_of(path));
      check_weight_path(path.get_ref<const std::string&>(), "the weights manifest");
      group.paths.push_back(path.get<std::string>());
    }
  }
  const Json* weights = find_member(json, {"weights"});
  if (!weights || !weights->is_array()) fail(code::bad_weights, where, " has no list of weights");
  group.weights.reserve(weights->size());
  for (const Json& weight : *weights) {
    group.weights.push_back(parse_spec(weight, group.weights.size()));
    const WeightSpec& spec = group.weights.back();
    group.has_text |= spec.is_text;
    group.bytes = saturating_add(group.bytes, bytes_needed(spec));
  }
  if (group.paths.empty() && group.bytes > 0)
    fail(code::bad_weights, where, " has weights, but names no file");
  return group;
}

}  // namespace

std::vector<WeightGroup> parse_weights_manifest(const Json& manifest) {
  if (!manifest.is_array()) {
    fail(code::bad_weights, "the weights manifest is ", kind_of(manifest), ", an array was expected");
  }
  std::vector<WeightGroup> groups;
  int64_t total = 0;
  for (const Json& json : manifest) {
    groups.push_back(parse_group(json, groups.size()));
    total = saturating_add(total, groups.back().bytes);
  }
  if (total > max_group_bytes) {
    fail(code::too_large, "the weights manifest claims ", total == saturated ? "more than " : "", total,
         " bytes of weights, the limit is ", max_group_bytes, " (2 GiB)");
  }
  for (const WeightGroup& group : groups) {
    for (const WeightSpec& spec : group.weights) element_count(spec.shape, "weight " + in_quotes(spec.name));
  }
  return groups;
}

}  // namespace fragnet
