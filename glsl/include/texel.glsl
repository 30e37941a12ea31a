// What a texel holds of four numbers: codes of them, in a coding that was learned from what the network makes of pictures.
//
// RANGED   integers, which every device renders to: the bits of four floats, or for a tensor that has ranges four codes. A code
//          stands for scale × d × |d|, where d is its distance from the code of zero: fine steps about zero, where most of a
//          feature map's numbers are, and a long reach. Each channel has a scale and a zero of its own. The C++ twin is
//          src/runtime/calibrate.cpp.
// SCALED   half floats, of a network whose numbers are greater or smaller than those can be: a tensor that has a range stores
//          number / 2^k. 700,000 and k = 11 make 341.8.
// neither  the numbers, as floats or half floats
#if RANGED
#define TENSOR usampler2DArray
#define TEXEL uvec4

struct Coding {
  vec4 zero, scale;
};

// HAS_RANGES: the program reads or writes a tensor that has some. Every sampler that is declared has to be bound, so one
// that nothing is read from is not declared.
#if HAS_RANGES
// Of the whole network, a texel for each quad: the scale's bits, but the last eight of them are the zero, in 256ths of all
// codes.
uniform highp usampler2D ranges;
uniform float codes;  // how many there are: 256, and more while the ranges are being learned

// `range` is where the ranges of a tensor begin, if it has any.
Coding coding_of(bool has_ranges, int range, int q) {
  if (!has_ranges) return Coding(vec4(0.0), vec4(0.0));
  int at = range + q;
  uvec4 texel = texelFetch(ranges, ivec2(at % RANGES_WIDTH, at / RANGES_WIDTH), 0);
  return Coding(vec4(texel & 255u) * (codes / 256.0), uintBitsToFloat(texel & ~255u));
}

vec4 decode(bool has_ranges, Coding coding, uvec4 texel) {
  if (!has_ranges) return uintBitsToFloat(texel);
  vec4 d = vec4(texel) - coding.zero;
  return coding.scale * d * abs(d);
}

uvec4 encode(bool has_ranges, Coding coding, vec4 v) {
  if (!has_ranges) return floatBitsToUint(v);
  // A channel that is always zero has no scale.
  vec4 squares = mix(vec4(0.0), v / coding.scale, greaterThan(coding.scale, vec4(0.0)));
  return uvec4(clamp(coding.zero + sign(squares) * sqrt(abs(squares)), 0.0, codes - 1.0) + 0.5);
}
#else
Coding coding_of(bool has_ranges, int range, int q) { return Coding(vec4(0.0), vec4(0.0)); }
vec4 decode(bool has_ranges, Coding coding, uvec4 texel) { return uintBitsToFloat(texel); }
uvec4 encode(bool has_ranges, Coding coding, vec4 v) { return floatBitsToUint(v); }
#endif
#elif SCALED
#define TENSOR sampler2DArray
#define TEXEL vec4

struct Coding {
  float scale, inverse;
};

// `range` has the bits of 2^k, from which those of 2^-k follow. (WebGL chooses between no structs with ?:.)
Coding coding_of(bool has_ranges, int range, int q) {
  if (!has_ranges) return Coding(1.0, 1.0);
  return Coding(intBitsToFloat(range), intBitsToFloat(0x7f000000 - range));
}
vec4 decode(bool has_ranges, Coding coding, vec4 texel) { return texel * coding.scale; }
// What is yet beyond half floats is their greatest, which does less harm than infinity.
vec4 encode(bool has_ranges, Coding coding, vec4 v) { return clamp(v * coding.inverse, -65504.0, 65504.0); }
#else
#define TENSOR sampler2DArray
#define TEXEL vec4

struct Coding {
  bool is_plain;
};

Coding coding_of(bool has_ranges, int range, int q) { return Coding(true); }
vec4 decode(bool has_ranges, Coding coding, vec4 texel) { return texel; }
vec4 encode(bool has_ranges, Coding coding, vec4 v) { return v; }
#endif
