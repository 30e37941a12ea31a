// Resizes a picture, nearest or bilinear, with TensorFlow's three rules of where a pixel lies (see Resize in
// src/graph/ops.hpp).
//
// reads   picture0 (PICTURE0)
// writes  OUTPUT, one quad a fragment
// drawn   at the size of OUTPUT
#include "include/output.glsl"

vec4 at(Place place, ivec2 p) {
  p = clamp(p, ivec2(0), PICTURE0.extent.zy - 1);
  return fetch_quad(picture0, PICTURE0, place.n, p.y, p.x, place.q);
}

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  vec2 pixel = vec2(place.x, place.y);
  const vec2 scale = vec2(SCALE_W, SCALE_H);
#if BILINEAR
#if HALF_PIXEL_CENTERS
  vec2 source = max((pixel + 0.5) * scale - 0.5, 0.0);
#else
  vec2 source = pixel * scale;
#endif
  ivec2 low = ivec2(floor(source));
  vec2 t = source - vec2(low);
  vec4 top = mix(at(place, low), at(place, low + ivec2(1, 0)), t.x);
  vec4 bottom = mix(at(place, low + ivec2(0, 1)), at(place, low + ivec2(1, 1)), t.x);
  vec4 v = mix(top, bottom, t.y);
#else
#if HALF_PIXEL_CENTERS
  vec2 source = (pixel + 0.5) * scale;
#else
  vec2 source = pixel * scale;
#endif
#if ALIGN_CORNERS
  source += 0.5;
#endif
  vec4 v = at(place, ivec2(floor(source)));
#endif
  result[0] = epilogue(v, place.n, place.y, place.x, place.q);
}
