// Operations on one element at a time.
#include "base/error.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

TfResults import_unary(const TfNode& node) {
  return {node.add(Unary{.kind = static_cast<UnaryKind>(node.kind)}, {node.inputs[0]})};
}

TfResults import_binary(const TfNode& node) {
  return {node.add(Binary{.kind = static_cast<BinaryKind>(node.kind)}, {node.inputs[0], node.inputs[1]})};
}

constexpr TfOp unary(const char* name, UnaryKind kind) {
  return {name, 1, import_unary, static_cast<int>(kind)};
}

constexpr TfOp binary(const char* name, BinaryKind kind) {
  return {name, 2, import_binary, static_cast<int>(kind)};
}

TfResults import_elu(const TfNode& node) {
  return {node.add(Unary{.kind = UnaryKind::elu, .a = 1}, {node.inputs[0]})};
}

TfResults import_leaky_relu(const TfNode& node) {
  const float slope = static_cast<float>(number_of(node, "alpha", 0.2));
  return {node.add(Unary{.kind = UnaryKind::leaky_relu, .a = slope}, {node.inputs[0]})};
}

// Integers that are computed from a picture are floats to the device: their type is the node's to say.
TfResults import_divide(const TfNode& node) {
  const bool whole = dtype_of(node, "T") == DType::int32;
  const BinaryKind kind = whole ? BinaryKind::floor_divide : BinaryKind::divide;
  return {node.add(Binary{.kind = kind}, {node.inputs[0], node.inputs[1]})};
}

// 0 where the divisor is 0
TfResults import_divide_no_nan(const TfNode& node) {
  const ValueId zero = add_scalar(node, DType::float32, 0), one = add_scalar(node, DType::float32, 1);
  const ValueId is_zero = node.add(Binary{.kind = BinaryKind::equal}, {node.inputs[1], zero});
  const ValueId divisor = node.add(Select{}, {is_zero, one, node.inputs[1]});
  const ValueId quotient = node.add(Binary{.kind = BinaryKind::divide}, {node.inputs[0], divisor});
  return {node.add(Select{}, {is_zero, zero, quotient})};
}

TfResults import_add_n(const TfNode& node) {
  ValueId sum = node.inputs[0];
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.shape(i) != node.shape(0)) {
      fail(code::bad_shape, node.where, ": AddN wants equal shapes, input 0 is ", to_string(node.shape(0)),
           " and input ", i, " is ", to_string(node.shape(i)));
    }
    sum = node.add(Binary{.kind = BinaryKind::add}, {sum, node.inputs[i]});
  }
  return {sum};
}

// inputs: x, lowest, highest
TfResults import_clip(const TfNode& node) {
  const Value low = node.builder.value(node.inputs[1]), high = node.builder.value(node.inputs[2]);
  const bool numbers =
      low.constant && high.constant && element_count(low.shape) == 1 && element_count(high.shape) == 1;
  if (numbers) {
    const float a = to_floats(*low.constant)[0], b = to_floats(*high.constant)[0];
    return {node.add(Unary{.kind = UnaryKind::clip, .a = a, .b = b}, {node.inputs[0]})};
  }
  const ValueId raised = node.add(Binary{.kind = BinaryKind::maximum}, {node.inputs[0], node.inputs[1]});
  return {node.add(Binary{.kind = BinaryKind::minimum}, {raised, node.inputs[2]})};
}

// inputs: condition, a, b. The old Select takes a list as a condition on whole rows.
TfResults import_select(const TfNode& node) {
  ValueId condition = node.inputs[0];
  const Shape rows = node.shape(0), shape = node.shape(1);
  if (node.def.op == "Select" && rows.size() == 1 && shape.size() > 1 && rows[0] == shape[0]) {
    Shape aligned(shape.size(), 1);
    aligned[0] = rows[0];
    condition = reshaped(node, condition, aligned);
  }
  return {node.add(Select{}, {condition, node.inputs[1], node.inputs[2]})};
}

