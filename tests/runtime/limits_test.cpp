// What lies at the edge: tensors wider than a texture, numbers that half floats do not have, branches not taken.
#include <gtest/gtest.h>
#include <limits>

#include "base/error.hpp"
#include "graph/builder.hpp"
#include "runtime/network.hpp"
#include "support/gl_fixture.hpp"
#include "support/graph_case.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

// The native device, but with textures of 64 texels: small networks reach its limits.
std::vector<HostTensor> run_on_small_textures(const GraphCase& built) {
  Device device = native_device();
  device.limits.texture_size = 64;
  Network network(built.graph, {.precision = Precision::fp32}, device);
  network.wait_until_ready();
  for (size_t i = 0; i < built.inputs.size(); ++i)
    network.write_input(static_cast<int>(i), built.inputs[i].values);
  network.run();
  std::vector<HostTensor> outputs;
  for (size_t i = 0; i < network.outputs().size(); ++i) {
    outputs.push_back({network.outputs()[i].shape, network.read_output(static_cast<int>(i))});
  }
  return outputs;
}

void expect_equal_on_small_textures(const GraphCase& built) {
  const std::vector<HostTensor> want = reference_run(built.graph, built.inputs);
  const std::vector<HostTensor> got = run_on_small_textures(built);
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_EQ(difference(got[i], want[i], fp32_tolerance), "");
}

TEST(Limits, APictureWiderThanATextureIsFolded) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 3, 200, 5});
  expect_equal_on_small_textures(layers.finish({layers.unary(UnaryKind::relu, layers.bias(x))}));
}

TEST(Limits, AConvolutionOfAPictureWiderThanATextureStillRuns) {
  for (const int stride : {1, 2}) {
    LayerBuilder layers;
    const ValueId x = layers.input({1, 5, 150, 3});
    const ValueId y = layers.conv(x, 6, 3, stride);
    expect_equal_on_small_textures(layers.finish({layers.depthwise(y), layers.conv_transpose(y, 2)}));
  }
}

TEST(Limits, ALongMatrixOfPixelsIsFolded) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 30, 30, 4});
  expect_equal_on_small_textures(
      layers.finish({layers.unary(UnaryKind::tanh, layers.reshape(x, {1, 900, 4}))}));
}

TEST(Limits, WeightsThatAreTooHighForATextureAreCutIntoStrips) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 2, 2, 3});
  expect_equal_on_small_textures(layers.finish({layers.conv(x, 150, 3)}));
}

TEST(Limits, AListOfManyChannelsIsFolded) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 2, 2, 5000});
  const GraphCase built = layers.finish({layers.bias(x)});
  EXPECT_TRUE(device_agrees(built.graph, built.inputs));
}

TEST(Limits, AnUnboundedDilationIsRefusedBeforeItTakesMemory) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, 1, 1, 4});
  const ValueId k = builder.add_constant("k", make_tensor({2, 2, 4, 4}, std::vector<float>(64, 1.0f)));
  const Window window{.kernel = {2, 2}, .dilation = {4000, 4000}};
  try {
    builder.add_output("y", builder.add("wide", Conv2dTranspose{window, {4001, 4001}}, {x, k}));
    Network(builder.finish(), {.precision = Precision::fp32}, native_device()).wait_until_ready();
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::too_large) << error.what();
  }
}

TEST(Select, DoesNotSeeTheBranchThatIsNotTaken) {
  GraphBuilder builder;
  const ValueId condition = builder.add_input("c", DType::float32, {4});
  const ValueId a = builder.add_input("a", DType::float32, {4});
  const float infinity = std::numeric_limits<float>::infinity();
  const ValueId b =
      builder.add_constant("b", make_tensor({4}, std::vector<float>{1e30f, -infinity, 7, -1e9f}));
  builder.add_output("y", builder.add("where", Select{}, {condition, a, b}));
  const auto outputs =
      run_on_device(builder.finish(), {{{4}, {1, 1, 0, 1}}, {{4}, {0.5f, 1.5f, infinity, 2.5f}}});
  EXPECT_EQ(outputs.at(0).values, (std::vector<float>{0.5f, 1.5f, 7, 2.5f}));
}

