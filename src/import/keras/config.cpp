#include "import/keras/config.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace fragnet {
namespace {

[[noreturn]] void fail_value(const KerasConfig& config, Keys keys, const std::string& wanted,
                             const Json& got) {
  fail(code::bad_topology, config.where, ": `", *keys.begin(), "` must be ", wanted, ", it is ", shown(got));
}

float finite_float(const KerasConfig& config, Keys keys, const Json& json) {
  const double number = json.is_number() ? json.get<double>() : std::numeric_limits<double>::infinity();
  if (!(std::abs(number) <= std::numeric_limits<float>::max())) fail_value(config, keys, "a number", json);
  return static_cast<float>(number);
}

int int_within(const KerasConfig& config, Keys keys, const Json& json, int low, int high) {
  const std::optional<int64_t> number = whole_number(json);
  if (!number || *number < low || *number > high) {
    fail_value(config, keys, text("a whole number from ", low, " to ", high), json);
  }
  return static_cast<int>(*number);
}

// What matters only while a network is built or trained, whatever its value.
constexpr std::string_view training_keys[] = {
    "autocast",
    "batch_input_shape",
    "batch_size",
    "build_config",
    "build_input_shape",
    "dtype",
    "fill_mode",
    "fill_value",
    "fused",
    "input_dim",
    "input_dtype",
    "input_shape",
    "input_spec",
    "momentum",
    "name",
    "noise_shape",
    "optional",
    "rank",
    "registered_name",
    "renorm",
    "renorm_clipping",
    "renorm_momentum",
    "seed",
    "shared_object_id",
    "sparse",
    "supports_masking",
    "synchronized",
    "trainable",
    "virtual_batch_size",
};
constexpr std::string_view training_endings[] = {"_constraint", "_init", "_initializer", "_regularizer"};

bool belongs_to_training(std::string_view key) {
  const auto ends_key = [&](std::string_view ending) { return key.ends_with(ending); };
  return std::find(std::begin(training_keys), std::end(training_keys), key) != std::end(training_keys) ||
         std::any_of(std::begin(training_endings), std::end(training_endings), ends_key);
}

// A value with which a layer does what it does without the key, whatever the key is.
bool says_no(const Json& json) {
  if (json.is_null() || json == false) return true;
  if (json.is_structured()) return std::all_of(json.begin(), json.end(), says_no);
  if (json.is_string()) {
    const std::string& word = json.get_ref<const std::string&>();
    return word.empty() || word == "linear" || word == "channels_last" || word == "valid";
  }
  const std::optional<int64_t> number = whole_number(json);
  return number == 0 || number == 1;
}

}  // namespace

void refuse_unread_keys(const KerasConfig& config) {
  if (!config.json.is_object()) return;
  for (const auto& [key, value] : config.json.get_ref<const Json::object_t&>()) {
    if (config.read->count(key) || belongs_to_training(key) || says_no(value)) continue;
    fail(code::unsupported_op, config.where, ": `", key, "` is ", shown(value),
         ", which Fragnet does not know for this layer and which may change its result");
  }
}

