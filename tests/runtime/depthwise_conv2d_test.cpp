#include "cases/convolution_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class DepthwiseConvolution : public OnDevice {};

TEST_P(DepthwiseConvolution, IsWhatTheReferenceMakes) {
  EXPECT_TRUE(device_agrees(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Cases, DepthwiseConvolution, testing::ValuesIn(depthwise_conv2d_cases()),
                         case_name_of<OpCase>);

class DepthwiseConvolutionWeights : public OnDevice {};

TEST_P(DepthwiseConvolutionWeights, MayBeHalfFloats) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::float16));
}
TEST_P(DepthwiseConvolutionWeights, MayBeBytes) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::uint8));
}
TEST_P(DepthwiseConvolutionWeights, MayBeWords) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::uint16));
}
INSTANTIATE_TEST_SUITE_P(Cases, DepthwiseConvolutionWeights,
                         testing::ValuesIn(weighted_cases(depthwise_conv2d_cases(), 11)),
                         case_name_of<OpCase>);

}  // namespace
}  // namespace fragnet
