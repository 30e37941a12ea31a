#include "import/tensorflow/node.hpp"

#include <cctype>

#include "base/error.hpp"

namespace fragnet {
namespace {

const Attribute* find_attribute(const TfNode& node, const char* name) {
  const auto found = node.def.attributes.find(name);
  return found == node.def.attributes.end() ? nullptr : &found->second;
}

[[noreturn]] void fail_kind(const TfNode& node, const char* name, const char* wanted) {
  fail(code::bad_topology, node.where, ": its attribute \"", name, "\" is not ", wanted);
}

std::string in_capitals(std::string word) {
  for (char& letter : word) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return word;
}

}  // namespace

// ---- Attributes ----

int64_t integer_of(const TfNode& node, const char* name, int64_t fallback) {
  const Attribute* attribute = find_attribute(node, name);
  if (!attribute) return fallback;
  if (const auto* value = std::get_if<int64_t>(attribute)) return *value;
  fail_kind(node, name, "a whole number");
}

double number_of(const TfNode& node, const char* name, double fallback) {
  const Attribute* attribute = find_attribute(node, name);
  if (!attribute) return fallback;
  if (const auto* value = std::get_if<double>(attribute)) return *value;
  if (const auto* value = std::get_if<int64_t>(attribute)) return static_cast<double>(*value);
  fail_kind(node, name, "a number");
}

bool flag_of(const TfNode& node, const char* name, bool fallback) {
  const Attribute* attribute = find_attribute(node, name);
  if (!attribute) return fallback;
  if (const auto* value = std::get_if<bool>(attribute)) return *value;
  if (const auto* value = std::get_if<int64_t>(attribute)) return *value != 0;
  fail_kind(node, name, "true or false");
}

std::string text_of(const TfNode& node, const char* name, const std::string& fallback) {
  const Attribute* attribute = find_attribute(node, name);
  if (!attribute) return fallback;
  if (const auto* value = std::get_if<std::string>(attribute)) return *value;
  fail_kind(node, name, "text");
}

std::string word_of(const TfNode& node, const char* name, const std::string& fallback) {
  return in_capitals(text_of(node, name, fallback));
}

std::vector<int64_t> integers_of(const TfNode& node, const char* name) {
  const Attribute* attribute = find_attribute(node, name);
  if (!attribute) return {};
  if (const auto* value = std::get_if<std::vector<int64_t>>(attribute)) return *value;
  fail_kind(node, name, "a list of whole numbers");
}

std::vector<std::string> words_of(const TfNode& node, const char* name) {
  const Attribute* attribute = find_attribute(node, name);
  if (!attribute) return {};
  if (const auto* value = std::get_if<std::vector<std::string>>(attribute)) {
    std::vector<std::string> words;
    for (const std::string& word : *value) words.push_back(in_capitals(word));
    return words;
  }
  const auto* empty = std::get_if<std::vector<int64_t>>(attribute);
  if (!empty || !empty->empty()) fail_kind(node, name, "a list of words");
  return {};
}

std::optional<DType> dtype_of(const TfNode& node, const char* name) {
  const Attribute* attribute = find_attribute(node, name);
  if (!attribute) return std::nullopt;
  if (const auto* value = std::get_if<DType>(attribute)) return *value;
  if (std::holds_alternative<std::string>(*attribute)) return std::nullopt;
  fail_kind(node, name, "a type");
}

bool is_channels_first(const TfNode& node) {
  const std::string format = word_of(node, "data_format", "NHWC");
  if (format != "NHWC" && format != "NCHW") {
    fail(code::unsupported_op, node.where, ": the data format ", format, " of ", node.def.op,
         " is not supported, only NHWC and NCHW are");
  }
  return format == "NCHW";
}

// ---- Constant operands ----

std::vector<int32_t> ints_of(const TfNode& node, size_t input, const char* what) {
  return node.builder.constant_ints(node.inputs[input],
                                    text(node.where, ": the ", what, " of ", node.def.op));
}

std::vector<int32_t> ints_of(const TfNode& node, size_t input, const char* what, size_t length) {
  std::vector<int32_t> values = ints_of(node, input, what);
  if (values.size() != length) {
    fail(code::bad_shape, node.where, ": ", node.def.op, " wants ", length,
         length == 1 ? " number" : " numbers", " as its ", what, ", it gets ", values.size());
  }
  return values;
}

int32_t int_of(const TfNode& node, size_t input, const char* what) {
  return ints_of(node, input, what, 1)[0];
}

Shape extents_of(const TfNode& node, size_t input, const char* what) {
  const std::vector<int32_t> values = ints_of(node, input, what);
  for (int32_t value : values) {
    if (value < 0)
      fail(code::bad_shape, node.where, ": the ", what, " of ", node.def.op, " has the extent ", value);
  }
  Shape shape(values.begin(), values.end());
  element_count(shape, node.where);
  return shape;
}

std::vector<std::array<int, 2>> margins_of(const TfNode& node, size_t input, const char* what, size_t count) {
  const std::vector<int32_t> values = ints_of(node, input, what, 2 * count);
  std::vector<std::array<int, 2>> margins;
  for (size_t i = 0; i < count; ++i) {
    margins.push_back({values[2 * i], values[2 * i + 1]});
    if (values[2 * i] < 0 || values[2 * i + 1] < 0) {
      fail(code::bad_shape, node.where, ": the ", what, " of ", node.def.op,
           " must not be negative, they are ", values[2 * i], " and ", values[2 * i + 1]);
    }
  }
  return margins;
}

int axis_of(const TfNode& node, int64_t axis, size_t rank) {
  const int64_t extents = static_cast<int64_t>(rank);
  if (axis < -extents || axis >= extents) {
    fail(code::bad_shape, node.where, ": ", node.def.op, " along axis ", axis, " of a tensor of rank ", rank);
  }
  return static_cast<int>(axis < 0 ? axis + extents : axis);
}

// ---- What handlers share ----

void take_elements(const TfNode& node, const Shape& shape) {
  node.elements_left -= element_count(shape, node.where);
  if (node.elements_left < 0) {
    fail(code::too_large, node.where, ": the model computes too many constants");
  }
}

ValueId add_constant(const TfNode& node, Shape shape, std::vector<int32_t> values) {
  take_elements(node, shape);
  return node.builder.add_constant(node.def.name, make_tensor(std::move(shape), std::move(values)));
}

ValueId add_constant(const TfNode& node, Shape shape, std::vector<float> values) {
  take_elements(node, shape);
  return node.builder.add_constant(node.def.name, make_tensor(std::move(shape), std::move(values)));
}

ValueId add_scalar(const TfNode& node, DType dtype, int value) {
  if (dtype == DType::float32) return add_constant(node, {}, std::vector<float>{static_cast<float>(value)});
  if (dtype == DType::int32) return add_constant(node, {}, std::vector<int32_t>{value});
  return node.builder.add_constant(node.def.name,
                                   make_tensor(Shape{}, std::vector<int32_t>{value != 0}, DType::boolean));
}

ValueId reshaped(const TfNode& node, ValueId value, const Shape& shape) {
  if (node.builder.shape(value) == shape) return value;
  return node.add(Reshape{.shape = shape}, {value});
}

ValueId transposed(const TfNode& node, ValueId value, const std::vector<int>& order) {
  bool moves = order.size() != node.builder.shape(value).size();
  for (size_t i = 0; i < order.size(); ++i) moves = moves || order[i] != static_cast<int>(i);
  return moves ? node.add(Transpose{.order = order}, {value}) : value;
}

ValueId broadcast_to(const TfNode& node, ValueId value, const Shape& shape) {
  const Shape from = node.builder.shape(value);
  if (from == shape) return value;
  if (broadcast_shape(from, shape, node.where) != shape || element_count(shape, node.where) == 0) {
    fail(code::bad_shape, node.where, ": the shape ", to_string(from), " cannot be broadcast to ",
         to_string(shape));
  }
  Shape aligned(shape.size() - from.size(), 1);
  aligned.insert(aligned.end(), from.begin(), from.end());
  Tile tile;
  for (size_t i = 0; i < shape.size(); ++i) tile.repeats.push_back(aligned[i] == 1 ? shape[i] : 1);
  value = reshaped(node, value, aligned);
  return aligned == shape ? value : node.add(std::move(tile), {value});
}

ValueId to_channels_last(const TfNode& node, ValueId value) {
  const size_t rank = node.builder.shape(value).size();
  if (rank == 4) return transposed(node, value, {0, 2, 3, 1});
  return rank == 3 ? transposed(node, value, {1, 2, 0}) : value;
}

ValueId to_channels_first(const TfNode& node, ValueId value) {
  const size_t rank = node.builder.shape(value).size();
  if (rank == 4) return transposed(node, value, {0, 3, 1, 2});
  return rank == 3 ? transposed(node, value, {2, 0, 1}) : value;
}

}  // namespace fragnet
