// How outputs of each kind look on the canvas, with and without the frame.
#include "video/presenter.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "video/camera.hpp"

namespace fragnet {
namespace {

using ::testing::HasSubstr;

constexpr int width = 7, height = 5;

// What each pixel of the frame becomes.
HostPicture changed(const HostPicture& frame, const std::function<Colour(const Colour&)>& change) {
  HostPicture picture = frame;
  for (Colour& colour : picture.pixels) colour = change(colour);
  return picture;
}

Colour greys(double value) {
  return {value, value, value};
}

// The kernel of a 1×1 convolution from three channels, by output channel.
Graph mixed(const std::vector<std::array<float, 3>>& rows,
            const std::function<ValueId(GraphBuilder&, ValueId)>& end, int in = 3) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, height, width, in});
  const int out = static_cast<int>(rows.size());
  std::vector<float> kernel;
  for (int i = 0; i < in; ++i) {
    for (const auto& row : rows) kernel.push_back(row[static_cast<size_t>(i)]);
  }
  const ValueId weights = builder.add_constant("k", make_tensor({1, 1, in, out}, kernel));
  builder.add_output("y", end(builder, builder.add("conv", Conv2d{}, {x, weights})));
  return builder.finish();
}

ValueId as_it_is(GraphBuilder&, ValueId x) {
  return x;
}

HostPicture shown(const Graph& graph, const HostPicture& frame, const FrameOptions& options, int factor = 1) {
  Camera camera(graph);
  camera.canvas = Canvas(width * factor, height * factor);
  camera.show(frame, options);
  return camera.canvas.seen();
}

// Two scores: the second is higher where red is above green.
const std::vector<std::array<float, 3>> red_or_green = {{0, 8, 0}, {8, 0, 0}};
double sureness(const Colour& c) {
  return 1 / (1 + std::exp(-8 * (c[0] - c[1])));
}

TEST(Mask, IsTheSecondOfTwoClassesAsAProbability) {
  const HostPicture frame = random_frame(width, height);
  const auto want = [](const Colour& c) { return greys(sureness(c)); };
  expect_seen(shown(mixed(red_or_green, as_it_is), frame, {.show = Show::mask}), changed(frame, want));
  const auto softmax = [](GraphBuilder& b, ValueId x) { return b.add("softmax", Softmax{.axis = 3}, {x}); };
  expect_seen(shown(mixed(red_or_green, softmax), frame, {.show = Show::mask}), changed(frame, want));
  const auto exchanged = [](const Colour& c) { return greys(1 - sureness(c)); };
  expect_seen(shown(mixed(red_or_green, as_it_is), frame, {.channel = 0, .show = Show::mask}),
              changed(frame, exchanged));
  expect_seen(shown(mixed(red_or_green, as_it_is), frame, {.show = Show::mask, .invert = true}),
              changed(frame, exchanged));
}

TEST(Mask, IsTheProbabilityOfOneScore) {
  const HostPicture frame = random_frame(width, height);
  const auto want = [](const Colour& c) { return greys(sureness(c)); };
  expect_seen(shown(mixed({{8, -8, 0}}, as_it_is), frame, {.show = Show::mask}), changed(frame, want));
  const auto sigmoid = [](GraphBuilder& b, ValueId x) {
    return b.add("sigmoid", Unary{UnaryKind::sigmoid}, {x});
  };
  expect_seen(shown(mixed({{8, -8, 0}}, sigmoid), frame, {.show = Show::mask}), changed(frame, want));
}

TEST(Cutout, IsTheFrameWhereTheMaskIs) {
  const HostPicture frame = random_frame(width, height);
  const auto want = [](const Colour& c) {
    return Colour{c[0] * sureness(c), c[1] * sureness(c), c[2] * sureness(c)};
  };
  expect_seen(shown(mixed(red_or_green, as_it_is), frame, {.show = Show::cutout}), changed(frame, want));
  // Mirrored together.
  expect_seen(shown(mixed(red_or_green, as_it_is), frame, {.mirror = true, .show = Show::cutout}),
              mirrored(changed(frame, want)));
}

