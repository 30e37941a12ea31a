// What disappears: the graphs that networks are made of, after each pass and after all of them.
#include "cases/layout_chain_cases.hpp"
#include "cases/network_chain_cases.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passes/passes.hpp"

namespace fragnet {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

using L = LayerBuilder;

Graph graph_named(const std::vector<ChainCase>& cases, const std::string& name) {
  for (const ChainCase& c : cases) {
    if (c.name == name) return graph_of(c).graph;
  }
  ADD_FAILURE() << "no case is called " << name;
  return {};
}

Graph graph_of(const std::function<ValueId(L&)>& build) {
  L layers;
  const ValueId output = build(layers);
  return layers.finish({output}).graph;
}

std::vector<std::string> ops(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) names.push_back(name_of(node.op));
  return names;
}

std::vector<std::string> ops_after_all(const std::vector<ChainCase>& cases, const std::string& name) {
  return ops(run_passes(graph_named(cases, name)));
}

std::vector<std::string> ops_after(void (*pass)(Graph&, const PassOptions&), Graph graph) {
  pass(graph, {});
  verify(graph, "the pass under test");
  return ops(graph);
}

// ---- All passes together
// -----------------------------------------------------------------------------------------

TEST(RunPassesFusion, EverySpellingOfBatchNormVanishesIntoTheConvolution) {
  for (const char* name :
       {"multiply_add", "constants_first", "add_multiply", "subtract_multiply_add",
        "subtract_divide_multiply_add", "multiply_subtract", "subtracted_from_a_constant",
        "constants_of_rank_4", "scalar_constants", "one_scalar_and_one_per_channel", "after_a_bias",
        "between_bias_and_activation", "after_an_activation", "twice", "twice_around_an_activation"}) {
    EXPECT_THAT(ops_after_all(batch_norm_cases(), name), ElementsAre("conv2d")) << name;
  }
  EXPECT_THAT(ops_after_all(batch_norm_cases(), "after_conv_transpose"), ElementsAre("conv2d_transpose"));
  EXPECT_THAT(ops_after_all(batch_norm_cases(), "after_depthwise"), ElementsAre("depthwise_conv2d"));
}

TEST(RunPassesFusion, AResidualBlockIsOneConvolution) {
  EXPECT_THAT(ops_after_all(activation_cases(), "residual_block"), ElementsAre("conv2d"));
  EXPECT_THAT(ops_after_all(activation_cases(), "residual_first"), ElementsAre("conv2d", "conv2d"));
}

TEST(RunPassesFusion, APix2pixGeneratorIsItsConvolutionsAlone) {
  EXPECT_THAT(ops_after_all(network_cases(), "pix2pix_of_four_levels"),
              ElementsAre("conv2d", "conv2d", "conv2d", "conv2d", "conv2d_transpose", "conv2d_transpose",
                          "conv2d_transpose", "conv2d_transpose"));
}

TEST(RunPassesFusion, AMobileBlockIsThreeConvolutions) {
  EXPECT_THAT(ops_after_all(network_cases(), "mobile_block"),
              ElementsAre("conv2d", "depthwise_conv2d", "conv2d"));
}

TEST(RunPassesFusion, ConcatenationsVanishIntoTheConvolutionsThatReadThem) {
  for (const char* name : {"then_conv", "of_odd_channels_then_conv", "of_three_then_conv",
                           "of_five_then_conv_with_stride", "of_a_value_with_itself", "with_a_constant"}) {
    EXPECT_THAT(ops_after_all(concat_chain_cases(), name), ElementsAre("conv2d")) << name;
  }
  EXPECT_THAT(ops_after_all(concat_chain_cases(), "relu_then_conv_transpose"), Not(Contains("concat")));
}

TEST(RunPassesFusion, AConcatenationThatOthersReadStays) {
  EXPECT_THAT(ops_after_all(concat_chain_cases(), "that_others_read_too"), Contains("concat"));
  EXPECT_THAT(ops_after_all(concat_chain_cases(), "that_is_an_output"), Contains("concat"));
}

TEST(RunPassesFusion, SpelledDilationIsOneConvolution) {
  for (const char* name : {"by_2", "by_2_of_odd_sizes", "by_3", "by_4_of_two_pictures",
                           "bias_and_relu_outside", "bias_and_relu_inside"}) {
    EXPECT_THAT(ops_after_all(dilation_cases(), name), ElementsAre("conv2d")) << name;
  }
  EXPECT_THAT(ops_after_all(dilation_cases(), "depthwise"), ElementsAre("depthwise_conv2d"));
}

