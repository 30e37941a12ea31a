// What inputs and outputs are taken for, rule by rule, and model by model.
#include "ports/ports.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "import/import_model.hpp"
#include "support/graph_case.hpp"
#include "support/model_folder.hpp"

namespace fragnet {
namespace {

using ::testing::HasSubstr;

constexpr Range unit{0, 1}, symmetric{-1, 1}, bytes{0, 255};

// A network between what is done to its input and what is done to its output.
using Step = std::function<ValueId(LayerBuilder&, ValueId)>;
const Step nothing = [](LayerBuilder&, ValueId x) { return x; };

Ports ports_of(const Step& begin, const Step& end, const Shape& input = {1, 8, 8, 3}, int channels = 3) {
  LayerBuilder layers;
  const ValueId x = begin(layers, layers.input(input));
  return find_ports(layers.finish({end(layers, layers.bias(layers.conv(x, channels)))}).graph);
}

Step affine(float factor, float offset) {
  return [=](LayerBuilder& l, ValueId x) {
    if (factor != 1) x = l.binary(BinaryKind::multiply, x, l.number(factor));
    return offset == 0 ? x : l.binary(BinaryKind::add, x, l.number(offset));
  };
}

Step then(UnaryKind kind, float a = 0, float b = 0) {
  return [=](LayerBuilder& l, ValueId x) { return l.unary(kind, x, a, b); };
}

Step both(const Step& first, const Step& second) {
  return [=](LayerBuilder& l, ValueId x) { return second(l, first(l, x)); };
}

TEST(InputRange, IsSeenAtTheFirstOperations) {
  const struct {
    float factor, offset;
    Range want;
  } cases[] = {
      {1 / 255.0f, 0, bytes},      {1 / 127.5f, -1, bytes}, {1, -120, bytes},
      {1 / 58.0f, -2.1f, bytes},   {2, -1, unit},           {255, 0, unit},
      {1 / 0.226f, -2.0f, unit},   {1, -0.5f, unit},        {0.5f, 0.5f, symmetric},
      {127.5f, 127.5f, symmetric},
  };
  for (const auto& it : cases) {
    const Ports ports = ports_of(affine(it.factor, it.offset), nothing);
    EXPECT_EQ(ports.inputs[0].range, it.want) << it.factor << " x + " << it.offset;
    EXPECT_FALSE(ports.inputs[0].is_guessed);
    EXPECT_THAT(ports.inputs[0].why, HasSubstr("first operations"));
  }
}

TEST(InputRange, OfWholeNumbersIsThatOfBytes) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::int32, {1, 8, 8, 3});
  builder.add_output("y", builder.add("y", Unary{UnaryKind::exp}, {x}));
  EXPECT_EQ(find_ports(builder.finish()).inputs[0].range, bytes);
}

// A picture like those of cameras: soft, the colours alike, from black to white.
float level_at(int y, int x, int c) {
  const double wave =
      std::sin(0.11 * x + 0.07 * y) + std::sin(0.05 * x - 0.13 * y + 1) + 0.3 * std::sin(0.4 * y + c);
  return static_cast<float>(std::clamp(0.45 + 0.27 * wave, 0.0, 1.0));
}

TEST(InputRange, IsWhatTheBatchNormBehindTheFirstLayerHasSeen) {
  constexpr int outputs = 8, side = 64;
  for (const Range& range : {unit, symmetric, Range{-2, 2.4f}, bytes}) {
    for (const bool has_bias : {false, true}) {
      std::vector<float> kernel;
      for (int i = 0; i < 3 * 3 * 3 * outputs; ++i)
        kernel.push_back(std::sin(1.7f * static_cast<float>(i)) * 0.2f);
      ChannelStatistics seen{std::vector<float>(outputs), std::vector<float>(outputs)};
      for (int o = 0; o < outputs; ++o) {
        double sum = 0, squares = 0;
        for (int y = 0; y < side; ++y) {
          for (int x = 0; x < side; ++x) {
            double made = has_bias ? 0.1 * o : 0;
            for (int tap = 0; tap < 27; ++tap) {
              const float level = level_at(y + tap / 9, x + tap / 3 % 3, tap % 3);
              made += kernel[static_cast<size_t>(tap * outputs + o)] *
                      (range.low + (range.high - range.low) * level);
            }
            sum += made;
            squares += made * made;
          }
        }
        const double mean = sum / (side * side);
        seen.mean[static_cast<size_t>(o)] = static_cast<float>(mean);
        seen.variance[static_cast<size_t>(o)] = static_cast<float>(squares / (side * side) - mean * mean);
      }
      GraphBuilder builder;
      const ValueId x = builder.add_input("x", DType::float32, {1, side, side, 3});
      const ValueId k = builder.add_constant("k", make_tensor({3, 3, 3, outputs}, kernel));
      ValueId y = builder.add("conv", Conv2d{.window = {.kernel = {3, 3}}}, {x, k});
      if (has_bias) {
        std::vector<float> bias;
        for (int o = 0; o < outputs; ++o) bias.push_back(0.1f * static_cast<float>(o));
        y = builder.add("bias", Binary{BinaryKind::add},
                        {y, builder.add_constant("b", make_tensor({outputs}, bias))});
      }
      builder.add_statistics(y, seen);
      builder.add_output("y", builder.add("y", Unary{UnaryKind::relu}, {y}));
      const Ports ports = find_ports(builder.finish());
      EXPECT_EQ(ports.inputs[0].range, range) << ports.inputs[0].why;
      EXPECT_THAT(ports.inputs[0].why, HasSubstr("batch norm")) << range.high;
    }
  }
}

