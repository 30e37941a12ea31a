#include "graph/builder.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "base/error.hpp"

namespace fragnet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

void expect_error(const std::function<void()>& act, const std::string& error_code,
                  const std::string& sentence) {
  try {
    act();
    ADD_FAILURE() << "no error, wanted: " << sentence;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), error_code) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(sentence));
  }
}

TEST(GraphBuilder, InfersEveryNodesTypeAtOnce) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, 8, 8, 3});
  const ValueId kernel =
      builder.add_constant("kernel", make_tensor({3, 3, 3, 4}, std::vector<float>(108, 0.5f)));
  const ValueId conv = builder.add("conv", Conv2d{{.kernel = {3, 3}, .stride = {2, 2}}}, {x, kernel});
  EXPECT_EQ(builder.shape(conv), (Shape{1, 3, 3, 4}));
  EXPECT_EQ(builder.value(conv).name, "conv");
  const ValueId best = builder.add("best", Reduce{ReduceKind::argmax, {3}}, {conv});
  EXPECT_EQ(builder.value(best).dtype, DType::int32);
  builder.add_output("best:0", best);

  const Graph graph = builder.finish();
  ASSERT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.nodes[0].output, conv);
  EXPECT_EQ(graph.inputs[0].name, "x");
  EXPECT_EQ(graph.outputs[0].name, "best:0");
  EXPECT_EQ(input_value(graph, graph.nodes[0], 1).name, "kernel");
  expect_error([&] { input_value(graph, graph.nodes[0], 2); }, "internal", "it has 2 inputs, not an input 2");
}

TEST(GraphBuilder, FoldsTheSizesThatAModelComputes) {
  // Shape → StridedSlice → × 2 → Pack, as TensorFlow writes an upsampling.
  GraphBuilder builder;
  const ValueId shape = builder.add_constant("shape", make_tensor({4}, std::vector<int32_t>{1, 24, 40, 3}));
  const ValueId sides = builder.add("sides", Slice{{1}, {2}, {1}}, {shape});
  const ValueId two = builder.add_constant("two", make_scalar(2));
  const ValueId size = builder.add("size", Binary{BinaryKind::multiply}, {sides, two});
  const ValueId batch = builder.add("batch", Slice{{0}, {1}, {1}}, {shape});
  const ValueId whole = builder.add("whole", Concat{0}, {batch, size});
  EXPECT_THAT(builder.constant_ints(whole, "layer \"resize\""), ElementsAre(1, 48, 80));
  EXPECT_THAT(builder.constant_floats(size, "layer \"resize\""), ElementsAre(48, 80));
  EXPECT_EQ(builder.value(whole).dtype, DType::int32);
  EXPECT_EQ(builder.value(whole).name, "whole");
  builder.add_output("whole", whole);
  EXPECT_TRUE(builder.finish().nodes.empty());
}

TEST(GraphBuilder, FoldsEmptyListsOfNumbers) {
  GraphBuilder builder;
  const ValueId shape = builder.add_constant("shape", make_tensor({1}, std::vector<int32_t>{7}));
  const ValueId none = builder.add("none", Slice{{1}, {0}, {1}}, {shape});
  EXPECT_TRUE(builder.constant_ints(none, "x").empty());
  const ValueId input = builder.add_input("x", DType::float32, {5});
  expect_error(
      [&] {
        builder.add("cut", Slice{{0}, {0}, {1}}, {input});
      },
      "bad-shape", "layer \"cut\": the shape [0] holds no element");
}

TEST(GraphBuilder, SaysWhichNumbersMustBeKnown) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("axis", DType::int32, {1});
  expect_error([&] { builder.constant_ints(x, "layer \"mean\""); }, "unsupported-op",
               "layer \"mean\": \"axis\" must be known when the model is loaded");
  expect_error([&] { builder.constant_floats(x, "layer \"mean\""); }, "unsupported-op",
               "\"axis\" must be known");
  const ValueId large = builder.add_constant("large", make_scalar(3e9f));
  expect_error([&] { builder.constant_ints(large, "layer \"mean\""); }, "bad-value",
               "layer \"mean\": \"large\": the value");
}

