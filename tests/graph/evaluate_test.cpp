#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "graph/evaluated.hpp"

namespace fragnet {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

constexpr int lowest = std::numeric_limits<int>::min();
constexpr int highest = std::numeric_limits<int>::max();

float unary(UnaryKind kind, float x, float a = 0, float b = 0) {
  return to_floats(must(Unary{kind, a, b}, {make_scalar(x)}))[0];
}

int int_binary(BinaryKind kind, int a, int b) {
  return to_ints(must(Binary{kind}, {make_scalar(a), make_scalar(b)}))[0];
}

float float_binary(BinaryKind kind, float a, float b) {
  return to_floats(must(Binary{kind}, {make_scalar(a), make_scalar(b)}))[0];
}

// ---- Unary
// -----------------------------------------------------------------------------------------------------------

struct UnaryCase {
  UnaryKind kind;
  float x, want;
  float a = 0, b = 0;
};

const UnaryCase unary_cases[] = {
    {UnaryKind::relu, -2, 0},
    {UnaryKind::relu, 2, 2},
    {UnaryKind::relu6, 9, 6},
    {UnaryKind::relu6, -1, 0},
    {UnaryKind::leaky_relu, -2, -0.4f, 0.2f},
    {UnaryKind::leaky_relu, 2, 2, 0.2f},
    {UnaryKind::elu, -1, -0.6321206f, 1},
    {UnaryKind::elu, -1, -1.2642411f, 2},
    {UnaryKind::selu, -1, -1.1113307f},
    {UnaryKind::selu, 2, 2.1014020f},
    {UnaryKind::sigmoid, 1, 0.7310586f},
    {UnaryKind::sigmoid, -200, 0},
    {UnaryKind::hard_sigmoid, 1, 0.7f, 0.2f, 0.5f},
    {UnaryKind::hard_sigmoid, 9, 1, 0.2f, 0.5f},
    {UnaryKind::tanh, 0.5f, 0.4621172f},
    {UnaryKind::softplus, 1, 1.3132617f},
    {UnaryKind::softplus, 200, 200},
    {UnaryKind::softplus, -200, 0},
    {UnaryKind::softsign, -3, -0.75f},
    {UnaryKind::swish, 1, 0.7310586f},
    {UnaryKind::gelu, 1, 0.8413447f},
    {UnaryKind::gelu_tanh, 1, 0.8411920f},
    {UnaryKind::mish, 1, 0.8650984f},
    {UnaryKind::exp, 1, 2.7182818f},
    {UnaryKind::expm1, 1e-6f, 1.0000005e-6f},
    {UnaryKind::log, 10, 2.3025851f},
    {UnaryKind::log1p, 1e-6f, 9.999995e-7f},
    {UnaryKind::sqrt, 2, 1.4142136f},
    {UnaryKind::rsqrt, 4, 0.5f},
    {UnaryKind::square, -3, 9},
    {UnaryKind::reciprocal, 4, 0.25f},
    {UnaryKind::abs, -3, 3},
    {UnaryKind::negate, 3, -3},
    {UnaryKind::sign, -0.1f, -1},
    {UnaryKind::sign, 0, 0},
    {UnaryKind::floor, -1.5f, -2},
    {UnaryKind::ceil, -1.5f, -1},
    {UnaryKind::round, 2.5f, 2},
    {UnaryKind::round, 3.5f, 4},
    {UnaryKind::round, -1.4f, -1},
    {UnaryKind::trunc, -1.7f, -1},
    {UnaryKind::sin, 1, 0.8414710f},
    {UnaryKind::cos, 1, 0.5403023f},
    {UnaryKind::tan, 1, 1.5574077f},
    {UnaryKind::asin, 0.5f, 0.5235988f},
    {UnaryKind::acos, 0.5f, 1.0471976f},
    {UnaryKind::atan, 1, 0.7853982f},
    {UnaryKind::sinh, 1, 1.1752012f},
    {UnaryKind::cosh, 1, 1.5430806f},
    {UnaryKind::erf, 0.5f, 0.5204999f},
    {UnaryKind::clip, 5, 3, -1, 3},
    {UnaryKind::clip, -5, -1, -1, 3},
    {UnaryKind::logical_not, 0, 1},
    {UnaryKind::logical_not, 3, 0},
    {UnaryKind::is_nan, 1, 0},
};

TEST(Evaluate, ComputesUnaryFunctionsOfFloats) {
  for (const UnaryCase& it : unary_cases) {
    EXPECT_NEAR(unary(it.kind, it.x, it.a, it.b), it.want, 2e-6f * std::max(1e-6f, std::abs(it.want)))
        << name_of(it.kind) << " of " << it.x;
  }
  EXPECT_EQ(unary(UnaryKind::is_nan, std::numeric_limits<float>::quiet_NaN()), 1);
}

TEST(Evaluate, KeepsIntegersIntegers) {
  const auto of = [](UnaryKind kind, int x, float a = 0, float b = 0) {
    return to_ints(must(Unary{kind, a, b}, {make_scalar(x)}))[0];
  };
  EXPECT_EQ(of(UnaryKind::relu, -5), 0);
  EXPECT_EQ(of(UnaryKind::relu6, 16777217), 6);
  EXPECT_EQ(of(UnaryKind::negate, 16777217), -16777217);  // no float holds it
  EXPECT_EQ(of(UnaryKind::negate, lowest), lowest);
  EXPECT_EQ(of(UnaryKind::abs, lowest), lowest);
  EXPECT_EQ(of(UnaryKind::square, 65537), 131073);  // 2^32 + 131073
  EXPECT_EQ(of(UnaryKind::sign, -9), -1);
  EXPECT_EQ(of(UnaryKind::floor, 16777217), 16777217);
  EXPECT_EQ(of(UnaryKind::clip, 9, -1.5f, 2.5f), 2);
  EXPECT_EQ(of(UnaryKind::clip, highest, -1e30f, 1e30f), highest);
  EXPECT_EQ(of(UnaryKind::clip, 0, 1e30f, 1e30f), highest);
  EXPECT_EQ(of(UnaryKind::logical_not, 0), 1);
  EXPECT_FLOAT_EQ(to_floats(must(Unary{UnaryKind::sqrt}, {make_scalar(2)}))[0], 1.4142136f);
}

// ---- Binary
// ----------------------------------------------------------------------------------------------------------

TEST(Evaluate, DividesIntegersAsPythonDoes) {
  EXPECT_EQ(int_binary(BinaryKind::floor_divide, 7, 2), 3);
  EXPECT_EQ(int_binary(BinaryKind::floor_divide, -7, 2), -4);
  EXPECT_EQ(int_binary(BinaryKind::floor_divide, 7, -2), -4);
  EXPECT_EQ(int_binary(BinaryKind::floor_divide, -8, 2), -4);
  EXPECT_EQ(int_binary(BinaryKind::divide, -7, 2), -4);
  EXPECT_EQ(int_binary(BinaryKind::floor_mod, -7, 3), 2);
  EXPECT_EQ(int_binary(BinaryKind::floor_mod, 7, -3), -2);
  EXPECT_EQ(int_binary(BinaryKind::floor_mod, -6, 3), 0);
  EXPECT_EQ(int_binary(BinaryKind::mod, -7, 3), -1);
  EXPECT_EQ(int_binary(BinaryKind::mod, 7, -3), 1);
}

TEST(Evaluate, WrapsIntegersThatOverflow) {
  EXPECT_EQ(int_binary(BinaryKind::add, highest, 1), lowest);
  EXPECT_EQ(int_binary(BinaryKind::subtract, lowest, 1), highest);
  EXPECT_EQ(int_binary(BinaryKind::multiply, 65536, 65536), 0);
  EXPECT_EQ(int_binary(BinaryKind::floor_divide, lowest, -1), lowest);
  EXPECT_EQ(int_binary(BinaryKind::floor_mod, lowest, -1), 0);
  EXPECT_EQ(int_binary(BinaryKind::mod, lowest, -1), 0);
  EXPECT_EQ(int_binary(BinaryKind::squared_difference, highest, lowest), 1);
  EXPECT_EQ(int_binary(BinaryKind::power, 3, 5), 243);
  EXPECT_EQ(int_binary(BinaryKind::power, -2, 31), lowest);
  EXPECT_EQ(int_binary(BinaryKind::power, 2, highest), 0);
  EXPECT_EQ(int_binary(BinaryKind::power, 2, -1), 0);
  EXPECT_EQ(int_binary(BinaryKind::power, -1, -3), -1);
  EXPECT_EQ(int_binary(BinaryKind::power, -1, lowest), 1);
  EXPECT_EQ(int_binary(BinaryKind::power, 0, 0), 1);
}

TEST(Evaluate, RefusesToDivideIntegersByZero) {
  for (BinaryKind kind :
       {BinaryKind::divide, BinaryKind::floor_divide, BinaryKind::floor_mod, BinaryKind::mod}) {
    try {
      int_binary(kind, 7, 0);
      ADD_FAILURE() << name_of(kind);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "bad-value");
      EXPECT_EQ(error.what(), name_of(kind) + " divides the integer 7 by zero");
    }
  }
  EXPECT_THROW(int_binary(BinaryKind::power, 0, -1), Error);
  EXPECT_EQ(float_binary(BinaryKind::divide, 7, 0), std::numeric_limits<float>::infinity());
}