// Constants change their type for good, so that arithmetic on sizes is integer arithmetic. On the device
// everything is a float: there a cast to integers cuts the fraction off, and a cast to a wider type changes
// nothing.
TfResults import_cast(const TfNode& node) {
  const std::optional<DType> to = dtype_of(node, "DstT");
  if (!to)
    fail(code::unsupported_op, node.where,
         ": Cast to a type that is not float, int or bool is not supported");
  const Value from = node.builder.value(node.inputs[0]);
  if (*to == from.dtype) return {node.inputs[0]};
  if (*to == DType::boolean) {
    return {
        node.add(Binary{.kind = BinaryKind::not_equal}, {node.inputs[0], add_scalar(node, from.dtype, 0)})};
  }
  if (from.dtype == DType::float32) {
    if (!from.constant) return {node.add(Unary{.kind = UnaryKind::trunc}, {node.inputs[0]})};
    return {add_constant(node, from.shape, ints_of(node, 0, "input"))};
  }
  return {node.add(Binary{.kind = BinaryKind::multiply}, {node.inputs[0], add_scalar(node, *to, 1)})};
}

}  // namespace

std::span<const TfOp> pointwise_ops() {
  using U = UnaryKind;
  using B = BinaryKind;
  static constexpr TfOp ops[] = {
      unary("Abs", U::abs),
      unary("Acos", U::acos),
      unary("Asin", U::asin),
      unary("Atan", U::atan),
      unary("Ceil", U::ceil),
      unary("Cos", U::cos),
      unary("Cosh", U::cosh),
      unary("Erf", U::erf),
      unary("Exp", U::exp),
      unary("Expm1", U::expm1),
      unary("Floor", U::floor),
      unary("Inv", U::reciprocal),
      unary("IsNan", U::is_nan),
      unary("Log", U::log),
      unary("Log1p", U::log1p),
      unary("LogicalNot", U::logical_not),
      unary("Neg", U::negate),
      unary("Reciprocal", U::reciprocal),
      unary("Relu", U::relu),
      unary("Relu6", U::relu6),
      unary("Rint", U::round),
      unary("Round", U::round),
      unary("Rsqrt", U::rsqrt),
      unary("Selu", U::selu),
      unary("Sigmoid", U::sigmoid),
      unary("Sign", U::sign),
      unary("Sin", U::sin),
      unary("Sinh", U::sinh),
      unary("Softplus", U::softplus),
      unary("Softsign", U::softsign),
      unary("Sqrt", U::sqrt),
      unary("Square", U::square),
      unary("Tan", U::tan),
      unary("Tanh", U::tanh),
      {"Elu", 1, import_elu},
      {"LeakyRelu", 1, import_leaky_relu},
      binary("Add", B::add),
      binary("AddV2", B::add),
      binary("Sub", B::subtract),
      binary("Mul", B::multiply),
      binary("FloorDiv", B::floor_divide),
      binary("FloorMod", B::floor_mod),
      binary("Mod", B::floor_mod),  // as TensorFlow.js has it
      binary("TruncateMod", B::mod),
      binary("Maximum", B::maximum),
      binary("Minimum", B::minimum),
      binary("Pow", B::power),
      binary("SquaredDifference", B::squared_difference),
      binary("Atan2", B::atan2),
      binary("Equal", B::equal),
      binary("NotEqual", B::not_equal),
      binary("Less", B::less),
      binary("LessEqual", B::less_equal),
      binary("Greater", B::greater),
      binary("GreaterEqual", B::greater_equal),
      binary("LogicalAnd", B::logical_and),
      binary("LogicalOr", B::logical_or),
      binary("Prelu", B::prelu),
      {"RealDiv", 2, import_divide},
      {"Div", 2, import_divide},
      {"DivNoNan", 2, import_divide_no_nan},
      {"AddN", 1, import_add_n},
      {"ClipByValue", 3, import_clip},
      {"Select", 3, import_select},
      {"SelectV2", 3, import_select},
      {"Cast", 1, import_cast},
  };
  return ops;
}

}  // namespace fragnet
