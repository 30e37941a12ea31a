// The register block of a convolution: BLOCK_W pixels of a row × BLOCK_Q quads, layer = quad × BLOCK_W + pixel. One input quad
// meets the weights of all output quads, and one 4×4 matrix of weights all pixels.
#include "include/output.glsl"
#include "include/weights.glsl"

vec4 sums[LAYERS];

#define CLEAR(i) sums[i] = vec4(0.0);
#define MULTIPLY(j, p) sums[(j) * BLOCK_W + (p)] += m * inputs[p];
#define QUAD(j)                             \
  m = weights_at(q + (j), cell + iq, ky, kx); \
  REPEAT_W_WITH(MULTIPLY, j)
#define LOAD(p) inputs[p] = fetch_padded(picture, l, n, y, x + (p) * INPUT_STEP, iq);
#define WRITE(i) \
  result[i] = epilogue(sums[i], place.n, place.y, place.x + (i) % BLOCK_W * OUTPUT_STEP, place.q + (i) / BLOCK_W);

// Adds what one tap (ky, kx) contributes to the output quads from q on: input pixels from (x, y) on, INPUT_STEP apart, all
// their quads; the weights of quad 0 are in `cell`.
void add_tap(highp sampler2DArray picture, Layout l, int quads, int cell, int n, int y, int x, int q, int ky, int kx) {
  for (int iq = 0; iq < quads; ++iq) {
    vec4 inputs[BLOCK_W];
    mat4 m;
    REPEAT_W(LOAD)
    REPEAT_Q(QUAD)
  }
}
