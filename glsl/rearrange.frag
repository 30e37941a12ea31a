// Moves elements: transposes, slices, pads, tiles and reshapes, all one rule (Rearrange in src/graph/ops.hpp).
//
// reads   picture0 (PICTURE0); EXTENTS: one EXTENT(count, step, start, limit, stride) for each extent, innermost first
// writes  OUTPUT, one quad a fragment
// drawn   at the size of OUTPUT
#include "include/output.glsl"

// A legal Rearrange mirrors at most once. `reflect` leaves the edge out, `symmetric` repeats it.
int mirrored(int p, int limit) { return p < 0 ? -p - REPEATS_EDGE : 2 * limit - 2 + REPEATS_EDGE - p; }

#if MIRROR
#define OUTSIDE(p, limit) p = mirrored(p, limit);
#else
#define OUTSIDE(p, limit) return FILL;
#endif
#define EXTENT(count, step, start, limit, stride)   \
  {                                                 \
    int p = (index % (count)) * (step) + (start);   \
    index /= (count);                               \
    if (p < 0 || p >= (limit)) { OUTSIDE(p, limit) } \
    source += p * (stride);                         \
  }

float element(int index) {
  int source = 0;
  EXTENTS
  return fetch_element(picture0, PICTURE0, source);
}

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  ivec4 extent = OUTPUT.extent;
  int pixel = ((place.n * extent.y + place.y) * extent.z + place.x) * extent.w;
  vec4 v = vec4(0.0);
  for (int j = 0; j < 4; ++j) {
    int c = place.q * 4 + j;
    if (c < extent.w) v[j] = element(pixel + c);
  }
  result[0] = epilogue(v, place.n, place.y, place.x, place.q);
}
