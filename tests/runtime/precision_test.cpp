// How near the tiers of fewer bits come to full precision: published models against what TensorFlow.js makes of the same
// input, the generators against fp32. Each test prints a line of figures, so this prints the table:
//
//   runtime_tests --gtest_filter='*Precision*' | grep dB
#include <algorithm>
#include <cstdio>

#include "support/gl_cases.hpp"
#include "support/likeness.hpp"
#include "support/published_models.hpp"

namespace fragnet {
namespace {

Likeness measured(const char* name, const PublishedModel& model, const std::vector<HostTensor>& want,
                  Precision precision) {
  const Likeness found = likeness(run_on_device(model.graph, model.inputs, precision), want);
  std::printf("%-38s %-5s %6.1f dB, furthest %.3f %%\n", name, to_string(precision).c_str(), found.decibels,
              100 * found.furthest);
  return found;
}

constexpr double least_decibels_of_halves = 40, furthest_of_bytes = 0.05;

class PrecisionOfZoo : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!has_zoo_model(GetParam())) GTEST_SKIP();
    model_ = zoo_model(GetParam());
  }
  PublishedModel model_;
};

TEST_P(PrecisionOfZoo, OfHalfFloatsIsFortyDecibels) {
  EXPECT_GE(measured(GetParam(), model_, model_.outputs, Precision::fp16).decibels, least_decibels_of_halves);
}

TEST_P(PrecisionOfZoo, OfBytesIsFivePercent) {
  EXPECT_LE(measured(GetParam(), model_, model_.outputs, Precision::rgba8).furthest, furthest_of_bytes);
}

std::string name_of_model(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Published, PrecisionOfZoo, testing::ValuesIn(zoo_names()), name_of_model);

// The generators: as they are, and with feature maps of 1e5 … 1e6.
class PrecisionOfGenerator : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!has_generator(GetParam())) GTEST_SKIP();
  }
  static void expect_precision(const PublishedModel& model, const std::string& name) {
    const std::vector<HostTensor> want = run_on_device(model.graph, model.inputs, Precision::fp32);
    double energy = 0;
    for (float value : want[0].values) energy += value * value;
    energy /= static_cast<double>(want[0].values.size());
    EXPECT_GT(energy, 0.01) << "a grey picture compares nothing";
    EXPECT_LT(energy, 0.9) << "nor does one of black and white";
    EXPECT_GE(measured(name.c_str(), model, want, Precision::fp16).decibels, least_decibels_of_halves);
    EXPECT_LE(measured(name.c_str(), model, want, Precision::rgba8).furthest, furthest_of_bytes);
  }
};

TEST_P(PrecisionOfGenerator, WithBatchNormsThatNormalise) {
  expect_precision(generator(GetParam()), GetParam());
}

TEST_P(PrecisionOfGenerator, WithBatchNormsOfMeanZeroAndVarianceOne) {
  expect_precision(generator(GetParam(), 6), std::string(GetParam()) + ", not normalised");
}

INSTANTIATE_TEST_SUITE_P(Published, PrecisionOfGenerator, testing::ValuesIn(generator_names()),
                         name_of_model);

}  // namespace
}  // namespace fragnet
