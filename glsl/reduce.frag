// Sums, means, extremes, products and places of extremes over any of the batch, height, width and channels (which remain
// with extent 1). START and the two macros STEP(best, v) and, for argmax and argmin, BETTER(v, best) say what is reduced.
//
// reads   picture0 (PICTURE0)
// writes  OUTPUT, one quad a fragment
// drawn   at the size of OUTPUT
#include "include/output.glsl"

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  ivec4 first = ivec4(OVER_N ? 0 : place.n, OVER_H ? 0 : place.y, OVER_W ? 0 : place.x, OVER_C ? 0 : place.q);
  ivec4 last = ivec4(OVER_N ? PICTURE0.extent.x : place.n + 1, OVER_H ? PICTURE0.extent.y : place.y + 1,
                     OVER_W ? PICTURE0.extent.z : place.x + 1, OVER_C ? QUADS : place.q + 1);
  vec4 best = vec4(START);
  vec4 where = vec4(0.0);
  float index = 0.0;
  for (int n = first.x; n < last.x; ++n) {
    for (int y = first.y; y < last.y; ++y) {
      for (int x = first.z; x < last.z; ++x) {
        for (int q = first.w; q < last.w; ++q) {
          vec4 v = fetch_quad(picture0, PICTURE0, n, y, x, q);
          // The channels after the last one must not count.
          if (OVER_C && q == QUADS - 1) v = mix(vec4(START), v, lessThan(vec4(0, 1, 2, 3), vec4(TAIL)));
#if FIND_PLACE
          bvec4 better = BETTER(v, best);
          where = mix(where, vec4(index) + (OVER_C ? vec4(0, 1, 2, 3) : vec4(0.0)), better);
          best = mix(best, v, better);
          index += OVER_C ? 4.0 : 1.0;
#else
          best = STEP(best, v);
#endif
        }
      }
    }
  }
  if (OVER_C) {  // the four channels of the quad, into the first
#if FIND_PLACE
    for (int j = 1; j < 4; ++j) {
      bool better = BETTER(vec4(best[j]), vec4(best.x)).x || (best[j] == best.x && where[j] < where.x);
      if (better) {
        best.x = best[j];
        where.x = where[j];
      }
    }
    where = vec4(where.x, 0.0, 0.0, 0.0);
#else
    best.xy = STEP(best, best.zwxy).xy;
    best.x = STEP(best, best.yxwz).x;
    best = vec4(best.x, 0.0, 0.0, 0.0);
#endif
  }
#if FIND_PLACE
  best = where;
#endif
  result[0] = epilogue(best * FACTOR, place.n, place.y, place.x, place.q);
}
