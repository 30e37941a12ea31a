#include <bit>
#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <set>

#include "base/error.hpp"
#include "graph/builder.hpp"
#include "passes/passes.hpp"
#include "programs/program.hpp"
#include "programs/shader_library.hpp"
#include "programs/weights.hpp"
#include "support/graph_case.hpp"

namespace fragnet {
namespace {

TEST(ShaderText, IncludesEachFileOnceAndPutsTheDefinesAfterTheVersion) {
  const std::string text =
      shader_text("pool2d.frag", {{"KERNEL_H", "3"}}, {{"tensors", "// tensors here\n"}});
  EXPECT_EQ(text.find("#version 300 es"), text.rfind("#version 300 es"));
  EXPECT_EQ(text.find("struct Layout"), text.rfind("struct Layout"));
  EXPECT_NE(text.find("// tensors here"), std::string::npos);
  EXPECT_LT(text.find("#version"), text.find("#define KERNEL_H 3"));
  EXPECT_EQ(text.find("#include"), std::string::npos);
}

TEST(ShaderText, RefusesAFileThatIsNotThere) {
  EXPECT_THROW(shader_text("no_such.frag", {}, {}), Error);
}

TEST(GlslFloat, ReadsBackAsTheSameFloat) {
  for (const float value : {0.0f, 1.0f, -1.0f, 0.1f, 1e-30f, -3.4e38f, 16777217.0f, 1.0f / 3}) {
    std::string digits = glsl_float(value);
    if (digits.front() == '(') digits = digits.substr(1, digits.size() - 2);
    EXPECT_EQ(std::strtof(digits.c_str(), nullptr), value) << digits;
    EXPECT_NE(digits.find_first_of(".e"), std::string::npos) << digits << " would be an int in GLSL";
  }
}

// kernel(ky, kx, in, out) = 1000 ky + 100 kx + 10 in + out
float numbered(int ky, int kx, int in, int out) {
  return static_cast<float>(1000 * ky + 100 * kx + 10 * in + out);
}

// One element of a packed matrix, of weights packed as floats.
float packed_float(const PackedWeights& packed, int column, int row, int input, int output) {
  const std::vector<uint32_t> words = words_of(packed.image);
  const int x = column * 4 + input;
  return std::bit_cast<float>(words[static_cast<size_t>((row * packed.image.width + x) * 4 + output)]);
}

TEST(PackGrid, PutsInputsIntoColumnsAndOutputsIntoRows) {
  const int height = 2, width = 3, inputs = 5, outputs = 6;
  std::vector<float> values;
  for (int ky = 0; ky < height; ++ky)
    for (int kx = 0; kx < width; ++kx)
      for (int in = 0; in < inputs; ++in)
        for (int out = 0; out < outputs; ++out) values.push_back(numbered(ky, kx, in, out));
  const KernelView view = view_of_conv2d(make_tensor({height, width, inputs, outputs}, values));
  // Two pictures of two and three channels, so two cells; once in one row, once folded.
  for (const int texture_size : {2048, 12}) {
    const PackedWeights packed = pack_grid(view,
                                           {.channels = {2, 3},
                                            .output_quads = 2,
                                            .taps = {.last_y = height, .last_x = width},
                                            .texture_size = texture_size},
                                           "a test");
    EXPECT_EQ(packed.folds, texture_size == 12 ? 2 : 1);
    for (int in = 0; in < inputs; ++in) {
      const int cell = in < 2 ? 0 : 1, channel = in < 2 ? in : in - 2;
      for (int out = 0; out < outputs; ++out) {
        const int column = (cell % packed.cells) * width + 2;
        const int row = ((out / 4) * packed.folds + cell / packed.cells) * height + 1;
        EXPECT_EQ(packed_float(packed, column, row, channel, out % 4), numbered(1, 2, in, out));
      }
    }
  }
}

TEST(PackGrid, LeavesOutDeadTapsAndWritesTheZerosOfADilatedKernel) {
  std::vector<float> values(16);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i + 1);
  const KernelView view = view_of_conv2d(make_tensor({4, 4, 1, 1}, values));
  const LiveTaps middle{.first_y = 1, .last_y = 3, .first_x = 1, .last_x = 3};
  const PackedWeights live = pack_grid(view, {.channels = {1}, .taps = middle}, "a test");
  EXPECT_EQ(live.image.height, 2);
  EXPECT_EQ(packed_float(live, 0, 0, 0, 0), 6);
  EXPECT_EQ(packed_float(live, 1, 1, 0, 0), 11);
  const PackedWeights spread =
      pack_grid(view, {.channels = {1}, .spread = {2, 2}, .taps = {.last_y = 7, .last_x = 7}}, "a test");
  EXPECT_EQ(packed_float(spread, 6, 6, 0, 0), 16);
  EXPECT_EQ(packed_float(spread, 5, 6, 0, 0), 0);
}

TEST(PackGrid, KeepsBytesAndSaysWhatTheyStandFor) {
  const auto bytes = std::make_shared<std::vector<uint8_t>>(std::vector<uint8_t>{0, 128, 255, 7, 9, 11});
  Tensor kernel{.shape = {1, 1, 1, 6}, .encoding = Encoding::uint8, .min = -1.5, .scale = 0.5};
  kernel.bytes = *bytes;
  kernel.owner = bytes;
  const PackedWeights packed = pack_grid(
      view_of_conv2d(kernel), {.channels = {1}, .output_quads = 2, .format = WeightFormat::uint8}, "a test");
  EXPECT_TRUE(packed.image.is_integer);
  EXPECT_EQ(packed.image.width, 1);
  EXPECT_EQ(packed.image.height, 3);
  const std::vector<uint32_t> words = words_of(packed.image);
  EXPECT_EQ(words[0], 0x87ff8000u);  // the fourth has a sign
  EXPECT_EQ(words[1], 0u);
  EXPECT_EQ(words[4], 0x00000b09u);
  EXPECT_EQ(std::bit_cast<float>(words[8]), 0.5f) << "the scale";
  EXPECT_EQ(std::bit_cast<float>(words[9]), 3.0f) << "the byte that means zero";
}

TEST(PackGrid, MakesHalvesOfFloatsTwoTexelsAMatrix) {
  const KernelView view = view_of_conv2d(make_tensor({1, 1, 1, 2}, std::vector<float>{1.0f, -2.0f}));
  const PackedWeights packed = pack_grid(view, {.channels = {1}, .format = WeightFormat::float16}, "a test");
  EXPECT_EQ(packed.image.width, 2);
  EXPECT_EQ(words_of(packed.image)[0], 0xc0003c00u);
}

TEST(KernelView, ReadsBothOrdersAsTapInputOutput) {
  const Tensor kernel = make_tensor({1, 2, 2, 3}, std::vector<float>(12));  // two taps of 2 × 3
  EXPECT_EQ(view_of_conv2d(kernel).index(0, 1, 1, 2), 11);
  EXPECT_EQ(view_of_conv2d(kernel).index(0, 1, 1, 0), 9);
  EXPECT_EQ(view_of_conv2d_transpose(kernel).index(0, 1, 2, 0), 8);
}

TEST(PackGrid, SaysWhereWeightsDoNotFit) {
  const KernelView view = view_of_conv2d(make_tensor({7, 7, 4, 4}, std::vector<float>(7 * 7 * 4 * 4, 1.0f)));
  try {
    pack_grid(view, {.channels = {4}, .taps = {.last_y = 7, .last_x = 7}, .texture_size = 16},
              "layer \"big\"");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::too_large);
    EXPECT_EQ(std::string(error.what()).rfind("layer \"big\"", 0), 0u);
  }
}

