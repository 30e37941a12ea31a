// Where each element of a tensor lies in its texture. The C++ twin is src/plan/layout.hpp.
//
// A tensor is a set of tiles: one for each picture of the batch, each group of channel quads and each phase (the pixels
// that stand 2^step_shift apart). The tiles stand in a grid of some columns, a power of two. One texel holds four channels of
// one pixel. What one fragment computes, a block of 2^block_shift.x × 2^block_shift.y pixels and 2^quad_shift quads, lies
// at one place in as many layers.
#include "include/fetch.glsl"
#include "include/texel.glsl"

struct Layout {
  ivec4 extent;      // n, h, w, c
  int groups;        // of quads, in each picture
  int columns;
  ivec2 tile;        // width and height of a tile in texels
  ivec2 step_shift;
  ivec2 block_shift;
  int quad_shift;
  bool has_ranges;   // of its channels, see texel.glsl
  int range;         // where they begin
};

int quads_of(Layout l) { return (l.extent.w + 3) >> 2; }

int last_bits(int x, int bits) { return x & ((1 << bits) - 1); }

// One row of one quad of a picture: what its pixels have in common.
struct Row {
  ivec2 at;    // its first texel, of the first phase
  ivec2 phase;  // from one phase to the next
  int layer;
  vec2 scale;  // of the texture, see fetch.glsl
  Coding coding;
};

Row row_at(TENSOR tensor, Layout l, int n, int y, int q) {
  int tile = n * l.groups + (q >> l.quad_shift);
  tile = (tile * (1 << l.step_shift.y) + last_bits(y, l.step_shift.y)) * (1 << l.step_shift.x);
  y >>= l.step_shift.y;
  ivec2 at = ivec2(tile & (l.columns - 1), int(float(tile) / float(l.columns))) * l.tile;
  at.y += y >> l.block_shift.y;
  int layer = last_bits(q, l.quad_shift) * (1 << l.block_shift.y) + last_bits(y, l.block_shift.y);
  // All phases stand side by side, or one below the other.
  ivec2 phase = l.columns > 1 ? ivec2(l.tile.x, 0) : ivec2(0, l.tile.y);
  return Row(at, phase, layer * (1 << l.block_shift.x), SCALE_OF(tensor), coding_of(l.has_ranges, l.range, q));
}

vec4 fetch_pixel(TENSOR tensor, Layout l, Row row, int x) {
  ivec2 at = row.at + last_bits(x, l.step_shift.x) * row.phase;
  x >>= l.step_shift.x;
  at.x += x >> l.block_shift.x;
  int layer = row.layer + last_bits(x, l.block_shift.x);
  return decode(l.has_ranges, row.coding, FETCH_LAYER(tensor, at, layer, row.scale));
}

// The same, zero beside the picture.
vec4 fetch_padded_pixel(TENSOR tensor, Layout l, Row row, int x) {
  int inside = clamp(x, 0, l.extent.z - 1);
  vec4 value = fetch_pixel(tensor, l, row, inside);
  return inside == x ? value : vec4(0.0);
}

vec4 fetch_quad(TENSOR tensor, Layout l, int n, int y, int x, int q) {
  return fetch_pixel(tensor, l, row_at(tensor, l, n, y, q), x);
}

// The same, zero outside the picture.
vec4 fetch_padded(TENSOR tensor, Layout l, int n, int y, int x, int q) {
  int inside = clamp(y, 0, l.extent.y - 1);
  vec4 value = fetch_padded_pixel(tensor, l, row_at(tensor, l, n, inside, q), x);
  return inside == y ? value : vec4(0.0);
}

float fetch_channel(TENSOR tensor, Layout l, int n, int y, int x, int c) {
  return fetch_quad(tensor, l, n, y, x, c >> 2)[c & 3];
}

// Element `index` of the tensor in row-major order.
float fetch_element(TENSOR tensor, Layout l, int index) {
  int c = index % l.extent.w;
  index /= l.extent.w;
  int x = index % l.extent.z;
  index /= l.extent.z;
  return fetch_channel(tensor, l, index / l.extent.y, index % l.extent.y, x, c);
}

// What this fragment computes: of picture n, pixels from (x, y) on, 2^step_shift apart, and quads from q on. Its first
// output goes to `first_layer` of the block.
struct Place {
  int n, y, x, q;
};

Place place_of_fragment(Layout l, int first_layer) {
  ivec2 at = ivec2(gl_FragCoord.xy);
  // Whole numbers have no fast division, neither on a GPU nor on a processor; floats are exact enough for these.
  ivec2 cell = ivec2((vec2(at) + 0.5) / vec2(l.tile));
  ivec2 inside = at - cell * l.tile;
  int tile = cell.y * l.columns + cell.x;
  ivec2 phase = ivec2(last_bits(tile, l.step_shift.x), last_bits(tile >> l.step_shift.x, l.step_shift.y));
  tile >>= l.step_shift.x + l.step_shift.y;
  int n = int(float(tile) / float(l.groups));  // or one beside it, where there are millions of tiles
  n += int((n + 1) * l.groups <= tile) - int(n * l.groups > tile);
  ivec2 pixel = inside * (ivec2(1) << (l.block_shift + l.step_shift)) + phase;
  ivec2 within = ivec2(first_layer, first_layer >> l.block_shift.x) & ((ivec2(1) << l.block_shift) - 1);
  pixel += within << l.step_shift;
  int q = ((tile - n * l.groups) << l.quad_shift) + (first_layer >> (l.block_shift.x + l.block_shift.y));
  return Place(n, pixel.y, pixel.x, q);
}
