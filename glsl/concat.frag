// Puts two tensors one after the other along one extent. (Longer lists are chains of this; a concatenation that only
// convolutions read costs nothing, they read its parts.)
//
// reads   picture0, picture1 (PICTURE0, PICTURE1); AXIS 0 n, 1 h, 2 w, 3 c; SPLIT: the first one's extent there
// writes  OUTPUT, one quad a fragment
// drawn   at the size of OUTPUT
#include "include/output.glsl"

vec4 load(Place place) {
#if AXIS == 3
#if SPLIT % 4 == 0
  return place.q < SPLIT / 4 ? fetch_quad(picture0, PICTURE0, place.n, place.y, place.x, place.q)
                             : fetch_quad(picture1, PICTURE1, place.n, place.y, place.x, place.q - SPLIT / 4);
#else
  vec4 v = vec4(0.0);
  for (int j = 0; j < 4; ++j) {
    int c = min(place.q * 4 + j, OUTPUT.extent.w - 1);
    v[j] = c < SPLIT ? fetch_channel(picture0, PICTURE0, place.n, place.y, place.x, c)
                     : fetch_channel(picture1, PICTURE1, place.n, place.y, place.x, c - SPLIT);
  }
  return v;
#endif
#else
  ivec3 at = ivec3(place.n, place.y, place.x);
  if (at[AXIS] < SPLIT) return fetch_quad(picture0, PICTURE0, at.x, at.y, at.z, place.q);
  at[AXIS] -= SPLIT;
  return fetch_quad(picture1, PICTURE1, at.x, at.y, at.z, place.q);
#endif
}

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  result[0] = epilogue(load(place), place.n, place.y, place.x, place.q);
}
