// Convolution of one or several pictures (their concatenation along the channels).
//
// reads   picture0 … (their layouts: PICTURE0 …), weights
// writes  OUTPUT: BLOCK_W pixels of a row × BLOCK_Q quads a fragment, layer = quad × BLOCK_W + pixel
// drawn   at the size of OUTPUT
#include "include/output.glsl"
#include "include/weights.glsl"

vec4 sums[LAYERS];

#define LOAD(p) inputs[p] = fetch_padded(picture, l, place.n, y, x + (p) * STRIDE_W, iq);
#define MULTIPLY(j, p) sums[(j) * BLOCK_W + (p)] += m * inputs[p];
#define QUAD(j)                                           \
  m = weights_at(place.q + (j), first_cell + iq, ky, kx); \
  REPEAT_W_WITH(MULTIPLY, j)

void accumulate(highp sampler2DArray picture, Layout l, int quads, int first_cell, Place place) {
  ivec2 corner = ivec2(place.x, place.y) * ivec2(STRIDE_W, STRIDE_H) - ivec2(PAD_LEFT, PAD_TOP);
  // Taps outside [FIRST, LAST) meet only padding, wherever the kernel stands.
  for (int ky = FIRST_KY; ky < LAST_KY; ++ky) {
    int y = corner.y + ky * DILATION_H;
    if (y < 0 || y >= l.extent.y) continue;
    for (int kx = FIRST_KX; kx < LAST_KX; ++kx) {
      int x = corner.x + kx * DILATION_W;
      for (int iq = 0; iq < quads; ++iq) {
        vec4 inputs[BLOCK_W];
        mat4 m;
        REPEAT_W(LOAD)
        REPEAT_Q(QUAD)
      }
    }
  }
}

#define CLEAR(i) sums[i] = vec4(0.0);
#define WRITE(i) result[i] = epilogue(sums[i], place.n, place.y, place.x + (i) % BLOCK_W, place.q + (i) / BLOCK_W);

void main() {
  Place place = place_of_fragment(OUTPUT);
  REPEAT_LAYERS(CLEAR)
  ACCUMULATE_PICTURES
  REPEAT_LAYERS(WRITE)
}
