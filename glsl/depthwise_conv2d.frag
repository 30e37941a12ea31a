// Depthwise convolution: every input channel has MULTIPLIER kernels of its own; output channel = input × MULTIPLIER + m.
//
// reads   picture0 (PICTURE0), weights: column output quad × KERNEL_W + kx (folded at WEIGHT_CELLS quads), row ky
// writes  OUTPUT: BLOCK_W pixels of a row a fragment
// drawn   at the size of OUTPUT
#include "include/output.glsl"

uniform sampler2D weights;

vec4 sums[LAYERS];

// The input channels that belong to the four output channels of quad q.
vec4 fetch_sources(int n, int y, int x, int q) {
#if MULTIPLIER == 1
  return fetch_padded(picture0, PICTURE0, n, y, x, q);
#else
  vec4 v = vec4(0.0);
  if (x < 0 || x >= PICTURE0.extent.z) return v;
  for (int j = 0; j < 4; ++j) {
    int c = min((q * 4 + j) / MULTIPLIER, PICTURE0.extent.w - 1);
    v[j] = fetch_channel(picture0, PICTURE0, n, y, x, c);
  }
  return v;
#endif
}

#define CLEAR(i) sums[i] = vec4(0.0);
#define MULTIPLY(p) sums[p] += w * fetch_sources(place.n, y, x + (p) * STRIDE_W * OUTPUT_STEP, place.q);
#define WRITE(i) result[i] = epilogue(sums[i], place.n, place.y, place.x + (i) * OUTPUT_STEP, place.q);

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  REPEAT_LAYERS(CLEAR)
  ivec2 corner = ivec2(place.x, place.y) * ivec2(STRIDE_W, STRIDE_H) - ivec2(PAD_LEFT, PAD_TOP);
  ivec2 cell = ivec2((place.q % WEIGHT_CELLS) * KERNEL_W, (place.q / WEIGHT_CELLS) * KERNEL_H);
  for (int ky = 0; ky < KERNEL_H; ++ky) {
    int y = corner.y + ky * DILATION_H;
    if (y < 0 || y >= PICTURE0.extent.y) continue;
    for (int kx = 0; kx < KERNEL_W; ++kx) {
      vec4 w = texelFetch(weights, cell + ivec2(kx, ky), 0);
      int x = corner.x + kx * DILATION_W;
      REPEAT_LAYERS(MULTIPLY)
    }
  }
  REPEAT_LAYERS(WRITE)
}
