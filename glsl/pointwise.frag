// Loads one tensor, broadcast to the output; everything else is in the epilogue.
//
// reads   picture0 (PICTURE0) through LOAD(n, y, x, q)
// writes  OUTPUT, one quad a fragment
// drawn   at the size of OUTPUT
#include "include/output.glsl"

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  result[0] = epilogue(LOAD(place.n, place.y, place.x, place.q), place.n, place.y, place.x, place.q);
}