TEST(InputRange, IsNotToldByABatchNormThatWasNeverTrained) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, 8, 8, 3});
  const ValueId k =
      builder.add_constant("k", make_tensor({1, 1, 3, 2}, std::vector<float>{1, 2, 3, 4, 5, 6}));
  const ValueId y = builder.add("conv", Conv2d{}, {x, k});
  builder.add_statistics(y, {{0, 0}, {1, 1}});
  builder.add_output("y", builder.add("y", Unary{UnaryKind::relu}, {y}));
  EXPECT_TRUE(find_ports(builder.finish()).inputs[0].is_guessed);
}

TEST(InputRange, IsThatOfAPaintingTanh) {
  const Ports ports = ports_of(nothing, then(UnaryKind::tanh));
  EXPECT_EQ(ports.inputs[0].range, symmetric);
  EXPECT_EQ(ports.outputs[0].range, symmetric);
}

TEST(InputRange, IsZeroToOneWhereNothingSaysSo) {
  const Ports ports = ports_of(nothing, then(UnaryKind::sigmoid));
  EXPECT_EQ(ports.inputs[0].range, unit);
  EXPECT_TRUE(ports.inputs[0].is_guessed);
}

TEST(InputAndOutputRange, AreTwoFacts) {
  const Ports ports = ports_of(affine(1 / 255.0f, 0), then(UnaryKind::sigmoid));
  EXPECT_EQ(ports.inputs[0].range, bytes);
  EXPECT_EQ(ports.outputs[0].range, unit);
}

TEST(OutputRange, IsWhatTheLastOperationsAllow) {
  const struct {
    Step end;
    Range want;
  } cases[] = {
      {then(UnaryKind::tanh), symmetric},
      {then(UnaryKind::sigmoid), unit},
      {both(then(UnaryKind::sigmoid), affine(255, 0)), bytes},
      {both(then(UnaryKind::tanh), affine(0.5f, 0.5f)), unit},
      {both(then(UnaryKind::tanh), affine(127.5f, 127.5f)), bytes},
      {both(then(UnaryKind::tanh), affine(150, 127.5f)), bytes},
      {then(UnaryKind::clip, 0, 255), bytes},
      {then(UnaryKind::clip, 0, 1), unit},
      {[](LayerBuilder& l, ValueId x) {
         return l.binary(BinaryKind::minimum, l.binary(BinaryKind::maximum, x, l.number(0)), l.number(255));
       },
       bytes},
  };
  for (const auto& it : cases) {
    const Ports ports = ports_of(nothing, it.end);
    EXPECT_EQ(ports.outputs[0].range, it.want) << ports.outputs[0].why;
    EXPECT_EQ(ports.outputs[0].kind, PortKind::colour);
    EXPECT_FALSE(ports.outputs[0].is_guessed);
  }
}

TEST(OutputRange, IsThatOfTheInputWhereNothingBoundsIt) {
  const Ports ports = ports_of(affine(1 / 255.0f, 0), nothing);
  EXPECT_EQ(ports.outputs[0].range, bytes);
  EXPECT_TRUE(ports.outputs[0].is_guessed);
}