TEST(MakeProgram, DropsTheTapsThatOnlyMeetPadding) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, 2, 2, 4});
  const ValueId k = builder.add_constant("k", make_tensor({4, 4, 4, 4}, std::vector<float>(256, 1.0f)));
  const Window window{.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}};
  builder.add_output("y", builder.add("last", Conv2d{window}, {x, k}));
  const Graph graph = run_passes(builder.finish());
  const DeviceLimits limits;
  const Plan plan = make_plan(graph, limits);
  const std::string text = make_program(graph, plan, plan.steps.at(0), limits).fragment;
  EXPECT_NE(text.find("#define FIRST_KY 1\n"), std::string::npos);
  EXPECT_NE(text.find("#define WEIGHT_H 2\n"), std::string::npos);
}

TEST(MakeProgram, PadsOnlyThePixelsThatMayLieBesideThePicture) {
  for (const int width : {32, 40}) {  // 40: the last block is half outside, and so may its window be
    GraphBuilder builder;
    const ValueId x = builder.add_input("x", DType::float32, {1, 32, width, 4});
    const ValueId k = builder.add_constant("k", make_tensor({4, 4, 4, 4}, std::vector<float>(256, 1.0f)));
    const Window window{.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}};
    builder.add_output("y", builder.add("last", Conv2d{window}, {x, k}));
    const Graph graph = run_passes(builder.finish());
    const DeviceLimits limits{.draw_buffers = 8};
    const Plan plan = make_plan(graph, limits);
    ASSERT_EQ(plan.steps.at(0).variant.block.w, 8);
    const std::string text = make_program(graph, plan, plan.steps.at(0), limits).fragment;
    EXPECT_NE(text.find("LOAD_PADDED(0), LOAD(1), LOAD(2)"), std::string::npos);
    EXPECT_EQ(text.find("LOAD(16), LOAD_PADDED(17)") != std::string::npos, width == 32);
    EXPECT_EQ(text.find("LOAD(8), LOAD_PADDED(9), LOAD_PADDED(10)") != std::string::npos, width == 40);
  }
}

