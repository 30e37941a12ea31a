// The attributes of graph-model nodes: one form for the spellings of protobuf.js (camelCase, enums by number,
// text as byte codes) and of Python's protobuf (camelCase or snake_case, enums by name, text as base64).
#include <algorithm>
#include <array>
#include <limits>

#include "base/error.hpp"
#include "formats/tfjs_inline_tensor.hpp"
#include "formats/tfjs_parts.hpp"

namespace fragnet {
namespace {

// tensorflow/core/framework/types.proto. TensorFlow.js, too, knows whole numbers of every size as int32.
struct TypeName {
  int number;
  const char* name;
  std::optional<DType> dtype;
};
constexpr std::array<TypeName, 18> type_names{{
    {1, "DT_FLOAT", DType::float32},
    {2, "DT_DOUBLE", DType::float32},
    {3, "DT_INT32", DType::int32},
    {4, "DT_UINT8", DType::int32},
    {5, "DT_INT16", DType::int32},
    {6, "DT_INT8", DType::int32},
    {7, "DT_STRING", std::nullopt},
    {8, "DT_COMPLEX64", std::nullopt},
    {9, "DT_INT64", DType::int32},
    {10, "DT_BOOL", DType::boolean},
    {14, "DT_BFLOAT16", DType::float32},
    {17, "DT_UINT16", DType::int32},
    {18, "DT_COMPLEX128", std::nullopt},
    {19, "DT_HALF", DType::float32},
    {20, "DT_RESOURCE", std::nullopt},
    {21, "DT_VARIANT", std::nullopt},
    {22, "DT_UINT32", DType::int32},
    {23, "DT_UINT64", DType::int32},
}};

const TypeName* find_type(const std::string& name) {
  const auto found = std::find_if(type_names.begin(), type_names.end(),
                                  [&](const TypeName& type) { return name == type.name; });
  return found == type_names.end() ? nullptr : &*found;
}

int64_t parse_int(const Json& json, const std::string& where) {
  const auto value = as_integer(json);
  if (!value) fail(code::bad_topology, where, ": a whole number was expected, it is ", kind_of(json));
  return *value;
}

double parse_float(const Json& json, const std::string& where) {
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) {  // protobuf's JSON writes what JSON cannot
    const std::string& word = json.get_ref<const std::string&>();
    if (word == "Infinity") return std::numeric_limits<double>::infinity();
    if (word == "-Infinity") return -std::numeric_limits<double>::infinity();
    if (word == "NaN") fail(code::bad_value, where, " is NaN");
  }
  fail(code::bad_topology, where, ": a number was expected, it is ", kind_of(json));
}

bool parse_bool(const Json& json, const std::string& where) {
  if (!json.is_boolean())
    fail(code::bad_topology, where, ": true or false was expected, it is ", kind_of(json));
  return json.get<bool>();
}

// The type's number and name differ by dialect. A type without a meaning for pictures stays a name.
Attribute parse_type(const Json& json, const std::string& where) {
  const std::string name = type_name_of(json, where);
  const TypeName* type = find_type(name);
  if (type && type->dtype) return *type->dtype;
  return name;
}

template <class Item, class Parse>
std::vector<Item> parse_all(const Json& list, Parse parse) {
  std::vector<Item> items;
  items.reserve(list.size());
  for (const Json& item : list) items.push_back(parse(item));
  return items;
}

// Several kinds may be there, all but one of them empty; the kind of an empty list is not known.
std::optional<Attribute> parse_list(const Json& list, const std::string& where) {
  if (!list.is_object()) fail(code::bad_topology, where, ": its list is ", kind_of(list), ", not an object");
  const auto filled = [&](const char* kind) -> const Json* {
    const Json* items = find_member(list, {kind});
    return items && items->is_array() && !items->empty() ? items : nullptr;
  };
  if (const Json* items = filled("i")) {
    return parse_all<int64_t>(*items, [&](const Json& item) { return parse_int(item, where); });
  }
  if (const Json* items = filled("f")) {
    return parse_all<double>(*items, [&](const Json& item) { return parse_float(item, where); });
  }
  if (const Json* items = filled("s")) {
    return parse_all<std::string>(*items, [&](const Json& item) { return parse_bytes(item, where); });
  }
  if (const Json* items = filled("b")) {
    return parse_all<int64_t>(*items, [&](const Json& item) { return int64_t{parse_bool(item, where)}; });
  }
  if (const Json* items = filled("type")) {
    return parse_all<std::string>(*items, [&](const Json& item) { return type_name_of(item, where); });
  }
  if (filled("shape") || filled("tensor") || filled("func")) return std::nullopt;
  return std::vector<int64_t>{};
}

}  // namespace

std::string type_name_of(const Json& json, const std::string& where) {
  constexpr int reference = 100;  // DT_FLOAT_REF and the like are the type of a variable's value
  const std::string suffix = "_REF";
  if (json.is_string()) {
    std::string name = json.get<std::string>();
    if (name.size() > suffix.size() &&
        name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) {
      name.resize(name.size() - suffix.size());
    }
    return name;
  }
  const int64_t number = parse_int(json, where);
  for (const TypeName& type : type_names) {
    if (number == type.number || number == type.number + reference) return type.name;
  }
  return text("type ", number);
}

