// The binomial blur 1-2-1 along rows and columns at once, the border repeated.
//
// reads   small
// writes  the blurred picture
// drawn   at the size of `small`

uniform sampler2D small;

out highp vec4 result;

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 limit = ivec2(SMALL_W, SMALL_H) - 1;
  vec3 sum = vec3(0.0);
  for (int y = -1; y <= 1; ++y) {
    for (int x = -1; x <= 1; ++x) {
      float weight = float((2 - abs(x)) * (2 - abs(y))) / 16.0;
      sum += weight * texelFetch(small, clamp(at + ivec2(x, y), ivec2(0), limit), 0).rgb;
    }
  }
  result = vec4(sum, 1.0);
}
