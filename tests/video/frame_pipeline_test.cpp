// Frames of random pixels on their way through the device, against the reference.
#include "video/frame_pipeline.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "runtime/draw_rectangle.hpp"
#include "support/graph_case.hpp"
#include "video/camera.hpp"

namespace fragnet {
namespace {

using ::testing::HasSubstr;

// What an echoing network saw of a frame.
HostTensor seen_by_network(const HostPicture& frame, const Shape& input, const FrameOptions& options) {
  Camera camera(echo(input));
  camera.show(frame, options);
  return camera.output();
}

constexpr double tolerance = 1e-5;

#define EXPECT_SAME(got, want) EXPECT_EQ(difference(got, want, tolerance), "")

// ---- Into the network
// ----------------------------------------------------------------------------------------------

TEST(FrameToInput, AFrameOfTheInputsSizeArrivesAsItIs) {
  const HostPicture frame = random_frame(7, 5);
  EXPECT_SAME(seen_by_network(frame, {1, 5, 7, 3}, {}), tensor_of(frame, 3));
}

TEST(FrameToInput, ALargerFrameIsAveragedByArea) {
  EXPECT_SAME(seen_by_network(random_frame(12, 8), {1, 4, 6, 3}, {}),
              tensor_of(reduced(random_frame(12, 8), 6, 4, 1.5), 3));
  // Pixels that two texels share count by their parts.
  EXPECT_SAME(seen_by_network(random_frame(35, 23), {1, 9, 9, 3}, {}),
              tensor_of(reduced(random_frame(35, 23), 9, 9, 1), 3));
}

TEST(FrameToInput, TheMiddleOfAWideOrTallFrameIsSeen) {
  for (const auto& [width, height] : {std::pair{20, 8}, std::pair{8, 20}, std::pair{21, 8}}) {
    const HostPicture frame = random_frame(width, height);
    EXPECT_SAME(seen_by_network(frame, {1, 8, 8, 3}, {}), tensor_of(reduced(frame, 8, 8, 1), 3));
  }
}

TEST(FrameToInput, ASmallerFrameIsEnlargedBilinearly) {
  const HostPicture frame = random_frame(6, 4);
  EXPECT_SAME(seen_by_network(frame, {1, 12, 18, 3}, {}), tensor_of(enlarged_bilinearly(frame, 18, 12), 3));
}

TEST(FrameToInput, TheMirrorExchangesLeftAndRight) {
  const HostPicture frame = random_frame(9, 5);
  EXPECT_SAME(seen_by_network(frame, {1, 5, 9, 3}, {.mirror = true}), tensor_of(mirrored(frame), 3));
  const HostPicture wide = random_frame(31, 10);
  EXPECT_SAME(seen_by_network(wide, {1, 5, 9, 3}, {.mirror = true}),
              tensor_of(mirrored(reduced(wide, 9, 5, 9 / 5.0)), 3));
}

TEST(FrameToInput, OneChannelIsGrey) {
  const HostPicture frame = random_frame(7, 5);
  EXPECT_SAME(seen_by_network(frame, {1, 5, 7, 1}, {}), tensor_of(grey(frame), 1));
}

TEST(FrameToInput, AFourthChannelIsOpaque) {
  const HostPicture frame = random_frame(7, 5);
  EXPECT_SAME(seen_by_network(frame, {1, 5, 7, 4}, {}), tensor_of(frame, 4));
}

TEST(FrameToInput, BrightnessAndContrastActAroundMidGreyAndAreClamped) {
  const HostPicture frame = random_frame(7, 5);
  for (const auto& [contrast, brightness] :
       {std::pair{1.0f, 0.2f}, std::pair{1.15f, 0.0f}, std::pair{0.85f, -0.2f}, std::pair{3.0f, 0.1f}}) {
    const FrameOptions options{.brightness = brightness, .contrast = contrast};
    EXPECT_SAME(seen_by_network(frame, {1, 5, 7, 3}, options),
                tensor_of(toned(frame, contrast, brightness), 3));
  }
}

TEST(FrameToInput, GrainIsTheSameInEachFrameAndWhateverIsMirrored) {
  const HostPicture frame = random_frame(35, 23);
  Camera camera(echo({1, 23, 35, 1}));
  for (const float grain : {0.0f, 0.25f, 0.25f, -1.0f, 0.0f}) {
    for (const bool is_mirrored : {false, true}) {
      camera.show(frame, {.contrast = 1.5f, .grain = grain, .mirror = is_mirrored});
      EXPECT_SAME(camera.output(),
                  tensor_of(toned(grey(is_mirrored ? mirrored(frame) : frame), 1.5, 0, grain), 1));
    }
  }
  camera.show(frame, {.augmentation = Augmentation::paper, .grain = 0.1f});
  const HostPicture blurred = enlarged_bicubically(reduced(grey(frame), 1, 1, 35 / 23.0), 35, 23);
  EXPECT_SAME(camera.output(), tensor_of(toned(blurred, 1, 0, 0.1), 1));
}

TEST(FrameToInput, TheRangeGivenIsWhatBlackAndWhiteBecome) {
  const HostPicture frame = random_frame(7, 5);
  HostTensor want = tensor_of(frame, 3);
  for (float& value : want.values) value *= 255;
  EXPECT_SAME(seen_by_network(frame, {1, 5, 7, 3}, {.input_range = Range{0, 255}}), want);
}

TEST(FrameToInput, ANetworkThatEndsInTanhSeesMinusOneToOne) {
  LayerBuilder layers;
  Camera camera(layers.finish({layers.unary(UnaryKind::tanh, layers.input({1, 5, 7, 3}))}).graph);
  const HostPicture frame = random_frame(7, 5);
  camera.show(frame, {});
  HostTensor want = tensor_of(frame, 3);
  for (float& value : want.values) value = std::tanh(2 * value - 1);
  EXPECT_SAME(camera.output(), want);
}

// A picture plus one number for each channel.
Graph tinted(const Shape& tint) {
  LayerBuilder layers;
  const ValueId other = layers.input(tint), picture = layers.input({1, 5, 7, 3});
  return layers.finish({layers.unary(UnaryKind::relu, layers.binary(BinaryKind::add, picture, other))}).graph;
}

TEST(FrameToInput, AVectorHoldsNumbersOfASeedUntilSomebodyHasOthers) {
  Camera camera(tinted({1, 1, 1, 3}));
  const HostPicture frame = random_frame(7, 5);
  const auto plus = [&](const std::vector<float>& tint) {
    HostTensor want = tensor_of(frame, 3);
    for (size_t i = 0; i < want.values.size(); ++i)
      want.values[i] = std::max(want.values[i] + tint[i % 3], 0.0f);
    return want;
  };
  const std::vector<float> seeded = numbers_of({.kind = InputFill::Kind::seeded}, 3);
  camera.show(frame, {});
  EXPECT_SAME(camera.output(), plus(seeded));
  camera.pipeline.hold(0, {0.25f, 0, 1});
  camera.show(frame, {});
  EXPECT_SAME(camera.output(), plus({0.25f, 0, 1}));
  camera.network.write_input(0, std::vector<float>{9, 9, 9});
  camera.pipeline.restore_inputs();
  camera.show(frame, {});
  EXPECT_SAME(camera.output(), plus({0.25f, 0, 1}));
  camera.pipeline.hold(0, {});
  camera.show(frame, {});
  EXPECT_SAME(camera.output(), plus(seeded));
  EXPECT_THROW(camera.pipeline.hold(0, {1}), Error);
  EXPECT_THROW(camera.pipeline.hold(1, std::vector<float>(5 * 7 * 3)), Error);
}

TEST(FrameToInput, AFeatureMapIsZeroBesideAPicture) {
  Camera camera(tinted({1, 5, 7, 1}));
  EXPECT_EQ(camera.network.ports().frame_input, 1);  // a coloured picture, not the grey one before it
  LayerBuilder layers;
  const ValueId map = layers.input({1, 5, 7, 8}), picture = layers.input({1, 5, 7, 3});
  const ValueId sum = layers.binary(BinaryKind::add, picture, layers.reduce(ReduceKind::sum, map, {3}));
  Camera other(layers.finish({layers.unary(UnaryKind::relu, sum)}).graph);
  const HostPicture frame = random_frame(7, 5);
  other.show(frame, {});
  EXPECT_SAME(other.output(), tensor_of(frame, 3));
}

TEST(FrameToInput, ASecondPictureIsTheFrameToo) {
  LayerBuilder layers;
  const ValueId first = layers.input({1, 5, 7, 3}), second = layers.input({1, 5, 7, 3});
  const ValueId half = layers.binary(BinaryKind::multiply, second, layers.number(0.5f));
  Camera camera(
      layers.finish({layers.unary(UnaryKind::relu, layers.binary(BinaryKind::add, first, half))}).graph);
  const HostPicture frame = random_frame(14, 10);
  camera.show(frame, {});
  HostTensor want = tensor_of(reduced(frame, 7, 5, 1.4), 3);
  for (float& value : want.values) value *= 1.5f;
  EXPECT_SAME(camera.output(), want);
  EXPECT_EQ(camera.pipeline.draw_calls(), 2 + camera.network.draw_calls() + 1);
  camera.pipeline.hold(1, std::vector<float>(5 * 7 * 3));
  camera.show(frame, {});
  EXPECT_SAME(camera.output(), tensor_of(reduced(frame, 7, 5, 1.4), 3));
}

TEST(FrameToInput, ANetworkWithoutAPictureAmongItsInputsPaintsWithoutFrames) {
  LayerBuilder layers;
  const ValueId x = layers.unary(UnaryKind::sigmoid, layers.input({1, 12}));
  Camera camera(layers.finish({layers.reshape(x, {1, 2, 2, 3})}).graph);
  EXPECT_FALSE(camera.pipeline.takes_frames());
  camera.canvas = Canvas(2, 2);
  const std::vector<float> latent = {-2, 0, 2, 1, -1, 0.5f, 3, -3, 0, 0.25f, 1.5f, -0.5f};
  camera.pipeline.hold(0, latent);
  for (const View view : {View::output, View::input, View::both}) {
    camera.show({}, {.view = view});
    HostPicture want{.width = 2, .height = 2, .pixels = std::vector<Colour>(4)};
    for (size_t i = 0; i < 12; ++i) want.pixels[i / 3][i % 3] = 1 / (1 + std::exp(-latent[i]));
    EXPECT_EQ(difference(tensor_of(camera.canvas.seen(), 3), tensor_of(want, 3), 1.01 / 255), "");
  }
}

TEST(FrameToInput, FramesMayChangeTheirSizeAndOptionsOnTheWay) {
  Camera camera(echo({1, 8, 8, 3}));
  for (const auto& [width, height] : {std::pair{16, 16}, std::pair{31, 20}, std::pair{8, 8},
                                      std::pair{16, 16}, std::pair{10, 8}, std::pair{8, 11}}) {
    const HostPicture frame = random_frame(width, height);
    camera.show(frame, {});
    EXPECT_SAME(camera.output(), tensor_of(reduced(frame, 8, 8, 1), 3));
    camera.show(frame, {.augmentation = Augmentation::classic});
    camera.show(frame, {.mirror = true});
    EXPECT_SAME(camera.output(), tensor_of(mirrored(reduced(frame, 8, 8, 1)), 3));
  }
}

TEST(FrameToInput, APartlySeenFrameIsEnlargedBilinearlyFromThatPartAlone) {
  const HostPicture frame = random_frame(10, 4);
  EXPECT_SAME(seen_by_network(frame, {1, 12, 12, 3}, {}),
              tensor_of(enlarged_bilinearly(reduced(frame, 4, 4, 1), 12, 12), 3));
  EXPECT_SAME(seen_by_network(frame, {1, 12, 12, 3}, {.mirror = true}),
              tensor_of(mirrored(enlarged_bilinearly(reduced(frame, 4, 4, 1), 12, 12)), 3));
}

TEST(FrameToInput, AFrameOfOneTexelFillsAnInput) {
  HostPicture frame = random_frame(1, 1);
  for (const Shape& input : {Shape{1, 4, 4, 3}, Shape{1, 2, 6, 3}, Shape{1, 6, 2, 3}})
    EXPECT_SAME(seen_by_network(frame, input, {}),
                tensor_of(enlarged_bilinearly(frame, input[2], input[1]), 3));
}

// ---- What a frame says of its size, and what is uploaded
// -------------------------------------------------------------

TEST(Upload, WhatIsUploadedLargerOrSmallerThanTheFrameSaysIsSeenWhole) {
  Camera camera(echo({1, 4, 4, 3}));
  for (const auto& [width, height] :
       {std::pair{18, 9}, std::pair{32, 16}, std::pair{4, 2}, std::pair{8, 4}}) {
    const HostPicture frame = random_frame(width, height);
    camera.show(frame, {}, {16, 8});
    const HostPicture middle = reduced(frame, std::min(height, 4), std::min(height, 4), 1);
    EXPECT_SAME(camera.output(), tensor_of(enlarged_bilinearly(middle, 4, 4), 3));
  }
}

TEST(Upload, TexelsThatAreNotSquareAreSeenInTheProportionsThatTheFrameSays) {
  // 8×8 texels that are shown as 16×8: all of it fits an input of 2:1, the middle half one of 1:1.
  const HostPicture frame = random_frame(8, 8);
  Camera wide(echo({1, 4, 8, 3}));
  wide.show(frame, {}, {16, 8});
  EXPECT_SAME(wide.output(), tensor_of(reduced(frame, 8, 4, 1), 3));
  Camera square(echo({1, 4, 4, 3}));
  square.show(frame, {}, {16, 8});
  EXPECT_SAME(square.output(), tensor_of(reduced(frame, 4, 4, 0.5), 3));
  // Finer than the input from top to bottom, coarser from left to right.
  const HostPicture tall = random_frame(4, 6);
  wide.show(tall, {}, {4, 2});
  EXPECT_SAME(wide.output(), tensor_of(enlarged_bilinearly(reduced(tall, 4, 4, 4 / 6.0), 8, 4), 3));
}

TEST(Upload, AugmentationsSeeWhatIsUploadedToo) {
  const HostPicture frame = random_frame(96, 72);
  Camera camera(echo({1, 48, 48, 3}));
  camera.show(frame, {.augmentation = Augmentation::paper}, {64, 48});
  EXPECT_SAME(camera.output(), tensor_of(enlarged_bicubically(grey(reduced(frame, 2, 2, 1)), 48, 48), 3));
}

// ---- Augmentations
// -------------------------------------------------------------------------------------------------

TEST(ClassicAugmentation, IsSixteenByThreeBlursAndABilinearEnlargement) {
  const HostPicture frame = random_frame(64, 48);
  HostPicture small = grey(reduced(frame, 16, 16, 1));
  for (int i = 0; i < 3; ++i) small = blurred(small);
  const HostPicture want = enlarged_bilinearly(small, 40, 40);
  EXPECT_SAME(seen_by_network(frame, {1, 40, 40, 3}, {.augmentation = Augmentation::classic}),
              tensor_of(want, 3));
  EXPECT_SAME(seen_by_network(
                  frame, {1, 40, 40, 1},
                  {.augmentation = Augmentation::classic, .brightness = 0.1f, .contrast = 2, .mirror = true}),
              tensor_of(toned(mirrored(want), 2, 0.1f), 1));
}

TEST(PaperAugmentation, IsATwentyFourthByAreaAndABicubicEnlargement) {
  const HostPicture frame = random_frame(150, 110);
  const HostPicture small = grey(reduced(frame, 4, 3, 4 / 3.0));
  const HostPicture want = toned(enlarged_bicubically(small, 96, 72), 1, 0);
  EXPECT_SAME(seen_by_network(frame, {1, 72, 96, 3}, {.augmentation = Augmentation::paper}),
              tensor_of(want, 3));
  const FrameOptions options{.augmentation = Augmentation::paper, .brightness = -0.2f, .contrast = 1.15f};
  EXPECT_SAME(seen_by_network(frame, {1, 72, 96, 1}, options),
              tensor_of(toned(enlarged_bicubically(small, 96, 72), 1.15f, -0.2f), 1));
}

// ---- Onto the canvas
// -----------------------------------------------------------------------------------------------

TEST(Present, TheOutputStandsUpright) {
  Camera camera(echo({1, 5, 7, 3}));
  camera.canvas = Canvas(7, 5);
  const HostPicture frame = random_frame(7, 5);
  camera.show(frame, {});
  expect_seen(camera.canvas.seen(), frame);
}

TEST(Present, TheOutputIsEnlargedBilinearlyToTheCanvas) {
  Camera camera(echo({1, 4, 6, 3}));
  camera.canvas = Canvas(30, 20);
  const HostPicture frame = random_frame(6, 4);
  camera.show(frame, {});
  expect_seen(camera.canvas.seen(), enlarged_bilinearly(frame, 30, 20));
}

TEST(Present, TheCanvasMayChangeItsSizeOnTheWay) {
  Camera camera(echo({1, 4, 6, 3}));
  const HostPicture frame = random_frame(6, 4);
  for (const auto& [width, height] :
       {std::pair{6, 4}, std::pair{30, 20}, std::pair{12, 8}, std::pair{6, 4}}) {
    camera.canvas = Canvas(width, height);
    camera.show(frame, {});
    expect_seen(camera.canvas.seen(), enlarged_bilinearly(frame, width, height));
  }
}

TEST(Present, TheRestOfACanvasOfOtherProportionsIsBlack) {
  Camera camera(echo({1, 4, 4, 3}));
  camera.canvas = Canvas(12, 4);
  const HostPicture frame = random_frame(4, 4);
  camera.show(frame, {});
  const HostPicture seen = camera.canvas.seen();
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 12; ++x) {
      const Colour want = x >= 4 && x < 8 ? frame.at(x - 4, y) : Colour{};
      for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(seen.at(x, y)[i], want[i], 1.01 / 255) << x << ", " << y;
    }
  }
}

