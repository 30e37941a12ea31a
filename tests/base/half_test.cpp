#include "base/half.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace fragnet {
namespace {

constexpr uint16_t infinity = 0x7c00, largest = 0x7bff, least_normal = 0x0400, least_subnormal = 0x0001,
                   one = 0x3c00;

bool is_nan(uint16_t half) {
  return (half & 0x7fff) > infinity;
}

// The value by the definition of the format, for what is neither infinite nor NaN.
double defined_value(uint16_t half) {
  const int exponent = half >> 10 & 31, mantissa = half & 1023;
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 15 - 10);
  return half & 0x8000 ? -magnitude : magnitude;
}

TEST(Half, EveryPatternMeansWhatTheFormatDefines) {
  for (int pattern = 0; pattern < 65536; ++pattern) {
    const auto half = static_cast<uint16_t>(pattern);
    if ((half & 0x7c00) == 0x7c00) continue;
    ASSERT_EQ(half_to_float(half), defined_value(half)) << "pattern " << pattern;
  }
}

TEST(Half, EveryPatternSurvivesTheWayToFloatAndBack) {
  for (int pattern = 0; pattern < 65536; ++pattern) {
    const auto half = static_cast<uint16_t>(pattern);
    const uint16_t back = float_to_half(half_to_float(half));
    if (is_nan(half)) {
      ASSERT_TRUE(std::isnan(half_to_float(half))) << "pattern " << pattern;
      ASSERT_TRUE(is_nan(back)) << "pattern " << pattern;
    } else {
      ASSERT_EQ(back, half) << "pattern " << pattern;
    }
  }
}

TEST(Half, ZeroKeepsItsSign) {
  EXPECT_EQ(float_to_half(0.0f), 0x0000);
  EXPECT_EQ(float_to_half(-0.0f), 0x8000);
  EXPECT_TRUE(std::signbit(half_to_float(0x8000)));
}

TEST(Half, RoundsToTheNearestNeighbour) {
  // Between any two neighbours, also from subnormal to normal: what lies nearer to one becomes that one.
  for (uint16_t half = 0; half < largest; ++half) {
    const double low = defined_value(half), high = defined_value(half + 1);
    ASSERT_EQ(float_to_half(static_cast<float>(low + (high - low) * 0.4375)), half) << "pattern " << half;
    ASSERT_EQ(float_to_half(static_cast<float>(low + (high - low) * 0.5625)), half + 1) << "pattern " << half;
  }
}

TEST(Half, RoundsTiesToEven) {
  for (uint16_t half = 0; half < largest; ++half) {
    const double middle = (defined_value(half) + defined_value(half + 1)) / 2;
    const int even = half % 2 == 0 ? half : half + 1;
    ASSERT_EQ(float_to_half(static_cast<float>(middle)), even) << "pattern " << half;
    ASSERT_EQ(float_to_half(static_cast<float>(-middle)), even | 0x8000) << "pattern " << half;
  }
}

TEST(Half, OverflowBecomesInfinity) {
  EXPECT_EQ(float_to_half(65504.0f), largest);
  EXPECT_EQ(float_to_half(std::nextafter(65520.0f, 0.0f)), largest);
  EXPECT_EQ(float_to_half(65520.0f), infinity);  // halfway to what would be the next half
  EXPECT_EQ(float_to_half(65536.0f), infinity);
  EXPECT_EQ(float_to_half(-1e10f), infinity | 0x8000);
  EXPECT_EQ(float_to_half(std::numeric_limits<float>::max()), infinity);
  EXPECT_EQ(float_to_half(std::numeric_limits<float>::infinity()), infinity);
  EXPECT_EQ(half_to_float(infinity), std::numeric_limits<float>::infinity());
}

TEST(Half, UnderflowGoesThroughSubnormalsToZero) {
  EXPECT_EQ(float_to_half(0x1p-14f), least_normal);
  EXPECT_EQ(float_to_half(0x1p-24f), least_subnormal);
  EXPECT_EQ(float_to_half(0x1.8p-25f), least_subnormal);
  EXPECT_EQ(float_to_half(0x1p-25f), 0);  // a tie: to the even neighbour
  EXPECT_EQ(float_to_half(0x1p-26f), 0);
  EXPECT_EQ(float_to_half(std::numeric_limits<float>::denorm_min()), 0);
}

TEST(Half, NaNStaysNaNWhateverItsPayload) {
  EXPECT_TRUE(is_nan(float_to_half(std::numeric_limits<float>::quiet_NaN())));
  EXPECT_TRUE(is_nan(float_to_half(std::bit_cast<float>(0x7f800001u))));
  EXPECT_TRUE(is_nan(float_to_half(std::bit_cast<float>(0xff800001u))));
}

TEST(Half, KnowsSomeValuesByHeart) {
  EXPECT_EQ(float_to_half(1.0f), one);
  EXPECT_EQ(float_to_half(-2.0f), 0xc000);
  EXPECT_EQ(float_to_half(0.333333333f), 0x3555);
  EXPECT_EQ(half_to_float(0x3555), 0.333251953125f);
}

}  // namespace
}  // namespace fragnet
