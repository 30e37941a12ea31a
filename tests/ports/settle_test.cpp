// What the trials of a picture say about a network whose operations say nothing.
#include "ports/settle.hpp"

#include <cmath>
#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fragnet {
namespace {

using ::testing::HasSubstr;

constexpr Range unit{0, 1}, symmetric{-1, 1}, bytes{0, 255};
constexpr int side = 16;

// A picture with all levels from black to white.
std::vector<float> picture(int channels) {
  std::vector<float> levels;
  for (int i = 0; i < side * side * channels; ++i) {
    const int pixel = i / channels, x = pixel % side, y = pixel / side;
    levels.push_back(static_cast<float>((x + y + i % channels) % side) / (side - 1));
  }
  return levels;
}

PortPicture port(PortKind kind, int channels) {
  return {
      .height = side, .width = side, .channels = channels, .kind = kind, .range = unit, .is_guessed = true};
}

// What a network makes of each number that goes in.
using Network = std::function<float(float)>;

Ports settled(PortPicture in, PortPicture out, const Network& network) {
  Ports ports{.inputs = {in}, .outputs = {out}, .fills = {{InputFill::Kind::frame}}, .frame_input = 0};
  std::vector<Trial> trials;
  for (const Range& range : ranges_to_try(ports)) {
    Trial trial{range, {{}}};
    // One number a pixel, of the first channel, or as many as go in.
    const int step = in.channels / out.channels;
    const std::vector<float> levels = picture(in.channels);
    for (size_t i = 0; i < levels.size(); i += static_cast<size_t>(step))
      trial.outputs[0].push_back(network(range.low + (range.high - range.low) * levels[i]));
    trials.push_back(std::move(trial));
  }
  settle(ports, picture(in.channels), trials);
  return ports;
}

TEST(Settle, TriesNothingWhereNothingIsGuessed) {
  PortPicture in = port(PortKind::colour, 3), out = in;
  in.is_guessed = out.is_guessed = false;
  EXPECT_TRUE(ranges_to_try({.inputs = {in}, .outputs = {out}, .frame_input = 0}).empty());
}

TEST(Settle, AFrameGoesInAsItComesOutMostLikeItself) {
  // Networks that saturate beyond what they were trained on.
  const auto ports = settled(port(PortKind::colour, 3), port(PortKind::colour, 3),
                             [](float x) { return std::clamp(x, -1.0f, 1.0f); });
  EXPECT_EQ(ports.inputs[0].range, unit);  // both do; what most use
  const auto symmetric_one = settled(port(PortKind::colour, 3), port(PortKind::colour, 3), [](float x) {
    return x < -1 ? -1.0f : x > 1 ? 1.0f : x + 0.4f * x * (1 - x) * (1 + x) - 0.3f * std::exp(-9 * x * x);
  });
  EXPECT_EQ(symmetric_one.inputs[0].range, symmetric);
  EXPECT_EQ(symmetric_one.outputs[0].range, symmetric);
  EXPECT_THAT(symmetric_one.inputs[0].why, HasSubstr("most like"));
}

TEST(Settle, AProbabilityThatNeverMovesAsksForAnotherRange) {
  const auto ports = settled(port(PortKind::colour, 3), port(PortKind::mask, 1), [](float x) {
    return x < 1.5f ? 0.0f : 1.0f;  // of 0 … 1 and -1 … 1 nothing is seen
  });
  EXPECT_EQ(ports.inputs[0].range.high, 2.4f);
  EXPECT_EQ(ports.outputs[0].kind, PortKind::mask);
}

TEST(Settle, TheOutputIsInTheRangeThatItsNumbersLieIn) {
  PortPicture in = port(PortKind::colour, 3);
  in.is_guessed = false;
  const struct {
    Network network;
    Range want;
  } cases[] = {{[](float x) { return x; }, unit},
               {[](float x) { return 2 * x - 1; }, symmetric},
               {[](float x) { return 255 * x; }, bytes}};
  for (const auto& it : cases)
    EXPECT_EQ(settled(in, port(PortKind::colour, 3), it.network).outputs[0].range, it.want);
  const auto levelled = settled(in, port(PortKind::colour, 3), [](float x) { return 40 * x - 10; });
  EXPECT_NEAR(levelled.outputs[0].range.low, -10, 1);
  EXPECT_NEAR(levelled.outputs[0].range.high, 30, 1);
  EXPECT_THAT(levelled.outputs[0].why, HasSubstr("Levelled"));
}

TEST(Settle, SmallNumbersRoundZeroAreAResidual) {
  PortPicture in = port(PortKind::grey, 1);
  in.is_guessed = false;
  const auto ports = settled(in, port(PortKind::grey, 1), [](float x) { return 0.1f * (x - 0.5f); });
  EXPECT_EQ(ports.outputs[0].kind, PortKind::residual);
  EXPECT_NEAR(ports.outputs[0].range.low, -0.05, 0.005);
  EXPECT_EQ(ports.outputs[0].range.low, -ports.outputs[0].range.high);
}

TEST(Settle, AScoreThatIsNeverNegativeIsADepthNotAMask) {
  PortPicture in = port(PortKind::colour, 3), out = port(PortKind::mask, 1);
  in.is_guessed = false;
  out.is_logit = true;
  const auto depth = settled(in, out, [](float x) { return 700 * x; });
  EXPECT_EQ(depth.outputs[0].kind, PortKind::grey);
  EXPECT_NEAR(depth.outputs[0].range.high, 700, 5);
  const auto mask = settled(in, out, [](float x) { return 14 * x - 6; });
  EXPECT_EQ(mask.outputs[0].kind, PortKind::mask);
  EXPECT_TRUE(mask.outputs[0].is_logit);
}

TEST(Settle, WhiteWithSomeDarkPlacesIsADrawing) {
  PortPicture in = port(PortKind::colour, 3);
  in.is_guessed = false;
  const auto ports = settled(in, port(PortKind::mask, 1), [](float x) { return x < 0.1f ? 0.2f : 0.99f; });
  EXPECT_EQ(ports.outputs[0].kind, PortKind::lines);
}

TEST(Settle, ChannelsThatHoldNoPicturesPixelsAreClasses) {
  PortPicture in = port(PortKind::grey, 1), out = port(PortKind::subpixel, 9);
  in.is_guessed = false;
  out.factor = 3;
  Ports ports{.inputs = {in}, .outputs = {out}, .fills = {{InputFill::Kind::frame}}, .frame_input = 0};
  const auto trial = [](float factor) {
    Trial made{unit, {{}}};
    for (float level : picture(9)) made.outputs[0].push_back(factor * (level - 0.5f) + 0.5f);
    return made;
  };
  Ports pixels = ports;
  settle(pixels, picture(1), {trial(1)});
  EXPECT_EQ(pixels.outputs[0].kind, PortKind::subpixel);
  settle(ports, picture(1), {trial(20)});
  EXPECT_EQ(ports.outputs[0].kind, PortKind::classes);
  EXPECT_EQ(ports.outputs[0].factor, 1);
}

TEST(Settle, WhatIsNoNumberCountsForNothing) {
  PortPicture in = port(PortKind::colour, 3);
  in.is_guessed = false;
  const auto ports = settled(in, port(PortKind::colour, 3), [](float) { return std::nanf(""); });
  EXPECT_TRUE(std::isfinite(ports.outputs[0].range.low));
  EXPECT_LT(ports.outputs[0].range.low, ports.outputs[0].range.high);
}

}  // namespace
}  // namespace fragnet
