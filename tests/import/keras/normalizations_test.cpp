// Layers that shift and scale: what their configurations mean.
#include <cmath>

#include "import/keras/model_case.hpp"

namespace fragnet {
namespace {

const HostTensor picture = random_tensor({2, 3, 5, 4}, 1, -3, 3);

const HostTensor gamma4 = random_tensor({4}, 11), beta4 = random_tensor({4}, 12);
const HostTensor mean4 = random_tensor({4}, 13), variance4 = random_tensor({4}, 14, 0.2f, 2);

TEST(KerasBatchNormalization, IsOneFactorAndOneOffsetAChannel) {
  const NamedTensors weights{
      {"it/gamma", gamma4}, {"it/beta", beta4}, {"it/moving_mean", mean4}, {"it/moving_variance", variance4}};
  const auto want = [](const std::vector<int>& at, double x, bool scale, bool center, double epsilon) {
    const size_t c = static_cast<size_t>(at.back());
    const double normal = (x - mean4.values[c]) / std::sqrt(variance4.values[c] + epsilon);
    return normal * (scale ? gamma4.values[c] : 1) + (center ? beta4.values[c] : 0);
  };
  const auto expected = [&](bool scale, bool center, double epsilon) {
    return filled(picture.shape, [&](const std::vector<int>& at) {
      return want(at, fragnet::at(picture, at), scale, center, epsilon);
    });
  };
  expect_same(run_one("BatchNormalization", {{"axis", Json::array({3})}}, weights, {picture}),
              expected(true, true, 1e-3));
  expect_same(run_one("BatchNormalization", {{"scale", false}, {"epsilon", 0.1}}, weights, {picture}),
              expected(false, true, 0.1));
  expect_same(run_one("BatchNormalization", {{"center", false}}, weights, {picture}),
              expected(true, false, 1e-3));
  const Transpose first{.order = {0, 3, 1, 2}};
  expect_same(run_one("BatchNormalization", {{"axis", 1}}, weights, {reference_transpose(first, picture)}),
              reference_transpose(first, expected(true, true, 1e-3)));
  // Channels along the height, which no layer writes but the file may say.
  const Transpose middle{.order = {0, 1, 3, 2}};
  expect_same(run_one("BatchNormalization", {{"axis", 2}}, weights, {reference_transpose(middle, picture)}),
              reference_transpose(middle, expected(true, true, 1e-3)));
}

TEST(KerasBatchNormalization, RefusesWeightsThatDoNotFit) {
  NamedTensors weights{
      {"it/gamma", gamma4}, {"it/beta", beta4}, {"it/moving_mean", mean4}, {"it/moving_variance", variance4}};
  expect_error(
      [&] {
        import_one("BatchNormalization", Json::object(), weights, {{1, 2, 2, 5}});
      },
      code::bad_shape, "the weight \"it/gamma\" must have 5 elements, its shape is [4]");
  weights["it/moving_variance"].values[2] = -1;
  expect_error([&] { import_one("BatchNormalization", Json::object(), weights, {picture.shape}); },
               code::bad_value, "layer \"it\": the factor of channel 2 is");
}

// (x - mean) × spread(variance) over the elements that share their group
template <class Group, class Spread>
HostTensor standardised(const HostTensor& x, Group group_of, Spread spread) {
  std::map<std::vector<int>, std::vector<double>> sums;
  for_each_coordinate(x.shape, [&](const std::vector<int>& coordinate) {
    std::vector<double>& sum = sums.try_emplace(group_of(coordinate), 3, 0.0).first->second;
    const double value = at(x, coordinate);
    sum[0] += 1, sum[1] += value, sum[2] += value * value;
  });
  return filled(x.shape, [&](const std::vector<int>& coordinate) {
    const std::vector<double>& sum = sums.at(group_of(coordinate));
    const double mean = sum[1] / sum[0];
    return (at(x, coordinate) - mean) * spread(sum[2] / sum[0] - mean * mean);
  });
}

HostTensor with_gamma_and_beta(const HostTensor& x) {
  return reference_binary({BinaryKind::add}, reference_binary({BinaryKind::multiply}, x, gamma4), beta4);
}

const NamedTensors affine{{"it/gamma", gamma4}, {"it/beta", beta4}};
double spread_of(double variance) {
  return 1 / std::sqrt(variance + 1e-3);
}
using At = std::vector<int>;

TEST(KerasLayerNormalization, TakesMeanAndVarianceOverItsAxes) {
  expect_same(run_one("LayerNormalization", Json::object(), affine, {picture}),
              with_gamma_and_beta(standardised(
                  picture,
                  [](const At& at) {
                    return At{at[0], at[1], at[2]};
                  },
                  spread_of)));
  const Json config = {{"axis", {1, 3}}, {"center", false}, {"scale", false}};
  expect_same(run_one("LayerNormalization", config, {}, {picture}), standardised(
                                                                        picture,
                                                                        [](const At& at) {
                                                                          return At{at[0], at[2]};
                                                                        },
                                                                        spread_of));
  expect_error(
      [] {
        import_one("LayerNormalization", {{"axis", {2, 3}}}, affine, {picture.shape});
      },
      code::bad_shape, "must have the shape [5, 4], it has [4]");
}

TEST(KerasGroupNormalization, TakesMeanAndVarianceOverEachGroup) {
  for (int groups : {1, 2, 4, -1}) {
    SCOPED_TRACE(groups);
    const int size = groups < 0 ? 1 : 4 / groups;
    expect_same(run_one("GroupNormalization", {{"groups", groups}}, affine, {picture}),
                with_gamma_and_beta(standardised(
                    picture,
                    [&](const At& at) {
                      return At{at[0], at[3] / size};
                    },
                    spread_of)));
  }
  expect_error(
      [] {
        import_one("GroupNormalization", {{"groups", 3}}, affine, {picture.shape});
      },
      code::bad_shape, "3 groups do not divide the input's 4 channels");
}

TEST(KerasInstanceNormalization, IsReadInTheSpellingsOfItsPackages) {
  const auto channel = [](const At& at) { return At{at[0], at[3]}; };
  const auto contrib = [](double variance) { return 1 / (std::sqrt(variance) + 1e-3); };
  expect_same(run_one("InstanceNormalization", {{"axis", -1}}, affine, {picture}),
              with_gamma_and_beta(standardised(picture, channel, contrib)));
  expect_same(run_one("Addons>InstanceNormalization", {{"axis", -1}, {"groups", -1}}, affine, {picture}),
              with_gamma_and_beta(standardised(picture, channel, spread_of)));
  const NamedTensors renamed{{"it/scale", gamma4}, {"it/offset", beta4}};
  expect_same(run_one("InstanceNormalization", {{"epsilon", 1e-3}}, renamed, {picture}),
              with_gamma_and_beta(standardised(picture, channel, spread_of)));
  const auto pix2pix = [](double variance) { return 1 / std::sqrt(variance + 1e-5); };
  const HostTensor faint = mapped(picture, [](double x) { return 0.01 * x; });
  expect_same(run_one("InstanceNormalization", Json::object(), renamed, {faint}),
              with_gamma_and_beta(standardised(faint, channel, pix2pix)), 1e-4);
  const NamedTensors single{{"it/gamma", {{1}, {2}}}, {"it/beta", {{1}, {0.5f}}}};
  expect_same(run_one("InstanceNormalization", {{"axis", nullptr}}, single, {picture}),
              mapped(standardised(
                         picture, [](const At& at) { return At{at[0]}; }, contrib),
                     [](double x) { return 2 * x + 0.5; }));
}

TEST(KerasNormalization, TakesItsNumbersFromWeightsOrFromItsConfiguration) {
  const HostTensor want = filled(picture.shape, [](const At& at) {
    const size_t c = static_cast<size_t>(at[3]);
    return (fragnet::at(picture, at) - mean4.values[c]) / std::sqrt(variance4.values[c]);
  });
  expect_same(
      run_one("Normalization", Json::object(), {{"it/mean", mean4}, {"it/variance", variance4}}, {picture}),
      want);
  expect_same(
      run_one("Normalization", {{"mean", mean4.values}, {"variance", variance4.values}}, {}, {picture}),
      want);
  expect_same(run_one("Normalization", {{"axis", nullptr}, {"mean", 2}, {"variance", 4}}, {}, {picture}),
              mapped(picture, [](double x) { return (x - 2) / 2; }));
  expect_same(run_one("Normalization", {{"mean", 2}, {"variance", 4}, {"invert", true}}, {}, {picture}),
              mapped(picture, [](double x) { return x * 2 + 2; }));
}

TEST(KerasRescaling, MultipliesAndAdds) {
  expect_same(run_one("Rescaling", {{"scale", 2}, {"offset", -1}}, {}, {picture}),
              mapped(picture, [](double x) { return 2 * x - 1; }));
  expect_same(run_one("Rescaling", {{"scale", gamma4.values}}, {}, {picture}),
              reference_binary({BinaryKind::multiply}, picture, gamma4));
  expect_error([] { import_one("Rescaling", Json::object(), {}, {picture.shape}); }, code::bad_topology,
               "`scale` is missing");
}

}  // namespace
}  // namespace fragnet
