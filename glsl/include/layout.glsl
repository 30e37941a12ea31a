// Where each element of a tensor lies in its texture. The C++ twin is src/plan/layout.hpp.
//
// A tensor is a set of tiles: one for each picture of the batch, each group of channel quads and each phase (the pixels
// that stand 2^step_shift apart). The tiles stand in a grid of 2^column_shift columns. One texel holds four channels of
// one pixel. What one fragment computes, a block of 2^block_shift.x × 2^block_shift.y pixels and 2^quad_shift quads, lies
// at one place in as many layers.
struct Layout {
  ivec4 extent;      // n, h, w, c
  int groups;        // of quads, in each picture
  int column_shift;
  ivec2 tile;        // width and height of a tile in texels
  ivec2 step_shift;
  ivec2 block_shift;
  int quad_shift;
};

vec4 fetch_quad(highp sampler2DArray tensor, Layout l, int n, int y, int x, int q) {
  ivec2 pixel = ivec2(x, y);
  ivec2 phase = pixel & ((ivec2(1) << l.step_shift) - 1);
  pixel >>= l.step_shift;
  int tile = n * l.groups + (q >> l.quad_shift);
  tile = (tile << (l.step_shift.x + l.step_shift.y)) + (phase.y << l.step_shift.x) + phase.x;
  ivec2 corner = ivec2(tile & ((1 << l.column_shift) - 1), tile >> l.column_shift) * l.tile;
  ivec2 member = pixel & ((ivec2(1) << l.block_shift) - 1);
  int layer = ((q & ((1 << l.quad_shift) - 1)) << (l.block_shift.x + l.block_shift.y));
  layer += (member.y << l.block_shift.x) + member.x;
  return texelFetch(tensor, ivec3(corner + (pixel >> l.block_shift), layer), 0);
}

// The same, zero outside the picture.
vec4 fetch_padded(highp sampler2DArray tensor, Layout l, int n, int y, int x, int q) {
  ivec2 limit = l.extent.zy - 1;
  ivec2 inside = clamp(ivec2(x, y), ivec2(0), limit);
  vec4 value = fetch_quad(tensor, l, n, inside.y, inside.x, q);
  return inside == ivec2(x, y) ? value : vec4(0.0);
}

float fetch_channel(highp sampler2DArray tensor, Layout l, int n, int y, int x, int c) {
  return fetch_quad(tensor, l, n, y, x, c >> 2)[c & 3];
}

// Element `index` of the tensor in row-major order.
float fetch_element(highp sampler2DArray tensor, Layout l, int index) {
  int c = index % l.extent.w;
  index /= l.extent.w;
  int x = index % l.extent.z;
  index /= l.extent.z;
  return fetch_channel(tensor, l, index / l.extent.y, index % l.extent.y, x, c);
}

// What this fragment computes: of picture n, pixels from (x, y) on, 2^step_shift apart, and quads from q on.
struct Place {
  int n, y, x, q;
};

Place place_of_fragment(Layout l) {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 cell = at / l.tile;
  ivec2 inside = at - cell * l.tile;
  int tile = (cell.y << l.column_shift) + cell.x;
  ivec2 phase = ivec2(tile, tile >> l.step_shift.x) & ((ivec2(1) << l.step_shift) - 1);
  tile >>= l.step_shift.x + l.step_shift.y;
  int n = tile / l.groups;
  ivec2 pixel = (inside << l.block_shift << l.step_shift) + phase;
  return Place(n, pixel.y, pixel.x, (tile - n * l.groups) << l.quad_shift);
}
