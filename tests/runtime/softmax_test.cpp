#include "cases/reduction_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class SoftmaxAlongAnAxis : public OnDevice {};

TEST_P(SoftmaxAlongAnAxis, IsWhatTheReferenceMakes) {
  EXPECT_TRUE(device_agrees(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Cases, SoftmaxAlongAnAxis, testing::ValuesIn(softmax_cases()), case_name_of<OpCase>);

}  // namespace
}  // namespace fragnet