TEST(RunPassesFusion, PaddingWithZerosVanishesIntoTheConvolution) {
  for (const char* name : {"then_conv", "uneven_then_conv_with_stride", "then_padded_conv"}) {
    EXPECT_THAT(ops_after_all(padding_cases(), name), ElementsAre("conv2d")) << name;
  }
}

TEST(RunPassesFusion, OtherPaddingStaysWhereItIs) {
  for (const char* name :
       {"with_ones_then_conv", "by_reflection_then_conv", "by_symmetry_then_conv", "of_channels_then_conv"}) {
    EXPECT_THAT(ops_after_all(padding_cases(), name), ElementsAre("rearrange", "conv2d")) << name;
  }
  // Zeros of a picture count in a maximum and in an average; a window's padding does not.
  EXPECT_THAT(ops_after_all(padding_cases(), "then_max_pool"), Contains("rearrange"));
  EXPECT_THAT(ops_after_all(padding_cases(), "then_average_pool"), Contains("rearrange"));
}

TEST(RunPassesFusion, TransposesThatUndoEachOtherVanish) {
  EXPECT_THAT(ops_after_all(movement_chain_cases(), "transposed_twice_to_nothing"), ElementsAre("pointwise"));
}

TEST(RunPassesFusion, NothingIsLeftOfWhatNobodyReads) {
  EXPECT_THAT(ops_after_all(network_cases(), "an_input_that_nobody_reads"), ElementsAre("conv2d"));
}

// ---- One by one
// --------------------------------------------------------------------------------------------------

TEST(DropUnusedNodes, KeepsWhatOutputsNeed) {
  const Graph graph = graph_of([](L& l) {
    const ValueId x = l.unary(UnaryKind::relu, l.input({1, 2, 2, 3}));
    l.unary(UnaryKind::exp, l.unary(UnaryKind::sqrt, x));
    return l.unary(UnaryKind::sin, x);
  });
  EXPECT_THAT(ops_after(drop_unused_nodes, graph), ElementsAre("relu", "sin"));
}

TEST(DropIdentities, DropsWhatChangesNothing) {
  const Graph graph = graph_of([](L& l) {
    ValueId x = l.reshape(l.input({1, 4, 5, 3}), {1, 4, 5, 3});
    x = l.add(Transpose{{0, 1, 2, 3}}, {l.pad(x, {})});
    x = l.add(Slice{.begin = {0, 0, 0, 0}, .size = {1, 4, 5, 3}, .stride = {1, 1, 1, 1}}, {x});
    return l.unary(UnaryKind::relu, l.add(Tile{{1, 1, 1, 1}}, {x}));
  });
  EXPECT_THAT(ops_after(drop_identities, graph), ElementsAre("relu"));
}

TEST(DropIdentities, KeepsASliceThatTurnsTheOrderAround) {
  const Graph graph = graph_of([](L& l) {
    return l.add(Slice{.begin = {0, 3, 0, 0}, .size = {1, 4, 5, 3}, .stride = {1, -1, 1, 1}},
                 {l.input({1, 4, 5, 3})});
  });
  EXPECT_THAT(ops_after(drop_identities, graph), ElementsAre("slice"));
}

TEST(FusePadding, AddsItsMarginsToTheWindow) {
  Graph graph = graph_named(padding_cases(), "uneven_then_conv_with_stride");
  fuse_padding(graph);
  drop_unused_nodes(graph);
  ASSERT_THAT(ops(graph), ElementsAre("conv2d"));
  EXPECT_EQ(std::get<Conv2d>(graph.nodes[0].op).window.padding, (Margins{0, 1, 2, 0}));
}

TEST(FusePadding, LeavesTransposedConvolutionsAlone) {
  EXPECT_THAT(ops_after(fuse_padding, graph_named(padding_cases(), "then_conv_transpose")), Contains("pad"));
}

TEST(FuseDilation, MultipliesTheWindowsDilationByTheBlock) {
  Graph graph = graph_named(dilation_cases(), "by_3");
  fuse_dilation(graph);
  drop_unused_nodes(graph);
  ASSERT_THAT(ops(graph), ElementsAre("conv2d"));
  const Window& window = std::get<Conv2d>(graph.nodes[0].op).window;
  EXPECT_EQ(window.dilation, (std::array<int, 2>{3, 3}));
  EXPECT_EQ(window.padding, (Margins{3, 3, 3, 3}));
}

