// A tensor → a picture on the canvas: a pixel a texel where EXACT, scaled between the pixels' centres otherwise.
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

void main() {
  ivec2 extent = PICTURE0.extent.zy;
  vec2 inside = gl_FragCoord.xy - window.xy;
  inside.y = window.w - inside.y;
#if EXACT
  vec4 v = fetch_quad(picture0, PICTURE0, 0, int(inside.y), int(inside.x), 0);
#else
  vec2 source = inside / window.zw * vec2(extent) - 0.5;
  vec2 low = floor(source), t = source - low;
  vec4 v = vec4(0.0);
  for (int i = 0; i < 4; ++i) {
    ivec2 corner = ivec2(i & 1, i >> 1);
    ivec2 at = clamp(ivec2(low) + corner, ivec2(0), extent - 1);
    vec2 part = mix(1.0 - t, t, vec2(corner));
    v += part.x * part.y * fetch_quad(picture0, PICTURE0, 0, at.y, at.x, 0);
  }
#endif
#if CHANNELS < 3
  vec3 colour = v.xxx;
#else
  vec3 colour = v.xyz;
#endif
  colour = (colour - range.x) / (range.y - range.x);
  result = vec4(clamp(colour, 0.0, 1.0), 1.0);
}