const Json* find_value(const KerasConfig& config, Keys keys) {
  if (config.read) config.read->insert(keys.begin(), keys.end());
  if (!config.json.is_object()) return nullptr;
  for (const char* key : keys) {
    const auto found = config.json.find(key);
    if (found != config.json.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

std::optional<int64_t> whole_number(const Json& json) {
  if (json.is_number_unsigned()) {
    const uint64_t number = json.get<uint64_t>();
    if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return std::nullopt;
    return static_cast<int64_t>(number);
  }
  if (json.is_number_integer()) return json.get<int64_t>();
  if (json.is_number_float()) {
    const double number = json.get<double>();
    const double exact_below = 9007199254740992.0;  // 2^53
    if (std::abs(number) < exact_below && number == std::floor(number)) return static_cast<int64_t>(number);
  }
  return std::nullopt;
}

std::string shown(const Json& json) {
  if (json.is_object()) return "an object";
  if (json.is_array() && json.size() > 8) return text("a list of ", json.size());
  const std::string whole = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  return whole.size() <= 80 ? whole : whole.substr(0, 80) + "…";
}

int config_int(const KerasConfig& config, Keys keys, int fallback, int low, int high) {
  const Json* json = find_value(config, keys);
  return json ? int_within(config, keys, *json, low, high) : fallback;
}

double config_number(const KerasConfig& config, Keys keys, double fallback) {
  const Json* json = find_value(config, keys);
  if (!json) return fallback;
  finite_float(config, keys, *json);
  return json->get<double>();
}

bool config_flag(const KerasConfig& config, Keys keys, bool fallback) {
  const Json* json = find_value(config, keys);
  if (!json) return fallback;
  if (json->is_boolean()) return json->get<bool>();
  const std::optional<int64_t> number = whole_number(*json);
  if (!number || *number < 0 || *number > 1) fail_value(config, keys, "true or false", *json);
  return *number == 1;
}

std::string config_text(const KerasConfig& config, Keys keys, const std::string& fallback) {
  const Json* json = find_value(config, keys);
  if (!json) return fallback;
  if (!json->is_string()) fail_value(config, keys, "a text", *json);
  return json->get<std::string>();
}

std::array<int, 2> config_pair(const KerasConfig& config, Keys keys, std::array<int, 2> fallback, int low,
                               int high) {
  const Json* json = find_value(config, keys);
  if (!json) return fallback;
  if (!json->is_array()) {
    const int both = int_within(config, keys, *json, low, high);
    return {both, both};
  }
  if (json->size() != 2) fail_value(config, keys, "a number or a pair of numbers (height, width)", *json);
  return {int_within(config, keys, (*json)[0], low, high), int_within(config, keys, (*json)[1], low, high)};
}

std::optional<std::vector<float>> config_numbers(const KerasConfig& config, Keys keys) {
  const Json* json = find_value(config, keys);
  if (!json) return std::nullopt;
  if (!json->is_array()) return std::vector<float>{finite_float(config, keys, *json)};
  std::vector<float> numbers;
  for (const Json& entry : *json) numbers.push_back(finite_float(config, keys, entry));
  return numbers;
}

std::vector<int> config_axes(const KerasConfig& config, Keys keys, std::vector<int> fallback, int rank) {
  std::vector<int> axes;
  const Json* json = find_value(config, keys);
  const auto add = [&](int64_t axis) {
    if (axis < -rank || axis >= rank) {
      fail(code::bad_shape, config.where, ": `", *keys.begin(), "` names axis ", axis,
           ", the input has rank ", rank);
    }
    axes.push_back(static_cast<int>(axis < 0 ? axis + rank : axis));
  };
  if (!json) {
    for (int axis : fallback) add(axis);
  } else if (!json->is_array()) {
    add(int_within(config, keys, *json, -max_rank, max_rank));
  } else {
    for (const Json& entry : *json) add(int_within(config, keys, entry, -max_rank, max_rank));
  }
  std::sort(axes.begin(), axes.end());
  if (axes.empty() || std::adjacent_find(axes.begin(), axes.end()) != axes.end()) {
    fail(code::bad_topology, config.where, ": `", *keys.begin(), "` must name distinct axes, it is ",
         json ? shown(*json) : to_string(fallback));
  }
  return axes;
}

int config_axis(const KerasConfig& config, Keys keys, int fallback, int rank) {
  const std::vector<int> axes = config_axes(config, keys, {fallback}, rank);
  if (axes.size() != 1) {
    fail(code::unsupported_op, config.where, ": `", *keys.begin(), "` names ", axes.size(),
         " axes, only one is supported");
  }
  return axes[0];
}

Padding config_padding(const KerasConfig& config) {
  const std::string padding = config_text(config, {"padding"}, "valid");
  if (padding == "same") return Padding::same;
  if (padding == "valid") return Padding::valid;
  fail(code::bad_topology, config.where, R"(: `padding` must be "same" or "valid", it is ")", padding, '"');
}

bool is_channels_first(const KerasConfig& config) {
  const std::string format = config_text(config, {"data_format"}, "channels_last");
  if (format == "channels_first" || format == "channelsFirst") return true;
  if (format == "channels_last" || format == "channelsLast") return false;
  fail(code::bad_topology, config.where,
       R"(: `data_format` must be "channels_last" or "channels_first", it is ")", format, '"');
}

Shape config_shape(const KerasConfig& config, const Json& json, const std::string& what) {
  const bool is_list = json.is_array() && json.size() <= max_rank;
  if (!is_list) {
    fail(code::bad_topology, config.where, ": `", what, "` must be a list of at most ", max_rank,
         " extents, it is ", shown(json));
  }
  Shape shape;
  for (const Json& extent : json) {
    const std::optional<int64_t> number = extent.is_null() ? open_extent : whole_number(extent);
    if (!number || *number == 0 || *number < open_extent || *number > max_elements) {
      fail(code::bad_topology, config.where, ": the extents of `", what,
           "` must be positive or open, they are ", shown(json));
    }
    shape.push_back(static_cast<int>(*number));
  }
  return shape;
}

Margins config_margins(const KerasConfig& config, const char* key, int fallback) {
  const Json* json = find_value(config, {key});
  const bool is_nested = json && json->is_array() && json->size() == 2 && (*json)[0].is_array();
  if (!is_nested) {
    const auto [height, width] = config_pair(config, {key}, {fallback, fallback}, 0, max_window_span);
    return {height, height, width, width};
  }
  const auto side = [&](size_t i) {
    const Json pair = {{key, (*json)[i]}};
    return config_pair({pair, config.where}, {key}, {0, 0}, 0, max_window_span);
  };
  const std::array<int, 2> rows = side(0), columns = side(1);
  return {rows[0], rows[1], columns[0], columns[1]};
}

}  // namespace fragnet
