// Reading JSON that strangers wrote.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json.hpp"

namespace fragnet {

// Deeper JSON is refused: a Keras model inside a model costs four levels, and whoever walks it recurses.
inline constexpr size_t max_json_depth = 200;
inline constexpr size_t max_json_bytes = size_t{64} << 20;

// The keys of some objects as the file orders them, by path ("signature/outputs"): Json sorts its keys, but
// TensorFlow.js returns outputs in the order in which the signature lists them.
using KeyOrder = std::map<std::string, std::vector<std::string>>;

// Throws `bad-json` or `too-large`, with `what` (a file's name) in the sentence. Fills the entries that
// `order` has.
Json parse_json(std::string_view json_text, const std::string& what, KeyOrder* order = nullptr);

// The member that has the first of these names, or nullptr where `json` is no object, or has none or a null.
const Json* find_member(const Json& json, std::initializer_list<const char*> names);
Json* find_member(Json& json, std::initializer_list<const char*> names);

// A whole number, written as 3, 3.0 or "3" (protobuf's JSON writes int64 as text).
std::optional<int64_t> as_integer(const Json& json);

std::string kind_of(const Json& json);         // "an array", "a number", …
std::string in_quotes(std::string_view name);  // in quotation marks, cut after 80 bytes

}  // namespace fragnet
