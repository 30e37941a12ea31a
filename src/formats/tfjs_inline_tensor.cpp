#include "formats/tfjs_inline_tensor.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "base/half.hpp"
#include "formats/tfjs_parts.hpp"

namespace fragnet {
namespace {

// One element of tensorContent, as a double: it holds float, int32 and all smaller types exactly.
struct Packing {
  size_t bytes;
  double (*read)(const char* at);
};

template <class T>
double read_as(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return static_cast<double>(value);
}

double read_half(const char* at) {
  uint16_t bits;
  std::memcpy(&bits, at, sizeof(bits));
  return half_to_float(bits);
}

std::optional<Packing> packing_of(const std::string& type) {
  if (type == "DT_FLOAT") return Packing{4, read_as<float>};
  if (type == "DT_DOUBLE") return Packing{8, read_as<double>};
  if (type == "DT_HALF") return Packing{2, read_half};
  if (type == "DT_INT32") return Packing{4, read_as<int32_t>};
  if (type == "DT_INT64") return Packing{8, read_as<int64_t>};
  if (type == "DT_INT16") return Packing{2, read_as<int16_t>};
  if (type == "DT_UINT16") return Packing{2, read_as<uint16_t>};
  if (type == "DT_INT8") return Packing{1, read_as<int8_t>};
  if (type == "DT_UINT8" || type == "DT_BOOL") return Packing{1, read_as<uint8_t>};
  return std::nullopt;
}

double parse_number(const Json& item, const std::string& type, const std::string& where) {
  if (item.is_boolean()) return item.get<bool>() ? 1 : 0;
  if (type == "DT_HALF") {
    const auto bits = as_integer(item);  // halfVal holds the bits
    if (bits && *bits >= 0 && *bits <= 0xFFFF) return half_to_float(static_cast<uint16_t>(*bits));
  } else if (item.is_number()) {
    return item.get<double>();
  } else if (const auto whole = as_integer(item)) {
    return static_cast<double>(*whole);
  }
  fail(code::bad_topology, where, ": its constant holds ", kind_of(item), " where a number was expected");
}

std::vector<double> read_numbers(const Json& json, const std::string& type, const std::string& where) {
  std::vector<double> numbers;
  if (const Json* content = find_member(json, {"tensorContent", "tensor_content"})) {
    const std::string bytes = parse_bytes(*content, where);
    const auto packing = packing_of(type);
    if (packing && !bytes.empty()) {
      if (bytes.size() % packing->bytes) {
        fail(code::bad_topology, where, ": its constant has ", bytes.size(), " bytes, not a multiple of ",
             packing->bytes);
      }
      numbers.reserve(bytes.size() / packing->bytes);
      for (size_t i = 0; i < bytes.size(); i += packing->bytes)
        numbers.push_back(packing->read(bytes.data() + i));
      return numbers;
    }
  }
  constexpr const char* spellings[][2] = {{"floatVal", "float_val"}, {"doubleVal", "double_val"},
                                          {"intVal", "int_val"},     {"int64Val", "int64_val"},
                                          {"boolVal", "bool_val"},   {"halfVal", "half_val"}};
  for (const auto& [camel, snake] : spellings) {
    const Json* values = find_member(json, {camel, snake});
    if (!values || !values->is_array() || values->empty()) continue;
    for (const Json& item : *values) numbers.push_back(parse_number(item, type, where));
    return numbers;
  }
  return numbers;
}

}  // namespace

std::optional<Tensor> parse_inline_tensor(const Json& json, int64_t& inline_elements,
                                          const std::string& where) {
  const Json* type_json = find_member(json, {"dtype"});
  if (!type_json) return std::nullopt;
  const std::string type = type_name_of(*type_json, where);
  const auto dtype = dtype_of(type);
  if (!dtype) return std::nullopt;
  std::vector<double> numbers = read_numbers(json, type, where);
  if (numbers.empty()) return std::nullopt;

  Shape shape;
  if (const Json* shape_json = find_member(json, {"tensorShape", "tensor_shape"})) {
    const auto known = parse_tensor_shape(*shape_json, where);
    if (!known || !is_closed(*known)) fail(code::bad_topology, where, ": the shape of its constant is open");
    shape = *known;
  }
  const int64_t count = element_count(shape, where);
  if (count > inline_elements) {
    fail(code::too_large, where, ": the constants inside the graph's nodes have too many elements, ", count,
         " in this one; they belong into the weight files");
  }
  inline_elements -= count;
  if (static_cast<int64_t>(numbers.size()) > count) {
    fail(code::bad_topology, where, ": its constant has ", numbers.size(), " values for the shape ",
         to_string(shape));
  }
  numbers.resize(static_cast<size_t>(count), numbers.back());  // the last one stands for all that follow

  if (*dtype == DType::float32) {
    std::vector<float> values;
    values.reserve(numbers.size());
    for (double number : numbers) {
      if (!(std::abs(number) <= std::numeric_limits<float>::max())) {
        fail(code::bad_value, where, ": its constant holds ", number, ", no finite float32");
      }
      values.push_back(static_cast<float>(number));
    }
    return make_tensor(std::move(shape), std::move(values));
  }
  std::vector<int32_t> values;
  values.reserve(numbers.size());
  for (double number : numbers) {
    if (!(std::abs(number) < 1e30))
      fail(code::bad_value, where, ": its constant holds ", number, ", no whole number");
    // An int64 beyond int32 means "as far as it goes" (the end of a slice).
    values.push_back(static_cast<int32_t>(std::clamp(number, -2147483648.0, 2147483647.0)));
  }
  return make_tensor(std::move(shape), std::move(values), *dtype);
}

}  // namespace fragnet