std::optional<DType> dtype_of(const std::string& type_name) {
  const TypeName* type = find_type(type_name);
  return type ? type->dtype : std::nullopt;
}

std::string parse_bytes(const Json& json, const std::string& where) {
  if (json.is_string()) return decode_base64(json.get_ref<const std::string&>());
  // An array of byte codes, or such an array turned into an object: {"0": 78, "1": 72} or {"type": "Buffer",
  // "data": […]}.
  const Json* codes = json.is_object() && find_member(json, {"data"}) ? find_member(json, {"data"}) : &json;
  if (!codes->is_array() && !codes->is_object()) {
    fail(code::bad_topology, where, ": text was expected, it is ", kind_of(json));
  }
  std::string bytes(codes->size(), '\0');
  size_t index = 0;
  for (const auto& [key, code] : codes->items()) {
    size_t position = index++;
    if (codes->is_object()) {
      const auto named = as_integer(Json(key));
      if (!named || *named < 0 || *named >= static_cast<int64_t>(bytes.size())) {
        fail(code::bad_topology, where, ": text was expected, it is an object with the member ",
             in_quotes(key));
      }
      position = static_cast<size_t>(*named);
    }
    const auto value = as_integer(code);
    if (!value || *value < 0 || *value > 255)
      fail(code::bad_topology, where, ": a byte of its text is not in 0…255");
    bytes[position] = static_cast<char>(*value);
  }
  return bytes;
}

std::string decode_base64(const std::string& encoded) {
  std::string decoded;
  decoded.reserve(encoded.size() / 4 * 3 + 3);
  uint32_t buffer = 0;
  int bits = 0;
  size_t end = encoded.size();
  while (end > 0 && encoded[end - 1] == '=') --end;
  for (size_t i = 0; i < end; ++i) {
    const char letter = encoded[i];
    uint32_t value = 0;
    if (letter >= 'A' && letter <= 'Z')
      value = static_cast<uint32_t>(letter - 'A');
    else if (letter >= 'a' && letter <= 'z')
      value = static_cast<uint32_t>(letter - 'a' + 26);
    else if (letter >= '0' && letter <= '9')
      value = static_cast<uint32_t>(letter - '0' + 52);
    else if (letter == '+' || letter == '-')
      value = 62;
    else if (letter == '/' || letter == '_')
      value = 63;
    else
      return encoded;  // plain text, as nobody should write it
    buffer = (buffer << 6 | value) & 0xFFFFFF;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      decoded.push_back(static_cast<char>(buffer >> bits & 0xFF));
    }
  }
  return decoded;
}

std::optional<Shape> parse_tensor_shape(const Json& json, const std::string& where) {
  const Json* unknown = find_member(json, {"unknownRank", "unknown_rank"});
  if (unknown && unknown->is_boolean() && unknown->get<bool>()) return std::nullopt;
  Shape shape;
  const Json* extents = find_member(json, {"dim"});
  if (!extents) return shape;  // a scalar: protobuf leaves empty lists out
  if (!extents->is_array())
    fail(code::bad_topology, where, ": a shape's dim is ", kind_of(*extents), ", not an array");
  if (extents->size() > max_rank) {
    fail(code::bad_topology, where, ": a shape of rank ", extents->size(), " is above ", max_rank);
  }
  for (const Json& extent : *extents) {
    const Json* size = find_member(extent, {"size"});
    const int64_t value = size ? parse_int(*size, where) : 0;  // protobuf leaves zeros out
    if (value < -1 || value > std::numeric_limits<int>::max()) {
      fail(code::bad_topology, where, ": a shape has the extent ", value);
    }
    shape.push_back(static_cast<int>(value));
  }
  return shape;
}

std::optional<Attribute> parse_attribute(const Json& value, int64_t& inline_elements,
                                         const std::string& where) {
  if (!value.is_object()) fail(code::bad_topology, where, " is ", kind_of(value), ", not an object");
  if (const Json* list = find_member(value, {"list"})) return parse_list(*list, where);
  if (const Json* bytes = find_member(value, {"s"})) return parse_bytes(*bytes, where);
  if (const Json* number = find_member(value, {"i"})) return parse_int(*number, where);
  if (const Json* number = find_member(value, {"f"})) return parse_float(*number, where);
  if (const Json* flag = find_member(value, {"b"})) return parse_bool(*flag, where);
  if (const Json* type = find_member(value, {"type"})) return parse_type(*type, where);
  if (const Json* shape = find_member(value, {"shape"})) {
    if (auto extents = parse_tensor_shape(*shape, where)) return *extents;
    return std::nullopt;
  }
  if (const Json* function = find_member(value, {"func"})) {
    const Json* name = find_member(*function, {"name"});
    if (name && name->is_string()) return name->get<std::string>();
  }
  if (const Json* tensor = find_member(value, {"tensor"})) {
    if (auto constant = parse_inline_tensor(*tensor, inline_elements, where)) return *constant;
  }
  return std::nullopt;
}

}  // namespace fragnet
