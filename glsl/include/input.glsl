// How colours become a quad of the network's input: brightness and contrast around mid-grey, then the range of numbers that
// the network wants. The program defines CHANNELS of the input; tone: contrast, brightness, low, high.
#include "include/texel.glsl"

uniform vec4 tone;

TEXEL input_of(vec3 colour) {
#if CHANNELS == 1
  colour = vec3(dot(colour, vec3(0.299, 0.587, 0.114)));
#endif
  colour = clamp((colour - 0.5) * tone.x + 0.5 + tone.y, 0.0, 1.0);
  colour = mix(vec3(tone.z), vec3(tone.w), colour);
#if CHANNELS == 1
  vec4 quad = vec4(colour.x, 0.0, 0.0, 0.0);
#elif CHANNELS == 3
  vec4 quad = vec4(colour, 0.0);
#else
  vec4 quad = vec4(colour, tone.w);
#endif
  return encode(false, coding_of(false, 0, 0), quad);
}
