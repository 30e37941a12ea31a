#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "graph/graph.hpp"
#include "import/import_model.hpp"

namespace fragnet {
namespace {

using testing::HasSubstr;

void expect_error(const std::vector<InputSpec>& inputs, const InputShapes& asked,
                  const std::string& error_code, const std::string& sentence) {
  try {
    choose_input_shapes(inputs, asked);
    ADD_FAILURE() << "no error, wanted: " << sentence;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), error_code);
    EXPECT_THAT(error.what(), HasSubstr(sentence));
  }
}

TEST(ChooseInputShapes, TakesTheModelsOwnClosedShapes) {
  const InputShapes chosen = choose_input_shapes({{"a", {1, 128, 96, 3}}, {"b", {}}, {"c", {2, 5}}}, {});
  EXPECT_EQ(chosen, (InputShapes{{"a", {1, 128, 96, 3}}, {"b", {}}, {"c", {2, 5}}}));
}

TEST(ChooseInputShapes, ClosesTheBatchAsOneAndSidesAs256) {
  const auto chosen = [](Shape shape) { return choose_input_shapes({{"x", std::move(shape)}}, {}).at("x"); };
  EXPECT_EQ(chosen({-1, 64, 64, 3}), (Shape{1, 64, 64, 3}));
  EXPECT_EQ(chosen({-1, -1, -1, 1}), (Shape{1, 256, 256, 1}));
  EXPECT_EQ(chosen({1, -1, -1, 3}), (Shape{1, 256, 256, 3}));
  EXPECT_EQ(chosen({-1, 1, -1, -1}), (Shape{1, 1, 256, 256}));
  EXPECT_EQ(chosen({-1, 20}), (Shape{1, 20}));
  EXPECT_EQ(chosen({-1}), (Shape{1}));
}

TEST(ChooseInputShapes, PrefersWhatTheCallerAsksFor) {
  const std::vector<InputSpec> inputs{{"x", {-1, -1, -1, 3}}, {"style", {-1, -1}}};
  EXPECT_EQ(choose_input_shapes(inputs, {{"x", {2, 33, 47, 3}}, {"style", {1, 100}}}),
            (InputShapes{{"x", {2, 33, 47, 3}}, {"style", {1, 100}}}));
  EXPECT_EQ(choose_input_shapes(inputs, {{"style", {1, 100}}}),
            (InputShapes{{"x", {1, 256, 256, 3}}, {"style", {1, 100}}}));
}

TEST(ChooseInputShapes, AsksForSizesThatNobodyCanGuess) {
  expect_error({{"style", {-1, -1}}}, {}, "bad-input",
               "input \"style\": the model leaves the size of [?, ?] open, and it is no picture: give its "
               "shape in inputShapes");
}

TEST(ChooseInputShapes, RefusesShapesThatTheModelDoesNotHave) {
  const std::vector<InputSpec> inputs{{"x", {-1, -1, -1, 3}}};
  const auto refused = [&](Shape asked, const std::string& shown) {
    expect_error(inputs, {{"x", std::move(asked)}}, "bad-input",
                 "input \"x\": the model wants the shape [?, ?, ?, 3], inputShapes gives " + shown);
  };
  refused({1, 64, 64, 1}, "[1, 64, 64, 1]");
  refused({64, 64, 3}, "[64, 64, 3]");
  refused({1, 0, 64, 3}, "[1, 0, 64, 3]");
  refused({1, -1, 64, 3}, "[1, ?, 64, 3]");
}

TEST(ChooseInputShapes, NamesTheBatchWhereThatIsTheReason) {
  expect_error(
      {{"x", {8, 64, 64, 3}}}, {{"x", {1, 64, 64, 3}}}, "bad-input",
      "input \"x\": the model is saved for a batch of 8, inputShapes gives [1, 64, 64, 3] with a batch of 1");
}

TEST(ChooseInputShapes, ListsTheModelsInputsWhenANameIsUnknown) {
  expect_error({{"content", {1, 8, 8, 3}}, {"style", {1, 8, 8, 3}}}, {{"input_1", {1, 8, 8, 3}}}, "bad-input",
               "inputShapes names \"input_1\", the model's inputs are \"content\", \"style\"");
  expect_error({}, {{"input_1", {1}}}, "bad-input", "the model's inputs are none");
}

TEST(ChooseInputShapes, RefusesShapesThatHoldTooMuchOrNothing) {
  expect_error({{"x", {-1, -1, -1, 3}}}, {{"x", {1, 1 << 20, 1 << 20, 3}}}, "too-large", "input \"x\"");
  expect_error({{"x", {1, 1 << 20, 1 << 20, 3}}}, {}, "too-large", "input \"x\"");
  expect_error({{"x", {1, 0, 8, 3}}}, {}, "bad-shape",
               "the model declares the shape [1, 0, 8, 3], which holds no element");
  expect_error({{"x", Shape(9, -1)}}, {}, "bad-shape", "rank 9 is above 8");
}

TEST(ChooseInputShapes, RefusesTwoInputsWithOneName) {
  expect_error({{"x", {1, 8}}, {"x", {1, 9}}}, {}, "bad-topology",
               "the model has two inputs with the name \"x\"");
}

}  // namespace
}  // namespace fragnet
