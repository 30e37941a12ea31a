#include "cases/convolution_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class Convolution : public OnDevice {};

TEST_P(Convolution, IsWhatTheReferenceMakes) {
  EXPECT_TRUE(device_agrees(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Cases, Convolution, testing::ValuesIn(conv2d_cases()), case_name_of<OpCase>);

class ConvolutionWeights : public OnDevice {};

TEST_P(ConvolutionWeights, MayBeHalfFloats) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::float16));
}
TEST_P(ConvolutionWeights, MayBeBytes) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::uint8));
}
TEST_P(ConvolutionWeights, MayBeWords) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::uint16));
}
INSTANTIATE_TEST_SUITE_P(Cases, ConvolutionWeights, testing::ValuesIn(weighted_cases(conv2d_cases(), 11)),
                         case_name_of<OpCase>);

}  // namespace
}  // namespace fragnet
