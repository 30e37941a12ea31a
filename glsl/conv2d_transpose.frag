// Transposed convolution of one or several pictures: output pixel y gathers input pixel i × kernel tap k wherever
// y + PAD_TOP = i × stride + k. So a pixel meets only every stride-th tap; which ones is its phase.
//
// reads   picture0 …, weights (a dilated kernel comes with its zeros written out)
// writes  OUTPUT: BLOCK_W × BLOCK_H pixels × BLOCK_Q quads a fragment; a block of stride × stride pixels has all phases
// drawn   at the size of OUTPUT
#include "include/output.glsl"
#include "include/weights.glsl"

vec4 sums[LAYERS];

#define PIXEL(p)                                                                        \
  {                                                                                     \
    ivec2 at = corner + ivec2((p) % BLOCK_W, (p) / BLOCK_W);                            \
    ivec2 phase = at % ivec2(STRIDE_W, STRIDE_H);                                       \
    ivec2 k = phase + ivec2(tx, ty) * ivec2(STRIDE_W, STRIDE_H);                        \
    ivec2 i = at / ivec2(STRIDE_W, STRIDE_H) - ivec2(tx, ty);                           \
    if (k.x < KERNEL_W && k.y < KERNEL_H && i.x >= 0 && i.y >= 0 && i.x < l.extent.z && \
        i.y < l.extent.y) {                                                             \
      for (int iq = 0; iq < quads; ++iq) {                                              \
        vec4 v = fetch_quad(picture, l, place.n, i.y, i.x, iq);                         \
        REPEAT_Q_WITH(MULTIPLY, p)                                                      \
      }                                                                                 \
    }                                                                                   \
  }
#define MULTIPLY(p, j) sums[(j) * PIXELS + (p)] += weights_at(place.q + (j), first_cell + iq, k.y, k.x) * v;

void accumulate(highp sampler2DArray picture, Layout l, int quads, int first_cell, Place place) {
  // Not negative, so that / and % are floors: PAD is below the kernel's size.
  ivec2 corner = ivec2(place.x, place.y) + ivec2(PAD_LEFT, PAD_TOP);
  for (int ty = 0; ty < TAPS_H; ++ty) {
    for (int tx = 0; tx < TAPS_W; ++tx) {
      REPEAT_PIXELS(PIXEL)
    }
  }
}

#define CLEAR(i) sums[i] = vec4(0.0);
#define WRITE(i)                                                             \
  result[i] = epilogue(sums[i], place.n, place.y + ((i) % PIXELS) / BLOCK_W, \
                       place.x + (i) % BLOCK_W, place.q + (i) / PIXELS);

void main() {
  Place place = place_of_fragment(OUTPUT);
  REPEAT_LAYERS(CLEAR)
  ACCUMULATE_PICTURES
  REPEAT_LAYERS(WRITE)
}
