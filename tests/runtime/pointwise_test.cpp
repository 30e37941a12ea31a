// Pointwise operations: every kind over its domain, and every way to broadcast.
#include <cmath>
#include <limits>
#include <ostream>

#include "cases/pointwise_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {

void PrintTo(UnaryKind kind, std::ostream* out) {
  *out << name_of(kind);
}
void PrintTo(BinaryKind kind, std::ostream* out) {
  *out << name_of(kind);
}

namespace {

Graph one_op_graph(const Op& op, const std::vector<HostTensor>& inputs) {
  GraphBuilder builder;
  std::vector<ValueId> operands;
  for (const HostTensor& input : inputs) {
    operands.push_back(
        builder.add_input("input_" + std::to_string(operands.size()), DType::float32, input.shape));
  }
  builder.add_output("result", builder.add("result", op, operands));
  return builder.finish();
}

testing::AssertionResult device_agrees(const Op& op, const std::vector<HostTensor>& inputs) {
  return device_agrees(one_op_graph(op, inputs), inputs);
}

// ---- Unary
// ----------------------------------------------------------------------------------------------------

class UnaryOperation : public testing::TestWithParam<UnaryKind> {
 protected:
  // leaky_relu's slope, elu's alpha, hard_sigmoid's slope and offset, clip's bounds.
  static Unary op() {
    const UnaryKind kind = GetParam();
    if (kind == UnaryKind::clip) return {.kind = kind, .a = -1.25f, .b = 2.5f};
    return {.kind = kind, .a = 0.3f, .b = 0.45f};
  }