TEST(Cutout, LooksAtTheSamePartOfTheFrameAsTheNetwork) {
  // The sides of a wide frame are seen by neither.
  const HostPicture wide = random_frame(width + 6, height);
  HostPicture middle{.width = width, .height = height};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) middle.pixels.push_back(wide.at(x + 3, y));
  }
  const auto want = [](const Colour& c) {
    return Colour{c[0] * sureness(c), c[1] * sureness(c), c[2] * sureness(c)};
  };
  expect_seen(shown(mixed(red_or_green, as_it_is), wide, {.show = Show::cutout}), changed(middle, want));
}

TEST(Overlay, LaysColourOverTheFrameWhereTheMaskIs) {
  const HostPicture frame = random_frame(width, height);
  const auto want = [](const Colour& c) {
    const double a = 0.6 * sureness(c);
    return Colour{c[0] * (1 - a) + 0.1 * a, c[1] * (1 - a) + 0.75 * a, c[2] * (1 - a) + a};
  };
  expect_seen(shown(mixed(red_or_green, as_it_is), frame, {}), changed(frame, want));
  expect_seen(shown(mixed(red_or_green, as_it_is), frame, {.show = Show::overlay}), changed(frame, want));
}

// Six classes: where red, green or blue is strongest, the second, fourth or sixth.
const std::vector<std::array<float, 3>> strongest = {{-1, -1, -1}, {1, 0, 0},    {-1, -1, -1},
                                                     {0, 1, 0},    {-1, -1, -1}, {0, 0, 1}};
int class_of(const Colour& c) {
  return 2 * static_cast<int>(std::max_element(c.begin(), c.end()) - c.begin()) + 1;
}
Colour colour_of_class(int i) {
  constexpr double phases[] = {0, 0.33, 0.67};
  Colour colour;
  for (size_t c = 0; c < 3; ++c)
    colour[c] = i == 0 ? 0 : 0.5 + 0.5 * std::cos(2 * 3.14159265358979 * (i * 0.618034 + phases[c]));
  return colour;
}

TEST(Classes, EachHasAColourOfItsOwn) {
  const HostPicture frame = random_frame(width, height);
  const auto want = [](const Colour& c) { return colour_of_class(class_of(c)); };
  expect_seen(shown(mixed(strongest, as_it_is), frame, {.show = Show::classes}), changed(frame, want));
  const auto likeliest = [](GraphBuilder& b, ValueId x) {
    return b.add("argmax", Reduce{.kind = ReduceKind::argmax, .axes = {3}, .keep_dims = false}, {x});
  };
  // [1, H, W]: numbers of classes.
  expect_seen(shown(mixed(strongest, likeliest), frame, {.show = Show::classes}), changed(frame, want));
  const auto laid_over = [](const Colour& c) {
    Colour sum = colour_of_class(class_of(c));
    for (size_t i = 0; i < 3; ++i) sum[i] = 0.6 * sum[i] + 0.4 * c[i];
    return sum;
  };
  expect_seen(shown(mixed(strongest, likeliest), frame, {}), changed(frame, laid_over));
}

TEST(Classes, TheFirstIsWhatLiesBehind) {
  const HostPicture frame = random_frame(width, height);
  const std::vector<std::array<float, 3>> red_or_not = {
      {0, 1, 1}, {2, 0, 0}, {-1, -1, -1}, {-1, -1, -1}, {-1, -1, -1}};
  const auto want = [](const Colour& c) { return 2 * c[0] > c[1] + c[2] ? c : Colour{}; };
  expect_seen(shown(mixed(red_or_not, as_it_is), frame, {.show = Show::cutout}), changed(frame, want));
}

// Four channels of grey: the pixel itself, half of it, a quarter, an eighth.
TEST(Subpixel, ChannelsArePixels) {
  const HostPicture frame = changed(random_frame(width, height), [](const Colour& c) { return greys(c[0]); });
  const Graph graph = mixed({{1, 0, 0}, {0.5f, 0, 0}, {0.25f, 0, 0}, {0.125f, 0, 0}}, as_it_is, 1);
  const HostPicture seen = shown(graph, frame, {}, 2);
  constexpr double parts[] = {1, 0.5, 0.25, 0.125};
  for (int y = 0; y < 2 * height; ++y) {
    for (int x = 0; x < 2 * width; ++x) {
      const double want = frame.at(x / 2, y / 2)[0] * parts[y % 2 * 2 + x % 2];
      for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(seen.at(x, y)[i], want, 1.01 / 255) << x << ", " << y;
    }
  }
}