TEST(Select, OfBooleansMovesAndIsCast) {
  GraphBuilder builder;
  const auto boolean = [&](const char* name, BinaryKind kind, float bound) {
    const ValueId x = builder.add_input(name, DType::float32, {1, 2, 3, 4});
    return builder.add(name, Binary{kind}, {x, builder.add_constant("bound", make_scalar(bound))});
  };
  const ValueId condition = boolean("c", BinaryKind::greater, 0), a = boolean("a", BinaryKind::less, 0.25f),
                b = boolean("b", BinaryKind::greater, -0.25f);
  const ValueId chosen = builder.add("where", Select{}, {condition, a, b});
  const ValueId moved = builder.add("moved", Reshape{{4, 3, 2}}, {chosen});
  const ValueId turned = builder.add("turned", Transpose{{2, 0, 1}}, {moved});
  const ValueId padded = builder.add("padded", Pad{.margins = {{0, 0}, {1, 0}, {0, 2}}}, {turned});
  const ValueId joined = builder.add("joined", Concat{0}, {padded, padded});
  const ValueId two = builder.add_constant("two", make_scalar(2.0f));
  builder.add_output("y", builder.add("cast", Binary{BinaryKind::multiply}, {joined, two}));
  const GraphCase built{
      builder.finish(),
      {random_tensor({1, 2, 3, 4}, 1), random_tensor({1, 2, 3, 4}, 2), random_tensor({1, 2, 3, 4}, 3)}};
  EXPECT_TRUE(device_agrees(built.graph, built.inputs));
}

// A window larger than any picture either meets what is there, or is refused in a sentence.
TEST(Limits, WindowsFarLargerThanThePictureRunOrAreRefusedInWords) {
  const auto check = [](const std::string& what, const Op& op, const Shape& picture, const Shape& kernel) {
    SCOPED_TRACE(what);
    try {
      LayerBuilder layers;
      const ValueId x = layers.input(picture);
      std::vector<ValueId> inputs{x};
      if (!kernel.empty()) inputs.push_back(layers.constant(kernel));
      const GraphCase built = layers.finish({layers.add(op, inputs)});
      EXPECT_TRUE(device_agrees(built.graph, built.inputs));
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == code::too_large || error.code() == code::bad_shape)
          << error.code() << ": " << error.what();
    }
  };
  for (const int far : {20, 4096, 8192, 30'000}) {
    for (const int channels : {1, 3}) {
      Window same{.kernel = {3, 3}, .dilation = {far, far}};
      same.padding = resolve_padding(Padding::same, 8, 9, same);
      const std::string at = text("dilation ", far, ", channels ", channels);
      check("conv2d " + at, Conv2d{same}, {1, 8, 9, channels}, {3, 3, channels, 5});
      check("depthwise " + at, DepthwiseConv2d{same}, {1, 8, 9, channels}, {3, 3, channels, 1});
      check("pool " + at, Pool2d{PoolKind::max, same}, {1, 8, 9, channels}, {});
      const Window row{.kernel = {1, 2}, .dilation = {1, far}};
      check("wide conv2d " + at, Conv2d{row}, {1, 1, far + 3, channels}, {1, 2, channels, 2});
      check("wide transposed " + at, Conv2dTranspose{row, {1, far + 3}}, {1, 1, 3, channels},
            {1, 2, 2, channels});
      check("transposed " + at, Conv2dTranspose{same, {8, 9}}, {1, 8, 9, channels}, {3, 3, 5, channels});
      const Window strided{.kernel = {2, 2}, .stride = {far, far}, .padding = {0, 1, 0, 1}};
      check("strided " + at, Conv2d{strided}, {1, 8, 9, channels}, {2, 2, channels, 3});
      check("strided transposed " + at, Conv2dTranspose{{.kernel = {2, 2}, .stride = {1, far}}, {2, far + 2}},
            {1, 1, 2, channels}, {2, 2, 3, channels});
      check("strided pool " + at, Pool2d{PoolKind::average, {.kernel = {2, 2}, .stride = {far, far}}},
            {1, 8, 9, channels}, {});
    }
    check(text("kernel 1×", far), Conv2d{{.kernel = {1, far}, .padding = {0, 0, far, far}}}, {1, 1, 8, 2},
          {1, far, 2, 2});
  }
  const Window trap{.kernel = {1, 65536}, .padding = {0, 0, 65536, 65536}};
  const auto type = [&](const Op& op, const Shape& kernel) {
    try {
      LayerBuilder layers;
      layers.add(op, {layers.input({1, 8, 8, 1}), layers.constant(kernel)});
      ADD_FAILURE() << name_of(op) << " was not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code::too_large) << error.what();
      EXPECT_NE(std::string(error.what()).find("nearly all of that is padding"), std::string::npos)
          << error.what();
    }
  };
  type(Conv2d{trap}, {1, 65536, 1, 1});
  type(DepthwiseConv2d{trap}, {1, 65536, 1, 1});
}

