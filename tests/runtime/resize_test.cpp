#include "cases/window_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class Resizing : public OnDevice {};

TEST_P(Resizing, IsWhatTheReferenceMakes) {
  EXPECT_TRUE(device_agrees(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Cases, Resizing, testing::ValuesIn(resize_cases()), case_name_of<OpCase>);

}  // namespace
}  // namespace fragnet
