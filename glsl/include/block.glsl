// The register block of a convolution: BLOCK_W pixels of a row × BLOCK_Q quads, layer = quad × BLOCK_W + pixel. TAPS taps of
// one row of the kernel are done at once, on a window of the picture's row: every pixel of it is read once, meets several
// taps, and each tap's matrix of weights meets all pixels of the block.
//
// The program defines WINDOW, how many pixels that are; LOAD_WINDOW, their list: LOAD(i), or LOAD_PADDED(i) where a block
// may find it beside the picture; COLUMN_STEP, how far they are apart; INPUT(p, t), what tap t of the block's pixel p meets
// of them; TAP_STEP, how far taps are apart in the kernel; TAP_EXISTS(kx); ROW_AT_ONCE, whether TAPS are all of a row; and
// ZEROS, a list of as many as there are sums.
#include "include/output.glsl"
#include "include/weights.glsl"

// Everything is made with its value: a browser would first write zeros into what has none, one by one in a loop.
vec4 sums[LAYERS] = vec4[](ZEROS);

#define LOAD(i) fetch_pixel(picture, l, row, x + (i) * COLUMN_STEP)
#define LOAD_PADDED(i) fetch_padded_pixel(picture, l, row, x + (i) * COLUMN_STEP)
#define MULTIPLY(t, j, p) sums[(j) * BLOCK_W + (p)] += m * INPUT(p, t);
#define QUAD(t, j)                                               \
  {                                                              \
    mat4 m = weights_at(q + (j), cell, ky, kx + (t) * TAP_STEP); \
    REPEAT_W_WITHIN(MULTIPLY, t, j)                              \
  }
#define TAP(t)                           \
  if (TAP_EXISTS(kx + (t) * TAP_STEP)) { \
    REPEAT_Q_WITH(QUAD, t)               \
  }

// A software device carries all sums through the head of every loop, so a sum is one loop, not three within each other. Where
// it has come to: taps from (ty, tx) on, of input quad iq.
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
  vec4 window[WINDOW] = vec4[](LOAD_WINDOW);
  REPEAT_TAPS(TAP)
}

// Which input quads a fragment sums over, [begin, end), and of which picture n. Of a sum in slices, picture n of the output
// has the n-th part of all cells, and there is one picture only to read.
#if SLICES > 1
#define SLICE_OF_QUADS                                   \
  int cells = (ALL_CELLS + SLICES - 1) / SLICES;         \
  int begin = max(place.n * cells - first_cell, 0);      \
  int end = min((place.n + 1) * cells - first_cell, quads_of(l)), n = 0;
#else
#define SLICE_OF_QUADS int begin = 0, end = quads_of(l), n = place.n;
#endif

#define WRITE(j, p)                                                                                          \
  result[(j) * BLOCK_W + (p)] = epilogue_of_quad(sums[(j) * BLOCK_W + (p)] * weight_scale, place.n, place.y, \
                                                 place.x + (p) * OUTPUT_STEP, place.q + (j));
#define WRITE_QUAD(j)            \
  load_constants(place.q + (j)); \
  REPEAT_W_WITH(WRITE, j)

void write_sums(Place place) {
  REPEAT_Q(WRITE_QUAD)
}
