// Operations that sample: what they draw, and that it is the same each time.
#include <algorithm>
#include <cmath>

#include "import/keras/model_case.hpp"
#include "import/tensorflow/tf_graph.hpp"

namespace fragnet {
namespace {

constexpr int many = 20'000;

TfGraph sampling(const std::string& op, const Attributes& attributes = {}, const std::string& name = "it") {
  TfGraph tf;
  tf.ints("shape", {many}).add(name, op, {"shape"}, attributes);
  return tf;
}

std::vector<float> drawn(const std::string& op, const Attributes& attributes = {},
                         const std::string& name = "it") {
  return to_floats(sampling(op, attributes, name).known());
}

struct Moments {
  double mean = 0, deviation = 0, low = 0, high = 0;
};
Moments moments(const std::vector<float>& numbers) {
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  Moments m{.low = *low, .high = *high};
  for (float number : numbers) m.mean += number / static_cast<double>(numbers.size());
  for (float number : numbers)
    m.deviation += std::pow(number - m.mean, 2) / static_cast<double>(numbers.size());
  m.deviation = std::sqrt(m.deviation);
  return m;
}

TEST(TfRandom, DrawsFromItsDistribution) {
  const Moments normal = moments(drawn("RandomStandardNormal"));
  EXPECT_NEAR(normal.mean, 0, 0.03);
  EXPECT_NEAR(normal.deviation, 1, 0.03);
  EXPECT_GT(normal.high, 3);
  const Moments truncated = moments(drawn("TruncatedNormal"));
  EXPECT_NEAR(truncated.mean, 0, 0.03);
  EXPECT_NEAR(truncated.deviation, 0.880, 0.03);
  EXPECT_LE(truncated.high, 2);
  EXPECT_GE(truncated.low, -2);
  const Moments uniform = moments(drawn("RandomUniform"));
  EXPECT_NEAR(uniform.mean, 0.5, 0.01);
  EXPECT_GE(uniform.low, 0);
  EXPECT_LT(uniform.high, 1);
  TfGraph dice;
  dice.ints("shape", {many})
      .number("low", 1)
      .number("limit", 7)
      .add("it", "RandomUniformInt", {"shape", "low", "limit"});
  const Tensor thrown = dice.known();
  EXPECT_EQ(thrown.dtype, DType::int32);
  const Moments throws = moments(to_floats(thrown));
  EXPECT_EQ(throws.low, 1);
  EXPECT_EQ(throws.high, 6);
  EXPECT_NEAR(throws.mean, 3.5, 0.05);
}

TEST(TfRandom, DrawsTheSameEachTimeAndByItsSeed) {
  EXPECT_EQ(drawn("RandomUniform"), drawn("RandomUniform"));
  EXPECT_NE(drawn("RandomUniform"), drawn("RandomUniform", {}, "other"));
  const Attributes seeded{{"seed", int64_t{7}}, {"seed2", int64_t{3}}};
  EXPECT_EQ(drawn("RandomUniform", seeded), drawn("RandomUniform", seeded, "other"));
  EXPECT_NE(drawn("RandomUniform", seeded),
            drawn("RandomUniform", {{"seed", int64_t{7}}, {"seed2", int64_t{4}}}));
  const auto stateless = [](int32_t seed) {
    TfGraph tf;
    tf.ints("shape", {8}).ints("seed", {seed, 1}).add("it", "StatelessRandomNormal", {"shape", "seed"});
    return to_floats(tf.known());
  };
  EXPECT_EQ(stateless(1), stateless(1));
  EXPECT_NE(stateless(1), stateless(2));
  const Graph graph = sampling("RandomUniform").import();
  ASSERT_EQ(graph.warnings.size(), 1u);
  EXPECT_THAT(graph.warnings[0], testing::HasSubstr("layer \"it\": RandomUniform draws numbers at random"));
}

// mean + exp(log variance / 2) × noise, of the mean's own shape
TEST(TfRandom, RunsAVariationalAutoencodersSampling) {
  TfGraph tf;
  tf.input("mean", {-1, 2}).input("variance", {-1, 2});
  tf.add("shape", "Shape", {"mean"}).ints("zero", {0}).ints("one", {1}).number("two", 2);
  tf.add("batch", "StridedSlice", {"shape", "zero", "one", "one"}, {{"shrink_axis_mask", int64_t{1}}});
  tf.add("extents", "Pack", {"batch", "two"}).add("noise", "RandomStandardNormal", {"extents"});
  tf.number("half", 0.5f).add("halved", "Mul", {"variance", "half"}).add("deviation", "Exp", {"halved"});
  tf.add("scaled", "Mul", {"deviation", "noise"}).add("z", "AddV2", {"mean", "scaled"});
  const auto run = [&](float variance) {
    return tf.run({{{1, 2}, {3, -4}}, {{1, 2}, {variance, variance}}}).at(0).values;
  };
  const std::vector<float> exact = run(-200), noisy = run(0), twice = run(2 * std::log(2.0f));
  EXPECT_NEAR(exact[0], 3, 1e-6);
  EXPECT_NEAR(exact[1], -4, 1e-6);
  EXPECT_GT(std::abs(noisy[0] - 3), 1e-3);
  EXPECT_NEAR(twice[0] - 3, 2 * (noisy[0] - 3), 1e-5);
}

TEST(TfRandom, RefusesWhatItCannotDraw) {
  sampling("Multinomial").expect_error(code::unsupported_op, "Multinomial");
  TfGraph none;
  none.ints("shape", {4})
      .number("low", 5)
      .number("limit", 5)
      .add("it", "RandomUniformInt", {"shape", "low", "limit"});
  none.expect_error(code::bad_value, "RandomUniformInt of 0 numbers");
  TfGraph huge;
  huge.ints("shape", {20'000, 20'000}).add("it", "RandomUniform", {"shape"});
  huge.expect_error(code::too_large, "layer \"it\": the model computes too many constants");
}

TEST(KerasSampling, IsTheMeanPlusNoiseOfTheVariance) {
  const HostTensor mean{{1, 3}, {1, 2, 3}}, none{{1, 3}, {-200, -200, -200}}, one{{1, 3}, {0, 0, 0}};
  expect_same(run_one("Sampling", Json::object(), {}, {mean, none}), mean);
  EXPECT_NE(run_one("VAE>Sampling", Json::object(), {}, {mean, one}).values, mean.values);
  EXPECT_EQ(import_one("Sampling", Json::object(), {}, {mean.shape, one.shape}).warnings.size(), 1u);
}

}  // namespace
}  // namespace fragnet
