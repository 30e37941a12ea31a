#include "video/frame_options.hpp"

#include "base/error.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passes/passes.hpp"
#include "support/graph_case.hpp"

namespace fragnet {
namespace {

using ::testing::HasSubstr;

Graph ending_in(const std::function<ValueId(LayerBuilder&, ValueId)>& end) {
  LayerBuilder layers;
  const ValueId picture = layers.conv(layers.input({1, 4, 4, 3}), 3);
  return run_passes(layers.finish({end(layers, picture)}).graph);
}

TEST(FrameOptions, AreNamedByWords) {
  EXPECT_EQ(augmentation_of("none"), Augmentation::none);
  EXPECT_EQ(augmentation_of("classic"), Augmentation::classic);
  EXPECT_EQ(augmentation_of("paper"), Augmentation::paper);
  EXPECT_EQ(view_of("output"), View::output);
  EXPECT_EQ(view_of("input"), View::input);
  EXPECT_EQ(view_of("both"), View::both);
}

TEST(FrameOptions, RefuseOtherWordsAndSayWhichThereAre) {
  try {
    augmentation_of("sepia");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("sepia"));
    EXPECT_THAT(error.what(), HasSubstr("classic"));
  }
  EXPECT_THROW(view_of(""), Error);
}

TEST(GuessRange, ANetworkThatEndsInTanhUsesMinusOneToOne) {
  const Graph graph =
      ending_in([](LayerBuilder& l, ValueId x) { return l.unary(UnaryKind::tanh, l.bias(x)); });
  EXPECT_EQ(guess_range(graph), (Range{-1, 1}));
}

TEST(GuessRange, OthersUseZeroToOne) {
  const auto sigmoid = [](LayerBuilder& l, ValueId x) { return l.unary(UnaryKind::sigmoid, x); };
  EXPECT_EQ(guess_range(ending_in(sigmoid)), (Range{0, 1}));
  const auto plain = [](LayerBuilder& l, ValueId x) { return l.bias(x); };
  EXPECT_EQ(guess_range(ending_in(plain)), (Range{0, 1}));
}

TEST(GuessRange, ATanhThatIsScaledAfterwardsDoesNotCount) {
  const auto scaled = [](LayerBuilder& l, ValueId x) {
    const ValueId shifted = l.binary(BinaryKind::add, l.unary(UnaryKind::tanh, x), l.number(1));
    return l.binary(BinaryKind::multiply, shifted, l.number(0.5f));
  };
  EXPECT_EQ(guess_range(ending_in(scaled)), (Range{0, 1}));
}

TEST(GuessRange, OnlyTheFirstOutputCounts) {
  LayerBuilder layers;
  const ValueId x = layers.conv(layers.input({1, 4, 4, 3}), 3);
  const ValueId first = layers.unary(UnaryKind::sigmoid, x), second = layers.unary(UnaryKind::tanh, x);
  EXPECT_EQ(guess_range(run_passes(layers.finish({first, second}).graph)), (Range{0, 1}));
}

}  // namespace
}  // namespace fragnet
