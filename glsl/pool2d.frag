// Maximum or average under a sliding window; padding does not count.
//
// reads   picture0 (PICTURE0)
// writes  OUTPUT, one quad a fragment
// drawn   at the size of OUTPUT
#include "include/output.glsl"

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  ivec2 corner = ivec2(place.x, place.y) * ivec2(STRIDE_W, STRIDE_H) - ivec2(PAD_LEFT, PAD_TOP);
#if MAXIMUM
  vec4 best = vec4(-INFINITE);
#else
  vec4 sum = vec4(0.0);
  float count = 0.0;
#endif
  for (int ky = 0; ky < KERNEL_H; ++ky) {
    int y = corner.y + ky * DILATION_H;
    if (y < 0 || y >= PICTURE0.extent.y) continue;
    for (int kx = 0; kx < KERNEL_W; ++kx) {
      int x = corner.x + kx * DILATION_W;
      if (x < 0 || x >= PICTURE0.extent.z) continue;
      vec4 v = fetch_quad(picture0, PICTURE0, place.n, y, x, place.q);
#if MAXIMUM
      best = max(best, v);
#else
      sum += v;
      count += 1.0;
#endif
    }
  }
#if !MAXIMUM
  vec4 best = sum / max(count, 1.0);
#endif
  result[0] = epilogue(best, place.n, place.y, place.x, place.q);
}
