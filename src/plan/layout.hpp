// Where each element of a tensor lies in its texture. The GLSL twin is glsl/include/layout.glsl.
//
//      a texture array, one layer for each member of a block
//   ┌────────┬────────┐
//   │ quads  │ quads  │   a tile: one picture of the batch, one group of channel quads, one phase;
//   │ 0 … 3  │ 4 … 7  │   a texel for each block of pixels, four channels a texel
//   ├────────┼────────┤
//   │ 8 … 11 │   –    │   tiles stand in a grid of 2^column_shift columns
//   └────────┴────────┘
//
// A fragment computes a whole block (pixels × quads), and writes each member into a layer of its own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/picture.hpp"

namespace fragnet {

// What one fragment computes; each a power of two. Its pixels stand `step` apart: those of a transposed convolution by
// its stride, so that all of them meet the same taps. A step deals a picture out to step_w × step_h phases, each a tile.
struct Block {
  int w = 1, h = 1, q = 1;
  int step_w = 1, step_h = 1;
  int layers() const { return w * h * q; }
  bool operator==(const Block&) const = default;
};

struct Layout {
  Picture picture;
  Block block;
  int groups = 1;        // of quads, in each picture of the batch
  int column_shift = 0;  // log2 of the columns of the tile grid
  int tile_w = 1, tile_h = 1;
  int strip_rows = 1;         // so many rows of the grid stand together, a strip
  int gap = 0;                // texels between one strip and the next, with nothing in them
  int width = 1, height = 1;  // of the texture, in texels
  int range =
      -1;  // where those of its channels begin (glsl/include/texel.glsl), of half floats the value; -1: none
  int layers() const { return block.layers(); }
  int quads() const { return quads_of(picture.c); }
};

// Chooses the grid with the least area, then the one that keeps most processors busy, within `texture_size` on both sides.
// `square`: on a side of those that a device hands out to its processors one by one, or 0. What would lie in one of them
// is dealt out to two, in strips. Throws `too-large`, naming `what`.
Layout make_layout(const Picture& picture, const Block& block, int texture_size, const std::string& what,
                   int square = 0);

// What is to be drawn of the texture, all across: rows of texels.
struct Strip {
  int y = 0, height = 0;
};
std::vector<Strip> strips_of(const Layout& layout);

// Where one element lies. `component` is 0 … 3.
struct Texel {
  int x, y, layer, component;
};
Texel texel_of(const Layout& layout, int n, int y, int x, int c);

// The first texel of a tile: x, y.
std::pair<int, int> corner_of_tile(const Layout& layout, int tile);

std::string to_string(const Block& block);  // "4×1 pixels × 2 quads"

}  // namespace fragnet
