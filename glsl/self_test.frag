// Known numbers into every target, so that reading them back tells whether the device really draws to that many of them.
// The C++ twin is known_number() in src/runtime/targets.cpp.
//
// reads   scale: how far the numbers reach
// writes  LAYERS targets: four numbers a texel
// drawn   over a few texels
#include "include/texel.glsl"
#include "include/repeat.glsl"

uniform float scale;

layout(location = 0) out highp TEXEL result[LAYERS];

TEXEL known_numbers(int layer) {
  float k = float(1 + int(gl_FragCoord.x) + 4 * int(gl_FragCoord.y) + 16 * layer);
  return encode(false, coding_of(false, 0, 0), vec4(k / 3.0, -k * scale, k / scale, k));
}

#define WRITE(i) result[i] = known_numbers(i);

void main() { REPEAT_LAYERS(WRITE) }
