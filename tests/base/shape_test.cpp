#include "base/shape.hpp"

#include <functional>

#include "base/error.hpp"
#include "base/picture.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fragnet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The error that `action` throws.
Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return Error("none", "nothing was thrown");
}

TEST(Shape, CountsItsElements) {
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({7}), 7);
  EXPECT_EQ(element_count({2, 3, 4, 5}), 120);
  EXPECT_EQ(element_count({5, 0, 3}), 0);
  EXPECT_EQ(element_count({1 << 29}), max_elements);
}

TEST(Shape, RefusesMoreElementsThanAnyNetworkHas) {
  const Error error = error_of([] { element_count({1 << 15, 1 << 15}, "weight \"w\""); });
  EXPECT_EQ(error.code(), code::too_large);
  EXPECT_THAT(error.what(), HasSubstr("weight \"w\""));
}

TEST(Shape, RefusesAProductThatOverflowsSixtyFourBits) {
  const int huge = 2147483647;
  EXPECT_EQ(error_of([&] { element_count({huge, huge, huge, huge, huge}); }).code(), code::too_large);
  // A zero later on does not hide that the product overflowed on the way.
  EXPECT_EQ(error_of([&] { element_count({huge, huge, huge, 0}); }).code(), code::too_large);
}

TEST(Shape, RefusesToCountOpenExtents) {
  const Error error = error_of([] { element_count({1, open_extent, 3}); });
  EXPECT_EQ(error.code(), code::bad_shape);
  EXPECT_THAT(error.what(), HasSubstr("[1, ?, 3]"));
}

TEST(Shape, RefusesRanksAboveTheGreatest) {
  EXPECT_EQ(element_count(Shape(max_rank, 1)), 1);
  EXPECT_EQ(error_of([] { element_count(Shape(max_rank + 1, 1)); }).code(), code::bad_shape);
}

TEST(Shape, IsClosedWithoutOpenExtents) {
  EXPECT_TRUE(is_closed({}));
  EXPECT_TRUE(is_closed({1, 0, 3}));
  EXPECT_FALSE(is_closed({open_extent, 256, 256, 3}));
}

TEST(Shape, PrintsItself) {
  EXPECT_EQ(to_string(Shape{}), "[]");
  EXPECT_EQ(to_string(Shape{5}), "[5]");
  EXPECT_EQ(to_string(Shape{open_extent, 256, 256, 3}), "[?, 256, 256, 3]");
}

TEST(Shape, StridesAreRowMajor) {
  EXPECT_THAT(strides_of({}), IsEmpty());
  EXPECT_THAT(strides_of({7}), ElementsAre(1));
  EXPECT_THAT(strides_of({2, 3, 4, 5}), ElementsAre(60, 20, 5, 1));
}

TEST(Broadcast, AlignsTheInnermostExtents) {
  EXPECT_EQ(broadcast_shape({1, 5, 6, 3}, {3}, ""), (Shape{1, 5, 6, 3}));
  EXPECT_EQ(broadcast_shape({3}, {1, 5, 6, 3}, ""), (Shape{1, 5, 6, 3}));
  EXPECT_EQ(broadcast_shape({}, {2, 3}, ""), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shape({}, {}, ""), Shape{});
}

TEST(Broadcast, StretchesOnesOnBothSides) {
  EXPECT_EQ(broadcast_shape({5, 1, 3}, {2, 1, 4, 1}, ""), (Shape{2, 5, 4, 3}));
  EXPECT_EQ(broadcast_shape({1}, {0}, ""), Shape{0});
}

TEST(Broadcast, NamesTheShapesThatDisagree) {
  const Error error = error_of([] { broadcast_shape({2, 3}, {2, 4}, "layer \"add_1\""); });
  EXPECT_EQ(error.code(), code::bad_shape);
  EXPECT_THAT(error.what(), HasSubstr("layer \"add_1\""));
  EXPECT_THAT(error.what(), HasSubstr("[2, 3]"));
  EXPECT_THAT(error.what(), HasSubstr("[2, 4]"));
}

TEST(Picture, FillsLowRanksWithOnesOnTheLeft) {
  EXPECT_EQ(as_picture({}), (Picture{1, 1, 1, 1}));
  EXPECT_EQ(as_picture({5}), (Picture{1, 1, 1, 5}));
  EXPECT_EQ(as_picture({6, 5}), (Picture{1, 1, 6, 5}));
  EXPECT_EQ(as_picture({2, 7, 6, 5}), (Picture{2, 7, 6, 5}));
}

TEST(Picture, MultipliesLeadingExtentsIntoTheBatch) {
  EXPECT_EQ(as_picture({2, 3, 7, 6, 5}), (Picture{6, 7, 6, 5}));
  EXPECT_EQ(shape_of(as_picture({2, 3, 4, 7, 6, 5})), (Shape{24, 7, 6, 5}));
}

TEST(Picture, PutsFourChannelsIntoAQuad) {
  EXPECT_EQ(quads_of(1), 1);
  EXPECT_EQ(quads_of(4), 1);
  EXPECT_EQ(quads_of(5), 2);
  EXPECT_EQ(quads_of(33), 9);
}

}  // namespace
}  // namespace fragnet
