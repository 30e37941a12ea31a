// A network that takes over what a rehearsal has compiled computes the same, however far the rehearsal came.
#include "support/gl_cases.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

using Phase = LoadProgress::Phase;

GraphCase network_with_skip(int channels = 8) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 24, 24, 1});
  const ValueId a = layers.unary(UnaryKind::leaky_relu, layers.conv(x, channels, 4, 2), 0.3f);
  const ValueId b = layers.unary(UnaryKind::relu, layers.batch_norm(layers.conv(a, 16, 4, 2)));
  const ValueId c = layers.unary(UnaryKind::relu, layers.conv_transpose(b, 8));
  return layers.finish({layers.unary(UnaryKind::tanh, layers.conv_transpose(layers.concat({c, a}), 3))});
}

// As the engine has it before the weights have come.
Graph without_numbers(Graph graph) {
  for (Value& value : graph.values) {
    if (!value.constant) continue;
    const auto zeros = std::make_shared<std::vector<uint8_t>>(value.constant->bytes.size());
    value.constant->bytes = *zeros;
    value.constant->owner = zeros;
  }
  return graph;
}

using Cache = std::shared_ptr<DeviceCache>;

NetworkOptions options(const Cache& cache, Precision precision = Precision::fp32) {
  return {.precision = precision, .starts_early = true, .cache = cache};
}

Network rehearsal_of(const GraphCase& built, const Cache& cache, Precision precision = Precision::fp32) {
  NetworkOptions rehearsed = options(cache, precision);
  rehearsed.is_rehearsal = true;
  return Network(without_numbers(built.graph), rehearsed, native_device());
}

std::vector<float> output_of(Network& network, const GraphCase& built) {
  for (size_t i = 0; i < built.inputs.size(); ++i)
    network.write_input(static_cast<int>(i), built.inputs[i].values);
  network.run();
  return network.read_output(0);
}

std::string fault(Network& network, const GraphCase& built) {
  const HostTensor got{network.outputs()[0].shape, output_of(network, built)};
  return difference(got, reference_run(built.graph, built.inputs)[0], fp32_tolerance);
}

TEST(Rehearsal, LeavesTheNetworkNothingToCompile) {
  const GraphCase built = network_with_skip();
  const auto cache = std::make_shared<DeviceCache>();
  rehearsal_of(built, cache).wait_until_ready();
  const int rehearsed = cache->shaders_made();
  Network network(built.graph, options(cache), native_device());
  Phase phase;
  do {
    phase = network.poll().phase;
    EXPECT_NE(phase, Phase::usable) << "simple programs are made where the fast ones are there";
  } while (phase != Phase::ready);
  cache->trim();
  EXPECT_GT(network.programs(), 2);
  EXPECT_EQ(cache->shaders_made(), rehearsed) << "one was made anew";
  EXPECT_EQ(fault(network, built), "");
}

TEST(Rehearsal, MayEndAnywhere) {
  const GraphCase built = network_with_skip();
  int fewest = 1000, most = 0;
  Phase phase = Phase::uploading;
  for (int polls = 0; phase != Phase::ready; ++polls) {
    const auto cache = std::make_shared<DeviceCache>();
    {
      Network rehearsal = rehearsal_of(built, cache);
      for (int i = 0; i < polls; ++i) phase = rehearsal.poll().phase;
    }
    fewest = std::min(fewest, cache->shaders_made());
    most = std::max(most, cache->shaders_made());
    Network network(built.graph, options(cache), native_device());
    while (network.poll().phase == Phase::uploading || network.poll().phase == Phase::compiling) continue;
    EXPECT_EQ(fault(network, built), "") << "usable, after " << polls;
    network.wait_until_ready();
    EXPECT_EQ(fault(network, built), "") << "ready, after " << polls;
  }
  EXPECT_EQ(fewest, 0);
  EXPECT_GT(most, 3);
}

TEST(Rehearsal, OfAnotherNetworkIsOfNoUseAndNoHarm) {
  const auto cache = std::make_shared<DeviceCache>();
  rehearsal_of(network_with_skip(12), cache).wait_until_ready();
  const GraphCase built = network_with_skip();
  Network network(built.graph, options(cache), native_device());
  network.wait_until_ready();
  EXPECT_EQ(fault(network, built), "");
}

TEST(Rehearsal, TakesNoRoom) {
  Network rehearsal = rehearsal_of(network_with_skip(), nullptr);
  rehearsal.wait_until_ready();
  EXPECT_LT(rehearsal.texture_bytes() + rehearsal.weight_bytes(), 20'000);
}

TEST(Rehearsal, InTheRgba8TierLearnsNothingFromZeros) {
  const GraphCase built = network_with_skip();
  Network plain(built.graph, options(nullptr, Precision::rgba8), native_device());
  plain.wait_until_ready();
  const auto cache = std::make_shared<DeviceCache>();
  rehearsal_of(built, cache, Precision::rgba8).wait_until_ready();
  const int rehearsed = cache->shaders_made();
  Network network(built.graph, options(cache, Precision::rgba8), native_device());
  network.wait_until_ready();
  EXPECT_EQ(cache->shaders_made(), rehearsed);
  EXPECT_EQ(output_of(network, built), output_of(plain, built));
}

}  // namespace
}  // namespace fragnet
