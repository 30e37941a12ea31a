// Product of two matrices that the network computes, one for each n and h: a (M, K) × b (K, N), either stored transposed.
// (A product with constant weights is a 1×1 convolution.)
//
// reads   picture0 (A), picture1 (B), layouts PICTURE0, PICTURE1
// writes  OUTPUT, one quad a fragment
// drawn   at the size of OUTPUT
#include "include/output.glsl"

float a_at(int n, int h, int row, int k) {
#if TRANSPOSE_A
  return fetch_channel(picture0, PICTURE0, n, h, k, row);
#else
  return fetch_channel(picture0, PICTURE0, n, h, row, k);
#endif
}

vec4 b_at(int n, int h, int k, int q) {
#if TRANSPOSE_B
  vec4 v = vec4(0.0);
  for (int j = 0; j < 4; ++j) {
    int column = min(q * 4 + j, PICTURE1.extent.z - 1);
    v[j] = fetch_channel(picture1, PICTURE1, n, h, column, k);
  }
  return v;
#else
  return fetch_quad(picture1, PICTURE1, n, h, k, q);
#endif
}

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  // A leading extent of 1 is broadcast.
  ivec2 batch_a = min(ivec2(place.n, place.y), PICTURE0.extent.xy - 1);
  ivec2 batch_b = min(ivec2(place.n, place.y), PICTURE1.extent.xy - 1);
  vec4 sum = vec4(0.0);
  for (int k = 0; k < DEPTH; ++k) {
    sum += a_at(batch_a.x, batch_a.y, place.x, k) * b_at(batch_b.x, batch_b.y, k, place.q);
  }
  result[0] = epilogue(sum, place.n, place.y, place.x, place.q);
}
