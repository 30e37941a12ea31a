// Operations on one element at a time.
#include "base/error.hpp"
#include "graph/tf_ops_table.hpp"

namespace fragnet {
namespace {

TfOp unary(UnaryKind kind, float a = 0) {
  return {1, [=](const TfNode& node) {
            return TfResults{node.add(Unary{.kind = kind, .a = a}, {node.inputs[0]})};
          }};
}

TfOp binary(BinaryKind kind) {
  return {2, [=](const TfNode& node) {
            return TfResults{node.add(Binary{.kind = kind}, {node.inputs[0], node.inputs[1]})};
          }};
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

void list_pointwise_ops(TfOpTable& table) {
  using U = UnaryKind;
  const std::pair<const char*, U> unaries[] = {{"Abs", U::abs},           {"Acos", U::acos},
                                               {"Asin", U::asin},         {"Atan", U::atan},
                                               {"Ceil", U::ceil},         {"Cos", U::cos},
                                               {"Cosh", U::cosh},         {"Erf", U::erf},
                                               {"Exp", U::exp},           {"Expm1", U::expm1},
                                               {"Floor", U::floor},       {"Inv", U::reciprocal},
                                               {"IsNan", U::is_nan},      {"Log", U::log},
                                               {"Log1p", U::log1p},       {"LogicalNot", U::logical_not},
                                               {"Neg", U::negate},        {"Reciprocal", U::reciprocal},
                                               {"Relu", U::relu},         {"Relu6", U::relu6},
                                               {"Rint", U::round},        {"Round", U::round},
                                               {"Rsqrt", U::rsqrt},       {"Selu", U::selu},
                                               {"Sigmoid", U::sigmoid},   {"Sign", U::sign},
                                               {"Sin", U::sin},           {"Sinh", U::sinh},
                                               {"Softplus", U::softplus}, {"Softsign", U::softsign},
                                               {"Sqrt", U::sqrt},         {"Square", U::square},
                                               {"Tan", U::tan},           {"Tanh", U::tanh}};
  for (const auto& [name, kind] : unaries) table[name] = unary(kind);
  table["Elu"] = unary(U::elu, 1);
  table["LeakyRelu"] = {1, import_leaky_relu};

  using B = BinaryKind;
  const std::pair<const char*, B> binaries[] = {{"Add", B::add},
                                                {"AddV2", B::add},
                                                {"Sub", B::subtract},
                                                {"Mul", B::multiply},
                                                {"FloorDiv", B::floor_divide},
                                                {"FloorMod", B::floor_mod},
                                                {"Mod", B::floor_mod},  // as TensorFlow.js has it
                                                {"TruncateMod", B::mod},
                                                {"Maximum", B::maximum},
                                                {"Minimum", B::minimum},
                                                {"Pow", B::power},
                                                {"SquaredDifference", B::squared_difference},
                                                {"Atan2", B::atan2},
                                                {"Equal", B::equal},
                                                {"NotEqual", B::not_equal},
                                                {"Less", B::less},
                                                {"LessEqual", B::less_equal},
                                                {"Greater", B::greater},
                                                {"GreaterEqual", B::greater_equal},
                                                {"LogicalAnd", B::logical_and},
                                                {"LogicalOr", B::logical_or},
                                                {"Prelu", B::prelu}};
  for (const auto& [name, kind] : binaries) table[name] = binary(kind);
  table["RealDiv"] = {2, import_divide};
  table["Div"] = {2, import_divide};
  table["DivNoNan"] = {2, import_divide_no_nan};

  table["AddN"] = {1, import_add_n};
  table["ClipByValue"] = {3, import_clip};
  table["Select"] = {3, import_select};
  table["SelectV2"] = {3, import_select};
  table["Cast"] = {1, import_cast};
}

}  // namespace fragnet
