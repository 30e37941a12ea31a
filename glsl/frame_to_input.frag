// A small picture → the network's input: enlarged between the texels' centres, the border repeated.
//
// reads   small
// writes  one quad a pixel: grey, or red, green and blue (and 1, where the input has a fourth channel)
// drawn   at the size of the input
#include "include/input.glsl"

uniform sampler2D small;

out highp TEXEL result;

vec3 at(ivec2 p) { return texelFetch(small, clamp(p, ivec2(0), ivec2(SMALL_W, SMALL_H) - 1), 0).rgb; }

// The weights of the four taps around a point t behind the second.
vec4 tap_weights(float t) {
#if CUBIC
  // Keys' cubic with a = -0.5 (Catmull-Rom).
  float u = t * t, w = u * t;
  return 0.5 * vec4(-t + 2.0 * u - w, 2.0 - 5.0 * u + 3.0 * w, t + 4.0 * u - 3.0 * w, w - u);
#else
  return vec4(0.0, 1.0 - t, t, 0.0);
#endif
}

void main() {
  vec2 source = gl_FragCoord.xy * vec2(SMALL_W, SMALL_H) / vec2(INPUT_W, INPUT_H) - 0.5;
  ivec2 low = ivec2(floor(source));
  vec4 wx = tap_weights(source.x - float(low.x)), wy = tap_weights(source.y - float(low.y));
  vec3 colour = vec3(0.0);
  for (int y = FIRST_TAP; y < 4 - FIRST_TAP; ++y) {
    for (int x = FIRST_TAP; x < 4 - FIRST_TAP; ++x) colour += wx[x] * wy[y] * at(low + ivec2(x, y) - 1);
  }
  result = input_of(colour);
}
