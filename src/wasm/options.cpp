#include "wasm/options.hpp"

#include <algorithm>
#include <climits>

#include "base/error.hpp"
#include "formats/json_object.hpp"

namespace fragnet {
namespace {

// Two numbers; anything else leaves it to what is known of the network.
std::optional<Range> range_option(const Json& options, const char* name) {
  const Json* range = find_member(options, {name});
  if (!range || !range->is_array() || range->size() != 2 || !(*range)[0].is_number() ||
      !(*range)[1].is_number())
    return std::nullopt;
  return Range{(*range)[0].get<float>(), (*range)[1].get<float>()};
}

Shape shape_option(const Json& extents, const std::string& name) {
  Shape shape;
  for (const Json& extent : extents) {
    const std::optional<int64_t> number = as_integer(extent);
    if (!number || *number < INT_MIN || *number > INT_MAX) {
      fail(code::bad_input, "the shape for input ", in_quotes(name), " is no list of whole numbers");
    }
    shape.push_back(static_cast<int>(*number));
  }
  return shape;
}

}  // namespace

std::string text_option(const Json& options, const char* name, const char* fallback) {
  const Json* option = find_member(options, {name});
  return option && option->is_string() ? option->get_ref<const std::string&>() : fallback;
}

double number_option(const Json& options, const char* name, double fallback) {
  const Json* option = find_member(options, {name});
  return option && option->is_number() ? option->get<double>() : fallback;
}

bool flag_option(const Json& options, const char* name) {
  const Json* option = find_member(options, {name});
  return option && option->is_boolean() && option->get<bool>();
}

Tuning tuning_option(const Json& options) {
  Tuning tuning;
  const Json* kinds = find_member(options, {"tuning"});
  if (!kinds || !kinds->is_object()) return tuning;
  for (auto kind = kinds->begin(); kind != kinds->end(); ++kind) {
    const Json& shape = kind.value();
    if (!shape.is_array() || shape.size() != 2 || !shape[0].is_number_integer() ||
        !shape[1].is_number_integer())
      continue;
    const BlockShape block{shape[0].get<int>(), shape[1].get<int>()};
    const std::vector<BlockShape> known = block_shapes();
    if (std::find(known.begin(), known.end(), block) != known.end()) tuning[kind.key()] = block;
  }
  return tuning;
}

Json json_of(const Tuning& tuning) {
  Json kinds = Json::object();
  for (const auto& [kind, shape] : tuning) kinds[kind] = Json::array({shape.w, shape.q});
  return kinds;
}

InputShapes shapes_option(const Json& options) {
  InputShapes asked;
  if (const Json* wanted = find_member(options, {"inputShapes"})) {
    for (const auto& [name, extents] : wanted->get_ref<const Json::object_t&>())
      asked[name] = shape_option(extents, name);
  }
  return asked;
}

FrameOptions frame_options_of(const Json& options) {
  FrameOptions next;
  if (const Json* augmentation = find_member(options, {"augmentation"})) {
    next.augmentation = augmentation_of(text_option(*augmentation, "type", "none"));
    next.brightness = static_cast<float>(number_option(*augmentation, "brightness", 0));
    next.contrast = static_cast<float>(number_option(*augmentation, "contrast", 1));
    next.grain = static_cast<float>(number_option(*augmentation, "grain", 0));
    next.input_range = next.output_range = range_option(*augmentation, "range");
  }
  for (const auto& [name, range] :
       {std::pair("inputRange", &next.input_range), {"outputRange", &next.output_range}}) {
    if (const std::optional<Range> own = range_option(options, name)) *range = own;
  }
  next.output = static_cast<int>(number_option(options, "output", -1));
  next.channel = static_cast<int>(number_option(options, "channel", -1));
  next.show = show_of(text_option(options, "show", "auto"));
  next.invert = flag_option(options, "invert");
  next.mirror = flag_option(options, "mirror");
  next.view = view_of(text_option(options, "view", "output"));
  return next;
}

}  // namespace fragnet
