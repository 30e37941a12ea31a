#include "runtime/tuner.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "support/gl_fixture.hpp"
#include "support/graph_case.hpp"

namespace fragnet {
namespace {

constexpr double plenty_ms = 60'000;

// Two kinds of layer, one of them twice.
Graph two_kinds(int size) {
  LayerBuilder layers;
  ValueId x = layers.input({1, size, size, 8});
  x = layers.conv(x, 8, 4, 2);
  x = layers.conv_transpose(x, 8);
  x = layers.conv(x, 12, 4, 2);
  return layers.finish({x}).graph;
}

Tuner finished(const Graph& graph, const Device& device, const Tuning& known, double budget_ms) {
  const Network network(graph, {.precision = Precision::fp32}, device);
  Tuner tuner(network.graph(), device, Precision::fp32, known, budget_ms);
  while (!tuner.advance().ready) continue;
  return tuner;
}

TEST(Tuner, TimesEveryShapeOfEveryKindAndChoosesOneForEach) {
  const Tuner tuner = finished(two_kinds(16), native_device(), {}, plenty_ms);
  EXPECT_EQ(tuner.trials().size(), 2 * block_shapes().size());
  for (const Tuner::Trial& trial : tuner.trials()) EXPECT_GT(trial.ms, 0) << trial.kind;
  const Tuning chosen = tuner.result();
  ASSERT_EQ(chosen.size(), 2u);
  EXPECT_EQ(chosen.begin()->first, "conv2d 4×4/2 float");
}

TEST(Tuner, ChoosesTheFastestShapeAndTheGuessWhereNoneIsClearlyFaster) {
  const BlockShape guess{.w = 2, .q = 1}, wide{.w = 4, .q = 1}, deep{.w = 1, .q = 4};
  const Tuning chosen = Tuner::choose(
      {
          {"clear", guess, 10},
          {"clear", wide, 8},
          {"clear", deep, 5},
          {"close", guess, 10},
          {"close", wide, 9},
          {"close", deep, 30},
          {"guess refused", guess, -1},
          {"guess refused", wide, 7},
          {"guess refused", deep, 6},
          {"others refused", guess, 10},
          {"others refused", wide, -1},
          {"all refused", guess, -1},
          {"all refused", deep, -1},
      },
      guess);
  const Tuning want{{"clear", deep}, {"close", guess}, {"guess refused", deep}, {"others refused", guess}};
  EXPECT_EQ(chosen, want);
}

// Of a VALID transposed convolution the output is no multiple of the input: 5 rows become 11, and a trial has fewer rows.
TEST(Tuner, TimesTransposedConvolutionsOfAnyPadding) {
  for (const int size : {5, 150}) {
    LayerBuilder layers;
    const ValueId x = layers.input({1, size, size, 16});
    const ValueId k = layers.constant({3, 3, 16, 16});
    const Conv2dTranspose op{{.kernel = {3, 3}, .stride = {2, 2}}, {2 * size + 1, 2 * size + 1}};
    const Tuner tuner =
        finished(layers.finish({layers.add(op, {x, k})}).graph, native_device(), {}, plenty_ms);
    ASSERT_FALSE(tuner.trials().empty());
    for (const Tuner::Trial& trial : tuner.trials()) EXPECT_GT(trial.ms, 0) << size << " " << trial.kind;
  }
}

TEST(Tuner, StopsAtOnceWithoutTime) {
  EXPECT_TRUE(finished(two_kinds(16), native_device(), {}, 0).result().empty());
}

TEST(Tuner, LeavesOutTheKindsThatAreKnown) {
  const Tuner tuner = finished(two_kinds(16), native_device(), {{"conv2d 4×4/2 float", {}}}, plenty_ms);
  EXPECT_EQ(tuner.trials().size(), block_shapes().size());
  EXPECT_EQ(tuner.result().count("conv2d 4×4/2 float"), 0u);
}

TEST(Tuner, LeavesOutTheShapesThatTheDeviceRefuses) {
  Device small = native_device();
  small.limits.texture_size = 32;  // 32 × 32 texels hold the result in eight layers, but not in one
  const Graph graph = [] {
    LayerBuilder layers;
    return layers.finish({layers.conv(layers.input({1, 16, 16, 4}), 64, 3)}).graph;
  }();
  Tuner tuner(Network(graph, {.precision = Precision::fp32}, native_device()).graph(), small, Precision::fp32,
              {}, plenty_ms);
  while (!tuner.advance().ready) continue;
  const auto is_refused = [](const Tuner::Trial& trial) { return trial.ms < 0; };
  EXPECT_TRUE(std::any_of(tuner.trials().begin(), tuner.trials().end(), is_refused));
  EXPECT_FALSE(std::all_of(tuner.trials().begin(), tuner.trials().end(), is_refused));
  EXPECT_EQ(tuner.result().size(), 1u);
}

}  // namespace
}  // namespace fragnet
