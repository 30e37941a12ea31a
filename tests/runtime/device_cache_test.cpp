// What outlives a network: planned again with another block or precision while the first one runs, it compiles no program twice
// and uploads no kernel twice.
#include "support/gl_cases.hpp"
#include "support/gl_objects.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

GraphCase small_unet(int channels = 8) {
  LayerBuilder layers;
  const ValueId x = layers.input({1, 24, 24, 1});
  const ValueId a = layers.unary(UnaryKind::leaky_relu, layers.conv(x, channels, 4, 2), 0.3f);
  const ValueId b = layers.unary(UnaryKind::relu, layers.conv(a, 16, 4, 2));
  const ValueId c = layers.unary(UnaryKind::relu, layers.conv_transpose(b, 8));
  const ValueId d = layers.depthwise(layers.concat({c, a}));
  return layers.finish({layers.unary(UnaryKind::tanh, layers.conv_transpose(d, 3))});
}

struct Planned {
  Planned(const GraphCase& built, NetworkOptions options, const std::shared_ptr<DeviceCache>& cache)
      : built_(built), network((options.cache = cache, Network(built.graph, options, native_device()))) {
    network.wait_until_ready();
  }
  std::string fault(double tolerance = fp32_tolerance) {
    network.write_input(0, built_.inputs[0].values);
    network.run();
    return difference({network.outputs()[0].shape, network.read_output(0)},
                      reference_run(built_.graph, built_.inputs)[0], tolerance);
  }
  const GraphCase& built_;
  Network network;
};

const NetworkOptions wide{.precision = Precision::fp32, .tuning = {{"", {4, 2}}}};
const NetworkOptions deep{.precision = Precision::fp32, .tuning = {{"", {2, 4}}}};

TEST(DeviceCache, PlanningAgainCompilesAndUploadsOnlyWhatIsNew) {
  const GraphCase built = small_unet();
  const auto cache = std::make_shared<DeviceCache>();
  Planned first(built, wide, cache);
  EXPECT_EQ(first.fault(), "");
  const int shaders = cache->shaders_made(), images = cache->images_made();
  EXPECT_EQ(shaders, first.network.programs());
  EXPECT_GE(images, 5);
  {
    Planned same(built, wide, cache);
    EXPECT_EQ(same.fault(), "");
    EXPECT_EQ(cache->shaders_made(), shaders) << "the same plan compiles nothing";
    EXPECT_LT(cache->images_made() - images, images) << "kernels are there";
    EXPECT_EQ(first.fault(), "");
  }
  const int before = cache->shaders_made();
  Planned other(built, deep, cache);
  EXPECT_EQ(other.fault(), "");
  EXPECT_EQ(first.fault(), "") << "the first one runs on";
  const int made = cache->shaders_made();
  EXPECT_GT(made, before) << "other blocks are other programs";
  Planned back(built, wide, cache), forth(built, deep, cache);
  EXPECT_EQ(cache->shaders_made(), made) << "none is compiled twice";
  EXPECT_EQ(back.fault(), "");
  EXPECT_EQ(forth.fault(), "");
}

TEST(DeviceCache, SharesTheKernelsOfTheSameModelAlone) {
  const auto cache = std::make_shared<DeviceCache>();
  const auto images_of = [&](const GraphCase& built) {
    const int before = cache->images_made();
    Planned planned(built, wide, cache);
    EXPECT_EQ(planned.fault(), "");
    return cache->images_made() - before;
  };
  const GraphCase one = small_unet(), other = small_unet();
  const int all = images_of(one);
  EXPECT_EQ(images_of(other), all) << "other kernels";
  // Of the first network nothing was kept but what the cache holds; its kernels are still in the heap.
  EXPECT_LT(images_of(one), all);
  cache->trim();
  EXPECT_EQ(images_of(one), all) << "they were given back";
}

TEST(DeviceCache, KnowsNothingOfKernelsThatAreGone) {
  const auto cache = std::make_shared<DeviceCache>();
  for (int i = 0; i < 4; ++i) {
    // Perhaps at the address of the last one's, with other numbers.
    LayerBuilder layers;
    ValueId x = layers.input({1, 8, 8, 4});
    for (int k = 0; k <= i % 2; ++k) x = layers.conv(x, 4, 3, 1);
    const GraphCase built = layers.finish({x});
    Planned planned(built, wide, cache);
    EXPECT_EQ(planned.fault(), "") << i;
  }
}

TEST(DeviceCache, HalfFloatsAndFullOnesGoTogether) {
  const GraphCase built = small_unet();
  const auto cache = std::make_shared<DeviceCache>();
  Planned full(built, wide, cache);
  NetworkOptions half = wide;
  half.precision = Precision::fp16;
  Planned halves(built, half, cache);
  const int made = cache->shaders_made();
  EXPECT_EQ(full.fault(), "");
  EXPECT_EQ(halves.fault(0.02), "");
  Planned again(built, wide, cache), halves_again(built, half, cache);
  EXPECT_EQ(cache->shaders_made(), made);
}

// Their programs have a uniform that is the network's own.
TEST(DeviceCache, BytesOfTwoNetworksDoNotMix) {
  const GraphCase built = small_unet();
  const auto cache = std::make_shared<DeviceCache>();
  NetworkOptions bytes = wide;
  bytes.precision = Precision::rgba8;
  Planned one(built, bytes, cache);
  const int made = cache->shaders_made();
  bytes.starts_early = true;
  NetworkOptions learning = bytes;
  learning.cache = cache;
  Network other(built.graph, learning, native_device());
  for (LoadProgress::Phase phase{}; phase != LoadProgress::Phase::ready; phase = other.poll().phase)
    EXPECT_EQ(one.fault(0.03), "") << "while the other learns";
  EXPECT_EQ(cache->shaders_made(), 2 * made);
  EXPECT_EQ(one.fault(0.03), "");
}

TEST(DeviceCache, GivesBackWhatNobodyHolds) {
  native_device();
  const std::string before = gl_objects();
  const auto cache = std::make_shared<DeviceCache>();
  {
    const GraphCase built = small_unet();
    const Planned planned(built, wide, cache);
  }
  EXPECT_NE(gl_objects(), before) << "the cache holds programs and kernels";
  cache->trim();
  EXPECT_EQ(gl_objects(), before);
}

}  // namespace
}  // namespace fragnet