TEST(GraphBuilder, NamesTheLayerInEveryError) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {2, 3});
  expect_error([&] { builder.add("t", Transpose{{0}}, {x}); }, "bad-shape", "layer \"t\": transpose wants");
  expect_error([&] { builder.add("", Transpose{{0}}, {x}); }, "bad-shape", "a transpose: transpose wants");
  expect_error([&] { builder.add("t", Unary{}, {7}); }, "internal",
               "layer \"t\": its input is the value 7, the graph has 1");
  const ValueId seven = builder.add_constant("seven", make_scalar(7)),
                zero = builder.add_constant("zero", make_scalar(0));
  expect_error(
      [&] {
        builder.add("d", Binary{BinaryKind::floor_divide}, {seven, zero});
      },
      "bad-value", "layer \"d\": floor_divide divides the integer 7 by zero");
  expect_error([&] { builder.add_input("i", DType::float32, {1, -1}); }, "bad-shape", "input \"i\"");
  expect_error(
      [&] {
        builder.add_input("i", DType::float32, {1, 0});
      },
      "bad-shape", "the shape [1, 0] holds no element");
  Tensor cut = make_tensor({2}, std::vector<float>{1, 2});
  cut.bytes = cut.bytes.first(5);
  expect_error([&] { builder.add_constant("c", cut); }, "bad-weights",
               "constant \"c\": the shape [2] needs 8 bytes, there are 5");
}

TEST(GraphBuilder, AcceptsEmptyAndRepeatedNames) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {2});
  const ValueId a = builder.add("", Unary{}, {x});
  const ValueId b = builder.add("x", Unary{}, {a});
  builder.add_output("x", b);
  EXPECT_EQ(builder.finish().nodes.size(), 2u);
}

TEST(GraphBuilder, RefusesAModelThatComputesConstantsWithoutEnd) {
  // Each transpose is a copy of 32 MiB.
  GraphBuilder builder;
  ValueId last = builder.add_constant("c", make_tensor({4096, 2048}, std::vector<float>(4096 * 2048)));
  expect_error(
      [&] {
        for (int i = 0; i < 100; ++i) last = builder.add("t", Transpose{{1, 0}}, {last});
      },
      "too-large", "layer \"t\": the model computes more than");
  // Results of one number from many cost time instead.
  GraphBuilder other;
  const ValueId many = other.add_constant("c", make_tensor({1 << 24}, std::vector<float>(1 << 24)));
  for (int i = 0; i < 20; ++i) other.add("r", Reshape{{1 << 12, 1 << 12}}, {many});  // costs nothing
  expect_error(
      [&] {
        for (int i = 0; i < 200; ++i) other.add("s", Slice{{i}, {1}, {1}}, {many});
      },
      "too-large", "layer \"s\"");
}

TEST(GraphBuilder, VerifiesWhatItFinishes) {
  GraphBuilder builder;
  builder.add_input("x", DType::float32, {2});
  expect_error([&] { builder.finish(); }, "internal", "after import: the graph has no output");
}

TEST(Graph, KnowsMakersAndUses) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {2});
  const ValueId a = builder.add("a", Unary{}, {x});
  const ValueId b = builder.add("b", Binary{}, {a, a});
  const ValueId c = builder.add("c", Binary{}, {a, b});
  builder.add_output("b", b);
  builder.add_output("c", c);
  const Graph graph = builder.finish();
  EXPECT_THAT(makers(graph), ElementsAre(-1, 0, 1, 2));
  EXPECT_THAT(use_counts(graph), ElementsAre(1, 3, 2, 1));
}

TEST(Graph, PrintsOneNodeALine) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("input_1", DType::float32, {1, 4, 4, 1});
  const ValueId kernel = builder.add_constant("kernel", make_tensor({1, 1, 1, 4}, std::vector<float>(4)));
  const ValueId bias = builder.add_constant("", make_tensor({4}, std::vector<float>(4)));
  const ValueId conv = builder.add("conv2d_1", Conv2d{}, {x, kernel});
  builder.add_output("relu", builder.add("relu", Unary{}, {conv}));
  Graph graph = builder.finish();
  EXPECT_EQ(to_string(graph),
            "conv2d [1, 4, 4, 4] ← input_1, kernel   \"conv2d_1\"\n"
            "relu [1, 4, 4, 4] ← conv2d_1   \"relu\"\n");
  graph.nodes[0].inputs.push_back(bias);
  graph.nodes[0].epilogue = {{Binary{BinaryKind::add}, 2}, {Unary{UnaryKind::tanh}}};
  graph.nodes[0].pictures = 2;
  EXPECT_THAT(
      to_string(graph),
      HasSubstr("conv2d [1, 4, 4, 4] ← input_1, kernel, t2   2 pictures | add t2 | tanh   \"conv2d_1\""));
  graph.nodes[0].inputs[0] = 99;  // a broken graph prints, too
  EXPECT_THAT(to_string(graph), HasSubstr("← ?99"));
}

}  // namespace
}  // namespace fragnet
