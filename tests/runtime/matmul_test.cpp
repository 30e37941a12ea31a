#include "cases/reduction_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class MatrixProduct : public OnDevice {};

TEST_P(MatrixProduct, IsWhatTheReferenceMakes) {
  EXPECT_TRUE(device_agrees(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Cases, MatrixProduct, testing::ValuesIn(matmul_cases()), case_name_of<OpCase>);

class MatrixProductWeights : public OnDevice {};

TEST_P(MatrixProductWeights, MayBeHalfFloats) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::float16));
}
TEST_P(MatrixProductWeights, MayBeBytes) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::uint8));
}
TEST_P(MatrixProductWeights, MayBeWords) {
  EXPECT_TRUE(device_agrees(GetParam(), WeightStorage::uint16));
}
INSTANTIATE_TEST_SUITE_P(Cases, MatrixProductWeights, testing::ValuesIn(weighted_cases(matmul_cases(), 4)),
                         case_name_of<OpCase>);

}  // namespace
}  // namespace fragnet
