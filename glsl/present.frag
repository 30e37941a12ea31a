// A tensor → a picture on the canvas, scaled between the pixels' centres.
//
// reads   picture0 (PICTURE0); window: left, bottom, width and height of the target's part in pixels; corners: how many
//         texels a pixel lies between, 4, or 1 where the part has the picture's size; range: the numbers that are black
//         and white
// writes  opaque colours
// drawn   into that part of the target, whose first row is at the bottom
#include "include/layout.glsl"
#include "tensors"

uniform vec4 window;
uniform int corners;
uniform vec2 range;

out highp vec4 result;

void main() {
  vec2 inside = (gl_FragCoord.xy - window.xy) / window.zw;
  vec2 source = vec2(inside.x, 1.0 - inside.y) * vec2(PICTURE0.extent.zy) - 0.5;
  // The texel itself where there is one corner: it may lie a little beside `source`.
  vec2 low = floor(source + (corners == 1 ? 0.5 : 0.0));
  vec2 t = corners == 1 ? vec2(0.0) : source - low;
  vec4 v = vec4(0.0);
  for (int i = 0; i < corners; ++i) {
    ivec2 corner = ivec2(i & 1, i >> 1);
    ivec2 at = clamp(ivec2(low) + corner, ivec2(0), PICTURE0.extent.zy - 1);
    vec2 part = mix(1.0 - t, t, vec2(corner));
    v += part.x * part.y * fetch_quad(picture0, PICTURE0, 0, at.y, at.x, 0);
  }
#if CHANNELS < 3
  vec3 colour = v.xxx;
#else
  vec3 colour = v.xyz;
#endif
  colour = (colour - range.x) / (range.y - range.x);
  result = vec4(clamp(colour, 0.0, 1.0), 1.0);
}
