// A network that starts early computes the same before its fast programs are there, while they come, and after.
#include "cases/conv2d_transpose_cases.hpp"
#include "cases/convolution_cases.hpp"
#include "support/gl_cases.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

using Phase = LoadProgress::Phase;

class EarlyRun {
 public:
  EarlyRun(const GraphCase& built, const NetworkOptions& options, const Device& device = native_device())
      : inputs_(built.inputs),
        want_(reference_run(built.graph, built.inputs)),
        network_(built.graph, options, device) {}

  Network& network() { return network_; }

  // As far as the first phase that can run.
  Phase poll_until_usable() {
    Phase phase;
    do {
      phase = network_.poll().phase;
    } while (phase != Phase::usable && phase != Phase::ready);
    return phase;
  }

  // "", or where the outputs are not what they should be.
  std::string fault() {
    for (size_t i = 0; i < inputs_.size(); ++i) network_.write_input(static_cast<int>(i), inputs_[i].values);
    network_.run();
    for (size_t i = 0; i < want_.size(); ++i) {
      const HostTensor got{network_.outputs()[i].shape, network_.read_output(static_cast<int>(i))};
      const std::string fault = difference(got, want_[i], fp32_tolerance);
      if (!fault.empty()) return fault;
    }
    return "";
  }

 private:
  std::vector<HostTensor> inputs_, want_;
  Network network_;
};

NetworkOptions early(const BlockShape& shape = {}) {
  return {.precision = Precision::fp32, .tuning = {{"", shape}}, .starts_early = true};
}

class EarlyPrograms : public testing::TestWithParam<BlockShape> {};

TEST_P(EarlyPrograms, ComputeTheSame) {
  int usable = 0;
  std::vector<OpCase> cases = weighted_cases(conv2d_cases(), 7);
  const std::vector<OpCase> transposed = weighted_cases(conv2d_transpose_cases(), 7);
  cases.insert(cases.end(), transposed.begin(), transposed.end());
  for (const OpCase& op_case : cases) {
    for (const WeightStorage storage : {WeightStorage::float32, WeightStorage::uint8}) {
      EarlyRun run(graph_of(op_case, storage), early(GetParam()));
      if (run.poll_until_usable() != Phase::usable) continue;  // one layer has one program
      ++usable;
      EXPECT_EQ(run.fault(), "") << op_case.name;
    }
  }
  if (GetParam() == BlockShape{1, 1}) {
    EXPECT_EQ(usable, 0);
  } else {
    EXPECT_GT(usable, static_cast<int>(cases.size()));
  }
}
std::string name_of_shape(const testing::TestParamInfo<BlockShape>& shape) {
  return std::to_string(shape.param.w) + "x" + std::to_string(shape.param.q);
}
INSTANTIATE_TEST_SUITE_P(Shapes, EarlyPrograms, testing::ValuesIn(block_shapes()), name_of_shape);

GraphCase small_unet() {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 32, 32, 1});
  const ValueId a = layers.unary(UnaryKind::leaky_relu, layers.conv(x, 8, 4, 2), 0.3f);
  const ValueId b = layers.unary(UnaryKind::leaky_relu, layers.batch_norm(layers.conv(a, 16, 4, 2)), 0.3f);
  const ValueId c = layers.unary(UnaryKind::relu, layers.batch_norm(layers.conv(b, 20, 4, 2)));
  const ValueId d = layers.unary(UnaryKind::relu, layers.conv_transpose(c, 16));
  const ValueId e = layers.unary(UnaryKind::relu, layers.conv_transpose(layers.concat({d, b}), 8));
  const ValueId f = layers.depthwise(layers.concat({e, a}));
  return layers.finish({layers.unary(UnaryKind::tanh, layers.conv_transpose(f, 3))});
}

TEST(StartingEarly, EveryFrameIsTheSameWhileFastProgramsComeIn) {
  EarlyRun run(small_unet(), early());
  ASSERT_EQ(run.poll_until_usable(), Phase::usable);
  const int draws_early = run.network().draw_calls();
  int kinds_of_frames = 0, draws = 0;
  Phase phase = Phase::usable;
  do {
    if (run.network().draw_calls() != draws) ++kinds_of_frames;
    draws = run.network().draw_calls();
    EXPECT_EQ(run.fault(), "") << "with " << draws << " draws";
    phase = run.network().poll().phase;
  } while (phase != Phase::ready);
  EXPECT_EQ(run.fault(), "");
  EXPECT_GT(kinds_of_frames, 2) << "programs did not come in one by one";
  const Plan& plan = run.network().plan();
  size_t strips = 0;
  for (const Step& step : plan.steps) {
    const ValueId output = run.network().graph().nodes[static_cast<size_t>(step.node)].output;
    strips += strips_of(plan.place_of(output).layout).size();
  }
  EXPECT_EQ(run.network().draw_calls(), strips);
  EXPECT_GT(draws_early, 3 * run.network().draw_calls());
}

TEST(StartingEarly, WhatIsAloneComputesTheSame) {
  NetworkOptions options = early();
  options.is_alone = true;
  EarlyRun run(small_unet(), options);
  ASSERT_EQ(run.poll_until_usable(), Phase::usable);
  EXPECT_EQ(run.fault(), "");
  run.network().wait_until_ready();
  EXPECT_EQ(run.fault(), "");
}

TEST(StartingEarly, IsNotStoppedByErrorsOfTheFramesDrawnMeanwhile) {
  const OpCase op_case = weighted_cases(conv2d_cases(), 7).front();
  EarlyRun run(graph_of(op_case, WeightStorage::uint8), early());
  Phase phase;
  do {
    glBindTexture(GL_RGBA, 0);  // is no target
    phase = run.network().poll().phase;
  } while (phase != Phase::usable && phase != Phase::ready);
  EXPECT_EQ(run.fault(), "");
}

TEST(StartingEarly, LeavesTheProgramsOfANetworkThatDoesNot) {
  EarlyRun run(small_unet(), early());
  run.network().wait_until_ready();
  Network plain(small_unet().graph, {.precision = Precision::fp32}, native_device());
  plain.wait_until_ready();
  EXPECT_EQ(run.network().programs(), plain.programs());
  EXPECT_EQ(run.network().draw_calls(), plain.draw_calls());
}

TEST(StartingEarly, TheRgba8TierWaitsUntilItHasLearned) {
  const GraphCase built = small_unet();
  Network network(built.graph, {.precision = Precision::rgba8, .starts_early = true}, native_device());
  Phase phase;
  do {
    phase = network.poll().phase;
    EXPECT_NE(phase, Phase::usable);
  } while (phase != Phase::ready);
}

}  // namespace
}  // namespace fragnet
