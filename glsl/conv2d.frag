// Convolution of one or several pictures (their concatenation along the channels).
//
// reads   picture0 … (their layouts: PICTURE0 …), weights: the taps [FIRST, LAST) of the kernel; the others would only ever
//         meet padding
// writes  OUTPUT, a block a fragment
// drawn   at the size of OUTPUT
#include "include/block.glsl"

void accumulate(TENSOR picture, Layout l, int first_cell, Place place) {
  ivec2 corner = ivec2(place.x, place.y) * ivec2(STRIDE_W, STRIDE_H) - ivec2(PAD_LEFT, PAD_TOP) +
                 ivec2(FIRST_KX * DILATION_W, FIRST_KY * DILATION_H);
  for (int ky = 0; ky < WEIGHT_H; ++ky) {
    int y = corner.y + ky * DILATION_H;
    if (y < 0 || y >= l.extent.y) continue;
    for (int kx = 0; kx < WEIGHT_W; kx += TAPS) {
      add_taps(picture, l, first_cell, place.n, y, corner.x + kx * DILATION_W, place.q, ky, kx);
    }
  }
}

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  clear_sums();
  ACCUMULATE_PICTURES
  write_sums(place);
}
