// How great the numbers are that a tensor's texture stores: of every PARTS-th quad the greatest exponent, as floats have it
// in their bits: 127 for 1.0 … 1.99, 255 for what is infinite or no number.
//
// reads   picture0 (PICTURE0)
// writes  one byte
// drawn   over a row of PARTS texels
#include "include/layout.glsl"
#include "tensors"

out highp vec4 result;

void main() {
  int quads = quads_of(PICTURE0);
  int count = PICTURE0.extent.x * PICTURE0.extent.y * PICTURE0.extent.z * quads;
  uvec4 greatest = uvec4(0u);
  for (int i = int(gl_FragCoord.x); i < count; i += PARTS) {
    int pixel = i / quads, row = pixel / PICTURE0.extent.z;
    int n = row / PICTURE0.extent.y;
    vec4 v = fetch_quad(picture0, PICTURE0, n, row - n * PICTURE0.extent.y, pixel - row * PICTURE0.extent.z, i - pixel * quads);
    greatest = max(greatest, floatBitsToUint(v) & 0x7fffffffu);
  }
  greatest.xy = max(greatest.xy, greatest.zw);
  result = vec4(float(max(greatest.x, greatest.y) >> 23) / 255.0);
}
