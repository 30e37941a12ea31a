// What a Keras layer's configuration says. A missing or null key takes Keras's default; a value of another
// kind or out of its range throws `bad-topology` with the layer and the key.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "formats/model.hpp"
#include "graph/ops.hpp"

namespace fragnet {

// Whichever of these a file uses: `alpha` became `negative_slope` in Keras 3.
using Keys = std::initializer_list<const char*>;

struct KerasConfig {
  const Json& json;
  std::string where;                           // opens every message: `layer "up_3"`
  std::set<std::string_view>* read = nullptr;  // gains the keys that somebody asks for
};

// Throws `unsupported-op` for a key that nobody has asked for and that may change the layer's result: one that neither
// belongs to training nor has a value that says "no" (null, false, 0, 1, an empty list …).
void refuse_unread_keys(const KerasConfig& config);

// The value under the first of the keys that is there and not null, else nullptr.
const Json* find_value(const KerasConfig& config, Keys keys);

// A whole number of a JSON value, also one that is written as 3.0.
std::optional<int64_t> whole_number(const Json& json);

// 3, "3.5", [1, 2]: a value in a message, cut where it is long.
std::string shown(const Json& json);

int config_int(const KerasConfig& config, Keys keys, int fallback, int low, int high);
double config_number(const KerasConfig& config, Keys keys, double fallback);  // fits a finite float
bool config_flag(const KerasConfig& config, Keys keys, bool fallback);        // true, false, 1 or 0
std::string config_text(const KerasConfig& config, Keys keys, const std::string& fallback);

// (height, width), written as one number for both or as a list of two.
std::array<int, 2> config_pair(const KerasConfig& config, Keys keys, std::array<int, 2> fallback, int low,
                               int high);

// A number or a list of numbers; nullopt where there is none.
std::optional<std::vector<float>> config_numbers(const KerasConfig& config, Keys keys);

// An axis or a list of them, of a tensor of this rank: negative ones count from the end. Distinct and sorted.
std::vector<int> config_axes(const KerasConfig& config, Keys keys, std::vector<int> fallback, int rank);
int config_axis(const KerasConfig& config, Keys keys, int fallback, int rank);  // exactly one

// One number for all sides, a pair (height, width), or ((top, bottom), (left, right)).
Margins config_margins(const KerasConfig& config, const char* key, int fallback);

Padding config_padding(const KerasConfig& config);
bool is_channels_first(const KerasConfig& config);

// A list of extents where null or -1 is open.
Shape config_shape(const KerasConfig& config, const Json& json, const std::string& what);

}  // namespace fragnet
