#include <gtest/gtest.h>
#include <map>

#include "base/error.hpp"
#include "graph/builder.hpp"
#include "passes/passes.hpp"
#include "plan/plan.hpp"

namespace fragnet {
namespace {

constexpr DeviceLimits limits{.texture_size = 4096, .draw_buffers = 8, .texture_units = 16};

Tensor kernel(Shape shape) {
  const auto count = static_cast<size_t>(element_count(shape));
  return make_tensor(std::move(shape), std::vector<float>(count, 0.1f));
}

// A chain of `length` convolutions of one shape, with a skip from the first to the last where `with_skip`.
Graph chain(int length, bool with_skip) {
  GraphBuilder builder;
  ValueId x = builder.add_input("x", DType::float32, {1, 32, 32, 8});
  ValueId first = -1;
  for (int i = 0; i < length; ++i) {
    const ValueId weights = builder.add_constant("k", kernel({3, 3, 8, 8}));
    const Window window{.kernel = {3, 3}, .padding = {1, 1, 1, 1}};
    x = builder.add("conv", Conv2d{window}, {x, weights});
    x = builder.add("relu", Unary{UnaryKind::relu}, {x});
    if (i == 0) first = x;
  }
  if (with_skip) x = builder.add("skip", Binary{BinaryKind::add}, {x, first});
  builder.add_output("y", x);
  return run_passes(builder.finish());
}

TEST(MakePlan, NeedsTwoTexturesForAChainBesideItsInput) {
  const Graph graph = chain(6, false);
  EXPECT_EQ(make_plan(graph, limits).textures.size(), 3u);
}

// While a step runs, no other value that is still needed lies in the texture it writes.
TEST(MakePlan, NeverOverwritesAValueThatIsStillNeeded) {
  for (const bool with_skip : {false, true}) {
    const Graph graph = chain(5, with_skip);
    const Plan plan = make_plan(graph, limits);
    std::map<int, ValueId> holds;  // texture → the value in it
    for (const Port& port : graph.inputs) holds[plan.place_of(port.value).texture] = port.value;
    for (const Step& step : plan.steps) {
      const Node& node = graph.nodes[static_cast<size_t>(step.node)];
      for (ValueId input : node.inputs) {
        if (!plan.places[static_cast<size_t>(input)]) continue;
        const int texture = plan.place_of(input).texture;
        EXPECT_EQ(holds[texture], input) << "a step reads what another has overwritten";
        EXPECT_NE(texture, plan.place_of(node.output).texture) << "a step reads the texture it writes";
      }
      holds[plan.place_of(node.output).texture] = node.output;
    }
    for (const Port& port : graph.outputs) EXPECT_EQ(holds[plan.place_of(port.value).texture], port.value);
  }
}

TEST(MakePlan, KeepsBlocksWithinTheDevicesRenderTargets) {
  const Graph graph = chain(2, false);
  for (const int draw_buffers : {1, 2, 4, 8}) {
    DeviceLimits device = limits;
    device.draw_buffers = draw_buffers;
    for (const Node& node : graph.nodes)
      EXPECT_LE(choose_variant(graph, node, device, {}).block.layers(), draw_buffers);
  }
}

TEST(MakePlan, CountsTheMultiplyAddsOfAConvolution) {
  const Graph graph = chain(1, false);
  EXPECT_EQ(make_plan(graph, limits).steps.at(0).macs, int64_t{32} * 32 * 3 * 3 * 8 * 8);
}

TEST(MakePlan, NamesTheLayerThatDoesNotFitTheDevice) {
  const Graph graph = chain(1, false);
  DeviceLimits device = limits;
  device.texture_size = 16;
  try {
    make_plan(graph, device);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::too_large);
  }
}

// One layer from three channels to 32.
Graph large_picture(int side) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, side, side, 3});
  const ValueId weights = builder.add_constant("k", kernel({1, 1, 3, 32}));
  builder.add_output("y", builder.add("conv", Conv2d{{.kernel = {1, 1}}}, {x, weights}));
  return run_passes(builder.finish());
}

std::string refusal_of(const Graph& graph, const PlanOptions& options) {
  try {
    make_plan(graph, limits, options);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::too_large);
    return error.what();
  }
}

TEST(MakePlan, CountsTheBytesOfThePrecision) {
  const Graph graph = large_picture(4000);
  EXPECT_NE(refusal_of(graph, {}), "");
  EXPECT_EQ(refusal_of(graph, {.half = true}), "");
  EXPECT_NE(refusal_of(graph, {.half = true, .ranged = true}), "")
      << "while ranges are learned a texel has 16 bytes";
}

TEST(MakePlan, RefusesAFeatureMapForWhichDriversGiveTheContextAway) {
  EXPECT_NE(refusal_of(large_picture(3000), {}).find("the precision fp16"), std::string::npos);
  EXPECT_EQ(refusal_of(large_picture(2800), {}), "");
}

TEST(MakePlan, RefusesAKernelThatTheNetworkComputes) {
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, {1, 8, 8, 4});
  const ValueId k = builder.add_input("k", DType::float32, {3, 3, 4, 4});
  builder.add_output("y", builder.add("dynamic", Conv2d{{.kernel = {3, 3}}}, {x, k}));
  const Graph graph = run_passes(builder.finish());
  try {
    make_plan(graph, limits);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::unsupported_op);
    EXPECT_NE(std::string(error.what()).find("dynamic"), std::string::npos);
  }
}

}  // namespace
}  // namespace fragnet