TEST(Evaluate, ComparesIntegersExactly) {
  EXPECT_EQ(int_binary(BinaryKind::equal, 16777216, 16777217), 0);
  EXPECT_EQ(int_binary(BinaryKind::not_equal, 16777216, 16777217), 1);
  EXPECT_EQ(int_binary(BinaryKind::less, 16777216, 16777217), 1);
  EXPECT_EQ(int_binary(BinaryKind::less_equal, 3, 3), 1);
  EXPECT_EQ(int_binary(BinaryKind::greater, 3, 3), 0);
  EXPECT_EQ(int_binary(BinaryKind::greater_equal, 4, 3), 1);
  EXPECT_EQ(int_binary(BinaryKind::logical_and, 2, 0), 0);
  EXPECT_EQ(int_binary(BinaryKind::logical_or, 2, 0), 1);
  EXPECT_EQ(int_binary(BinaryKind::minimum, 2, -3), -3);
  EXPECT_EQ(int_binary(BinaryKind::maximum, 2, -3), 2);
}

TEST(Evaluate, ComputesBinaryFunctionsOfFloats) {
  EXPECT_EQ(float_binary(BinaryKind::add, 1.5f, 2), 3.5f);
  EXPECT_EQ(float_binary(BinaryKind::subtract, 1.5f, 2), -0.5f);
  EXPECT_EQ(float_binary(BinaryKind::multiply, 1.5f, 2), 3);
  EXPECT_EQ(float_binary(BinaryKind::divide, 3, 2), 1.5f);
  EXPECT_EQ(float_binary(BinaryKind::floor_divide, -3, 2), -2);
  EXPECT_EQ(float_binary(BinaryKind::floor_mod, -3, 2), 1);
  EXPECT_EQ(float_binary(BinaryKind::floor_mod, 3, -2), -1);
  EXPECT_EQ(float_binary(BinaryKind::mod, -3, 2), -1);
  EXPECT_EQ(float_binary(BinaryKind::minimum, -3, 2), -3);
  EXPECT_EQ(float_binary(BinaryKind::maximum, -3, 2), 2);
  EXPECT_FLOAT_EQ(float_binary(BinaryKind::power, 2, 0.5f), 1.4142136f);
  EXPECT_EQ(float_binary(BinaryKind::squared_difference, -3, 2), 25);
  EXPECT_FLOAT_EQ(float_binary(BinaryKind::atan2, 1, -1), 2.3561945f);
  EXPECT_EQ(float_binary(BinaryKind::prelu, -2, 0.25f), -0.5f);
  EXPECT_EQ(float_binary(BinaryKind::prelu, 2, 0.25f), 2);
  EXPECT_EQ(float_binary(BinaryKind::greater, 2, 0.25f), 1);
  EXPECT_EQ(float_binary(BinaryKind::equal, 2, 2), 1);
  EXPECT_EQ(float_binary(BinaryKind::logical_and, 0.5f, 0.25f), 1);
}