TEST(MakeProgram, WritesTheFusedOperationsInOrder) {
  GraphBuilder builder;
  ValueId x = builder.add_input("x", DType::float32, {1, 2, 2, 3});
  x = builder.add("scaled", Binary{BinaryKind::multiply}, {x, builder.add_constant("s", make_scalar(2.0f))});
  const std::vector<float> bias{1, 2, 3};
  x = builder.add("bias", Binary{BinaryKind::add}, {x, builder.add_constant("b", make_tensor({3}, bias))});
  x = builder.add("activation", Unary{UnaryKind::leaky_relu, 0.25f}, {x});
  builder.add_output("y", x);
  const Graph graph = run_passes(builder.finish());
  ASSERT_EQ(graph.nodes.size(), 1u);
  const DeviceLimits limits;
  const Plan plan = make_plan(graph, limits);
  const Program program = make_program(graph, plan, plan.steps.at(0), limits);
  const size_t multiply = program.fragment.find("v = pw_multiply(v, vec4(2.0));");
  const size_t add = program.fragment.find("v = pw_add(v, constant0);");
  const size_t leaky = program.fragment.find("v = pw_leaky_relu(v, 0.25, 0.0);");
  EXPECT_LT(multiply, add);
  EXPECT_LT(add, leaky);
  EXPECT_NE(leaky, std::string::npos);
  ASSERT_EQ(program.images.size(), 1u);
  const std::vector<uint32_t> words = words_of(program.images[0]);
  EXPECT_EQ(std::bit_cast<float>(words.at(2)), 3.0f);
  EXPECT_EQ(std::bit_cast<float>(words.at(3)), 0.0f);
}

TEST(SimplePrograms, LayersOfOnePictureShareThatOfLayersOfTwo) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 16, 16, 8});
  const ValueId down = layers.unary(UnaryKind::relu, layers.conv(x, 12, 4, 2));
  const auto up = [&](ValueId from) { return layers.unary(UnaryKind::relu, layers.conv_transpose(from, 8)); };
  const Graph graph = run_passes(layers.finish({up(layers.concat({up(down), x}))}).graph);
  const Plan plan = make_plan(graph, {});
  std::set<std::string> simple, fast;
  for (const Step& step : plan.steps) {
    const Node& node = graph.nodes[static_cast<size_t>(step.node)];
    if (!std::holds_alternative<Conv2dTranspose>(node.op)) {
      EXPECT_EQ(make_program(graph, plan, step, {}).tensors.size(), 1U);
      continue;
    }
    const Program program = make_program(graph, plan, step, {}, Extent::layer);
    simple.insert(program.fragment);
    fast.insert(make_program(graph, plan, step, {}).fragment);
    ASSERT_EQ(program.tensors.size(), 2U);
    EXPECT_EQ(program.tensors[0].value == program.tensors[1].value, node.pictures == 1);
  }
  EXPECT_EQ(simple.size(), 1U);
  EXPECT_EQ(fast.size(), 2U);
}

}  // namespace
}  // namespace fragnet
