// Transposed convolution of one or several pictures: output pixel y gathers input pixel i × kernel tap k wherever
// y + PAD_TOP = i × stride + k. So a pixel meets only every stride-th tap; which ones is its phase. The pixels of a block
// are of one phase: a multiple of the stride apart.
//
// reads   picture0 …, weights: the taps [FIRST, LAST) that meet the picture anywhere (a dilated kernel comes with its zeros
//         written out)
// writes  OUTPUT, a block a fragment
// drawn   at the size of OUTPUT
#include "include/block.glsl"

void accumulate(TENSOR picture, Layout l, int first_cell, Place place) {
  const ivec2 stride = ivec2(STRIDE_W, STRIDE_H);
  // Not negative, since the padding is not.
  ivec2 at = ivec2(place.x, place.y) + ivec2(PAD_LEFT, PAD_TOP);
  ivec2 first = ivec2(quotient(at.x, STRIDE_W), quotient(at.y, STRIDE_H));
  ivec2 tap = at - first * stride - ivec2(FIRST_KX, FIRST_KY);
  SLICE_OF_QUADS
  // The rows of taps that exist and meet the picture.
  int first_y = max(first.y - l.extent.y + 1, quotient(max(-tap.y, 0) + STRIDE_H - 1, STRIDE_H));
  int last_y = min(min(first.y + 1, PHASE_TAPS_H), quotient(max(WEIGHT_H - tap.y, 0) + STRIDE_H - 1, STRIDE_H));
  Turn turn = Turn(begin, first_y, 0);
  for (int turns = max(last_y - first_y, 0) * (PHASE_TAPS_W / TAPS) * max(end - begin, 0); turns > 0; --turns) {
    // The window runs from the last of these taps to the first.
    ivec2 at = first - ivec2(turn.tx + (TAPS - 1), turn.ty), k = tap + ivec2(turn.tx, turn.ty) * stride;
    add_taps(picture, l, first_cell + turn.iq, n, at.y, at.x, turn.iq, place.q, k.y, k.x);
    next_turn(turn, begin, end, PHASE_TAPS_W);
  }
}

void main() {
  Place place = place_of_fragment(OUTPUT, FIRST_LAYER);
  load_weight_range();
  ACCUMULATE_PICTURES
  write_sums(place);
}
