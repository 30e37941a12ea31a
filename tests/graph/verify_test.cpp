#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "graph/builder.hpp"
#include "graph/rearrange.hpp"

namespace fragnet {
namespace {

using testing::HasSubstr;

// x [1, 4, 4, 3] → conv2d "conv" (kernel 3×3, 2 channels) → add bias → "y" [1, 2, 2, 2]
struct Ids {
  ValueId x, kernel, conv, bias, y;
};

Graph small_graph(Ids* ids = nullptr) {
  GraphBuilder builder;
  Ids id{};
  id.x = builder.add_input("x", DType::float32, {1, 4, 4, 3});
  id.kernel = builder.add_constant("kernel", make_tensor({3, 3, 3, 2}, std::vector<float>(54, 1.0f)));
  id.conv = builder.add("conv", Conv2d{{.kernel = {3, 3}}}, {id.x, id.kernel});
  id.bias = builder.add_constant("bias", make_tensor({2}, std::vector<float>{1, 2}));
  id.y = builder.add("y", Binary{BinaryKind::add}, {id.conv, id.bias});
  builder.add_output("y", id.y);
  if (ids) *ids = id;
  return builder.finish();
}

void expect_broken(const Graph& graph, const std::string& sentence) {
  try {
    verify(graph, "fuse_bias");
    ADD_FAILURE() << "nothing found, wanted: " << sentence;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "internal");
    EXPECT_EQ(std::string(error.what()).rfind("after fuse_bias: ", 0), 0u) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(sentence));
  }
}

// The small graph with its addition in the convolution's epilogue.
Graph fused_graph() {
  Graph graph = small_graph();
  Node& conv = graph.nodes[0];
  conv.inputs.push_back(graph.nodes[1].inputs[1]);
  conv.epilogue = {{Binary{BinaryKind::add}, 2}, {Unary{UnaryKind::relu}}};
  conv.output = graph.nodes[1].output;
  graph.nodes.pop_back();
  return graph;
}

TEST(Verify, AcceptsALegalGraph) {
  EXPECT_NO_THROW(verify(small_graph(), "import"));
  EXPECT_NO_THROW(verify(fused_graph(), "fuse_bias"));
}

TEST(Verify, FindsValuesOutOfRange) {
  for (ValueId wrong : {-1, 5, 1000000}) {
    Graph graph = small_graph();
    graph.nodes[0].inputs[1] = wrong;
    expect_broken(graph, text("layer \"conv\" names the value ", wrong, ", the graph has 5"));
    graph = small_graph();
    graph.nodes[1].output = wrong;
    expect_broken(graph, text("layer \"y\" names the value ", wrong));
    graph = small_graph();
    graph.outputs[0].value = wrong;
    expect_broken(graph, text("the output \"y\" names the value ", wrong));
    graph = small_graph();
    graph.inputs[0].value = wrong;
    expect_broken(graph, text("the input \"x\" names the value ", wrong));
  }
}

TEST(Verify, FindsNodesThatRunBeforeTheirInputsAreMade) {
  Graph graph = small_graph();
  std::swap(graph.nodes[0], graph.nodes[1]);
  expect_broken(graph, "layer \"y\" uses the value 2 before it is made");
  graph = small_graph();
  graph.nodes[0].inputs[0] = graph.nodes[1].output;  // a cycle
  expect_broken(graph, "layer \"conv\" uses the value 4 before it is made");
  graph = small_graph();
  graph.inputs.clear();
  expect_broken(graph, "layer \"conv\" uses the value 0 before it is made");
}

TEST(Verify, FindsValuesThatAreMadeTwice) {
  Graph graph = small_graph();
  graph.nodes.push_back(graph.nodes[1]);
  expect_broken(graph, "layer \"y\" makes the value 4, which is an input, a constant or made already");
  for (ValueId taken : {0, 1}) {
    graph = small_graph();
    graph.nodes[1].output = taken;
    expect_broken(graph, text("layer \"y\" makes the value ", taken));
  }
  graph = small_graph();
  graph.inputs.push_back({"again", graph.inputs[0].value});
  expect_broken(graph, "the input \"again\" is a constant or another input");
  graph = small_graph();
  graph.inputs.push_back({"kernel", 1});
  expect_broken(graph, "the input \"kernel\" is a constant or another input");
}

TEST(Verify, FindsTypesThatDisagree) {
  Graph graph = small_graph();
  graph.values[2].shape = {1, 3, 3, 2};
  expect_broken(graph, "the result of conv2d is float32 [1, 2, 2, 2], its value says float32 [1, 3, 3, 2]");
  graph = small_graph();
  graph.values[4].dtype = DType::int32;
  expect_broken(graph, "the result of add is float32 [1, 2, 2, 2], its value says int32 [1, 2, 2, 2]");
  graph = small_graph();
  graph.nodes[0].inputs.pop_back();
  expect_broken(graph, "layer \"conv\": conv2d wants 2 inputs, it gets 1");
  graph = small_graph();
  std::get<Conv2d>(graph.nodes[0].op).window.kernel = {1, 1};
  expect_broken(graph, "the window is 1×1 pixels");
}

