// What every kernel ends with: the pointwise operations fused into it, and one output a layer.
//
// The program defines OUTPUT (its Layout); LAYERS, how many of the block it writes, and FIRST_LAYER; EPILOGUE: statements on
// v, n, y, x and q; and LOAD_CONSTANTS: those that read what EPILOGUE wants for the channels of quad q. It declares what
// those read through the include "tensors".
#include "include/layout.glsl"
#include "include/repeat.glsl"
#include "include/pointwise.glsl"
#include "tensors"

layout(location = 0) out highp TEXEL result[LAYERS];

Coding coding;

void load_constants(int q) {
  coding = coding_of(OUTPUT.has_ranges, OUTPUT.range, q);
  LOAD_CONSTANTS
}

// For several pixels of a quad whose constants are loaded.
TEXEL epilogue_of_quad(vec4 v, int n, int y, int x, int q) {
  EPILOGUE
  return encode(OUTPUT.has_ranges, coding, v);
}

TEXEL epilogue(vec4 v, int n, int y, int x, int q) {
  load_constants(q);
  return epilogue_of_quad(v, n, y, x, q);
}
