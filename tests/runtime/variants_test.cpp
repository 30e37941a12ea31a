// Whatever a measurement may choose computes the same: every shape of block, every form of the weights, either way to read
// a texel, sums in slices.
#include <algorithm>

#include "cases/conv2d_transpose_cases.hpp"
#include "cases/convolution_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

// Every fifth case of both tables: each kind of padding, stride and dilation is among them.
std::vector<OpCase> convolutions() {
  std::vector<OpCase> cases = weighted_cases(conv2d_cases(), 5);
  const std::vector<OpCase> transposed = weighted_cases(conv2d_transpose_cases(), 5);
  cases.insert(cases.end(), transposed.begin(), transposed.end());
  return cases;
}

class BlockShapes : public testing::TestWithParam<BlockShape> {};

TEST_P(BlockShapes, AllComputeTheSame) {
  const NetworkOptions options{.precision = Precision::fp32, .tuning = {{"", GetParam()}}};
  for (const OpCase& op_case : convolutions()) {
    for (const WeightStorage storage : {WeightStorage::float32, WeightStorage::uint8}) {
      const GraphCase made = graph_of(op_case, storage);
      EXPECT_TRUE(device_agrees(made.graph, made.inputs, fp32_tolerance, options, native_device()))
          << op_case.name;
    }
  }
}
std::string name_of_shape(const testing::TestParamInfo<BlockShape>& shape) {
  return std::to_string(shape.param.w) + "x" + std::to_string(shape.param.q);
}
INSTANTIATE_TEST_SUITE_P(Shapes, BlockShapes, testing::ValuesIn(block_shapes()), name_of_shape);

// Reads texels by a sampler, or by their coordinates.
class TexelReads : public testing::TestWithParam<bool> {
 protected:
  Device device() const {
    Device device = native_device();
    device.limits.by_sampler = GetParam();
    return device;
  }
};

TEST_P(TexelReads, ComputeTheSameOfEveryFormOfTheWeights) {
  for (const OpCase& op_case : convolutions()) {
    const GraphCase bytes = graph_of(op_case, WeightStorage::uint8);
    for (const WeightFormat format : {WeightFormat::uint8, WeightFormat::float32}) {
      const NetworkOptions options{.precision = Precision::fp32, .weights = format};
      EXPECT_TRUE(device_agrees(bytes.graph, bytes.inputs, fp32_tolerance, options, device()))
          << op_case.name << " as " << to_string(format);
    }
    // Rounded to halves: eleven bits.
    const NetworkOptions halves{.precision = Precision::fp32, .weights = WeightFormat::float16};
    EXPECT_TRUE(device_agrees(bytes.graph, bytes.inputs, 2e-3, halves, device())) << op_case.name;
  }
}

// The byte that means zero may be far outside the bytes, farther than a float can count, or be none at all.
TEST_P(TexelReads, ComputeTheSameOfBytesFarFromZero) {
  struct Range {
    double min, scale;
  };
  for (const auto& [min, scale] :
       {Range{1000, 1e-3}, Range{-7, 3e-2}, Range{1, 1e-9}, Range{0.25, 0}, Range{1, -4e-3}}) {
    GraphCase made = graph_of(conv2d_case({.height = 6, .width = 9, .in = 6, .out = 5, .kernel = {3, 3}}),
                              WeightStorage::uint8);
    for (Value& value : made.graph.values) {
      if (!value.constant) continue;
      value.constant->min = min;
      value.constant->scale = scale;
    }
    EXPECT_TRUE(
        device_agrees(made.graph, made.inputs, fp32_tolerance, {.precision = Precision::fp32}, device()))
        << min << " + " << scale << " × byte";
  }
}

TEST_P(TexelReads, MeetEveryTexelOfAWideTexture) {
  for (const int width : {2047, 4093, 8191}) {
    const GraphCase made =
        graph_of(conv2d_case({.height = 2, .width = width, .in = 1, .out = 4, .kernel = {1, 3}}));
    EXPECT_TRUE(device_agrees(made.graph, made.inputs, fp32_tolerance,
                              {.precision = Precision::fp32, .tuning = {{"", BlockShape{1, 1}}}}, device()))
        << width;
  }
}
INSTANTIATE_TEST_SUITE_P(Ways, TexelReads, testing::Bool(), [](const testing::TestParamInfo<bool>& way) {
  return way.param ? "BySampler" : "ByCoordinates";
});

bool is_sliced(const Node& node) {
  const auto* conv = std::get_if<Conv2d>(&node.op);
  const auto* transpose = std::get_if<Conv2dTranspose>(&node.op);
  return (conv && conv->slices > 1) || (transpose && transpose->slices > 1);
}

TEST(SlicedSums, ComputeTheSame) {
  Device device = native_device();
  device.limits.busy_fragments = 1 << 20;
  int sliced = 0;
  for (const int channels : {128, 131, 512}) {
    for (const OpCase& op_case :
         {conv2d_case(
              {.height = 2, .width = 2, .in = channels, .out = 12, .kernel = {4, 4}, .stride = {2, 2}}),
          conv2d_case({.height = 3, .width = 5, .in = channels, .out = 5, .kernel = {3, 3}}),
          conv2d_transpose_case({.height = 2, .width = 2, .in = channels, .out = 8}),
          conv2d_transpose_case({.height = 1, .width = 1, .in = channels, .out = 9})}) {
      for (const WeightStorage storage : {WeightStorage::float32, WeightStorage::uint8}) {
        const GraphCase made = graph_of(op_case, storage);
        const Network network(made.graph, {.precision = Precision::fp32}, device);
        sliced += std::ranges::any_of(network.graph().nodes, is_sliced);
        EXPECT_TRUE(
            device_agrees(made.graph, made.inputs, fp32_tolerance, {.precision = Precision::fp32}, device))
            << op_case.name;
      }
    }
  }
  EXPECT_EQ(sliced, 24) << "what is not sliced tests nothing";
}

}  // namespace
}  // namespace fragnet
