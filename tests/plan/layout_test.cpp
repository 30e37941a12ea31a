#include "plan/layout.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <tuple>

#include "base/error.hpp"

namespace fragnet {
namespace {

struct Case {
  Picture picture;
  Block block;
};

const Case cases[] = {
    {{1, 1, 1, 1}, {}},
    {{1, 256, 256, 3}, {}},
    {{1, 7, 5, 13}, {.w = 2, .h = 2, .q = 2}},
    {{2, 9, 3, 17}, {.w = 4, .q = 2}},
    {{3, 1, 1, 512}, {.q = 4}},
    {{1, 2, 2, 1021}, {.w = 2, .h = 2}},
    {{2, 7, 9, 13}, {.w = 2, .q = 2, .step_w = 2, .step_h = 2}},
    {{1, 5, 11, 3}, {.w = 2, .step_w = 4, .step_h = 1}},
};

// Calls check(case, layout, square) for the cases, and for layers of a small U-Net, on devices with squares of several sides.
template <class Check>
void for_each_layout(Check check) {
  const Case more[] = {
      {{1, 64, 64, 8}, {.w = 4, .q = 2}},
      {{1, 8, 8, 64}, {.w = 4, .q = 2}},
      {{1, 1, 1, 512}, {.q = 2}},
      {{1, 4, 4, 128}, {.w = 2, .q = 2, .step_w = 2, .step_h = 2}},
      {{3, 5, 6, 40}, {.w = 2, .step_w = 2, .step_h = 2}},
  };
  for (const int square : {0, 8, 16, 64}) {
    for (const Case& c : cases) check(c, make_layout(c.picture, c.block, 2048, "a test", square), square);
    for (const Case& c : more) check(c, make_layout(c.picture, c.block, 2048, "a test", square), square);
  }
}

TEST(Layout, GivesEveryElementAPlaceOfItsOwnThatIsDrawn) {
  for_each_layout([](const Case& c, const Layout& layout, int) {
    const std::vector<Strip> strips = strips_of(layout);
    std::set<std::tuple<int, int, int, int>> taken;
    for (int n = 0; n < c.picture.n; ++n) {
      for (int y = 0; y < c.picture.h; ++y) {
        for (int x = 0; x < c.picture.w; ++x) {
          for (int channel = 0; channel < c.picture.c; ++channel) {
            const Texel t = texel_of(layout, n, y, x, channel);
            ASSERT_TRUE(t.x >= 0 && t.x < layout.width && t.y >= 0 && t.y < layout.height);
            ASSERT_TRUE(std::any_of(strips.begin(), strips.end(), [&](const Strip& strip) {
              return strip.y <= t.y && t.y < strip.y + strip.height;
            }));
            ASSERT_TRUE(t.layer >= 0 && t.layer < layout.layers());
            ASSERT_TRUE(taken.emplace(t.x, t.y, t.layer, t.component).second) << "two elements in one place";
          }
        }
      }
    }
  });
}

TEST(Layout, DealsOutToTwoSquaresWhatWouldLieInOne) {
  int in_strips = 0;
  for_each_layout([&](const Case&, const Layout& layout, int square) {
    const std::vector<Strip> strips = strips_of(layout);
    if (strips.size() == 1) {
      EXPECT_EQ(strips[0].height, layout.height);
      return;
    }
    ++in_strips;
    ASSERT_EQ(strips.size(), 2U);
    EXPECT_EQ(strips[0].y, 0);
    EXPECT_EQ(strips[1].y, square);
    EXPECT_LE(strips[0].height, square);
    EXPECT_LE(strips[1].height, strips[0].height);
    EXPECT_EQ(strips[1].y + strips[1].height, layout.height);
  });
  EXPECT_GT(in_strips, 5);
  EXPECT_EQ(strips_of(make_layout({1, 64, 64, 8}, {.w = 4, .q = 2}, 2048, "a test", 64)).size(), 2U);
  // One processor has had it before another begins.
  EXPECT_EQ(strips_of(make_layout({1, 1, 1, 16}, {}, 2048, "a test", 64)).size(), 1U);
  // Already in many squares.
  EXPECT_EQ(strips_of(make_layout({1, 256, 256, 4}, {}, 2048, "a test", 64)).size(), 1U);
}

TEST(Layout, PutsTheMembersOfABlockAtOnePlaceInLayers) {
  const Layout layout = make_layout({1, 4, 4, 16}, {.w = 2, .h = 2, .q = 2}, 2048, "a test");
  const Texel first = texel_of(layout, 0, 2, 2, 8);
  const Texel last = texel_of(layout, 0, 3, 3, 15);
  EXPECT_EQ(first.x, last.x);
  EXPECT_EQ(first.y, last.y);
  EXPECT_EQ(first.layer, 0);
  EXPECT_EQ(last.layer, 7);
}

TEST(Layout, PutsPixelsOfOnePhaseSideBySideAndTheOthersIntoTilesOfTheirOwn) {
  const Layout layout = make_layout({1, 4, 8, 4}, {.w = 2, .step_w = 2, .step_h = 2}, 2048, "a test");
  const Texel first = texel_of(layout, 0, 0, 0, 0), next = texel_of(layout, 0, 0, 2, 0);
  EXPECT_EQ(std::tie(first.x, first.y), std::tie(next.x, next.y));
  EXPECT_EQ(next.layer, 1);
  const Texel neighbour = texel_of(layout, 0, 0, 1, 0);
  EXPECT_EQ(neighbour.layer, 0);
  EXPECT_NE(std::tie(first.x, first.y), std::tie(neighbour.x, neighbour.y));
}

// As the shaders count on it: from one phase to the next it is always as far.
TEST(Layout, PutsThePhasesOfARowSideBySideOrOneBelowTheOther) {
  const auto check = [](const Case& c, const Layout& layout, int = 0) {
    const bool is_column = layout.column_shift == 0;
    for (int y = 0; y < c.picture.h; ++y) {
      const Texel first = texel_of(layout, 0, y, 0, 0);
      for (int x = 1; x < std::min(layout.block.step_w, c.picture.w); ++x) {
        const Texel t = texel_of(layout, 0, y, x, 0);
        EXPECT_EQ(t.x, first.x + (is_column ? 0 : x * layout.tile_w));
        EXPECT_EQ(t.y, first.y + (is_column ? x * layout.tile_h : 0));
      }
    }
  };
  for_each_layout(check);
  for (const Case& c : cases) {
    for (const int texture_size : {8, 64}) {
      Layout layout;
      try {
        layout = make_layout(c.picture, c.block, texture_size, "a test");
      } catch (const Error&) {
        continue;  // too large for so small a texture
      }
      check(c, layout);
    }
  }
}

TEST(Layout, FoldsManyTilesIntoAGridThatFits) {
  const Layout layout = make_layout({1, 64, 64, 4096}, {}, 4096, "a test");
  EXPECT_LE(layout.width, 4096);
  EXPECT_LE(layout.height, 4096);
  EXPECT_EQ(int64_t{layout.width} * layout.height, 64 * 64 * 1024);
}

TEST(Layout, RefusesWhatNoTextureHolds) {
  try {
    make_layout({1, 5000, 5000, 64}, {}, 4096, "layer \"wide\"");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code::too_large);
    EXPECT_NE(std::string(error.what()).find("layer \"wide\""), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("4096"), std::string::npos);
  }
}

// The worked example of src/README.md, row by row of its table.
TEST(Layout, IsAsTheReadmeOfTheEngineSays) {
  const Layout layout = make_layout({1, 6, 6, 10}, {.w = 2, .h = 2, .q = 2}, 2048, "the example");
  EXPECT_EQ(layout.groups, 2);
  EXPECT_EQ(layout.tile_w, 3);
  EXPECT_EQ(layout.tile_h, 3);
  EXPECT_EQ(layout.width, 3);
  EXPECT_EQ(layout.height, 6);
  EXPECT_EQ(layout.layers(), 8);
  std::ifstream readme(TESTS_FOLDER "/../src/README.md");
  int rows = 0;
  for (std::string line; std::getline(readme, line);) {
    int y, x, c, texel_x, texel_y, layer, component;
    if (std::sscanf(line.c_str(), "| %d | %d | %d | %d | %d | %d | %d |", &y, &x, &c, &texel_x, &texel_y,
                    &layer, &component) != 7)
      continue;
    ++rows;
    const Texel texel = texel_of(layout, 0, y, x, c);
    EXPECT_EQ((std::array{texel.x, texel.y, texel.layer, texel.component}),
              (std::array{texel_x, texel_y, layer, component}))
        << line;
  }
  EXPECT_EQ(rows, 10);
}

}  // namespace
}  // namespace fragnet
