// Layers that published models bring along.
#include "import/keras/model_case.hpp"

namespace fragnet {
namespace {

const HostTensor picture = random_tensor({1, 4, 5, 8}, 1);

TEST(KerasMultiplyBeta, ScalesByItsSettingOrAFifth) {
  expect_same(run_one("MultiplyBeta", Json::object(), {}, {picture}),
              mapped(picture, [](double x) { return 0.2 * x; }));
  expect_same(run_one("MultiplyBeta", {{"beta", 0.5}}, {}, {picture}),
              mapped(picture, [](double x) { return 0.5 * x; }));
}

TEST(KerasPixelShuffle, HasItsBlockInItsName) {
  expect_same(run_one("PixelShuffle2x", Json::object(), {}, {picture}),
              run_one("DepthToSpace", {{"block_size", 2}}, {}, {picture}));
  expect_error([] { import_one("PixelShuffle3x", Json::object(), {}, {picture.shape}); }, code::bad_shape,
               "blocks of 3×3 pixels want channels divisible by 9");
}

TEST(KerasReflectionPadding, MirrorsAtTheEdges) {
  const auto want = [](std::array<int, 2> rows, std::array<int, 2> columns) {
    return reference_pad({PadKind::reflect, {{0, 0}, rows, columns, {0, 0}}}, picture);
  };
  for (const char* name : {"ReflectionPadding2D", "ReflectionPad2D", "Custom>ReflectionPadding2D"})
    expect_same(run_one(name, Json::object(), {}, {picture}), want({1, 1}, {1, 1}));
  expect_same(run_one("ReflectionPadding2D", {{"padding", {3, 3}}}, {}, {picture}), want({3, 3}, {3, 3}));
  const Json sides = Json::array({Json::array({0, 2}), Json::array({1, 3})});
  expect_same(run_one("ReflectionPadding2D", {{"padding", sides}}, {}, {picture}), want({0, 2}, {1, 3}));
  expect_error(
      [] {
        import_one("ReflectionPadding2D", {{"padding", {1, 2}}}, {}, {picture.shape});
      },
      code::unsupported_op, "libraries differ in which is the height");
}

TEST(KerasSpectralNormalization, IsTheLayerInIt) {
  const HostTensor kernel = random_tensor({3, 3, 8, 2}, 2), bias = random_tensor({2}, 3);
  const Json config = {
      {"name", "conv"}, {"filters", 2}, {"kernel_size", {3, 3}}, {"padding", "same"}, {"activation", "relu"}};
  const Json wrapped = {{"power_iterations", 1}, {"layer", {{"class_name", "Conv2D"}, {"config", config}}}};
  const NamedTensors weights{
      {"it/conv/kernel", kernel}, {"it/conv/bias", bias}, {"it/vector_u", random_tensor({1, 2}, 4)}};
  expect_same(run_one("SpectralNormalization", wrapped, weights, {picture}),
              run_one("Conv2D", config, {{"it/kernel", kernel}, {"it/bias", bias}}, {picture}));
  expect_error([] { import_one("SpectralNormalization", Json::object(), {}, {picture.shape}); },
               code::unsupported_op, "is not supported");
  Json odd = wrapped;
  odd["layer"]["config"]["kernel_flip"] = "both";
  expect_error([&] { import_one("SpectralNormalization", odd, weights, {picture.shape}); },
               code::unsupported_op, "`kernel_flip` is \"both\"");
}

}  // namespace
}  // namespace fragnet
