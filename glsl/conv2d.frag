// Convolution of one or several pictures (their concatenation along the channels).
//
// reads   picture0 … (their layouts: PICTURE0 …), weights: the taps [FIRST, LAST) of the kernel; the others would only ever
//         meet padding
// writes  OUTPUT, a block a fragment
// drawn   at the size of OUTPUT
#include "include/block.glsl"

void accumulate(TENSOR picture, Layout l, int first_cell, Place place) {
  ivec2 corner = ivec2(place.x, place.y) * ivec2(STRIDE_W, STRIDE_H) - ivec2(PAD_LEFT, PAD_TOP) +
                 ivec2(FIRST_KX * DILATION_W, FIRST_KY * DILATION_H);
  SLICE_OF_QUADS
  // The rows of taps that meet the picture.
  int first = quotient(max(-corner.y, 0) + DILATION_H - 1, DILATION_H);
  int last = min(quotient(max(l.extent.y - corner.y, 0) + DILATION_H - 1, DILATION_H), WEIGHT_H);
  Turn turn = Turn(begin, first, 0);
  for (int turns = max(last - first, 0) * (WEIGHT_W / TAPS) * max(end - begin, 0); turns > 0; --turns) {
    ivec2 at = corner + ivec2(turn.tx, turn.ty) * ivec2(DILATION_W, DILATION_H);
    add_taps(picture, l, first_cell + turn.iq, n, at.y, at.x, turn.iq, place.q, turn.ty, turn.tx);
    next_turn(turn, begin, end, WEIGHT_W);
  }
}

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  load_weight_range();
  ACCUMULATE_PICTURES
  write_sums(place);
}
