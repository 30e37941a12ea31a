#include "plan/layout.hpp"

#include <algorithm>
#include <tuple>

#include "base/error.hpp"
#include "plan/raster_cost.hpp"

namespace fragnet {
namespace {

int divide_up(int a, int b) {
  return (a + b - 1) / b;
}

void cut_tiles(Layout& layout) {
  const Picture& picture = layout.picture;
  const Block& block = layout.block;
  layout.tile_w = divide_up(divide_up(picture.w, block.step_w), block.w);
  layout.tile_h = divide_up(divide_up(picture.h, block.step_h), block.h);
}

int64_t tiles_of(const Layout& layout) {
  return int64_t{layout.picture.n} * layout.groups * layout.block.step_w * layout.block.step_h;
}

// `whole` lies in one square, so that one processor would compute it alone (raster_cost.hpp). Returns a layout in two strips,
// each in a square of its own, or `whole` where that takes as long. The rows of the picture may be dealt out to twice as many
// phases for it: 8×8 texels of one tile become two tiles of 8×4, the second of which begins at y = 64.
Layout in_strips(const Layout& whole, int square, int texture_size) {
  Layout best = whole;
  int best_stamps = stamps_of(whole.width, whole.height);
  for (const int more : {1, 2}) {
    Layout layout = whole;
    layout.block.step_h *= more;
    cut_tiles(layout);
    const auto tiles = static_cast<int>(tiles_of(layout));
    for (int shift = 0; (1 << shift) < tiles; ++shift) {
      const int columns = 1 << shift, rows = divide_up(tiles, columns);
      if (1 < columns && columns < layout.block.step_w) continue;
      // The phases of a row stay together.
      const int together = columns == 1 ? layout.block.step_w : 1;
      layout.column_shift = shift;
      layout.strip_rows = divide_up(divide_up(rows, 2), together) * together;
      layout.width = columns * layout.tile_w;
      const int strip_height = layout.strip_rows * layout.tile_h;
      layout.gap = square - strip_height;
      layout.height = rows * layout.tile_h + layout.gap;
      const int stamps = stamps_of(layout.width, strip_height);
      if (layout.strip_rows >= rows || layout.width > square || layout.gap < 0) continue;
      if (stamps >= best_stamps || layout.height > texture_size) continue;
      best_stamps = stamps;
      best = layout;
    }
  }
  return best;
}

}  // namespace

Layout make_layout(const Picture& picture, const Block& block, int texture_size, const std::string& what,
                   int square) {
  Layout layout{.picture = picture, .block = block};
  layout.groups = divide_up(layout.quads(), block.q);
  // A picture that is too wide or too high is dealt out to more phases.
  Block& dealt = layout.block;
  while (divide_up(divide_up(picture.w, dealt.step_w), dealt.w) > texture_size) dealt.step_w *= 2;
  while (divide_up(divide_up(picture.h, dealt.step_h), dealt.h) > texture_size) dealt.step_h *= 2;
  cut_tiles(layout);
  const int64_t tiles = tiles_of(layout);
  int64_t best_area = -1;
  for (int shift = 0; (int64_t{1} << shift) < 2 * tiles && shift < 16; ++shift) {
    const int64_t columns = int64_t{1} << shift, rows = (tiles + columns - 1) / columns;
    const int64_t width = columns * layout.tile_w, height = rows * layout.tile_h;
    if (1 < columns && columns < dealt.step_w) continue;
    if (width > texture_size || height > texture_size) continue;
    const int64_t area = width * height;
    const auto w = static_cast<int>(width), h = static_cast<int>(height);
    // The least area; of those the one that keeps most processors busy; of those the most square.
    const auto cost = std::tuple(area, -busy_processors(w, h), std::max(w, h));
    if (best_area >= 0 && cost >= std::tuple(best_area, -busy_processors(layout.width, layout.height),
                                             std::max(layout.width, layout.height))) {
      continue;
    }
    best_area = area;
    layout.column_shift = shift;
    layout.strip_rows = static_cast<int>(rows);
    layout.width = w;
    layout.height = h;
  }
  if (best_area < 0) {
    fail(code::too_large, what, ": a tensor of ", to_string(shape_of(picture)),
         " does not fit a texture of this device (", texture_size, "×", texture_size, ")");
  }
  const bool is_in_one = layout.width <= square && layout.height <= square;
  return is_in_one ? in_strips(layout, square, texture_size) : layout;
}

std::vector<Strip> strips_of(const Layout& layout) {
  const int strip_height = layout.strip_rows * layout.tile_h;
  std::vector<Strip> strips;
  for (int y = 0; y < layout.height; y += strip_height + layout.gap)
    strips.push_back({y, std::min(strip_height, layout.height - y)});
  return strips;
}

std::pair<int, int> corner_of_tile(const Layout& layout, int tile) {
  const int column = tile & ((1 << layout.column_shift) - 1), row = tile >> layout.column_shift;
  return {column * layout.tile_w, row * layout.tile_h + row / layout.strip_rows * layout.gap};
}

Texel texel_of(const Layout& layout, int n, int y, int x, int c) {
  const Block& block = layout.block;
  const int quad = c / 4;
  const int phase = (y % block.step_h) * block.step_w + x % block.step_w;
  const int tile = (n * layout.groups + quad / block.q) * block.step_w * block.step_h + phase;
  x /= block.step_w;
  y /= block.step_h;
  const auto [left, top] = corner_of_tile(layout, tile);
  return {.x = left + x / block.w,
          .y = top + y / block.h,
          .layer = ((quad % block.q) * block.h + y % block.h) * block.w + x % block.w,
          .component = c % 4};
}

std::string to_string(const Block& block) {
  const bool is_dealt = block.step_w > 1 || block.step_h > 1;
  const std::string phases = is_dealt ? text(", ", block.step_w * block.step_h, " phases") : "";
  return text(block.w, "×", block.h, " pixels × ", block.q, " quads", phases);
}

}  // namespace fragnet
