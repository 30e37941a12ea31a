// Constants, sizes that are known once the input's shape is, and operations that only pass a value on.
#include <cmath>

#include "base/error.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

constexpr int64_t max_range = int64_t{1} << 20;

TfResults import_const(const TfNode& node) {
  const auto weight = node.weights.find(node.def.name);
  if (weight != node.weights.end()) return {node.builder.add_constant(node.def.name, weight->second)};
  const auto attribute = node.def.attributes.find("value");
  if (attribute != node.def.attributes.end()) {
    if (const auto* tensor = std::get_if<Tensor>(&attribute->second)) {
      return {node.builder.add_constant(node.def.name, *tensor)};
    }
  }
  fail(code::bad_weights, node.where,
       ": the constant is needed, but the weights hold no tensor of this name");
}

TfResults import_placeholder(const TfNode& node) {
  fail(code::bad_topology, node.where,
       ": the outputs need this placeholder, but the signature does not list it");
}

TfResults pass_first(const TfNode& node) {
  return {node.inputs[0]};
}
TfResults pass_all(const TfNode& node) {
  return node.inputs;
}

TfResults import_shape(const TfNode& node) {
  TfResults results;
  for (ValueId input : node.inputs) {
    const Shape shape = node.builder.shape(input);
    results.push_back(add_constant(node, {static_cast<int>(shape.size())}, std::vector<int32_t>(shape)));
  }
  return results;
}

TfResults import_size(const TfNode& node) {
  return {add_scalar(node, DType::int32, static_cast<int>(element_count(node.shape(0))))};
}

TfResults import_rank(const TfNode& node) {
  return {add_scalar(node, DType::int32, static_cast<int>(node.shape(0).size()))};
}

// inputs: extents, value (one number)
TfResults import_fill(const TfNode& node) {
  const Shape shape = extents_of(node, 0, "shape");
  if (element_count(node.shape(1)) != 1) {
    fail(code::bad_shape, node.where, ": Fill wants one number, it gets the shape ",
         to_string(node.shape(1)));
  }
  if (shape == Shape{0}) {
    if (node.builder.value(node.inputs[1]).dtype == DType::float32) {
      return {add_constant(node, shape, std::vector<float>{})};
    }
    return {add_constant(node, shape, std::vector<int32_t>{})};
  }
  return {broadcast_to(node, reshaped(node, node.inputs[1], {}), shape)};
}

// Filled with the number that is the operation's kind.
TfResults import_like(const TfNode& node) {
  const Value value = node.builder.value(node.inputs[0]);
  return {broadcast_to(node, add_scalar(node, value.dtype, node.kind), value.shape)};
}

// inputs: start, limit, step (one number each)
TfResults import_range(const TfNode& node) {
  bool whole = true;
  std::vector<double> numbers;
  for (size_t i = 0; i < 3; ++i) {
    const std::vector<float> floats = node.builder.constant_floats(node.inputs[i], node.where);
    if (floats.size() != 1) {
      fail(code::bad_shape, node.where, ": Range wants a start, a limit and a step, input ", i, " has ",
           floats.size(), " numbers");
    }
    const bool is_whole = node.builder.value(node.inputs[i]).dtype == DType::int32;
    whole = whole && is_whole;
    numbers.push_back(is_whole ? int_of(node, i, "numbers") : floats[0]);
  }
  const double start = numbers[0], limit = numbers[1], step = numbers[2];
  const double count = std::ceil((limit - start) / step);
  if (!(step != 0) || !std::isfinite(count)) {
    fail(code::bad_value, node.where, ": a Range from ", start, " to ", limit, " in steps of ", step,
         " has no end");
  }
  if (count > max_range)
    fail(code::too_large, node.where, ": a Range of ", count, " numbers is above ", max_range);
  const int length = count > 0 ? static_cast<int>(count) : 0;
  std::vector<int32_t> ints;
  std::vector<float> floats;
  for (int i = 0; i < length; ++i) {
    const double value = start + i * step;
    if (whole) {
      ints.push_back(static_cast<int32_t>(value));  // between start and limit, which are int32
    } else {
      floats.push_back(static_cast<float>(value));
    }
  }
  if (whole) return {add_constant(node, {length}, std::move(ints))};
  return {add_constant(node, {length}, std::move(floats))};
}

}  // namespace

std::span<const TfOp> constant_ops() {
  static constexpr TfOp ops[] = {
      {"Const", 0, import_const},
      {"Placeholder", 0, import_placeholder},
      {"NoOp", 0, pass_all},
      {"IdentityN", 0, pass_all},
      {"Identity", 1, pass_first},
      {"StopGradient", 1, pass_first},
      {"PreventGradient", 1, pass_first},
      {"CheckNumerics", 1, pass_first},
      {"Snapshot", 1, pass_first},
      {"Print", 1, pass_first},
      {"EnsureShape", 1, pass_first},
      // A default is what TensorFlow.js, too, takes where nothing is fed; fake quantisation it ignores.
      {"PlaceholderWithDefault", 1, pass_first},
      {"FakeQuantWithMinMaxVars", 1, pass_first},
      {"Shape", 1, import_shape},
      {"ShapeN", 1, import_shape},
      {"Size", 1, import_size},
      {"Rank", 1, import_rank},
      {"Fill", 2, import_fill},
      {"ZerosLike", 1, import_like, 0},
      {"OnesLike", 1, import_like, 1},
      {"Range", 3, import_range},
  };
  return ops;
}

}  // namespace fragnet