TEST(Present, TheRangeOfTanhIsBlackToWhite) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 5, 7, 3});
  Camera camera(layers.finish({layers.unary(UnaryKind::tanh, layers.unary(UnaryKind::negate, x))}).graph);
  camera.canvas = Canvas(7, 5);
  const HostPicture frame = random_frame(7, 5);
  camera.show(frame, {});
  HostPicture want = frame;
  for (Colour& colour : want.pixels) {
    for (double& value : colour) value = (std::tanh(1 - 2 * value) + 1) / 2;
  }
  expect_seen(camera.canvas.seen(), want);
}

TEST(Present, OneChannelIsShownAsGreyAndTwoToo) {
  for (int channels : {1, 2}) {
    LayerBuilder layers;
    const ValueId x = layers.input({1, 5, 7, 1});
    const ValueId wide = channels == 1 ? x : layers.concat({x, layers.unary(UnaryKind::negate, x)});
    Camera camera(layers.finish({layers.unary(UnaryKind::abs, wide)}).graph);
    camera.canvas = Canvas(7, 5);
    const HostPicture frame = random_frame(7, 5);
    camera.show(frame, {});
    expect_seen(camera.canvas.seen(), grey(frame));
  }
}

TEST(Present, NumbersBeyondTheRangeAreClamped) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 5, 7, 3});
  const ValueId stretched = layers.binary(
      BinaryKind::multiply, layers.binary(BinaryKind::subtract, x, layers.number(0.5f)), layers.number(9));
  Camera camera(layers.finish({stretched}).graph);
  camera.canvas = Canvas(7, 5);
  const HostPicture frame = random_frame(7, 5);
  camera.show(frame, {});
  HostPicture want = frame;
  for (Colour& colour : want.pixels) {
    for (double& value : colour) value = std::min(std::max((value - 0.5) * 9, 0.0), 1.0);
  }
  expect_seen(camera.canvas.seen(), want);
}