TEST(OutputKind, IsSeenByItsChannelsAndItsLastOperation) {
  const Step softmax = [](LayerBuilder& l, ValueId x) { return l.add(Softmax{.axis = 3}, {x}); };
  const Step argmax = [](LayerBuilder& l, ValueId x) { return l.reduce(ReduceKind::argmax, x, {3}, false); };
  const struct {
    const char* what;
    int in, channels;
    Step end;
    PortKind want;
  } cases[] = {
      {"two classes", 3, 2, nothing, PortKind::mask},
      {"two probabilities", 3, 2, softmax, PortKind::mask},
      {"a probability", 3, 1, then(UnaryKind::sigmoid), PortKind::mask},
      {"grey from grey", 1, 1, then(UnaryKind::sigmoid), PortKind::grey},
      {"many probabilities", 3, 21, softmax, PortKind::classes},
      {"many scores", 3, 21, nothing, PortKind::classes},
      {"three classes", 3, 3, softmax, PortKind::classes},
      {"the likeliest class", 3, 21, argmax, PortKind::classes},
      {"2×2 pixels of grey", 1, 4, nothing, PortKind::subpixel},
      {"3×3 pixels of grey", 1, 9, then(UnaryKind::tanh), PortKind::subpixel},
      {"2×2 pixels of colour", 3, 12, nothing, PortKind::subpixel},
      {"a fourth channel", 3, 4, nothing, PortKind::colour},
  };
  for (const auto& it : cases) {
    const Ports ports = ports_of(nothing, it.end, {1, 8, 8, it.in}, it.channels);
    EXPECT_EQ(to_string(ports.outputs[0].kind), to_string(it.want)) << it.what;
    EXPECT_EQ(ports.outputs[0].height, 8) << it.what;
    EXPECT_EQ(ports.outputs[0].width, 8) << it.what;
  }
}

TEST(OutputKind, ManyChannelsAmongSeveralOutputsAreFeatures) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 16, 16, 3});
  const Ports ports =
      find_ports(layers.finish({layers.conv(x, 34), layers.conv(x, 1), layers.conv(x, 3)}).graph);
  EXPECT_EQ(ports.outputs[0].kind, PortKind::features);
  EXPECT_EQ(ports.outputs[0].channels, 34);
  EXPECT_EQ(ports.outputs[1].kind, PortKind::mask);
  EXPECT_TRUE(ports.outputs[1].is_logit);
  EXPECT_EQ(ports.shown_output, 2);
}

TEST(Layout, AFeatureMapIsNoPictureWhateverItsExtents) {
  for (const Shape& shape :
       {Shape{1, 4, 4, 512}, Shape{1, 3, 20, 16}, Shape{1, 3, 8, 8}, Shape{1, 1, 16, 34}}) {
    const Ports ports = ports_of(nothing, then(UnaryKind::tanh), shape);
    EXPECT_EQ(ports.inputs[0].kind, PortKind::map) << to_string(shape);
    EXPECT_EQ(ports.inputs[0].layout, PortLayout::nhwc) << to_string(shape);
    EXPECT_EQ(ports.frame_input, -1) << to_string(shape);
    EXPECT_EQ(ports.inputs[0].channels, shape[3]);
  }
}

TEST(Layout, OfABatchNamesTheBatchAsTheReason) {
  const Ports ports = ports_of(nothing, nothing, {4, 8, 8, 3});
  EXPECT_EQ(ports.frame_input, -1);
  EXPECT_THAT(ports.inputs[0].why, HasSubstr("saved for a batch of 4"));
}

TEST(Layout, ChannelsFirstIsSeenAtTheOperations) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 3, 8, 4});
  const ValueId turned = layers.add(Transpose{{0, 2, 3, 1}}, {x});
  const ValueId y = layers.unary(UnaryKind::sigmoid, layers.conv(turned, 2));
  const Ports ports = find_ports(layers.finish({layers.add(Transpose{{0, 3, 1, 2}}, {y})}).graph);
  EXPECT_EQ(ports.inputs[0].layout, PortLayout::nchw);
  EXPECT_EQ(ports.inputs[0].kind, PortKind::colour);
  EXPECT_EQ(ports.inputs[0].height, 8);
  EXPECT_EQ(ports.outputs[0].layout, PortLayout::nchw);
  EXPECT_EQ(ports.outputs[0].channels, 2);
}

TEST(Layout, APictureMayHaveNoChannels) {
  LayerBuilder layers;
  const ValueId x = layers.conv(layers.input({1, 20, 30, 3}), 8);
  const Ports ports = find_ports(layers.finish({layers.reduce(ReduceKind::mean, x, {3}, false)}).graph);
  EXPECT_EQ(ports.outputs[0].layout, PortLayout::hw);
  EXPECT_EQ(ports.outputs[0].height, 20);
  EXPECT_EQ(ports.outputs[0].width, 30);
  EXPECT_EQ(ports.outputs[0].channels, 1);
}

TEST(Layout, NumbersWithoutAPlaceAreAVector) {
  LayerBuilder layers;
  const ValueId style = layers.input({1, 1, 1, 100}), latent = layers.input({1, 100}),
                strength = layers.input({1});
  const ValueId sum =
      layers.binary(BinaryKind::multiply, layers.binary(BinaryKind::add, style, latent), strength);
  const Ports ports = find_ports(layers.finish({sum}).graph);
  for (const PortPicture& port : ports.inputs) EXPECT_EQ(port.kind, PortKind::vector);
  EXPECT_EQ(ports.outputs[0].kind, PortKind::vector);
  EXPECT_EQ(ports.outputs[0].channels, 100);
  EXPECT_EQ(ports.fills[0].kind, InputFill::Kind::seeded);
  EXPECT_EQ(ports.fills[2].kind, InputFill::Kind::constant);
  EXPECT_EQ(ports.fills[2].value, 1);
}

