#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "graph/builder.hpp"
#include "passes/passes.hpp"
#include "programs/program.hpp"
#include "programs/shader_library.hpp"
#include "programs/weights.hpp"

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

TEST(PackGrid, PutsInputsIntoColumnsAndOutputsIntoRows) {
  const int height = 2, width = 3, inputs = 5, outputs = 6;
  std::vector<float> values;
  for (int ky = 0; ky < height; ++ky)
    for (int kx = 0; kx < width; ++kx)
      for (int in = 0; in < inputs; ++in)
        for (int out = 0; out < outputs; ++out) values.push_back(numbered(ky, kx, in, out));
  const KernelView view = view_of_conv2d(values, {height, width, inputs, outputs});
  // Two pictures of two and three channels, so two cells; once in one row, once folded.
  for (const int texture_size : {2048, 12}) {
    const PackedWeights packed = pack_grid(view, {2, 3}, 2, {1, 1}, texture_size, "a test");
    EXPECT_EQ(packed.folds, texture_size == 12 ? 2 : 1);
    for (int in = 0; in < inputs; ++in) {
      const int cell = in < 2 ? 0 : 1, channel = in < 2 ? in : in - 2;
      for (int out = 0; out < outputs; ++out) {
        const int x = ((cell % packed.cells) * width + 2) * 4 + channel;
        const int y = ((out / 4) * packed.folds + cell / packed.cells) * height + 1;
        EXPECT_EQ(packed.image.texels[static_cast<size_t>((y * packed.image.width + x) * 4 + out % 4)],
                  numbered(1, 2, in, out));
      }
    }
  }
}

TEST(KernelView, ReadsBothOrdersAsTapInputOutput) {
  const std::vector<float> values{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};  // two taps of 2 × 3
  EXPECT_EQ(view_of_conv2d(values, {1, 2, 2, 3}).at(0, 1, 1, 2), 11);
  EXPECT_EQ(view_of_conv2d(values, {1, 2, 2, 3}).at(0, 1, 1, 0), 9);
  EXPECT_EQ(view_of_conv2d_transpose(values, {1, 2, 2, 3}).at(0, 1, 2, 0), 8);
}

TEST(PackGrid, SaysWhereWeightsDoNotFit) {
  const std::vector<float> values(7 * 7 * 4 * 4, 1.0f);
  const KernelView view = view_of_conv2d(values, {7, 7, 4, 4});
  try {
    pack_grid(view, {4}, 1, {1, 1}, 16, "layer \"big\"");
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
  EXPECT_NE(text.find("#define LAST_KY 3\n"), std::string::npos);
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
  const size_t add = program.fragment.find("v = pw_add(v, texelFetch(channels, ivec2(q, 0), 0));");
  const size_t leaky = program.fragment.find("v = pw_leaky_relu(v, 0.25, 0.0);");
  EXPECT_LT(multiply, add);
  EXPECT_LT(add, leaky);
  EXPECT_NE(leaky, std::string::npos);
  ASSERT_EQ(program.images.size(), 1u);
  EXPECT_EQ(program.images[0].texels, (std::vector<float>{1, 2, 3, 0}));
}

}  // namespace
}  // namespace fragnet
