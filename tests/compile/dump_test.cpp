// Small networks as text behind the stages of the pipeline, compared with texts that lie in dumps/. Where a change of the
// pipeline is meant, the test's message has the new text.
#include "compile/dump.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "base/error.hpp"
#include "graph/builder.hpp"
#include "passes/passes.hpp"

namespace fragnet {
namespace {

constexpr DeviceLimits limits{.texture_size = 4096, .draw_buffers = 8};

ValueId add_weights(GraphBuilder& builder, const std::string& name, const Shape& shape) {
  return builder.add_constant(
      name, make_tensor(shape, std::vector<float>(static_cast<size_t>(element_count(shape)), 0.5f)));
}

// An encoder and a decoder with a skip between them, as pix2pix has them: padding by hand, an activation behind a bias.
Graph small_unet() {
  GraphBuilder b;
  const ValueId x = b.add_input("photo", DType::float32, {1, 16, 16, 3});
  const ValueId padded = b.add("pad", Pad{.margins = {{0, 0}, {1, 1}, {1, 1}, {0, 0}}}, {x});
  const ValueId down = b.add("down", Conv2d{{.kernel = {4, 4}, .stride = {2, 2}}},
                             {padded, add_weights(b, "down/kernel", {4, 4, 3, 8})});
  const ValueId biased = b.add("down", Binary{BinaryKind::add}, {down, add_weights(b, "down/bias", {8})});
  const ValueId active = b.add("relu", Unary{UnaryKind::relu}, {biased});
  const ValueId deep = b.add("deep", Conv2d{{.kernel = {3, 3}, .padding = {1, 1, 1, 1}}},
                             {active, add_weights(b, "deep/kernel", {3, 3, 8, 8})});
  const ValueId both = b.add("skip", Concat{3}, {deep, active});
  const Conv2dTranspose up{.window = {.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}},
                           .output = {16, 16}};
  const ValueId grown = b.add("up", up, {both, add_weights(b, "up/kernel", {4, 4, 3, 16})});
  b.add_output("picture", b.add("tanh", Unary{UnaryKind::tanh}, {grown}));
  return b.finish();
}

// Channels first, a softmax over them, and a dilated convolution as TensorFlow spells it.
Graph small_segmenter() {
  GraphBuilder b;
  const ValueId x = b.add_input("photo", DType::float32, {1, 3, 8, 8});
  const ValueId last = b.add("scores", Transpose{{0, 2, 3, 1}}, {x});
  const ValueId dealt = b.add("deal", SpaceToBatch{.block = {2, 2}, .padding = {2, 2, 2, 2}}, {last});
  const ValueId scores =
      b.add("scores", Conv2d{{.kernel = {3, 3}}}, {dealt, add_weights(b, "scores/kernel", {3, 3, 3, 5})});
  const ValueId whole = b.add("collect", BatchToSpace{.block = {2, 2}}, {scores});
  b.add_output("classes", b.add("softmax", Softmax{3}, {whole}));
  return b.finish();
}

void expect_dump(const Graph& graph, const std::string& network, const std::string& stage) {
  const std::string path = TESTS_FOLDER "/compile/dumps/" + network + "." + stage + ".txt";
  const std::string got = dump_after(stage, graph, limits);
  if (std::getenv("FRAGNET_WRITE_DUMPS")) std::ofstream(path) << got;
  std::ifstream file(path);
  std::stringstream want;
  want << file.rdbuf();
  EXPECT_EQ(got, want.str()) << path;
}

TEST(Dump, ShowsHowAUnetIsCompiled) {
  const Graph graph = small_unet();
  for (const char* stage : {"import", "ports", "fuse_padding", "fuse_concat", "fuse_pointwise", "plan"})
    expect_dump(graph, "unet", stage);
}

TEST(Dump, ShowsHowASegmenterIsCompiled) {
  const Graph graph = small_segmenter();
  for (const char* stage :
       {"import", "turn_ports", "fuse_dilation", "lower_softmax", "fuse_pointwise", "plan"})
    expect_dump(graph, "segmenter", stage);
}

TEST(Dump, ShowsAPassEachTimeThatItRuns) {
  const std::string text = dump_after("drop_identities", small_unet(), limits);
  const size_t first = text.find("input [1, 16, 16, 3]");
  EXPECT_EQ(first, 0u);
  EXPECT_NE(text.find("input [1, 16, 16, 3]", first + 1), std::string::npos);
}

TEST(Dump, PrintsProgramsOnce) {
  const std::string text = dump_after("programs", small_unet(), limits);
  EXPECT_THAT(text, testing::StartsWith("// down\n#version 300 es\n"));
  EXPECT_THAT(text, testing::HasSubstr("// up\n"));
}

TEST(Dump, NamesTheStagesWhereItKnowsNone) {
  try {
    dump_after("fuse_paddings", small_unet(), limits);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::bad_input);
    EXPECT_THAT(error.what(), testing::HasSubstr("import, ports, turn_ports, drop_unused_nodes"));
  }
}

// ---- compile() ----

TEST(Compile, IsAFunctionOfItsArguments) {
  const Compiled once = compile(small_unet(), limits), again = compile(small_unet(), limits);
  EXPECT_EQ(to_string(once.plan, once.graph), to_string(again.plan, again.graph));
  EXPECT_EQ(once.inputs.at(0).value, again.inputs.at(0).value);
}

TEST(Compile, SaysWhichPortsAreTurned) {
  const Compiled compiled = compile(small_segmenter(), limits);
  const NetworkPort& input = compiled.inputs.at(0);
  EXPECT_TRUE(input.is_turned);
  EXPECT_EQ(input.shape, (Shape{1, 3, 8, 8}));
  EXPECT_EQ(compiled.graph.values.at(static_cast<size_t>(input.value)).shape, (Shape{1, 8, 8, 3}));
  EXPECT_FALSE(compiled.outputs.at(0).is_turned);
}

TEST(Compile, RefusesInTheProductWhatPassesLeaveThatNoShaderComputes) {
  GraphBuilder b;
  const ValueId x = b.add_input("x", DType::float32, {1, 2, 2, 4});
  b.add_output("y", b.add("soft", Softmax{3}, {x}));
  try {
    verify_lowered(b.finish());
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::internal);
    EXPECT_THAT(error.what(), testing::HasSubstr("layer \"soft\": no shader computes this softmax"));
  }
}

}  // namespace
}  // namespace fragnet