TEST(Subpixel, TheColourIsThatOfTheFrame) {
  const HostPicture frame = random_frame(width, height);
  const Graph graph = mixed({{0.5f, 0, 0}, {0.5f, 0, 0}, {0.5f, 0, 0}, {0.5f, 0, 0}}, as_it_is, 1);
  const HostPicture seen = shown(graph, frame, {}, 2),
                    large = enlarged_bilinearly(frame, 2 * width, 2 * height), light = grey(frame),
                    large_light = grey(large);
  for (int y = 0; y < 2 * height; ++y) {
    for (int x = 0; x < 2 * width; ++x) {
      for (size_t i = 0; i < 3; ++i) {
        const double want = large.at(x, y)[i] + 0.5 * light.at(x / 2, y / 2)[0] - large_light.at(x, y)[0];
        EXPECT_NEAR(seen.at(x, y)[i], std::clamp(want, 0.0, 1.0), 1.01 / 255) << x << ", " << y;
      }
    }
  }
}

TEST(Channel, OneOfManyIsShownInGrey) {
  const HostPicture frame = random_frame(width, height);
  for (const int channel : {0, 1, 2}) {
    expect_seen(shown(echo({1, height, width, 3}), frame, {.channel = channel}),
                changed(frame, [&](const Colour& c) { return greys(c[static_cast<size_t>(channel)]); }));
  }
  const auto last = [](const Colour& c) { return greys(c[2]); };
  expect_seen(shown(mixed(strongest, as_it_is), frame, {.output_range = Range{0, 1}, .channel = 5}),
              changed(frame, last));
  Camera camera(echo({1, height, width, 3}));
  EXPECT_THROW(camera.show(frame, {.channel = 3}), Error);
  EXPECT_THROW(camera.show(frame, {.output = 1}), Error);
  EXPECT_THROW(camera.show(frame, {.show = Show::subpixel}), Error);
  camera.canvas = Canvas(width, height);
  camera.show(frame, {});
  expect_seen(camera.canvas.seen(), frame);
}

TEST(Output, AnyOfThemCanBeShown) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, height, width, 3});
  const ValueId half = layers.binary(BinaryKind::multiply, x, layers.number(0.5f));
  Camera camera(layers.finish({layers.unary(UnaryKind::relu, x), layers.unary(UnaryKind::relu, half)}).graph);
  camera.canvas = Canvas(width, height);
  const HostPicture frame = random_frame(width, height);
  const HostPicture dark = changed(frame, [](const Colour& c) {
    return Colour{c[0] / 2, c[1] / 2, c[2] / 2};
  });
  for (const int output : {0, 1, 0}) {
    camera.show(frame, {.output = output});
    expect_seen(camera.canvas.seen(), output == 0 ? frame : dark);
  }
}

TEST(Range, OfInputAndOutputAreGivenByThemselves) {
  const HostPicture frame = random_frame(width, height);
  const FrameOptions options{.input_range = Range{0, 255}, .output_range = Range{0, 510}};
  expect_seen(shown(echo({1, height, width, 3}), frame, options), changed(frame, [](const Colour& c) {
                return Colour{c[0] / 2, c[1] / 2, c[2] / 2};
              }));
}

TEST(Invert, ExchangesDarkAndBright) {
  const HostPicture frame = random_frame(width, height);
  expect_seen(shown(echo({1, height, width, 3}), frame, {.invert = true}),
              changed(frame, [](const Colour& c) {
                return Colour{1 - c[0], 1 - c[1], 1 - c[2]};
              }));
}

TEST(Bars, StandForNumbersWithoutAPlace) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, height, width, 3});
  const ValueId mean = layers.unary(UnaryKind::sigmoid, layers.reduce(ReduceKind::mean, x, {1, 2}, false));
  Camera camera(layers.finish({mean}).graph);
  camera.canvas = Canvas(30, 40);
  const HostPicture frame = changed(random_frame(width, height), [](const Colour&) {
    return Colour{0, 1, 0.5};
  });
  camera.show(frame, {});
  const HostPicture seen = camera.canvas.seen();
  constexpr double want[] = {0.5, 0.7311, 0.6225};
  for (int bar = 0; bar < 3; ++bar) {
    int lit = 0;
    for (int y = 0; y < 40; ++y) lit += seen.at(bar * 10 + 4, y)[0] > 0.5;
    EXPECT_NEAR(lit, 40 * want[bar], 1.5) << bar;
  }
}

}  // namespace
}  // namespace fragnet