TEST(Evaluate, BroadcastsOperands) {
  EXPECT_THAT(to_ints(must(Binary{BinaryKind::subtract}, {ints({2, 1}, {10, 20}), int_list({1, 2, 3})})),
              ElementsAre(9, 8, 7, 19, 18, 17));
  EXPECT_THAT(to_ints(must(Binary{BinaryKind::subtract},
                           {ints({1, 2, 1}, {10, 20}), ints({3, 1, 2}, {1, 2, 3, 4, 5, 6})})),
              ElementsAre(9, 8, 19, 18, 7, 6, 17, 16, 5, 4, 15, 14));
  EXPECT_THAT(to_floats(must(Binary{BinaryKind::multiply}, {float_list({2, 4}), make_scalar(0.25f)})),
              ElementsAre(0.5f, 1));
  EXPECT_THAT(to_ints(must(Binary{}, {int_list({}), make_scalar(1)})), ElementsAre());
}

TEST(Evaluate, SelectsElements) {
  EXPECT_THAT(to_ints(must(Select{}, {flags({2, 1}, {1, 0}), int_list({1, 2, 3}), make_scalar(9)})),
              ElementsAre(1, 2, 3, 9, 9, 9));
  EXPECT_THAT(to_floats(must(Select{}, {flags({2}, {0, 1}), float_list({0.5f, 1.5f}), float_list({7, 8})})),
              ElementsAre(7, 1.5f));
}

