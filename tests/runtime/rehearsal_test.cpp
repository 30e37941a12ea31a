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

NetworkOptions options(Precision precision = Precision::fp32) {
  return {.precision = precision, .starts_early = true};
}

Network rehearsal_of(const GraphCase& built, Precision precision = Precision::fp32) {
  NetworkOptions rehearsed = options(precision);
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
  Network rehearsal = rehearsal_of(built);
  rehearsal.wait_until_ready();
  RehearsedShaders shaders = std::move(rehearsal).take_shaders();
  std::vector<GLuint> programs;
  for (const auto& [text, rehearsed] : shaders) {
    EXPECT_TRUE(rehearsed.has_drawn);
    programs.push_back(rehearsed.shader.id());
  }
  Network network(compile_for(built.graph, options(), native_device()), options(), native_device(),
                  std::move(shaders));
  Phase phase;
  do {
    phase = network.poll().phase;
    EXPECT_NE(phase, Phase::usable) << "simple programs are made where the fast ones are there";
  } while (phase != Phase::ready);
  EXPECT_EQ(static_cast<size_t>(network.programs()), programs.size());
  for (GLuint program : programs) EXPECT_TRUE(glIsProgram(program)) << "one was made anew";
  EXPECT_EQ(fault(network, built), "");
}

TEST(Rehearsal, MayEndAnywhere) {
  const GraphCase built = network_with_skip();
  size_t fewest = 1000, most = 0;
  Phase phase = Phase::uploading;
  for (int polls = 0; phase != Phase::ready; ++polls) {
    Network rehearsal = rehearsal_of(built);
    for (int i = 0; i < polls; ++i) phase = rehearsal.poll().phase;
    RehearsedShaders shaders = std::move(rehearsal).take_shaders();
    fewest = std::min(fewest, shaders.size());
    most = std::max(most, shaders.size());
    Network network(compile_for(built.graph, options(), native_device()), options(), native_device(),
                    std::move(shaders));
    while (network.poll().phase == Phase::uploading || network.poll().phase == Phase::compiling) continue;
    EXPECT_EQ(fault(network, built), "") << "usable, after " << polls;
    network.wait_until_ready();
    EXPECT_EQ(fault(network, built), "") << "ready, after " << polls;
  }
  EXPECT_EQ(fewest, 0u);
  EXPECT_GT(most, 3u);
}

TEST(Rehearsal, OfAnotherNetworkIsOfNoUseAndNoHarm) {
  Network rehearsal = rehearsal_of(network_with_skip(12));
  rehearsal.wait_until_ready();
  const GraphCase built = network_with_skip();
  Network network(compile_for(built.graph, options(), native_device()), options(), native_device(),
                  std::move(rehearsal).take_shaders());
  network.wait_until_ready();
  EXPECT_EQ(fault(network, built), "");
}

TEST(Rehearsal, TakesNoRoom) {
  const GraphCase built = network_with_skip();
  Network rehearsal = rehearsal_of(built);
  rehearsal.wait_until_ready();
  EXPECT_LT(rehearsal.texture_bytes() + rehearsal.weight_bytes(), 20'000);
}

TEST(Rehearsal, InTheRgba8TierLearnsNothingFromZeros) {
  const GraphCase built = network_with_skip();
  Network plain(built.graph, options(Precision::rgba8), native_device());
  plain.wait_until_ready();
  Network rehearsal = rehearsal_of(built, Precision::rgba8);
  rehearsal.wait_until_ready();
  const NetworkOptions rgba8 = options(Precision::rgba8);
  Network network(compile_for(built.graph, rgba8, native_device()), rgba8, native_device(),
                  std::move(rehearsal).take_shaders());
  network.wait_until_ready();
  EXPECT_EQ(output_of(network, built), output_of(plain, built));
}

}  // namespace
}  // namespace fragnet