TEST(FuseDilation, LeavesNoBatchesWhateverStandsBetween) {
  for (const char* name :
       {"padded_inside", "cut_further_than_padded", "several_convolutions", "after_a_bias_inside"}) {
    const std::vector<std::string> left = ops_after(fuse_dilation, graph_named(dilation_cases(), name));
    EXPECT_THAT(left, Not(Contains("space_to_batch"))) << name;
    EXPECT_THAT(left, Not(Contains("batch_to_space"))) << name;
  }
  EXPECT_THAT(ops_after(fuse_dilation, graph_named(dilation_cases(), "padded_inside")),
              ElementsAre("conv2d", "add", "relu"));
}

TEST(FuseDilation, LeavesWhatOthersRead) {
  EXPECT_THAT(ops_after(fuse_dilation, graph_named(dilation_cases(), "whose_parts_others_read")),
              ElementsAre("space_to_batch", "conv2d", "batch_to_space"));
}

TEST(FuseConcat, MakesPicturesOfItsParts) {
  Graph graph = graph_named(concat_chain_cases(), "of_three_then_conv");
  fuse_concat(graph);
  drop_unused_nodes(graph);
  ASSERT_THAT(ops(graph), ElementsAre("conv2d"));
  EXPECT_EQ(graph.nodes[0].pictures, 3);
  EXPECT_EQ(graph.nodes[0].inputs.size(), 4u);
}

TEST(FuseConcat, LeavesConcatenationsOfRowsAlone) {
  EXPECT_THAT(ops_after(fuse_concat, graph_named(concat_chain_cases(), "of_rows_then_conv")),
              ElementsAre("concat", "conv2d"));
}

TEST(HoistActivations, MovesThemBeforeTheConcatenation) {
  const std::vector<std::string> names =
      ops_after(hoist_activations, graph_named(concat_chain_cases(), "softplus_of_it"));
  EXPECT_THAT(names, ElementsAre("softplus", "softplus", "concat"));
}

TEST(LowerGather, LeavesNone) {
  EXPECT_THAT(ops_after(lower_gather, graph_named(movement_chain_cases(), "channels_reversed_then_conv")),
              Not(Contains("gather")));
}

TEST(LowerSoftmax, LeavesNone) {
  EXPECT_THAT(ops_after(lower_softmax, graph_named(attention_cases(), "softmax_over_channels")),
              Not(Contains("softmax")));
}

TEST(LowerConcat, LeavesPairs) {
  Graph graph = graph_of([](L& l) {
    std::vector<ValueId> parts;
    for (int channels : {1, 2, 3, 4, 5}) parts.push_back(l.input({1, 2, 3, channels}));
    return l.concat(parts);
  });
  lower_concat(graph);
  verify(graph, "lower_concat");
  ASSERT_THAT(ops(graph), Each("concat"));
  for (const Node& node : graph.nodes) EXPECT_EQ(node.inputs.size(), 2u);
}

TEST(FusePointwise, PutsAChainIntoOneEpilogue) {
  Graph graph = graph_named(activation_cases(), "many_in_a_row");
  lower_pointwise(graph);
  fuse_pointwise(graph);
  drop_unused_nodes(graph);
  verify(graph, "fuse_pointwise");
  ASSERT_THAT(ops(graph), ElementsAre("conv2d"));
  EXPECT_EQ(graph.nodes[0].epilogue.size(), 9u);
}

TEST(FusePointwise, LeavesAResultThatIsAnOutput) {
  const Graph graph = run_passes(graph_named(batch_norm_cases(), "of_a_convolution_that_is_an_output"));
  ASSERT_THAT(ops(graph), ElementsAre("conv2d", "pointwise"));
  EXPECT_THAT(graph.nodes[0].epilogue, IsEmpty());
}

TEST(FusePointwise, DoesNotFoldWhatGrowsByBroadcasting) {
  const Graph graph = run_passes(graph_named(activation_cases(), "grows_by_broadcasting"));
  EXPECT_THAT(ops(graph), ElementsAre("conv2d", "pointwise"));
}

}  // namespace
}  // namespace fragnet
