// The register block of a convolution: BLOCK_W pixels of a row × BLOCK_Q quads, layer = quad × BLOCK_W + pixel. TAPS taps of
// one row of the kernel are done at once, on a window of the picture's row: every pixel of it is read once, meets several
// taps, and each tap's matrix of weights meets all pixels of the block.
//
// The program defines WINDOW, how many pixels that are; COLUMN_STEP, how far they are apart; INPUT(p, t), what tap t of the
// block's pixel p meets of them, and INPUT_TOTAL(p, t), its sum; TAP_STEP, how far taps are apart in the kernel; and
// TAP_EXISTS(kx).
#include "include/output.glsl"
#include "include/weights.glsl"

vec4 sums[LAYERS];
#if WEIGHT_FORMAT == UINT8
float input_sums[BLOCK_W];
#endif

#define CLEAR(i) sums[i] = vec4(0.0);
#define CLEAR_INPUT(p) input_sums[p] = 0.0;
#define LOAD(i) window[i] = fetch_padded_pixel(picture, l, row, x + (i) * COLUMN_STEP);
#define TOTAL(i) totals[i] = dot(window[i], vec4(1.0));
#define MULTIPLY(t, j, p) sums[(j) * BLOCK_W + (p)] += m * INPUT(p, t);
#define QUAD(t, j)                                                  \
  m = weights_at(q + (j), cell + iq, ky, kx + (t) * TAP_STEP);      \
  REPEAT_W_WITHIN(MULTIPLY, t, j)
#define ADD_INPUT(t, p) input_sums[p] += INPUT_TOTAL(p, t);
#if WEIGHT_FORMAT == UINT8
#define TAP(t)                           \
  if (TAP_EXISTS(kx + (t) * TAP_STEP)) { \
    REPEAT_Q_WITH(QUAD, t)               \
    REPEAT_W_WITH(ADD_INPUT, t)          \
  }
#else
#define TAP(t)                           \
  if (TAP_EXISTS(kx + (t) * TAP_STEP)) { \
    REPEAT_Q_WITH(QUAD, t)               \
  }
#endif

// Adds what TAPS taps from (ky, kx) on contribute to the output quads from q on. Row y is within the picture; x is where
// the window begins; the weights of quad 0 are in `cell`. A sum in slices: picture n of the output has the n-th part of
// all cells, and there is one picture only to read.
void add_taps(TENSOR picture, Layout l, int cell, int n, int y, int x, int q, int ky, int kx) {
#if SLICES > 1
  int cells = (ALL_CELLS + SLICES - 1) / SLICES;
  int begin = max(n * cells - cell, 0), end = min((n + 1) * cells - cell, quads_of(l));
  n = 0;
#else
  int begin = 0, end = quads_of(l);
#endif
  for (int iq = begin; iq < end; ++iq) {
    Row row = row_at(picture, l, n, y, iq);
    vec4 window[WINDOW];
    mat4 m;
    REPEAT_WINDOW(LOAD)
#if WEIGHT_FORMAT == UINT8
    float totals[WINDOW];
    REPEAT_WINDOW(TOTAL)
#endif
    REPEAT_TAPS(TAP)
  }
}

void clear_sums() {
  REPEAT_LAYERS(CLEAR)
#if WEIGHT_FORMAT == UINT8
  REPEAT_W(CLEAR_INPUT)
#endif
}

#if WEIGHT_FORMAT == UINT8
#define SUM(i, p) weighted_sum(sums[i], input_sums[p], range)
#else
#define SUM(i, p) sums[i]
#endif
#define WRITE(j, p)                                                                                     \
  result[(j) * BLOCK_W + (p)] = epilogue_of_quad(SUM((j) * BLOCK_W + (p), p), place.n, place.y,         \
                                                 place.x + (p) * OUTPUT_STEP, place.q + (j));
#define WRITE_QUAD(j)           \
  load_constants(place.q + (j)); \
  REPEAT_W_WITH(WRITE, j)

void write_sums(Place place) {
#if WEIGHT_FORMAT == UINT8
  vec4 range = weight_range();
#endif
  REPEAT_Q(WRITE_QUAD)
}
