// Half floats of networks whose numbers they do not have: those are stored by the power of two. What the network is like is
// found out while it is loaded; one that is like any other stays as it is.
#include <algorithm>
#include <cmath>
#include <limits>

#include "support/gl_cases.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

constexpr double least_decibels = 40;

// Of the worst output, to its greatest number.
double decibels(const std::vector<HostTensor>& got, const std::vector<HostTensor>& want) {
  double worst = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < want.size(); ++i) {
    double greatest = 0, squares = 0;
    for (size_t k = 0; k < want[i].values.size(); ++k) {
      const double difference = std::abs(double{got[i].values[k]} - want[i].values[k]);
      greatest = std::max(greatest, std::abs(double{want[i].values[k]}));
      squares +=
          std::isfinite(difference) ? difference * difference : std::numeric_limits<double>::infinity();
    }
    worst = std::min(
        worst, 10 * std::log10(greatest * greatest * static_cast<double>(want[i].values.size()) / squares));
  }
  return worst;
}

// The same layers of numbers that are `times` as great; a picture of it, and the numbers themselves.
struct Chain {
  const char* name;
  ValueId (*add)(LayerBuilder& layers, ValueId x);
};

ValueId times(LayerBuilder& layers, ValueId x, float factor) {
  return layers.binary(BinaryKind::multiply, x, layers.number(factor));
}

const Chain chains[] = {
    {"Residuals",
     [](LayerBuilder& l, ValueId x) {
       x = l.binary(BinaryKind::add, x, l.unary(UnaryKind::relu, l.conv(x, 8)));
       return l.binary(BinaryKind::add, l.conv(x, 8), x);
     }},
    {"Concatenations",
     [](LayerBuilder& l, ValueId x) {
       const ValueId small = times(l, l.conv(x, 6), 1e-3f);
       return l.pad(l.concat({times(l, small, 1e3f), l.unary(UnaryKind::leaky_relu, x, 0.2f)}), {});
     }},
    {"ConcatenationsThatAConvolutionReads",
     [](LayerBuilder& l, ValueId x) {
       return l.conv(l.concat({l.unary(UnaryKind::relu, l.conv(x, 6)), l.depthwise(x)}), 8);
     }},
    {"TransposedConvolutions",
     [](LayerBuilder& l, ValueId x) {
       return l.conv_transpose(l.unary(UnaryKind::relu, l.conv(x, 12, 4, 2)), 8);
     }},
    {"Pools",
     [](LayerBuilder& l, ValueId x) {
       const Window window{.kernel = {2, 2}, .stride = {2, 2}};
       return l.add(Pool2d{PoolKind::average, window},
                    {l.add(Pool2d{PoolKind::max, window}, {l.conv(x, 8)})});
     }},
    {"Resizes",
     [](LayerBuilder& l, ValueId x) {
       const Shape shape = l.shape(x);
       return l.conv(l.add(Resize{.output = {2 * shape[1], 2 * shape[2]}}, {l.conv(x, 4)}), 4);
     }},
    {"Means",
     [](LayerBuilder& l, ValueId x) {
       const ValueId mean = l.reduce(ReduceKind::mean, x, {1, 2});
       return l.binary(BinaryKind::subtract, x, mean);
     }},
    {"Sums",
     [](LayerBuilder& l, ValueId x) {
       const ValueId sum = l.reduce(ReduceKind::sum, l.unary(UnaryKind::abs, x), {1, 2});
       return l.binary(
           BinaryKind::multiply, x,
           l.binary(BinaryKind::divide, sum, l.binary(BinaryKind::maximum, sum, l.number(1e-30f))));
     }},
    {"InstanceNorms",
     [](LayerBuilder& l, ValueId x) {
       const ValueId mean = l.reduce(ReduceKind::mean, x, {1, 2});
       const ValueId variance =
           l.reduce(ReduceKind::mean, l.binary(BinaryKind::squared_difference, x, mean), {1, 2});
       const ValueId norm =
           l.binary(BinaryKind::multiply, l.binary(BinaryKind::subtract, x, mean),
                    l.unary(UnaryKind::rsqrt, l.binary(BinaryKind::add, variance, l.number(1e-20f))));
       return l.binary(BinaryKind::multiply, norm, l.reduce(ReduceKind::max, x, {1, 2, 3}));
     }},
    {"Softmaxes",
     [](LayerBuilder& l, ValueId x) {
       const ValueId greatest = l.reduce(ReduceKind::max, l.unary(UnaryKind::abs, x), {1, 2, 3});
       const ValueId soft = l.add(Softmax{.axis = 3}, {l.binary(BinaryKind::divide, x, greatest)});
       return l.binary(BinaryKind::multiply, soft, greatest);
     }},
};

using Scales = testing::TestWithParam<Chain>;

GraphCase built(const Chain& chain, float factor, bool is_picture) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 16, 16, 3});
  ValueId y = chain.add(layers, times(layers, layers.bias(layers.conv(x, 8)), factor));
  if (is_picture) y = layers.unary(UnaryKind::tanh, times(layers, y, 0.3f / factor));
  return layers.finish({y});
}

TEST_P(Scales, KeepFortyDecibels) {
  for (const float factor : {1e6f, 1e-7f, 3e-12f}) {
    for (const bool is_picture : {true, false}) {
      const GraphCase net = built(GetParam(), factor, is_picture);
      const std::vector<HostTensor> want = reference_run(net.graph, net.inputs);
      const std::vector<HostTensor> got = run_on_device(net.graph, net.inputs, Precision::fp16);
      EXPECT_GE(decibels(got, want), least_decibels) << factor << ", " << is_picture;
    }
  }
}

