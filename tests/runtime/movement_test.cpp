// Operations that only move elements: they must be exact.
#include "cases/movement_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class Movement : public OnDevice {};

TEST_P(Movement, PutsEveryElementInItsPlace) {
  const GraphCase built = graph_of(GetParam());
  EXPECT_TRUE(device_agrees(built.graph, built.inputs, 0));
}

std::string movement_name(const testing::TestParamInfo<OpCase>& info) {
  return name_of(info.param.op) + "_" + info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Reshapes, Movement, testing::ValuesIn(reshape_cases()), movement_name);
INSTANTIATE_TEST_SUITE_P(Transposes, Movement, testing::ValuesIn(transpose_cases()), movement_name);
INSTANTIATE_TEST_SUITE_P(Concatenations, Movement, testing::ValuesIn(concat_cases()), movement_name);
INSTANTIATE_TEST_SUITE_P(Slices, Movement, testing::ValuesIn(slice_cases()), movement_name);
INSTANTIATE_TEST_SUITE_P(Paddings, Movement, testing::ValuesIn(pad_cases()), movement_name);
INSTANTIATE_TEST_SUITE_P(Tiles, Movement, testing::ValuesIn(tile_cases()), movement_name);
INSTANTIATE_TEST_SUITE_P(Gathers, Movement, testing::ValuesIn(gather_cases()), movement_name);
INSTANTIATE_TEST_SUITE_P(SpacesToBatches, Movement, testing::ValuesIn(space_to_batch_cases()), movement_name);
INSTANTIATE_TEST_SUITE_P(BatchesToSpaces, Movement, testing::ValuesIn(batch_to_space_cases()), movement_name);

}  // namespace
}  // namespace fragnet