TEST(Verify, FindsIllegalShapesAndConstants) {
  Graph graph = small_graph();
  graph.values[2].shape = {1, -1, 2, 2};
  expect_broken(graph, "value 2 \"conv\" has the open shape [1, ?, 2, 2]");
  graph = small_graph();
  graph.values[2].shape = {1, 0, 2, 2};
  expect_broken(graph, "value 2 \"conv\" has the shape [1, 0, 2, 2], which holds no element");
  graph = small_graph();
  graph.values[2].shape = {1 << 20, 1 << 20};
  expect_broken(graph, "value 2 \"conv\"");
  graph = small_graph();
  graph.values[3].shape = {1, 2};
  expect_broken(graph, "value 3 \"bias\" is float32 [1, 2], its constant is float32 [2]");
  graph = small_graph();
  graph.values[3].constant->dtype = DType::int32;
  expect_broken(graph, "its constant is int32 [2]");
  graph = small_graph();
  graph.values[3].constant->bytes = graph.values[3].constant->bytes.first(7);
  expect_broken(graph, "value 3 \"bias\" needs 8 bytes, its constant has 7");
}

TEST(Verify, FindsMissingOutputs) {
  Graph graph = small_graph();
  graph.outputs.clear();
  expect_broken(graph, "the graph has no output");
  graph = small_graph();
  graph.nodes.pop_back();
  expect_broken(graph, "the output \"y\" is a value that nobody makes");
}

TEST(Verify, FindsEpiloguesThatDoNotFit) {
  for (int wrong : {-1, 3}) {
    Graph graph = fused_graph();
    graph.nodes[0].epilogue[0].operand = wrong;
    expect_broken(graph, text("its epilogue names the operand ", wrong, " of 3 inputs"));
  }
  Graph graph = fused_graph();
  graph.nodes[0].epilogue[1].operand = 2;
  expect_broken(graph, "the unary step of its epilogue has the operand 2");
  graph = fused_graph();
  graph.values[3].shape = {3};
  graph.values[3].constant = make_tensor({3}, std::vector<float>{1, 2, 3});
  expect_broken(graph, "the operand 2 has the shape [3], which is not broadcast to [1, 2, 2, 2]");
  graph = fused_graph();  // an operand wider than the result must not widen it
  graph.values[3].shape = {1, 1, 1, 1, 2};
  graph.values[3].constant->shape = {1, 1, 1, 1, 2};
  expect_broken(graph, "is not broadcast to [1, 2, 2, 2]");
  graph = fused_graph();
  graph.values[4].shape = {1, 2, 2, 4};
  expect_broken(graph, "the result of conv2d is float32 [1, 2, 2, 2]");
  graph = fused_graph();
  graph.nodes[0].inputs = {0};
  graph.nodes[0].epilogue = {{Unary{UnaryKind::relu}}};
  expect_broken(graph, "conv2d wants 2 inputs, it gets 1");
}

// A convolution over the concatenation of two pictures, read as two pictures.
Graph two_picture_graph() {
  GraphBuilder builder;
  const ValueId a = builder.add_input("a", DType::float32, {1, 4, 4, 3});
  const ValueId b = builder.add_input("b", DType::float32, {1, 4, 4, 1});
  const ValueId kernel =
      builder.add_constant("kernel", make_tensor({1, 1, 4, 2}, std::vector<float>(8, 1.0f)));
  const ValueId concat = builder.add("concat", Concat{3}, {a, b});
  const ValueId conv = builder.add("conv", Conv2d{}, {concat, kernel});
  builder.add_output("conv", conv);
  Graph graph = builder.finish();
  graph.nodes.erase(graph.nodes.begin());
  graph.nodes[0].inputs = {a, b, kernel};
  graph.nodes[0].pictures = 2;
  return graph;
}

TEST(Verify, ReadsSeveralPicturesAsTheirConcatenation) {
  EXPECT_NO_THROW(verify(two_picture_graph(), "fuse_concat"));
  Graph graph = two_picture_graph();
  graph.nodes[0].inputs[0] = graph.nodes[0].inputs[1];
  expect_broken(graph, "the kernel wants 4 input channels, the input has 2");
  graph = two_picture_graph();
  graph.nodes[0].pictures = 4;
  expect_broken(graph, "4 pictures but 3 inputs");
  graph = two_picture_graph();
  graph.nodes[0].pictures = 0;
  expect_broken(graph, "a conv2d with 0 pictures");
  graph = two_picture_graph();
  graph.values[1].shape = {1, 5, 4, 1};
  expect_broken(graph, "concat along axis 3 wants equal shapes");
  graph = small_graph();
  graph.nodes[1].pictures = 2;
  expect_broken(graph, "a add with 2 pictures");
}