// ---- Reductions
// --------------------------------------------------------------------------------------------------------

TEST(Evaluate, Reduces) {
  const Tensor x = floats({2, 3}, {1, 5, 3, -4, 0.5f, 6});
  const auto of = [&](ReduceKind kind, std::vector<int> axes) {
    return to_floats(must(Reduce{kind, axes}, {x}));
  };
  EXPECT_THAT(of(ReduceKind::sum, {1}), ElementsAre(9, 2.5f));
  EXPECT_THAT(of(ReduceKind::sum, {0}), ElementsAre(-3, 5.5f, 9));
  EXPECT_THAT(of(ReduceKind::sum, {0, 1}), ElementsAre(11.5f));
  EXPECT_THAT(of(ReduceKind::sum, {}), ElementsAreArray(to_floats(x)));
  EXPECT_THAT(of(ReduceKind::mean, {1}), ElementsAre(3, 2.5f / 3));
  EXPECT_THAT(of(ReduceKind::max, {1}), ElementsAre(5, 6));
  EXPECT_THAT(of(ReduceKind::min, {0}), ElementsAre(-4, 0.5f, 3));
  EXPECT_THAT(of(ReduceKind::product, {1}), ElementsAre(15, -12));
  EXPECT_THAT(of(ReduceKind::argmax, {1}), ElementsAre(1, 2));
  EXPECT_THAT(of(ReduceKind::argmin, {0}), ElementsAre(1, 1, 0));
  EXPECT_EQ(must(Reduce{ReduceKind::sum, {0, 1}, true}, {x}).shape, (Shape{1, 1}));
}

TEST(Evaluate, ReducesIntegersAndFlags) {
  EXPECT_THAT(to_ints(must(Reduce{ReduceKind::product, {0}}, {int_list({16777217, 3})})),
              ElementsAre(50331651));
  EXPECT_THAT(to_ints(must(Reduce{ReduceKind::sum, {0}}, {int_list({highest, 1})})), ElementsAre(lowest));
  EXPECT_THAT(to_ints(must(Reduce{ReduceKind::max, {0}}, {int_list({-5, -3, -9})})), ElementsAre(-3));
  EXPECT_THAT(to_floats(must(Reduce{ReduceKind::mean, {0}}, {int_list({1, 2})})), ElementsAre(1.5f));
  EXPECT_THAT(to_ints(must(Reduce{ReduceKind::argmax, {0}}, {int_list({3, 7, 7})})),
              ElementsAre(1));  // the first
  EXPECT_THAT(to_ints(must(Reduce{ReduceKind::any, {1}}, {flags({2, 2}, {0, 1, 0, 0})})), ElementsAre(1, 0));
  EXPECT_THAT(to_ints(must(Reduce{ReduceKind::all, {1}}, {flags({2, 2}, {1, 1, 0, 1})})), ElementsAre(1, 0));
}

