// A layer of the file keeps its identity: none that has an effect is lost through any pass, and none is invented.
#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "compile/compile.hpp"
#include "graph/builder.hpp"
#include "passes/passes.hpp"
#include "support/published_models.hpp"

namespace fragnet {
namespace {

std::set<int> layers_of(const Graph& graph) {
  std::set<int> layers;
  for (const Node& node : graph.nodes) layers.insert(node.sources.begin(), node.sources.end());
  return layers;
}

// What puts elements in another order or shape, and so may cancel out with what puts them back.
bool moves(const Op& op) {
  return std::holds_alternative<Transpose>(op) || std::holds_alternative<Reshape>(op) ||
         std::holds_alternative<Rearrange>(op);
}

// The layers of which the graph has any node that does more than that.
std::set<int> effective_layers(const Graph& graph) {
  std::set<int> layers;
  for (const Node& node : graph.nodes) {
    if (!moves(node.op)) layers.insert(node.sources.begin(), node.sources.end());
  }
  return layers;
}

std::string names_of(const Graph& graph, const std::set<int>& layers) {
  std::string names;
  for (int layer : layers) names += graph.layers.at(static_cast<size_t>(layer)).name + "; ";
  return names;
}

std::set<int> less(const std::set<int>& of, const std::set<int>& those) {
  std::set<int> rest;
  std::set_difference(of.begin(), of.end(), those.begin(), those.end(), std::inserter(rest, rest.end()));
  return rest;
}

void expect_layers_kept(Graph graph) {
  const Ports ports = find_ports(graph);
  drop_unused_nodes(graph);
  for (const Node& node : graph.nodes)
    EXPECT_EQ(node.sources.size(), 1u) << node.name << " is of one layer when it is imported";
  for (const Pass& pass : passes()) {
    const std::set<int> before = layers_of(graph), with_effect = effective_layers(graph);
    pass.run(graph, {.ports = &ports, .busy_fragments = 2048});
    const std::set<int> after = layers_of(graph);
    EXPECT_EQ(names_of(graph, less(with_effect, after)), "") << "lost by " << pass.name;
    std::set<int> known = before;
    for (size_t i = 0; i < graph.inputs.size(); ++i) known.insert(static_cast<int>(i));
    EXPECT_EQ(names_of(graph, less(after, known)), "") << "invented by " << pass.name;
    for (const Node& node : graph.nodes) {
      EXPECT_FALSE(node.sources.empty()) << node.name << " is of no layer after " << pass.name;
      EXPECT_TRUE(std::is_sorted(node.sources.begin(), node.sources.end())) << node.name;
    }
  }
}

class LayersOfZooModel : public testing::TestWithParam<const char*> {};

TEST_P(LayersOfZooModel, AreKeptByEveryPass) {
  if (has_zoo_model(GetParam())) expect_layers_kept(zoo_model(GetParam()).graph);
}

INSTANTIATE_TEST_SUITE_P(Passes, LayersOfZooModel,
                         testing::Values("bodypix-050-s16-u16", "enheg-lines", "espcn-nchw", "esrgan-slim-2x",
                                         "magenta-transformer-separable", "meet-seg-128x128",
                                         "mnist-vae-decoder-layers", "webcam-style-1", "whitebox-cartoon-u8"),
                         [](const auto& model) {
                           std::string name = model.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// As a person would say it: which layers of pix2pix are in which step.
TEST(Layers, OfAGeneratorAreFoundInItsSteps) {
  if (!has_generator(generator_names().front())) return;
  const Compiled compiled = compile(generator(generator_names().front()).graph, {.draw_buffers = 8});
  const Graph& graph = compiled.graph;
  const std::set<int> found = layers_of(graph);
  for (size_t i = 0; i < graph.layers.size(); ++i) {
    const Layer& layer = graph.layers[i];
    EXPECT_FALSE(layer.shape.empty()) << layer.name;
    const bool is_idle = layer.kind == "input" || layer.kind == "Identity";
    EXPECT_EQ(found.count(static_cast<int>(i)), is_idle ? 0u : 1u) << layer.kind << ' ' << layer.name;
  }
}

TEST(Layers, OfAFusedStepAreAllThatWereFused) {
  GraphBuilder b;
  const auto layer = [&](const char* name, Op op, std::vector<ValueId> inputs) {
    b.begin_layer(name, name_of(op));
    const ValueId made = b.add(name, std::move(op), std::move(inputs));
    b.end_layer(made);
    return made;
  };
  const ValueId x = b.add_input("photo", DType::float32, {1, 8, 8, 4});
  const ValueId kernel = b.add_constant("kernel", make_tensor({3, 3, 4, 4}, std::vector<float>(144, 0.1f)));
  const ValueId padded = layer("pad", Pad{.margins = {{0, 0}, {1, 1}, {1, 1}, {0, 0}}}, {x});
  const ValueId folded = layer("folded", Unary{UnaryKind::negate}, {kernel});
  const ValueId conv = layer("conv", Conv2d{{.kernel = {3, 3}}}, {padded, folded});
  b.add_output("y", layer("act", Unary{UnaryKind::relu}, {conv}));
  const Graph graph = run_passes(b.finish());
  ASSERT_EQ(graph.nodes.size(), 1u);
  ASSERT_EQ(graph.layers.size(), 4u) << "the constant layer is none";
  EXPECT_EQ(graph.nodes[0].sources, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(graph.layers[1].name, "pad");
  EXPECT_EQ(graph.layers[1].shape, (Shape{1, 10, 10, 4}));
  EXPECT_EQ(graph.layers[2].name, "conv");
  EXPECT_EQ(graph.layers[2].kind, "conv2d");
  EXPECT_EQ(graph.layers[3].name, "act");
}

}  // namespace
}  // namespace fragnet
