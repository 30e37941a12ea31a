// What every pass together must hold: the graph computes what it did, and only operations that shaders know
// are left.
#include "base/error.hpp"
#include "cases/conv2d_transpose_cases.hpp"
#include "cases/layout_chain_cases.hpp"
#include "cases/movement_cases.hpp"
#include "cases/network_chain_cases.hpp"
#include "cases/pointwise_cases.hpp"
#include "cases/reduction_cases.hpp"
#include "cases/window_cases.hpp"
#include "gtest/gtest.h"
#include "passes/passes.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

// Arithmetic may be folded, so that sums are rounded elsewhere; nothing else may change.
constexpr double tolerance = 1e-5;

bool is_for_shaders(const Node& node) {
  if (const auto* concat = std::get_if<Concat>(&node.op)) return node.inputs.size() >= 2 && concat->axis >= 0;
  return std::holds_alternative<Conv2d>(node.op) || std::holds_alternative<DepthwiseConv2d>(node.op) ||
         std::holds_alternative<Conv2dTranspose>(node.op) || std::holds_alternative<MatMul>(node.op) ||
         std::holds_alternative<Reduce>(node.op) || std::holds_alternative<Pool2d>(node.op) ||
         std::holds_alternative<Resize>(node.op) || std::holds_alternative<Rearrange>(node.op) ||
         std::holds_alternative<Pointwise>(node.op);
}

// Outputs may have become pictures; their elements stay in order.
void expect_same_results(const GraphCase& before, const std::string& name) {
  SCOPED_TRACE(name);
  try {
    const Graph after = run_passes(before.graph);
    for (const Node& node : after.nodes) {
      EXPECT_TRUE(is_for_shaders(node)) << node.name << " is a " << name_of(node.op);
      EXPECT_EQ(after.values[static_cast<size_t>(node.output)].shape.size(), 4u) << node.name;
    }
    std::vector<HostTensor> inputs = before.inputs;
    for (size_t i = 0; i < inputs.size(); ++i) {
      inputs[i].shape = after.values[static_cast<size_t>(after.inputs.at(i).value)].shape;
    }
    const std::vector<HostTensor> want = reference_run(before.graph, before.inputs);
    std::vector<HostTensor> got = reference_run(after, inputs);
    ASSERT_EQ(got.size(), want.size());
    for (size_t i = 0; i < want.size(); ++i) {
      EXPECT_EQ(after.outputs[i].name, before.graph.outputs[i].name);
      got[i].shape = want[i].shape;
      EXPECT_EQ(difference(got[i], want[i], tolerance), "") << to_string(before.graph) << "became\n"
                                                            << to_string(after);
    }
  } catch (const Error& error) {
    ADD_FAILURE() << error.code() << ": " << error.what() << "\n" << to_string(before.graph);
  }
}

void expect_same_results(const std::vector<OpCase>& cases) {
  for (const OpCase& c : cases) expect_same_results(graph_of(c), name_of(c.op) + " " + c.name);
}

void expect_same_results(const std::vector<ChainCase>& cases) {
  for (const ChainCase& c : cases) expect_same_results(graph_of(c), c.name);
}

TEST(RunPasses, KeepsConvolutions) {
  expect_same_results(conv2d_cases());
}
TEST(RunPasses, KeepsDepthwiseConvolutions) {
  expect_same_results(depthwise_conv2d_cases());
}
TEST(RunPasses, KeepsTransposedConvolutions) {
  expect_same_results(conv2d_transpose_cases());
}
TEST(RunPasses, KeepsPooling) {
  expect_same_results(pool2d_cases());
}
TEST(RunPasses, KeepsResizing) {
  expect_same_results(resize_cases());
}
TEST(RunPasses, KeepsReductions) {
  expect_same_results(reduce_cases());
}
TEST(RunPasses, KeepsSoftmax) {
  expect_same_results(softmax_cases());
}
TEST(RunPasses, KeepsMatrixProducts) {
  expect_same_results(matmul_cases());
}
TEST(RunPasses, KeepsReshapes) {
  expect_same_results(reshape_cases());
}
TEST(RunPasses, KeepsTransposes) {
  expect_same_results(transpose_cases());
}
TEST(RunPasses, KeepsConcatenations) {
  expect_same_results(concat_cases());
}
TEST(RunPasses, KeepsSlices) {
  expect_same_results(slice_cases());
}
TEST(RunPasses, KeepsPadding) {
  expect_same_results(pad_cases());
}
TEST(RunPasses, KeepsTiles) {
  expect_same_results(tile_cases());
}
TEST(RunPasses, KeepsGathers) {
  expect_same_results(gather_cases());
}
TEST(RunPasses, KeepsSpaceToBatch) {
  expect_same_results(space_to_batch_cases());
}
TEST(RunPasses, KeepsBatchToSpace) {
  expect_same_results(batch_to_space_cases());
}

TEST(RunPasses, KeepsUnaryOperations) {
  for (UnaryKind kind : unary_kinds()) {
    expect_same_results(graph_of(OpCase{.name = name_of(kind),
                                        .op = Unary{.kind = kind, .a = 0.3f, .b = 0.7f},
                                        .inputs = {{1, 3, 5, 7}}}),
                        name_of(kind));
  }
}

TEST(RunPasses, KeepsBroadcasts) {
  for (const BroadcastCase& c : broadcast_cases()) {
    for (int constants : {0, 1}) {
      expect_same_results(graph_of(OpCase{.name = c.name,
                                          .op = Binary{BinaryKind::subtract},
                                          .inputs = {c.a, c.b},
                                          .constants = constants}),
                          c.name);
    }
    expect_same_results(graph_of(OpCase{.name = c.name, .op = Select{}, .inputs = {c.a, c.b, c.a}}),
                        "select " + c.name);
  }
}

TEST(RunPasses, KeepsBatchNormInItsSpellings) {
  expect_same_results(batch_norm_cases());
}
TEST(RunPasses, KeepsSpelledActivations) {
  expect_same_results(activation_cases());
}
TEST(RunPasses, KeepsChainsAroundConcatenations) {
  expect_same_results(concat_chain_cases());
}
TEST(RunPasses, KeepsChainsAroundPadding) {
  expect_same_results(padding_cases());
}
TEST(RunPasses, KeepsSpelledDilation) {
  expect_same_results(dilation_cases());
}
TEST(RunPasses, KeepsChainsOfMovements) {
  expect_same_results(movement_chain_cases());
}
TEST(RunPasses, KeepsSpelledNormalisation) {
  expect_same_results(normalisation_cases());
}
TEST(RunPasses, KeepsAttention) {
  expect_same_results(attention_cases());
}
TEST(RunPasses, KeepsWholeNetworks) {
  expect_same_results(network_cases());
}

}  // namespace
}  // namespace fragnet
