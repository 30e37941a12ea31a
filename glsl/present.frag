// A tensor → a picture on the canvas: a pixel a texel where EXACT, scaled between the pixels' centres otherwise.
//
// The program defines SOURCE, what a pixel is read from, and BLEND, how it meets the frame: the numbers below, which are those
// of Presentation (src/video/presenter.hpp). FACTOR: pixels for a texel, in each direction, where channels are pixels;
// PIXEL_STEP, COLOUR_STEP: channels from one pixel, one colour to the next. LOGIT: a mask's numbers become probabilities by a
// sigmoid.
//
// reads   picture0 (PICTURE0); window: left, bottom, width and height of the target's part in pixels; range: the numbers
//         that are black and white; channel; frame (RGBA8, first row on top) and crop: its left, top, width and height, where
//         the frame is 1×1
// writes  opaque colours
// drawn   into that part of the target, whose first row is at the bottom
#define COLOUR 0
#define CHANNEL 1
#define MASK 2
#define CLASSES 3
#define LABELS 4
#define SUBPIXEL 5
#define BARS 6

#define PLAIN 0
#define OVERLAY 1
#define CUTOUT 2
#define TINTED 3
#include "include/layout.glsl"
#include "tensors"

uniform vec4 window;
uniform vec2 range;
uniform int channel;

out highp vec4 result;

vec3 levelled(vec3 v) { return clamp((v - range.x) / (range.y - range.x), 0.0, 1.0); }

// A hue for each class, far from that of the next; black for the first, which is what lies behind.
vec3 colour_of_class(int i) {
  return i == 0 ? vec3(0.0) : 0.5 + 0.5 * cos(6.2831853 * (float(i) * 0.618034 + vec3(0.0, 0.33, 0.67)));
}

float channel_at(ivec2 at, int c) { return fetch_channel(picture0, PICTURE0, 0, at.y, at.x, c); }

#if SOURCE != BARS
// Of one pixel: numbers of colours, or the colour as far as it is there, and how far that is.
vec4 seen_at(ivec2 at) {
#if SOURCE == COLOUR
  vec4 quad = fetch_quad(picture0, PICTURE0, 0, at.y, at.x, 0);
#if CHANNELS < 3
  return quad.xxxx;
#else
  return quad;
#endif
#elif SOURCE == CHANNEL
  return vec4(channel_at(at, channel));
#elif SOURCE == MASK
  float v = channel_at(at, channel);
#if LOGIT
#if CHANNELS == 2
  v -= channel_at(at, 1 - channel);
#endif
  v = 1.0 / (1.0 + exp(-v));
#endif
  v = levelled(vec3(v)).x;
#if BLEND == PLAIN
  return vec4(vec3(v), 1.0);
#else
  return vec4(0.1, 0.75, 1.0, 1.0) * v;
#endif
#elif SOURCE == CLASSES
  int best = 0;
  float most = channel_at(at, 0);
  for (int q = 0; q < quads_of(PICTURE0); ++q) {
    vec4 quad = fetch_quad(picture0, PICTURE0, 0, at.y, at.x, q);
    for (int c = 0; c < min(4, CHANNELS - 4 * q); ++c) {
      if (quad[c] <= most) continue;
      most = quad[c];
      best = 4 * q + c;
    }
  }
  return vec4(colour_of_class(best), float(best > 0));
#elif SOURCE == LABELS
  int label = int(floor(channel_at(at, 0) + 0.5));
  return vec4(colour_of_class(label), float(label != 0));
#elif SOURCE == SUBPIXEL
  ivec2 texel = at / FACTOR, inside = at - texel * FACTOR;
  int first = (inside.y * FACTOR + inside.x) * PIXEL_STEP;
#if CHANNELS == FACTOR * FACTOR
  return vec4(channel_at(texel, first));
#else
  return vec4(channel_at(texel, first), channel_at(texel, first + COLOUR_STEP), channel_at(texel, first + 2 * COLOUR_STEP), 1.0);
#endif
#endif
}
#endif

#if BLEND != PLAIN
uniform sampler2D frame;
uniform vec4 crop;
uniform float mirror;  // 1: left and right exchanged

// Between the texels' centres; `inside`: 0 … 1 of the crop.
vec3 frame_at(vec2 inside) {
  if (mirror > 0.5) inside.x = 1.0 - inside.x;
  vec2 source = (crop.xy + inside * crop.zw) * vec2(textureSize(frame, 0)) - 0.5;
  vec2 low = floor(source), t = source - low;
  ivec2 last = textureSize(frame, 0) - 1;
  vec3 colour = vec3(0.0);
  for (int i = 0; i < 4; ++i) {
    ivec2 corner = ivec2(i & 1, i >> 1);
    vec2 part = mix(1.0 - t, t, vec2(corner));
    colour += part.x * part.y * texelFetch(frame, clamp(ivec2(low) + corner, ivec2(0), last), 0).rgb;
  }
  return colour;
}
#endif

void main() {
  vec2 inside = gl_FragCoord.xy - window.xy;
  inside.y = window.w - inside.y;
#if SOURCE == BARS
  // A bar for each number, from zero up or down.
  int count = PICTURE0.extent.x * PICTURE0.extent.y * PICTURE0.extent.z * PICTURE0.extent.w;
  float across = inside.x / window.z * float(count);
  float v = levelled(vec3(fetch_element(picture0, PICTURE0, min(int(across), count - 1)))).x;
  float zero = levelled(vec3(0.0)).x, height = 1.0 - inside.y / window.w;
  bool is_bar = height >= min(v, zero) && height < max(v, zero) + 0.004 && fract(across) < 0.9;
  result = vec4(vec3(is_bar ? 0.9 : 0.1), 1.0);
#else
  ivec2 extent = PICTURE0.extent.zy * FACTOR;
#if EXACT
  vec4 seen = seen_at(ivec2(inside));
#else
  vec2 source = inside / window.zw * vec2(extent) - 0.5;
  vec2 low = floor(source), t = source - low;
  vec4 seen = vec4(0.0);
  for (int i = 0; i < 4; ++i) {
    ivec2 corner = ivec2(i & 1, i >> 1);
    ivec2 at = clamp(ivec2(low) + corner, ivec2(0), extent - 1);
    vec2 part = mix(1.0 - t, t, vec2(corner));
    seen += part.x * part.y * seen_at(at);
  }
#endif
#if SOURCE == COLOUR || SOURCE == CHANNEL || SOURCE == SUBPIXEL
  seen.rgb = levelled(seen.rgb);
#endif
#if BLEND == OVERLAY
  seen.rgb = frame_at(inside / window.zw) * (1.0 - 0.6 * seen.a) + 0.6 * seen.rgb;
#elif BLEND == CUTOUT
  seen.rgb = frame_at(inside / window.zw) * seen.a;
#elif BLEND == TINTED
  // The tensor has how bright a pixel is, the frame has its colour.
  vec3 colour = frame_at(inside / window.zw);
  seen.rgb = clamp(colour + seen.rgb - dot(colour, vec3(0.299, 0.587, 0.114)), 0.0, 1.0);
#endif
  result = vec4(seen.rgb, 1.0);
#endif
}