// x [2, 3] → op → y [2, 3]
Graph graph_of(Op op) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {2, 3});
  builder.add_output("y", builder.add("y", Unary{}, {x}));
  Graph graph = builder.finish();
  graph.nodes[0].op = std::move(op);
  return graph;
}

TEST(Verify, ChecksWhatARearrangeReads) {
  using Extents = std::vector<Rearrange::Extent>;
  const auto graph = [](Extents extents, PadKind pad = PadKind::constant) {
    return graph_of(Rearrange{.extents = std::move(extents), .pad = pad});
  };
  const auto accept = [&](const Graph& legal) { EXPECT_NO_THROW(verify(legal, "lower_movement")); };
  accept(graph({{6, 1, 0, 6, 1}}));
  accept(graph({{3, 1, 0, 3, 1}, {2, 1, 0, 2, 3}}));  // a transpose
  accept(graph({{6, -1, 5, 6, 1}}));                  // backwards
  accept(graph({{6, 100, -3, 6, 1}}));                // mostly padding
  accept(graph({{2, 1, 0, 2, 3}, {3, 1, -1, 3, 1}}, PadKind::reflect));
  expect_broken(graph({{6, 1, 0, 6, 2}}), "rearrange: it reads the elements 0 to 10 of 6");
  expect_broken(graph({{6, 1, 0, 6, -1}}), "it reads the elements -5 to 0 of 6");
  expect_broken(graph({{6, 1, 1, 7, 1}}), "it reads the elements 1 to 6 of 6");
  expect_broken(graph({{5, 1, 0, 5, 1}}), "it makes 5 elements, its output has 6");
  expect_broken(graph({{-2, 1, 0, 2, 3}, {-3, 1, 0, 3, 1}}), "extent 0 has the count -2");
  expect_broken(graph({{6, 1, 0, -6, 1}}), "extent 0 has the count 6 and the limit -6");
  expect_broken(graph({{1 << 30, 1, 0, 6, 1}, {1 << 30, 1, 0, 6, 1}}), "it makes more than");
  expect_broken(graph({{6, 1, 0, 1 << 30, 1 << 30}}), "it reads the elements 0 to");
  expect_broken(graph({{2, 1, 0, 2, 3}, {3, 1, -3, 3, 1}}, PadKind::reflect),
                "extent 1 mirrors the positions -3 to -1 more than once in 3");
  expect_broken(graph(Extents(7, {1, 1, 0, 1, 1})), "a rearrange over 7 extents, at most 6 are allowed");
  Graph bare = graph({{6, 1, 0, 6, 1}});
  bare.nodes[0].inputs.clear();
  expect_broken(bare, "a rearrange without an input");
}

TEST(Verify, ChecksThatAPointwiseLoadsWhatIsBroadcastToItsShape) {
  EXPECT_NO_THROW(verify(graph_of(Pointwise{}), "lower_pointwise"));
  Graph graph = graph_of(Pointwise{});
  graph.values[1].shape = {3, 2};
  expect_broken(graph, "the operand 0 has the shape [2, 3], which is not broadcast to [3, 2]");
  graph = graph_of(Pointwise{});
  graph.values[1].shape = {4, 2, 3};
  EXPECT_NO_THROW(verify(graph, "lower_pointwise"));
  graph.nodes[0].inputs.clear();
  expect_broken(graph, "a pointwise without an input");
}

TEST(AsRearrange, DescribesEveryMovementLegally) {
  const Shape from{2, 3, 4};
  const std::vector<ValueType> inputs{{DType::float32, from}};
  const std::vector<Op> movements{Reshape{{24}},
                                  Transpose{{2, 0, 1}},
                                  Slice{{1, 2, 0}, {1, 2, 2}, {1, -1, 3}},
                                  Pad{PadKind::constant, {{{1, 0}, {0, 2}, {3, 3}}}, 5},
                                  Pad{PadKind::reflect, {{{1, 1}, {2, 2}, {3, 3}}}},
                                  Pad{PadKind::symmetric, {{{2, 2}, {3, 3}, {4, 4}}}},
                                  Tile{{2, 1, 3}}};
  for (const Op& op : movements) {
    const Shape to = infer_type(op, inputs, "it").shape;
    const std::optional<Rearrange> moved = as_rearrange(op, from);
    ASSERT_TRUE(moved) << name_of(op);
    EXPECT_EQ(fault_of(*moved, element_count(from), element_count(to)), "") << name_of(op);
  }
  EXPECT_FALSE(as_rearrange(Conv2d{}, {1, 4, 4, 1}));
}

}  // namespace
}  // namespace fragnet
