#include "cases/reduction_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class Reduction : public OnDevice {};

TEST_P(Reduction, IsWhatTheReferenceMakes) {
  EXPECT_TRUE(device_agrees(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Cases, Reduction, testing::ValuesIn(reduce_cases()), case_name_of<OpCase>);

}  // namespace
}  // namespace fragnet
