// The frame's crop → a small picture, or the network's input (TO_INPUT): each texel is the exact average of the stretch of
// the crop that it covers, partly covered ends included. Where the input is finer than the frame, that stretch is as long as
// a texel of the frame, which is to scale between the texels' centres, the border repeated. EXACT: the frame is known to be as
// large as the picture, whose texels are then its own.
//
// reads   frame (RGBA8, first row on top, of whatever size it was uploaded in); crop: its left, top, width and height, where
//         the frame is 1×1
// writes  RGB, or grey in all three where GREY; or one quad a pixel
// drawn   at the size of the picture, which is `size`
#if TO_INPUT
#include "include/input.glsl"
out highp TEXEL result;
#else
out highp vec4 result;
#endif
#include "include/fetch.glsl"

uniform sampler2D frame;
uniform vec4 crop;
uniform vec2 size;
uniform float mirror;  // 1: left and right exchanged

// Whole numbers where only rounding kept them from it: then a texel lies on a texel.
vec2 snapped(vec2 texels) { return mix(texels, round(texels), lessThan(abs(texels - round(texels)), vec2(1e-3))); }

void main() {
  vec2 cell = floor(gl_FragCoord.xy);
  if (mirror > 0.5) cell.x = size.x - 1.0 - cell.x;
  vec2 scale = SCALE_OF(frame);
#if EXACT
  vec3 average = FETCH(frame, ivec2(cell), scale).rgb;
#else
  vec2 extent = vec2(textureSize(frame, 0));
  vec2 begin = snapped(crop.xy * extent), whole = snapped(crop.zw * extent);
  vec2 pitch = whole / size, stretch = pitch;
#if TO_INPUT
  stretch = min(max(pitch, 1.0), whole);
#endif
  vec2 low = clamp(begin + cell * pitch + (pitch - stretch) / 2.0, begin, begin + whole - stretch);
  vec2 high = low + stretch;
  ivec2 first = ivec2(floor(low + 1e-4));
  ivec2 last = ivec2(ceil(high - 1e-4));
  vec3 sum = vec3(0.0);
  for (int y = first.y; y < last.y; ++y) {
    float height = min(high.y, float(y) + 1.0) - max(low.y, float(y));
    for (int x = first.x; x < last.x; ++x) {
      float width = min(high.x, float(x) + 1.0) - max(low.x, float(x));
      sum += FETCH(frame, ivec2(x, y), scale).rgb * (width * height);
    }
  }
  vec3 average = sum / (stretch.x * stretch.y);
#endif
#if TO_INPUT
  result = input_of(average);
#elif GREY
  result = vec4(vec3(dot(average, vec3(0.299, 0.587, 0.114))), 1.0);
#else
  result = vec4(average, 1.0);
#endif
}