TEST(HalfPrecision, KeepsAnEpsilonThatHalfFloatsDoNotHave) {
  GraphBuilder builder;
  ValueId x = builder.add_input("x", DType::float32, {1, 1, 1, 4});
  const ValueId epsilon = builder.add_constant("e", make_tensor({4}, std::vector<float>(4, 1e-9f)));
  x = builder.add("eps", Binary{BinaryKind::add}, {x, epsilon});
  x = builder.add("rsqrt", Unary{UnaryKind::rsqrt}, {x});
  x = builder.add("scale", Binary{BinaryKind::multiply}, {x, builder.add_constant("s", make_scalar(1e-5f))});
  builder.add_output("y", x);
  const auto outputs = run_on_device(builder.finish(), {{{1, 1, 1, 4}, {0, 0, 0, 0}}}, Precision::fp16);
  for (float value : outputs.at(0).values) EXPECT_NEAR(value, 0.316f, 1e-3f);
}

// Sums beyond what half floats hold, which several layers read, of a whole picture and of numbers.
TEST(HalfPrecision, KeepsSumsThatHalfFloatsDoNotHave) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, 512, 512, 4});
  const ValueId sum = builder.add("sum", Reduce{ReduceKind::sum, {1, 2}, true}, {x});
  const auto number = [&](float value) { return builder.add_constant("n", make_scalar(value)); };
  const auto binary = [&](BinaryKind kind, ValueId a, ValueId b) {
    return builder.add("b", Binary{kind}, {a, b});
  };
  builder.add_output("mean", binary(BinaryKind::divide, sum, number(512 * 512)));
  builder.add_output("less",
                     binary(BinaryKind::subtract, binary(BinaryKind::divide, sum, number(1e5f)), number(1)));
  builder.add_output("log", builder.add("l", Unary{UnaryKind::log}, {sum}));
  builder.add_output("product", binary(BinaryKind::multiply, sum, number(1e-5f)));
  HostTensor picture{{1, 512, 512, 4}, std::vector<float>(size_t{512} * 512 * 4)};
  for (size_t i = 0; i < picture.values.size(); ++i)
    picture.values[i] = 0.5f * static_cast<float>(i % 4 + 1) + 0.25f * static_cast<float>(i / 4 % 2);
  const Graph graph = builder.finish();
  EXPECT_TRUE(device_agrees(graph, {picture}, 5e-3, Precision::fp16));
  EXPECT_TRUE(device_agrees(graph, {picture}, fp32_tolerance, Precision::fp32));
}

TEST(Reduce, OfInfinitiesIsInfinite) {
  const float infinity = std::numeric_limits<float>::infinity();
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, 1, 2, 3});
  builder.add_output("max", builder.add("max", Reduce{ReduceKind::max, {3}, false}, {x}));
  const auto outputs =
      run_on_device(builder.finish(), {{{1, 1, 2, 3}, {-infinity, -infinity, -infinity, 1, -infinity, 2}}});
  EXPECT_EQ(outputs.at(0).values, (std::vector<float>{-infinity, 2}));
}

TEST(Reduce, TakesLeadingExtentsOfRankFiveTogether) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 3, 2, 2, 4});
  const GraphCase built = layers.finish({layers.reduce(ReduceKind::mean, x, {0, 1}, false),
                                         layers.reduce(ReduceKind::sum, x, {0, 1, 2, 3, 4}, false)});
  EXPECT_TRUE(device_agrees(built.graph, built.inputs));
}

}  // namespace
}  // namespace fragnet
