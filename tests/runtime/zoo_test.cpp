// Published models, against what TensorFlow.js makes of the same inputs.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "support/gl_cases.hpp"
#include "support/published_models.hpp"

namespace fragnet {
namespace {

// The greatest difference over the greatest reference value.
constexpr double zoo_tolerance = 1e-3;

class Zoo : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!has_zoo_model(GetParam())) GTEST_SKIP();
    model_ = zoo_model(GetParam());
  }

  PublishedModel model_;
};

TEST_P(Zoo, GivesWhatTensorFlowJsGives) {
  const std::vector<HostTensor> got = run_on_device(model_.graph, model_.inputs);
  ASSERT_EQ(got.size(), model_.outputs.size());
  double worst = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].shape, model_.outputs[i].shape) << model_.graph.outputs[i].name;
    double largest = 0, furthest = 0;
    for (size_t k = 0; k < got[i].values.size(); ++k) {
      const double want = model_.outputs[i].values[k];
      ASSERT_TRUE(std::isfinite(got[i].values[k])) << model_.graph.outputs[i].name << ", element " << k;
      largest = std::max(largest, std::abs(want));
      furthest = std::max(furthest, std::abs(got[i].values[k] - want));
    }
    EXPECT_LE(furthest, zoo_tolerance * largest) << "output " << model_.graph.outputs[i].name;
    worst = std::max(worst, furthest / largest);
  }
  RecordProperty("worst_relative_error", text(worst));
}

// The folder's name as a test may be called.
std::string zoo_name(const testing::TestParamInfo<const char*>& model) {
  std::string name = model.param;
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Published, Zoo, testing::ValuesIn(zoo_names()), zoo_name);

}  // namespace
}  // namespace fragnet
