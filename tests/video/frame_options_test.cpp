#include "video/frame_options.hpp"

#include "base/error.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fragnet {
namespace {

using ::testing::HasSubstr;

TEST(FrameOptions, AreNamedByWords) {
  EXPECT_EQ(augmentation_of("none"), Augmentation::none);
  EXPECT_EQ(augmentation_of("classic"), Augmentation::classic);
  EXPECT_EQ(augmentation_of("paper"), Augmentation::paper);
  EXPECT_EQ(view_of("output"), View::output);
  EXPECT_EQ(view_of("input"), View::input);
  EXPECT_EQ(view_of("both"), View::both);
  EXPECT_EQ(show_of("auto"), Show::automatic);
  EXPECT_EQ(show_of("cutout"), Show::cutout);
}

TEST(FrameOptions, RefuseOtherWordsAndSayWhichThereAre) {
  try {
    augmentation_of("sepia");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("sepia"));
    EXPECT_THAT(error.what(), HasSubstr("classic"));
  }
  EXPECT_THROW(view_of(""), Error);
  EXPECT_THROW(show_of("maske"), Error);
}

}  // namespace
}  // namespace fragnet
