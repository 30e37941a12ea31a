// How colours become a quad of the network's input: brightness and contrast around mid-grey, then the range of numbers that
// the network wants. The program defines CHANNELS of the input, and GRAIN where there is some; tone: contrast, brightness, low,
// high.
#include "include/texel.glsl"

uniform vec4 tone;
#if GRAIN
uniform float grain;  // up to so much is added to or taken from each pixel

// -1 … 1, of the pixel's place alone: the same in each frame. Its twins are in scripts/train/augment.py and in the tests.
float noise_at(uvec2 p) {
  uint bits = p.x * 2654435769u ^ p.y * 3266489917u;
  bits = (bits ^ bits >> 15u) * 2246822519u;
  bits = (bits ^ bits >> 13u) * 3266489917u;
  return float(bits >> 8u) / 8388608.0 - 1.0;
}
#endif

TEXEL input_of(vec3 colour) {
#if CHANNELS == 1
  colour = vec3(dot(colour, vec3(0.299, 0.587, 0.114)));
#endif
  colour = (colour - 0.5) * tone.x + 0.5 + tone.y;
#if GRAIN
  colour += grain * noise_at(uvec2(gl_FragCoord.xy));
#endif
  colour = clamp(colour, 0.0, 1.0);
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
