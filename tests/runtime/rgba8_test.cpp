// Feature maps as codes of eight bits, in ranges learned when the network is made.
#include <cmath>

#include "support/gl_fixture.hpp"
#include "support/graph_case.hpp"
#include "support/published_models.hpp"

namespace fragnet {
namespace {

// A small U-Net with skips, as pix2pix has them, that ends in tanh.
GraphCase small_u_net() {
  LayerBuilder layers;
  const ValueId picture = layers.input({1, 64, 64, 3});
  const auto down = [&](ValueId x, int out) {
    return layers.unary(UnaryKind::leaky_relu, layers.bias(layers.conv(x, out, 4, 2)), 0.2f);
  };
  const auto up = [&](ValueId x, int out) {
    return layers.unary(UnaryKind::relu, layers.bias(layers.conv_transpose(x, out)));
  };
  const ValueId half = down(picture, 8), quarter = down(half, 16), eighth = down(quarter, 32);
  const ValueId wide = layers.concat({up(eighth, 16), quarter});
  const ValueId wider = layers.concat({up(wide, 8), half});
  const ValueId scaled =
      layers.binary(BinaryKind::multiply, layers.conv_transpose(wider, 3), layers.number(0.02f));
  return layers.finish({layers.unary(UnaryKind::tanh, scaled)});
}

TEST(Rgba8, StaysWithinThirtyDecibelsOfFullPrecision) {
  const GraphCase net = small_u_net();
  for (const float turn : {0.3f, 1.7f}) {
    const std::vector<HostTensor> picture{smooth_picture(net.inputs[0].shape, turn)};
    const std::vector<float> want = run_on_device(net.graph, picture, Precision::fp32)[0].values;
    const std::vector<float> got = run_on_device(net.graph, picture, Precision::rgba8)[0].values;
    double squares = 0, energy = 0;
    for (size_t i = 0; i < want.size(); ++i) {
      squares += std::pow(double{got[i]} - want[i], 2);
      energy += std::pow(double{want[i]}, 2);
    }
    const auto count = static_cast<double>(want.size());
    EXPECT_GT(std::sqrt(energy / count), 0.05) << "a picture that is all grey compares nothing";
    EXPECT_GE(10 * std::log10(4 * count / squares), 30);
  }
}

TEST(Rgba8, TakesLessMemoryThanFullPrecision) {
  const GraphCase net = small_u_net();
  const Network full(net.graph, {.precision = Precision::fp32}, native_device());
  Network small(net.graph, {.precision = Precision::rgba8}, native_device());
  small.wait_until_ready();  // while it learns it has more
  EXPECT_LT(small.texture_bytes(), full.texture_bytes());
}

TEST(Rgba8, IsChosenWhereNoFloatsCanBeRenderedTo) {
  Device device = native_device();
  device.fp32 = device.fp16 = {.count = 0};
  EXPECT_EQ(choose_tier(Precision::automatic, device).precision, Precision::rgba8);
}

}  // namespace
}  // namespace fragnet
