// What every kernel ends with: the pointwise operations fused into it, and one output a layer.
//
// The program defines OUTPUT (its Layout), LAYERS, and EPILOGUE(v, n, y, x, q): statements on v; it also declares the
// samplers that those read, through the include "tensors".
#include "include/layout.glsl"
#include "include/repeat.glsl"
#include "include/pointwise.glsl"
#include "tensors"

layout(location = 0) out highp vec4 result[LAYERS];

vec4 epilogue(vec4 v, int n, int y, int x, int q) {
  EPILOGUE
  return v;
}
