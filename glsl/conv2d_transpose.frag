// Transposed convolution of one or several pictures: output pixel y gathers input pixel i × kernel tap k wherever
// y + PAD_TOP = i × stride + k. So a pixel meets only every stride-th tap; which ones is its phase. The pixels of a block
// are of one phase: a multiple of the stride apart.
//
// reads   picture0 …, weights (a dilated kernel comes with its zeros written out)
// writes  OUTPUT, a block a fragment
// drawn   at the size of OUTPUT
#define INPUT_STEP (OUTPUT_STEP / STRIDE_W)
#include "include/block.glsl"

void accumulate(highp sampler2DArray picture, Layout l, int quads, int first_cell, Place place) {
  const ivec2 stride = ivec2(STRIDE_W, STRIDE_H);
  // Not negative, since the padding is not, so / and % are floors.
  ivec2 at = ivec2(place.x, place.y) + ivec2(PAD_LEFT, PAD_TOP);
  ivec2 first = at / stride;
  ivec2 phase = at - first * stride;
  for (int ty = 0; ty < TAPS_H; ++ty) {
    int ky = phase.y + ty * STRIDE_H;
    int y = first.y - ty;
    if (ky >= KERNEL_H || y < 0 || y >= l.extent.y) continue;
    for (int tx = 0; tx < TAPS_W; ++tx) {
      int kx = phase.x + tx * STRIDE_W;
      int x = first.x - tx;
      if (kx >= KERNEL_W) continue;
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
