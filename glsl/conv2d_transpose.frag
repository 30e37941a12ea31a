// Transposed convolution of one or several pictures: output pixel y gathers input pixel i × kernel tap k wherever
// y + PAD_TOP = i × stride + k. So a pixel meets only every stride-th tap; which ones is its phase. The pixels of a block
// are of one phase: a multiple of the stride apart.
//
// reads   picture0 …, weights: the taps [FIRST, LAST) that meet the picture anywhere (a dilated kernel comes with its zeros
//         written out)
// writes  OUTPUT, a block a fragment
// drawn   at the size of OUTPUT
#include "include/block.glsl"

void accumulate(TENSOR picture, Layout l, int first_cell, Place place) {
  const ivec2 stride = ivec2(STRIDE_W, STRIDE_H);
  // Not negative, since the padding is not, so / and % are floors.
  ivec2 at = ivec2(place.x, place.y) + ivec2(PAD_LEFT, PAD_TOP);
  ivec2 first = at / stride;
  ivec2 tap = at - first * stride - ivec2(FIRST_KX, FIRST_KY);
  for (int ty = 0; ty < PHASE_TAPS_H; ++ty) {
    int ky = tap.y + ty * STRIDE_H;
    int y = first.y - ty;
    if (ky < 0 || ky >= WEIGHT_H || y < 0 || y >= l.extent.y) continue;
    for (int tx = 0; tx < PHASE_TAPS_W; tx += TAPS) {
      // The window runs from the last of these taps to the first.
      int x = first.x - tx - (TAPS - 1);
      add_taps(picture, l, first_cell, place.n, y, x, place.q, ky, tap.x + tx * STRIDE_W);
    }
  }
}

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  clear_sums();
  ACCUMULATE_PICTURES
  write_sums(place);
}