  // Where the function is defined and the GPU's is exact enough to be compared.
  static std::array<float, 2> domain() {
    switch (GetParam()) {
      case UnaryKind::log:
      case UnaryKind::rsqrt:
      case UnaryKind::reciprocal:
        return {0.2f, 6};
      case UnaryKind::sqrt:
        return {0, 6};
      case UnaryKind::log1p:
        return {-0.8f, 6};
      case UnaryKind::asin:
      case UnaryKind::acos:
        return {-1, 1};
      case UnaryKind::tan:
        return {-1.2f, 1.2f};
      default:
        return {-7, 7};
    }
  }
};

TEST_P(UnaryOperation, IsWhatTheReferenceMakes) {
  const auto [low, high] = domain();
  EXPECT_TRUE(device_agrees(op(), {random_tensor({1, 9, 11, 5}, 1, low, high)}));
}

// Zeros, whole numbers and halves: where functions jump and where rounding has ties.
TEST_P(UnaryOperation, IsExactAboutWholeNumbersAndHalves) {
  const auto [low, high] = domain();
  HostTensor x{{0}, {}};
  for (float value = -3.5f; value <= 3.5f; value += 0.5f) {
    if (value >= low && value <= high) x.values.push_back(value);
  }
  x.shape[0] = static_cast<int>(x.values.size());
  EXPECT_TRUE(device_agrees(op(), {x}));
}

std::string unary_name(const testing::TestParamInfo<UnaryKind>& info) {
  return name_of(info.param);
}

INSTANTIATE_TEST_SUITE_P(Every, UnaryOperation, testing::ValuesIn(unary_kinds()), unary_name);

// A formula with exp() in it must not overflow where the function itself is tame.
class LargeNumbers : public UnaryOperation {};

TEST_P(LargeNumbers, DoNotOverflow) {
  const HostTensor x{{12}, {-1e4f, -1000, -200, -100, -89, -30, 30, 89, 100, 200, 1000, 1e4f}};
  EXPECT_TRUE(device_agrees(op(), {x}));
}

INSTANTIATE_TEST_SUITE_P(Of, LargeNumbers,
                         testing::Values(UnaryKind::relu, UnaryKind::relu6, UnaryKind::leaky_relu,
                                         UnaryKind::elu, UnaryKind::selu, UnaryKind::sigmoid,
                                         UnaryKind::hard_sigmoid, UnaryKind::tanh, UnaryKind::softplus,
                                         UnaryKind::softsign, UnaryKind::swish, UnaryKind::gelu,
                                         UnaryKind::gelu_tanh, UnaryKind::mish, UnaryKind::erf,
                                         UnaryKind::atan, UnaryKind::rsqrt, UnaryKind::reciprocal,
                                         UnaryKind::sign),
                         unary_name);

TEST(UnaryIsNan, KnowsNaNFromInfinityAndNumbers) {
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              infinity = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(device_agrees(Unary{.kind = UnaryKind::is_nan},
                            {{{1, 1, 1, 6}, {nan, 0, infinity, -infinity, -1, nan}}}));
}

// ---- Binary
// ---------------------------------------------------------------------------------------------------

class BinaryOperation : public testing::TestWithParam<BinaryKind> {};

TEST_P(BinaryOperation, IsWhatTheReferenceMakes) {
  const BinaryKind kind = GetParam();
  // A negative base has no real power; a divisor near zero turns the last bit into a large number.
  const bool positive_base = kind == BinaryKind::power;
  const bool divides = kind == BinaryKind::divide;
  const HostTensor a = random_tensor({1, 9, 11, 5}, 1, positive_base ? 0.1f : -3, 3);
  const HostTensor b = random_tensor({1, 9, 11, 5}, 2, divides ? 0.2f : -3, 3);
  EXPECT_TRUE(device_agrees(Binary{kind}, {a, b}));
}

// Equal pairs, zeros, exact quotients, negative bases and divisors.
TEST_P(BinaryOperation, IsExactAboutWholeNumbers) {
  const BinaryKind kind = GetParam();
  const bool divides = kind == BinaryKind::divide || kind == BinaryKind::floor_divide ||
                       kind == BinaryKind::floor_mod || kind == BinaryKind::mod;
  HostTensor a{{1, 13, 13, 1}, {}}, b = a;
  for (int first = -6; first <= 6; ++first) {
    for (int second = -6; second <= 6; ++second) {
      a.values.push_back(static_cast<float>(first));
      // Nothing is divided by zero, and zero has no negative power.
      const bool hole = (second == 0 && divides) || (first == 0 && second < 0 && kind == BinaryKind::power);
      b.values.push_back(hole ? 5.0f : static_cast<float>(second));
    }
  }
  EXPECT_TRUE(device_agrees(Binary{kind}, {a, b}));
}

std::string binary_name(const testing::TestParamInfo<BinaryKind>& info) {
  return name_of(info.param);
}

INSTANTIATE_TEST_SUITE_P(Every, BinaryOperation, testing::ValuesIn(binary_kinds()), binary_name);

class Broadcast : public testing::TestWithParam<BroadcastCase> {};

TEST_P(Broadcast, OfTwoInputs) {
  EXPECT_TRUE(device_agrees(Binary{BinaryKind::subtract},
                            {random_tensor(GetParam().a, 1), random_tensor(GetParam().b, 2)}));
}

TEST_P(Broadcast, OfAnInputAndAConstant) {
  const OpCase first{
      .op = Binary{BinaryKind::subtract}, .inputs = {GetParam().a, GetParam().b}, .constants = 1};
  EXPECT_TRUE(device_agrees(first));
}

TEST_P(Broadcast, OfAConstantAndAnInput) {
  GraphBuilder builder;
  const HostTensor b = random_tensor(GetParam().b, 2);
  const ValueId constant = builder.add_constant("constant", encoded(random_tensor(GetParam().a, 1)));
  const ValueId input = builder.add_input("input", DType::float32, b.shape);
  builder.add_output("result", builder.add("result", Binary{BinaryKind::subtract}, {constant, input}));
  EXPECT_TRUE(device_agrees(builder.finish(), {b}));
}

TEST_P(Broadcast, OfACondition) {
  const HostTensor condition = random_integers(GetParam().a, 1, 0, 1);
  EXPECT_TRUE(
      device_agrees(Select{}, {condition, random_tensor(GetParam().b, 2), random_tensor(GetParam().a, 3)}));
  EXPECT_TRUE(device_agrees(Select{}, {condition, random_tensor({}, 2), random_tensor(GetParam().b, 3)}));
}

INSTANTIATE_TEST_SUITE_P(Cases, Broadcast, testing::ValuesIn(broadcast_cases()), case_name_of<BroadcastCase>);

TEST(SelectOnDevice, IgnoresWhatItDoesNotChoose) {
  const float infinity = std::numeric_limits<float>::infinity();
  const HostTensor condition{{1, 1, 1, 4}, {1, 0, 1, 0}};
  EXPECT_TRUE(device_agrees(
      Select{}, {condition, {{4}, {1, infinity, 3, -infinity}}, {{4}, {infinity, 2, -infinity, 4}}}));
  // Numbers of unlike size: what is chosen arrives unchanged.
  EXPECT_TRUE(
      device_agrees(Select{}, {condition, {{4}, {0.5f, 1e30f, 0.25f, 1e30f}}, {{4}, {1e30f, 2, 1e30f, 4}}}));
}

}  // namespace
}  // namespace fragnet