TEST(Evaluate, NormalisesWithSoftmax) {
  const Tensor x = floats({2, 2}, {1, 2, 1000, 1000});
  const std::vector<float> along = to_floats(must(Softmax{.axis = 1}, {x}));
  EXPECT_FLOAT_EQ(along[0], 0.26894142f);
  EXPECT_FLOAT_EQ(along[1], 0.73105858f);
  EXPECT_EQ(along[2], 0.5f);
  EXPECT_THAT(to_floats(must(Softmax{.axis = 0}, {x})), ElementsAre(0, 0, 1, 1));
  EXPECT_FLOAT_EQ(to_floats(must(Softmax{.axis = 1, .log = true}, {x}))[0], -1.3132617f);
}

TEST(Evaluate, MultipliesMatrices) {
  const Tensor a = floats({2, 3}, {1, 2, 3, 4, 5, 6}), b = floats({3, 2}, {7, 8, 9, 10, 11, 12});
  EXPECT_THAT(to_floats(must(MatMul{}, {a, b})), ElementsAre(58, 64, 139, 154));
  EXPECT_THAT(to_floats(must(MatMul{true, true}, {a, b})), ElementsAre(39, 49, 59, 54, 68, 82, 69, 87, 105));
  EXPECT_THAT(to_floats(must(MatMul{false, true}, {a, a})), ElementsAre(14, 32, 32, 77));
  EXPECT_THAT(to_floats(must(MatMul{true, false}, {b, b})), ElementsAre(251, 278, 278, 308));
  EXPECT_THAT(to_ints(must(MatMul{}, {ints({1, 2}, {highest, 1}), ints({2, 1}, {2, 5})})), ElementsAre(3));
  // One matrix against two.
  EXPECT_THAT(to_floats(must(MatMul{}, {floats({2, 1, 2}, {1, 2, 3, 4}), floats({1, 2, 1}, {1, 10})})),
              ElementsAre(21, 43));
}

// ---- Limits
// --------------------------------------------------------------------------------------------------------------

TEST(Evaluate, LeavesLargeResultsToTheDevice) {
  const Tensor large = zeros({1001, 1000});
  EXPECT_FALSE(evaluated(Unary{}, {large}));
  EXPECT_FALSE(evaluated(Binary{}, {large, make_scalar(1.0f)}));
  EXPECT_FALSE(evaluated(Select{}, {large, large, large}));
  EXPECT_FALSE(evaluated(Softmax{.axis = 0}, {large}));
  EXPECT_FALSE(evaluated(Concat{0}, {large, large}));
  EXPECT_FALSE(evaluated(Tile{{1, 2}}, {large}));
  EXPECT_FALSE(evaluated(Pad{PadKind::reflect, {{{1, 1}, {1, 1}}}}, {large}));
  EXPECT_FALSE(evaluated(MatMul{}, {zeros({1001, 1}), zeros({1, 1000})}));
  EXPECT_FALSE(evaluated(MatMul{}, {zeros({300, 300}), zeros({300, 300})}));  // 27 million products
  EXPECT_TRUE(evaluated(Unary{}, {zeros({1000, 1000})}));
  EXPECT_TRUE(evaluated(Reduce{ReduceKind::sum, {0}}, {large}));
  EXPECT_TRUE(evaluated(Reduce{ReduceKind::sum, {0}}, {zeros({1 << 24})}));
  EXPECT_FALSE(evaluated(Reduce{ReduceKind::sum, {0}}, {zeros({(1 << 24) + 1})}));
}

TEST(Evaluate, LeavesConvolutionsToTheDevice) {
  const Tensor picture = zeros({1, 4, 4, 1}), kernel = zeros({1, 1, 1, 1});
  EXPECT_FALSE(evaluated(Conv2d{}, {picture, kernel}));
  EXPECT_FALSE(evaluated(DepthwiseConv2d{}, {picture, kernel}));
  EXPECT_FALSE(evaluated(Conv2dTranspose{{}, {4, 4}}, {picture, kernel}));
  EXPECT_FALSE(evaluated(Pool2d{}, {picture}));
  EXPECT_FALSE(evaluated(Resize{ResizeKind::nearest, {8, 8}}, {picture}));
  EXPECT_FALSE(evaluated(SpaceToBatch{{2, 2}, {}}, {picture}));
}

}  // namespace
}  // namespace fragnet
