// Convolution of one or several pictures (their concatenation along the channels).
//
// reads   picture0 … (their layouts: PICTURE0 …), weights
// writes  OUTPUT, a block a fragment
// drawn   at the size of OUTPUT
#define INPUT_STEP (STRIDE_W * OUTPUT_STEP)
#include "include/block.glsl"

void accumulate(highp sampler2DArray picture, Layout l, int quads, int first_cell, Place place) {
  ivec2 corner = ivec2(place.x, place.y) * ivec2(STRIDE_W, STRIDE_H) - ivec2(PAD_LEFT, PAD_TOP);
  // Taps outside [FIRST, LAST) meet only padding, wherever the kernel stands.
  for (int ky = FIRST_KY; ky < LAST_KY; ++ky) {
    int y = corner.y + ky * DILATION_H;
    if (y < 0 || y >= l.extent.y) continue;
    for (int kx = FIRST_KX; kx < LAST_KX; ++kx) {
      int x = corner.x + kx * DILATION_W;
      add_tap(picture, l, quads, first_cell, place.n, y, x, place.q, ky, kx);
    }
  }
}

void main() {
  Place place = place_of_fragment(OUTPUT);
  REPEAT_LAYERS(CLEAR)
  ACCUMULATE_PICTURES
  REPEAT_LAYERS(WRITE)
}
