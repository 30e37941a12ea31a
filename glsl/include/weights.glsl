// The kernels of a layer lie in one texture as a grid: rows are output quads, columns are input quads (cells), each cell
// a kernel; four texels side by side are the weights of four input channels, the four numbers of a texel those of four
// output channels. A row too wide for a texture is folded: WEIGHT_CELLS cells a row, WEIGHT_FOLDS rows.
// A grid too high is cut into WEIGHT_STRIPS that stand side by side.
// The C++ twin is src/programs/weights.cpp.
uniform sampler2D weights;

mat4 weights_at(int q, int cell, int ky, int kx) {
  int row = q * WEIGHT_FOLDS + cell / WEIGHT_CELLS;
  int column = cell % WEIGHT_CELLS;
#if WEIGHT_STRIPS > 1
  column += (row / WEIGHT_STRIP_ROWS) * WEIGHT_CELLS;
  row %= WEIGHT_STRIP_ROWS;
#endif
  row = row * KERNEL_H + ky;
  column = (column * KERNEL_W + kx) * 4;
  return mat4(texelFetch(weights, ivec2(column, row), 0), texelFetch(weights, ivec2(column + 1, row), 0),
              texelFetch(weights, ivec2(column + 2, row), 0), texelFetch(weights, ivec2(column + 3, row), 0));
}