std::string name_of_chain(const testing::TestParamInfo<Chain>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Of, Scales, testing::ValuesIn(chains), name_of_chain);

// What any network of a picture costs, and one with scales.
struct Cost {
  int programs = 0, draws = 0;
  std::vector<float> output;
};

Cost cost(const GraphCase& net, Precision precision, bool starts_early = false) {
  Network network(net.graph, {.precision = precision, .starts_early = starts_early}, native_device());
  network.wait_until_ready();
  network.write_input(0, net.inputs[0].values);
  network.run();
  return {network.programs(), network.draw_calls(), network.read_output(0)};
}

TEST(Scales, TakeNoMoreProgramsNorDraws) {
  for (const float factor : {1.0f, 1e6f}) {
    const GraphCase net = built(chains[0], factor, true);
    const Cost full = cost(net, Precision::fp32), half = cost(net, Precision::fp16);
    EXPECT_EQ(half.programs, full.programs);
    EXPECT_EQ(half.draws, full.draws);
  }
}

TEST(Scales, AreThereWithTheFirstProgramsThatRun) {
  const GraphCase net = built(chains[3], 1e6f, true);
  const std::vector<HostTensor> want = reference_run(net.graph, net.inputs);
  Network network(net.graph, {.precision = Precision::fp16, .starts_early = true}, native_device());
  int64_t done = 0;
  for (;;) {
    const LoadProgress progress = network.poll();
    EXPECT_LE(progress.done, progress.total);
    if (progress.phase == LoadProgress::Phase::compiling) {
      EXPECT_GE(progress.done, done);
      done = progress.done;
    }
    const bool is_ready = progress.phase == LoadProgress::Phase::ready;
    if (!is_ready && progress.phase != LoadProgress::Phase::usable) continue;
    network.write_input(0, net.inputs[0].values);
    network.run();
    EXPECT_GE(decibels({{want[0].shape, network.read_output(0)}}, want), least_decibels);
    if (is_ready) break;
  }
}

TEST(Scales, AreFoundWhereOnlyWhatIsWrittenAsksForThem) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 16, 16, 3});
  GraphCase net =
      layers.finish({layers.unary(UnaryKind::tanh, times(layers, layers.conv(layers.conv(x, 8), 3), 1e-6f))});
  for (const bool starts_early : {false, true}) {
    Network network(net.graph, {.precision = Precision::fp16, .starts_early = starts_early}, native_device());
    while (network.poll().phase < LoadProgress::Phase::usable) continue;
    for (const float factor : {1.0f, 6e4f, 1.0f}) {
      std::vector<HostTensor> inputs = net.inputs;
      for (float& value : inputs[0].values) value *= factor;
      const std::vector<HostTensor> want = reference_run(net.graph, inputs);
      network.write_input(0, inputs[0].values);
      network.run();
      EXPECT_GE(decibels({{want[0].shape, network.read_output(0)}}, want), least_decibels) << factor;
      network.wait_until_ready();
    }
  }
}

TEST(Scales, FollowTheRangeOfFrames) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 16, 16, 3});
  const ValueId great = times(layers, layers.conv(x, 8), 2000);
  const GraphCase net =
      layers.finish({layers.unary(UnaryKind::tanh, times(layers, layers.conv(great, 3), 1e-6f))});
  Network network(net.graph, {.precision = Precision::fp16}, native_device());
  network.wait_until_ready();
  network.expect_frames({0, 255});
  std::vector<HostTensor> inputs = {random_tensor({1, 16, 16, 3}, 3, 0, 255)};
  const std::vector<HostTensor> want = reference_run(net.graph, inputs);
  network.write_input(0, inputs[0].values);
  network.expect_frames({0, 255});  // nothing is learned from what was written
  network.run();
  EXPECT_GE(decibels({{want[0].shape, network.read_output(0)}}, want), least_decibels);
}

TEST(Scales, OfALongSumThatTwoLayersRead) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 512, 512, 4});
  const ValueId sum = layers.reduce(ReduceKind::sum, layers.unary(UnaryKind::abs, x), {1, 2});
  const GraphCase net = layers.finish(
      {times(layers, sum, -1e-5f), layers.binary(BinaryKind::divide, layers.number(5e5f), sum)});
  const std::vector<HostTensor> want = reference_run(net.graph, net.inputs);
  EXPECT_GE(decibels(run_on_device(net.graph, net.inputs, Precision::fp16), want), least_decibels);
}

TEST(Scales, SayWhereNumbersAreInfinite) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 4, 4, 3});
  const ValueId zero = layers.binary(BinaryKind::subtract, layers.conv(x, 4), layers.conv(x, 4));
  const ValueId nothing =
      layers.binary(BinaryKind::multiply, layers.unary(UnaryKind::square, zero), layers.number(0));
  const GraphCase net = layers.finish({layers.unary(UnaryKind::reciprocal, nothing)});
  Network network(net.graph, {.precision = Precision::fp16}, native_device());
  network.wait_until_ready();
  ASSERT_EQ(network.warnings().size(), 1u);
  EXPECT_NE(network.warnings()[0].find("infinite"), std::string::npos) << network.warnings()[0];
}

TEST(Scales, OfAnOrdinaryNetworkWarnOfNothing) {
  const GraphCase net = built(chains[3], 1, true);
  for (const Precision precision : {Precision::fp32, Precision::fp16, Precision::rgba8}) {
    Network network(net.graph, {.precision = precision}, native_device());
    network.wait_until_ready();
    EXPECT_TRUE(network.warnings().empty()) << network.warnings()[0];
  }
}

}  // namespace
}  // namespace fragnet
