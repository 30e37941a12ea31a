// The register block of a convolution: BLOCK_W pixels of a row × BLOCK_Q quads, layer = quad × BLOCK_W + pixel. TAPS taps of
// one row of the kernel are done at once, on a window of the picture's row: every pixel of it is read once, meets several
// taps, and each tap's matrix of weights meets all pixels of the block.
//
// The program defines WINDOW, how many pixels that are; COLUMN_STEP, how far they are apart; INPUT(p, t), what tap t of the
// block's pixel p meets of them; TAP_STEP, how far taps are apart in the kernel; and TAP_EXISTS(kx).
#include "include/output.glsl"
#include "include/weights.glsl"

vec4 sums[LAYERS];

#define CLEAR(i) sums[i] = vec4(0.0);
#define LOAD(i) window[i] = fetch_pixel(picture, l, row, x + (i) * COLUMN_STEP);
#define LOAD_PADDED(i) window[i] = fetch_padded_pixel(picture, l, row, x + (i) * COLUMN_STEP);
#define MULTIPLY(t, j, p) sums[(j) * BLOCK_W + (p)] += m * INPUT(p, t);
#define QUAD(t, j)                                                  \
  m = weights_at(q + (j), cell, ky, kx + (t) * TAP_STEP);      \
  REPEAT_W_WITHIN(MULTIPLY, t, j)
#define TAP(t)                           \
  if (TAP_EXISTS(kx + (t) * TAP_STEP)) { \
    REPEAT_Q_WITH(QUAD, t)               \
  }

// Where a sum has come to: taps from (ty, tx) on, of input quad iq.
struct Turn {
  int iq, ty, tx;
};

void next_turn(inout Turn turn, int begin, int end, int row_taps) {
  ++turn.iq;
  bool is_next = turn.iq == end;
  turn.iq = is_next ? begin : turn.iq;
#if !ROW_AT_ONCE
  turn.tx += is_next ? TAPS : 0;
  is_next = turn.tx >= row_taps;
  turn.tx = is_next ? 0 : turn.tx;
#endif
  turn.ty += int(is_next);
}

// Adds what TAPS taps from (ky, kx) on contribute to the output quads from q on. Row y is within the picture; x is where the
// window begins; `cell` has the weights.
void add_taps(TENSOR picture, Layout l, int cell, int n, int y, int x, int iq, int q, int ky, int kx) {
  Row row = row_at(picture, l, n, y, iq);
  vec4 window[WINDOW];
  mat4 m;
  LOAD_WINDOW
  REPEAT_TAPS(TAP)
}

#if SLICES > 1
#define SLICE_OF_QUADS \
  int cells = (ALL_CELLS + SLICES - 1) / SLICES; \
  int begin = max(place.n * cells - first_cell, 0), end = min((place.n + 1) * cells - first_cell, quads_of(l)), n = 0;
#else
#define SLICE_OF_QUADS int begin = 0, end = quads_of(l), n = place.n;
#endif

void clear_sums() {
  REPEAT_LAYERS(CLEAR)
  load_weight_range();
}

#define WRITE(j, p)                                                                                     \
  result[(j) * BLOCK_W + (p)] = epilogue_of_quad(sums[(j) * BLOCK_W + (p)] * weight_scale, place.n, place.y,         \
                                                 place.x + (p) * OUTPUT_STEP, place.q + (j));
#define WRITE_QUAD(j)           \
  load_constants(place.q + (j)); \
  REPEAT_W_WITH(WRITE, j)

void write_sums(Place place) {
  REPEAT_Q(WRITE_QUAD)
}