// A network that turns white into black.
Graph negative(const Shape& shape) {
  LayerBuilder layers;
  return layers.finish({layers.binary(BinaryKind::subtract, layers.number(1), layers.input(shape))}).graph;
}

TEST(View, BothShowsTheInputOnTheLeftAndTheOutputOnTheRight) {
  Camera camera(negative({1, 4, 4, 3}));
  camera.canvas = Canvas(8, 4);
  const HostPicture frame = random_frame(4, 4);
  camera.show(frame, {.view = View::both});
  const HostPicture seen = camera.canvas.seen();
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) {
      for (size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(seen.at(x, y)[i], frame.at(x, y)[i], 1.01 / 255);
        EXPECT_NEAR(seen.at(4 + x, y)[i], 1 - frame.at(x, y)[i], 1.01 / 255);
      }
    }
  }
}

TEST(View, InputShowsWhatTheNetworkWouldSee) {
  Camera camera(negative({1, 4, 4, 3}));
  camera.canvas = Canvas(4, 4);
  const HostPicture frame = random_frame(9, 8);
  camera.show(frame, {.view = View::input});
  expect_seen(camera.canvas.seen(), reduced(frame, 4, 4, 1));
}

TEST(View, CountsTheDrawsOfAFrame) {
  Camera camera(negative({1, 4, 4, 3}));
  const int network = camera.network.draw_calls();
  const HostPicture frame = random_frame(8, 8);
  camera.show(frame, {});
  EXPECT_EQ(camera.pipeline.draw_calls(), 1 + network + 1);
  camera.show(frame, {.augmentation = Augmentation::classic, .view = View::both});
  EXPECT_EQ(camera.pipeline.draw_calls(), 5 + network + 2);
  camera.show(frame, {.view = View::input});
  EXPECT_EQ(camera.pipeline.draw_calls(), 2);
  camera.canvas = Canvas(Drawing().most + 2, Drawing().most + 2);
  camera.show(frame, {});
  EXPECT_EQ(camera.pipeline.draw_calls(), 1 + network + 4);
}

}  // namespace
}  // namespace fragnet
