#include "plan/layout.hpp"

#include <algorithm>
#include <tuple>

#include "base/error.hpp"

namespace fragnet {
namespace {

int divide_up(int a, int b) {
  return (a + b - 1) / b;
}

// How many processors a target of this size keeps busy, as a number to compare. Software devices hand out squares of 64
// texels, or pairs of rows; GPUs work on blocks of a few rows and columns. So a small target is best long, but not thin.
int spread_of(int width, int height) {
  constexpr int square = 64, thin = 4, enough = 16;
  const int squares = std::min(enough, divide_up(width, square) * divide_up(height, square));
  return std::min(width, height) < thin ? 0 : squares;
}

}  // namespace

Layout make_layout(const Picture& picture, const Block& block, int texture_size, const std::string& what) {
  Layout layout{.picture = picture, .block = block};
  layout.groups = divide_up(layout.quads(), block.q);
  // A picture that is too wide or too high is dealt out to more phases.
  Block& dealt = layout.block;
  while (divide_up(divide_up(picture.w, dealt.step_w), dealt.w) > texture_size) dealt.step_w *= 2;
  while (divide_up(divide_up(picture.h, dealt.step_h), dealt.h) > texture_size) dealt.step_h *= 2;
  layout.tile_w = divide_up(divide_up(picture.w, dealt.step_w), dealt.w);
  layout.tile_h = divide_up(divide_up(picture.h, dealt.step_h), dealt.h);
  const int64_t tiles = int64_t{picture.n} * layout.groups * dealt.step_w * dealt.step_h;
  int64_t best_area = -1;
  for (int shift = 0; (int64_t{1} << shift) < 2 * tiles && shift < 16; ++shift) {
    const int64_t columns = int64_t{1} << shift, rows = (tiles + columns - 1) / columns;
    const int64_t width = columns * layout.tile_w, height = rows * layout.tile_h;
    if (1 < columns && columns < dealt.step_w) continue;
    if (width > texture_size || height > texture_size) continue;
    const int64_t area = width * height;
    const auto w = static_cast<int>(width), h = static_cast<int>(height);
    // Least area, then the widest spread, then the most square.
    const auto cost = std::tuple(area, -spread_of(w, h), std::max(w, h));
    if (best_area >= 0 && cost >= std::tuple(best_area, -spread_of(layout.width, layout.height),
                                             std::max(layout.width, layout.height))) {
      continue;
    }
    best_area = area;
    layout.column_shift = shift;
    layout.width = w;
    layout.height = h;
  }
  if (best_area < 0) {
    fail(code::too_large, what, ": a tensor of ", to_string(shape_of(picture)),
         " does not fit a texture of this device (", texture_size, "×", texture_size, ")");
  }
  return layout;
}

Texel texel_of(const Layout& layout, int n, int y, int x, int c) {
  const Block& block = layout.block;
  const int quad = c / 4;
  const int phase = (y % block.step_h) * block.step_w + x % block.step_w;
  const int tile = (n * layout.groups + quad / block.q) * block.step_w * block.step_h + phase;
  x /= block.step_w;
  y /= block.step_h;
  const int column = tile & ((1 << layout.column_shift) - 1), row = tile >> layout.column_shift;
  return {.x = column * layout.tile_w + x / block.w,
          .y = row * layout.tile_h + y / block.h,
          .layer = ((quad % block.q) * block.h + y % block.h) * block.w + x % block.w,
          .component = c % 4};
}

std::string to_string(const Block& block) {
  const bool is_dealt = block.step_w > 1 || block.step_h > 1;
  const std::string phases = is_dealt ? text(", ", block.step_w * block.step_h, " phases") : "";
  return text(block.w, "×", block.h, " pixels × ", block.q, " quads", phases);
}

}  // namespace fragnet
