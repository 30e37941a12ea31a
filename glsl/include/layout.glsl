// Where each element of a tensor lies in its texture. The C++ twin is src/plan/layout.hpp.
//
// A tensor is a set of tiles: one for each picture of the batch, each group of channel quads and each phase (the pixels
// that stand `step` apart). The tiles stand in a grid of some columns, a power of two. One texel holds four channels of
// one pixel. What one fragment computes, a block of pixels and quads, lies at one place in as many layers.
#include "include/fetch.glsl"
#include "include/texel.glsl"

struct Layout {
  ivec4 extent;  // n, h, w, c
  int groups;    // of quads, in each picture
  int columns;
  ivec2 tile;  // width and height of a tile in texels
  ivec2 strip;  // rows of the grid that stand together, and texels between them and the next
  ivec2 step;
  ivec2 block;  // pixels
  int quads;
  bool has_ranges;  // of its channels, see texel.glsl
  int range;        // where they begin
};

int quads_of(Layout l) { return (l.extent.w + 3) >> 2; }

// In whole numbers; half of one lifts the quotient over what a division of floats may lack.
int quotient(int x, int divisor) { return int((float(x) + 0.5) / float(divisor)); }

// x × p, x / p and the rest of it, where p is a power of two: `step`, `block` or `quads` of a Layout. Constants are given by
// their exponents; uniforms as they are, since SwiftShader shifts a vector's numbers one by one where it cannot know by how
// much. x is not negative, and far below 2^24.
#ifdef SIZES_ARE_UNIFORMS
int times(int x, int p) { return x * p; }
int over(int x, int p) { return quotient(x, p); }
int rest(int x, int p) { return x & (p - 1); }
#else
int times(int x, int p) { return x * (1 << p); }
int over(int x, int p) { return x >> p; }
int rest(int x, int p) { return x & ((1 << p) - 1); }
#endif

// One row of one quad of a picture: what its pixels have in common.
struct Row {
  ivec2 at;     // its first texel, of the first phase
  ivec2 phase;  // from one phase to the next
  int layer;
  vec2 scale;   // of the texture, see fetch.glsl
  Coding coding;
};

Row row_at(TENSOR tensor, Layout l, int n, int y, int q) {
  int tile = n * l.groups + over(q, l.quads);
  tile = times(times(tile, l.step.y) + rest(y, l.step.y), l.step.x);
  y = over(y, l.step.y);
  int row = quotient(tile, l.columns);
  ivec2 at = ivec2(tile & (l.columns - 1), row) * l.tile;
  at.y += over(y, l.block.y) + quotient(row, l.strip.x) * l.strip.y;
  int layer = times(times(rest(q, l.quads), l.block.y) + rest(y, l.block.y), l.block.x);
  // All phases stand side by side, or one below the other.
  ivec2 phase = l.columns > 1 ? ivec2(l.tile.x, 0) : ivec2(0, l.tile.y);
  return Row(at, phase, layer, SCALE_OF(tensor), coding_of(l.has_ranges, l.range, q));
}

vec4 fetch_pixel(TENSOR tensor, Layout l, Row row, int x) {
  ivec2 at = row.at + rest(x, l.step.x) * row.phase;
  x = over(x, l.step.x);
  at.x += over(x, l.block.x);
  int layer = row.layer + rest(x, l.block.x);
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

// What this fragment computes: of picture n, pixels from (x, y) on, `step` apart, and quads from q on. Its first
// output goes to `first_layer` of the block.
struct Place {
  int n, y, x, q;
};

Place place_of_fragment(Layout l, int first_layer) {
  ivec2 at = ivec2(gl_FragCoord.xy);
  at.y -= quotient(at.y, l.strip.x * l.tile.y + l.strip.y) * l.strip.y;
  // Whole numbers have no fast division, neither on a GPU nor on a processor; floats are exact enough for these.
  ivec2 cell = ivec2((vec2(at) + 0.5) / vec2(l.tile));
  ivec2 inside = at - cell * l.tile;
  int tile = cell.y * l.columns + cell.x;
  ivec2 phase = ivec2(rest(tile, l.step.x), rest(over(tile, l.step.x), l.step.y));
  tile = over(over(tile, l.step.x), l.step.y);
  int n = int(float(tile) / float(l.groups));  // or one beside it, where there are millions of tiles
  n += int((n + 1) * l.groups <= tile) - int(n * l.groups > tile);
  int of_block = over(first_layer, l.block.x);
  ivec2 pixel = ivec2(times(inside.x, l.block.x) + rest(first_layer, l.block.x),
                      times(inside.y, l.block.y) + rest(of_block, l.block.y));
  pixel = ivec2(times(pixel.x, l.step.x), times(pixel.y, l.step.y)) + phase;
  int q = times(tile - n * l.groups, l.quads) + over(of_block, l.block.y);
  return Place(n, pixel.y, pixel.x, q);
}
