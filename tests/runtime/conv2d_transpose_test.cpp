#include "cases/conv2d_transpose_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class TransposedConvolution : public OnDevice {};

TEST_P(TransposedConvolution, IsWhatTheReferenceMakes) {
  EXPECT_TRUE(device_agrees(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Cases, TransposedConvolution, testing::ValuesIn(conv2d_transpose_cases()),
                         case_name_of<OpCase>);

class TransposedConvolutionWeights : public OnDevice {};

TEST_P(TransposedConvolutionWeights, MayBeHalfFloats) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::float16));
}
TEST_P(TransposedConvolutionWeights, MayBeBytes) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::uint8));
}
TEST_P(TransposedConvolutionWeights, MayBeWords) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::uint16));
}
INSTANTIATE_TEST_SUITE_P(Cases, TransposedConvolutionWeights,
                         testing::ValuesIn(weighted_cases(conv2d_transpose_cases(), 11)),
                         case_name_of<OpCase>);

}  // namespace
}  // namespace fragnet
