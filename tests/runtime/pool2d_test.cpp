#include "cases/window_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class Pooling : public OnDevice {};

TEST_P(Pooling, IsWhatTheReferenceMakes) {
  EXPECT_TRUE(device_agrees(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Cases, Pooling, testing::ValuesIn(pool2d_cases()), case_name_of<OpCase>);

}  // namespace
}  // namespace fragnet
