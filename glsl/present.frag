// A tensor → a picture on the canvas, scaled between the pixels' centres.
//
// reads   picture0 (PICTURE0); window: left, bottom, width and height of the target's part in pixels; range: the numbers
//         that are black and white
// writes  opaque colours
// drawn   into that part of the target, whose first row is at the bottom
#include "include/layout.glsl"
#include "tensors"

uniform vec4 window;
uniform vec2 range;

out highp vec4 result;

vec3 between(int y, int x, float t) {
  Row row = row_at(picture0, PICTURE0, 0, clamp(y, 0, PICTURE0.extent.y - 1), 0);
  vec4 left = fetch_pixel(picture0, PICTURE0, row, clamp(x, 0, PICTURE0.extent.z - 1));
  vec4 right = fetch_pixel(picture0, PICTURE0, row, clamp(x + 1, 0, PICTURE0.extent.z - 1));
  vec4 v = mix(left, right, t);
#if CHANNELS < 3
  return v.xxx;
#else
  return v.xyz;
#endif
}

void main() {
  vec2 inside = (gl_FragCoord.xy - window.xy) / window.zw;
  vec2 source = vec2(inside.x, 1.0 - inside.y) * vec2(PICTURE0.extent.zy) - 0.5;
  ivec2 low = ivec2(floor(source));
  vec2 t = source - vec2(low);
  vec3 colour = mix(between(low.y, low.x, t.x), between(low.y + 1, low.x, t.x), t.y);
  colour = (colour - range.x) / (range.y - range.x);
  result = vec4(clamp(colour, 0.0, 1.0), 1.0);
}
