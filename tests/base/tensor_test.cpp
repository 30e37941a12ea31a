#include "base/tensor.hpp"

#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "base/half.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fragnet {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;

// A tensor whose elements begin one byte after what any alignment would allow.
template <class Element>
Tensor misaligned(Encoding encoding, DType dtype, const std::vector<Element>& elements) {
  auto owner = std::make_shared<std::vector<uint8_t>>(elements.size() * sizeof(Element) + 1);
  std::memcpy(owner->data() + 1, elements.data(), elements.size() * sizeof(Element));
  Tensor tensor{.dtype = dtype, .shape = {static_cast<int>(elements.size())}, .encoding = encoding};
  tensor.bytes = std::span<const uint8_t>(*owner).subspan(1);
  tensor.owner = owner;
  return tensor;
}

Tensor affine(Encoding encoding, DType dtype, const std::vector<uint8_t>& codes, double min, double scale) {
  Tensor tensor = misaligned(encoding, dtype, codes);
  tensor.min = min;
  tensor.scale = scale;
  return tensor;
}

TEST(Tensor, HoldsTheNumbersItWasMadeOf) {
  const Tensor tensor = make_tensor({2, 3}, std::vector<float>{1, -2, 3.5f, 0, 1e-20f, 1e20f});
  EXPECT_EQ(tensor.dtype, DType::float32);
  EXPECT_EQ(tensor.shape, (Shape{2, 3}));
  EXPECT_EQ(tensor.bytes.size(), 24u);
  EXPECT_THAT(to_floats(tensor), ElementsAre(1, -2, 3.5f, 0, 1e-20f, 1e20f));
}

TEST(Tensor, RefusesAShapeThatDoesNotHoldItsValues) {
  try {
    make_tensor({2, 3}, std::vector<float>(5));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::bad_shape);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("[2, 3]"));
  }
}

TEST(Tensor, CopiesShareTheirBytesAndKeepThemAlive) {
  Tensor copy;
  {
    const Tensor tensor = make_tensor({3}, std::vector<float>{4, 5, 6});
    copy = tensor;
    EXPECT_EQ(copy.bytes.data(), tensor.bytes.data());
  }
  EXPECT_THAT(to_floats(copy), ElementsAre(4, 5, 6));
}

TEST(Tensor, ScalarsHaveRankZero) {
  EXPECT_EQ(make_scalar(2.5f).shape, Shape{});
  EXPECT_THAT(to_floats(make_scalar(2.5f)), ElementsAre(2.5f));
  EXPECT_EQ(make_scalar(7).dtype, DType::int32);
  EXPECT_THAT(to_ints(make_scalar(7)), ElementsAre(7));
}

TEST(Tensor, MayBeEmpty) {
  const Tensor tensor = make_tensor({0, 5}, std::vector<float>{});
  EXPECT_TRUE(to_floats(tensor).empty());
  EXPECT_TRUE(to_ints(tensor).empty());
}

TEST(TensorDecoding, ReadsEveryEncodingUnaligned) {
  EXPECT_THAT(to_floats(misaligned<float>(Encoding::float32, DType::float32, {1.5f, -3})),
              ElementsAre(1.5f, -3));
  EXPECT_THAT(
      to_floats(misaligned<uint16_t>(Encoding::float16, DType::float32, {float_to_half(0.1f), 0xbc00})),
      ElementsAre(half_to_float(float_to_half(0.1f)), -1));
  EXPECT_THAT(to_floats(misaligned<int32_t>(Encoding::int32, DType::int32, {-7, 1 << 24})),
              ElementsAre(-7, 1 << 24));
  EXPECT_THAT(to_floats(misaligned<uint8_t>(Encoding::boolean, DType::boolean, {0, 1, 255})),
              ElementsAre(0, 1, 1));
}

TEST(TensorDecoding, AffineCodesAreScaledAndShifted) {
  const Tensor bytes = affine(Encoding::uint8, DType::float32, {0, 1, 128, 255}, -1, 0.5);
  EXPECT_THAT(to_floats(bytes), ElementsAre(-1, -0.5f, 63, 126.5f));
  Tensor words = misaligned<uint16_t>(Encoding::uint16, DType::float32, {0, 256, 65535});
  words.min = 10;
  words.scale = 1.0 / 65535;
  EXPECT_THAT(to_floats(words), ElementsAre(10, FloatEq(10 + 256 / 65535.0f), 11));
}

TEST(TensorDecoding, AffineArithmeticIsDoneInDoubles) {
  // 1e8 + 4.0000002 lies just above the middle between two floats; in floats the product would be 4, a tie
  // that falls.
  const Tensor tensor = affine(Encoding::uint8, DType::float32, {3}, 1e8, 1.3333334);
  EXPECT_THAT(to_floats(tensor), ElementsAre(100000008.0f));
}

TEST(TensorDecoding, QuantisedIntegersAreRounded) {
  const Tensor tensor = affine(Encoding::uint8, DType::int32, {0, 85, 170, 255}, -1, 4.0 / 255);
  EXPECT_THAT(to_ints(tensor), ElementsAre(-1, 0, 2, 3));
  EXPECT_THAT(to_floats(tensor), ElementsAre(-1, 0, 2, 3));
}

TEST(TensorDecoding, FloatsAreTruncatedTowardZero) {
  EXPECT_THAT(to_ints(make_tensor({4}, std::vector<float>{2.9f, -2.9f, 0.5f, -0.5f})),
              ElementsAre(2, -2, 0, 0));
}

TEST(TensorDecoding, IntegersBeyondFloatsStayExact) {
  const int32_t odd = (1 << 24) + 1;
  EXPECT_THAT(to_ints(make_tensor({3}, std::vector<int32_t>{odd, 2147483647, -2147483647 - 1})),
              ElementsAre(odd, 2147483647, -2147483647 - 1));
}

TEST(TensorDecoding, RefusesNumbersThatNoIntegerHolds) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (float value :
       {2147483648.0f, -2147484000.0f, infinity, -infinity, std::numeric_limits<float>::quiet_NaN()}) {
    try {
      to_ints(make_scalar(value));
      ADD_FAILURE() << value << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code::bad_value);
    }
  }
}

TEST(Encoding, KnowsItsBytes) {
  EXPECT_EQ(bytes_of(Encoding::float32), 4);
  EXPECT_EQ(bytes_of(Encoding::float16), 2);
  EXPECT_EQ(bytes_of(Encoding::int32), 4);
  EXPECT_EQ(bytes_of(Encoding::uint8), 1);
  EXPECT_EQ(bytes_of(Encoding::uint16), 2);
  EXPECT_EQ(bytes_of(Encoding::boolean), 1);
}

TEST(DType, PrintsAsTensorFlowNamesIt) {
  EXPECT_EQ(to_string(DType::float32), "float32");
  EXPECT_EQ(to_string(DType::int32), "int32");
  EXPECT_EQ(to_string(DType::boolean), "bool");
}

}  // namespace
}  // namespace fragnet
