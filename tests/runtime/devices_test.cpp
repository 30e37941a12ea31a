// Devices smaller than this one, as visitors come with: the step of the ladder where Fragnet stops on each, the reason that it
// gives, and that networks are right there.
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "cases/chain_cases.hpp"
#include "cases/device_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

// A small network of every kind of layer that writes several targets, and of some that do not.
ChainCase every_kernel() {
  return {"every_kernel", [](LayerBuilder& l) {
            const ValueId x = l.input({1, 18, 20, 3});
            const ValueId half = l.unary(UnaryKind::leaky_relu, l.bias(l.conv(x, 10, 4, 2)), 0.2f);
            const ValueId deep = l.unary(UnaryKind::relu, l.batch_norm(l.depthwise(half)));
            const ValueId whole = l.conv_transpose(l.concat({deep, half}), 6);
            const ValueId mean = l.reduce(ReduceKind::mean, whole, {1, 2});
            const ValueId even = l.binary(Kind::subtract, whole, mean);
            return std::vector{l.unary(UnaryKind::tanh, l.conv(even, 3)), l.depthwise(even)};
          }};
}

class Devices : public testing::TestWithParam<DeviceCase> {};

TEST_P(Devices, StopWhereTheLadderHolds) {
  native_device();
  const LyingDevice device(GetParam().lies);
  // As create() asks, and as probe() does.
  for (const Device& found : {query_device(Precision::automatic), query_device()}) {
    const Tier tier = choose_tier(Precision::automatic, found);
    EXPECT_EQ(tier.precision, GetParam().precision);
    EXPECT_EQ(tier.targets, GetParam().targets);
    EXPECT_THAT(reason_of(tier, found), testing::HasSubstr(GetParam().reason));
    EXPECT_EQ(reason_of(tier, found).empty(), GetParam().reason.empty());
  }
}

TEST_P(Devices, ComputeTheSameInTheTierThatTheyChoose) {
  static const std::vector<HostTensor> want = [] {
    const GraphCase made = graph_of(every_kernel());
    return run_on_device(made.graph, made.inputs, Precision::rgba8);
  }();
  const LyingDevice lying(GetParam().lies);
  const Device device = query_device(Precision::automatic);
  const GraphCase made = graph_of(every_kernel());
  if (GetParam().precision == Precision::rgba8) {
    // How close bytes come to floats is another question: as close as on a device with all targets.
    const auto outputs = run_on_device(made.graph, made.inputs, NetworkOptions{}, device);
    for (size_t i = 0; i < outputs.size(); ++i)
      EXPECT_EQ(difference(outputs[i], want[i], fp32_tolerance), "");
  } else {
    const double tolerance = GetParam().precision == Precision::fp32 ? fp32_tolerance : 5e-3;
    EXPECT_TRUE(device_agrees(made.graph, made.inputs, tolerance, {}, device));
  }
  EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
}

INSTANTIATE_TEST_SUITE_P(Lying, Devices, testing::ValuesIn(device_cases()), case_name_of<DeviceCase>);

TEST(Ladder, BeginsWithHalvesOnPhones) {
  native_device();
  const Device phone = query_device(Precision::automatic, true);
  const Tier tier = choose_tier(Precision::automatic, phone);
  EXPECT_EQ(tier.precision, Precision::fp16);
  EXPECT_THAT(reason_of(tier, phone), testing::HasSubstr("on phones"));
  EXPECT_LE(phone.limits.texture_size, 4096);
}

TEST(Ladder, SaysWhatAPrecisionLacksThatWasAskedFor) {
  native_device();
  const LyingDevice lying({.has_no_floats = true});
  try {
    choose_tier(Precision::fp32, query_device(Precision::fp32));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::no_float_targets);
    EXPECT_THAT(error.what(), testing::HasSubstr("\"fp16\" would work"));
  }
}

TEST(Ladder, GoesDownAStepAtATimeAfterFailures) {
  Device device = native_device();
  std::vector<std::string> steps;
  for (Tier tier = choose_tier(Precision::automatic, device);
       step_down(device, Precision::automatic, tier);) {
    tier = choose_tier(Precision::automatic, device);
    steps.push_back(text(to_string(tier.precision), " × ", tier.targets));
    EXPECT_THAT(reason_of(tier, device), testing::HasSubstr("this model failed"));
  }
  EXPECT_THAT(steps,
              testing::ElementsAre("fp32 × 4", "fp16 × 8", "fp16 × 4", "fp16 × 2", "fp16 × 1", "fp32 × 2",
                                   "fp32 × 1", "rgba8 × 8", "rgba8 × 4", "rgba8 × 2", "rgba8 × 1"));
}

TEST(SmallBodies, ComputeTheSame) {
  Device device = native_device();
  device.limits.small_bodies = true;
  const GraphCase made = graph_of(every_kernel());
  EXPECT_TRUE(device_agrees(made.graph, made.inputs, fp32_tolerance, {}, device));
}

TEST(LongDraws, AreDrawnInPartsAndComputeTheSame) {
  Device device = native_device();
  device.limits.macs_of_draw = 1000;
  const GraphCase made = graph_of(every_kernel());
  EXPECT_TRUE(device_agrees(made.graph, made.inputs, fp32_tolerance, {}, device));
}

}  // namespace
}  // namespace fragnet