TEST(InputFill, IsTheSameForTheSameSeedAndAboutNormal) {
  const InputFill fill{.kind = InputFill::Kind::seeded, .seed = 7};
  const std::vector<float> numbers = numbers_of(fill, 10'000);
  EXPECT_EQ(numbers, numbers_of(fill, 10'000));
  EXPECT_NE(numbers, numbers_of({.kind = InputFill::Kind::seeded, .seed = 8}, 10'000));
  double sum = 0, squares = 0;
  for (float x : numbers) {
    sum += x;
    squares += double{x} * x;
  }
  EXPECT_NEAR(sum / 10'000, 0, 0.04);
  EXPECT_NEAR(squares / 10'000, 1, 0.05);
}

// ---- Published models -----------------------------------------------------------------------------------------------

struct Published {
  const char* folder;
  PortKind in;
  Range in_range;
  PortKind out;  // of the output that is shown
  Range out_range;
  InputShapes shapes;
};

class PublishedModel : public testing::TestWithParam<Published> {};

TEST_P(PublishedModel, IsTakenForWhatItIs) {
  const Published& want = GetParam();
  const std::filesystem::path folder = std::filesystem::path(SHARED_FOLDER) / want.folder;
  if (!std::filesystem::exists(folder)) {
    std::cout << folder << " is not there\n";
    GTEST_SKIP();
  }
  const Ports ports = find_ports(read_model_folder(folder, want.shapes));
  const PortPicture& in = ports.inputs[static_cast<size_t>(std::max(ports.frame_input, 0))];
  const PortPicture& out = ports.outputs[static_cast<size_t>(ports.shown_output)];
  EXPECT_EQ(to_string(in.kind), to_string(want.in)) << in.why;
  EXPECT_EQ(in.range.low, want.in_range.low) << in.why;
  EXPECT_EQ(in.range.high, want.in_range.high) << in.why;
  EXPECT_EQ(to_string(out.kind), to_string(want.out)) << out.why;
  EXPECT_EQ(out.range.low, want.out_range.low) << out.why;
  EXPECT_EQ(out.range.high, want.out_range.high) << out.why;
  for (const PortPicture& port : ports.inputs) EXPECT_NE(port.why, "");
  for (const PortPicture& port : ports.outputs) EXPECT_NE(port.why, "");
}

constexpr Range numbers{-3, 3};

const Published published[] = {
    {"zoo/bodypix-050-s16-u16", PortKind::colour, symmetric, PortKind::mask, unit},
    {"zoo/enheg-lines", PortKind::grey, unit, PortKind::grey, unit},
    {"zoo/espcn-nchw", PortKind::grey, unit, PortKind::grey, unit, {{"input_0", {1, 1, 64, 64}}}},
    {"zoo/espcn-x2", PortKind::grey, unit, PortKind::subpixel, unit},
    {"zoo/esrgan-slim-2x", PortKind::colour, unit, PortKind::colour, unit},
    {"zoo/lwgan-hr", PortKind::map, numbers, PortKind::colour, unit},
    {"zoo/magenta-transformer-separable", PortKind::colour, unit, PortKind::colour, unit},
    {"zoo/meet-seg-128x128", PortKind::colour, unit, PortKind::mask, unit},
    {"zoo/mnist-conv-ae", PortKind::grey, unit, PortKind::grey, unit},
    {"zoo/mnist-vae-decoder-graph", PortKind::vector, numbers, PortKind::grey, unit},
    {"zoo/mnist-vae-decoder-layers", PortKind::vector, numbers, PortKind::grey, unit},
    {"zoo/pixel-upsampler-2x", PortKind::colour, unit, PortKind::colour, unit},
    {"zoo/webcam-style-1", PortKind::colour, symmetric, PortKind::colour, symmetric},
    {"cases/models/uint8-input", PortKind::colour, bytes, PortKind::colour, bytes},
    {"cases/models/range-255-in-1-out", PortKind::colour, bytes, PortKind::colour, bytes},
    {"cases/models/range-255-in-and-out", PortKind::colour, unit, PortKind::colour, unit},
};

INSTANTIATE_TEST_SUITE_P(Ports, PublishedModel, testing::ValuesIn(published),
                         [](const testing::TestParamInfo<Published>& model) {
                           std::string name = model.param.folder;
                           for (char& letter : name) {
                             if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace fragnet
