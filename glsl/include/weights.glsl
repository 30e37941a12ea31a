// The kernels of a layer lie in one texture as a grid: rows are output quads, columns are input quads (cells), each cell
// a kernel, and each of its taps a 4×4 matrix: a column of it for every input channel, with a number for every output
// channel. A matrix is one texel of bytes, two of half floats or four of floats, side by side. A row too wide for a
// texture is folded: WEIGHT_CELLS cells a row, WEIGHT_FOLDS rows. A grid too high is cut into WEIGHT_STRIPS that stand side
// by side. The C++ twin is src/programs/weights.cpp.
//
// Bytes stand for weight = scale × (byte - zero), where zero need not be whole; the scale is left to the end of the sum. The
// first texel of the row below the grid has the scale and the zero.
#define FLOAT32 0
#define FLOAT16 1
#define UINT8 2

#if WEIGHT_FORMAT == FLOAT32
uniform sampler2D weights;
#else
uniform highp usampler2D weights;
#endif

#if WEIGHT_FORMAT == UINT8
vec4 weight_zero, weight_scale;

// Each byte stays at its place in the word, so 256^i times too great: shifts are dear where they are not the same for a
// whole vector, and the scale can take it back once for the whole sum. The fourth is stored with its sign.
void load_weight_range() {
  vec2 range = uintBitsToFloat(texelFetch(weights, ivec2(0, WEIGHT_ROWS), 0).xy);
  weight_scale = range.x * vec4(1.0, 1.0 / 256.0, 1.0 / 65536.0, 1.0 / 16777216.0);
  weight_zero = vec4(range.yyy, range.y - 128.0) * vec4(1.0, 256.0, 65536.0, 16777216.0);
}

vec4 bytes_of(uint word) {
  return vec4(ivec4(int(word)) & ivec4(0xff, 0xff00, 0xff0000, 0xff000000)) - weight_zero;
}
#else
const float weight_scale = 1.0;
void load_weight_range() {}
#endif
vec4 halves_of(uvec2 words) { return vec4(unpackHalf2x16(words.x), unpackHalf2x16(words.y)); }

// The matrix of tap (ky, kx) of the texture's kernels, which are WEIGHT_H × WEIGHT_W.
mat4 weights_at(int q, int cell, int ky, int kx) {
#if WEIGHT_FOLDS > 1
  int row = q * WEIGHT_FOLDS + cell / WEIGHT_CELLS;
  int column = cell % WEIGHT_CELLS;
#else
  int row = q, column = cell;
#endif
#if WEIGHT_STRIPS > 1
  column += (row / WEIGHT_STRIP_ROWS) * WEIGHT_CELLS;
  row %= WEIGHT_STRIP_ROWS;
#endif
  row = row * WEIGHT_H + ky;
  column = column * WEIGHT_W + kx;
  vec2 scale = SCALE_OF(weights);
#if WEIGHT_FORMAT == UINT8
  uvec4 words = FETCH(weights, ivec2(column, row), scale);
  return mat4(bytes_of(words.x), bytes_of(words.y), bytes_of(words.z), bytes_of(words.w));
#elif WEIGHT_FORMAT == FLOAT16
  uvec4 first = FETCH(weights, ivec2(column * 2, row), scale), last = FETCH(weights, ivec2(column * 2 + 1, row), scale);
  return mat4(halves_of(first.xy), halves_of(first.zw), halves_of(last.xy), halves_of(last.zw));
#else
  column *= 4;
  return mat4(FETCH(weights, ivec2(column, row), scale), FETCH(weights, ivec2(column + 1, row), scale),
              FETCH(weights, ivec2(column + 2, row), scale), FETCH(weights, ivec2(column + 3, row), scale));
#endif
}
