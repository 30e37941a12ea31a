// Every pointwise function, once. The names are those of UnaryKind and BinaryKind (src/graph/ops.hpp); a unary
// function that takes numbers gets them as a and b.
#define INFINITE uintBitsToFloat(0x7f800000u)

vec4 pw_relu(vec4 v) { return max(v, 0.0); }
vec4 pw_relu6(vec4 v) { return clamp(v, 0.0, 6.0); }
vec4 pw_leaky_relu(vec4 v, float a, float b) { return mix(v, v * a, lessThan(v, vec4(0.0))); }
vec4 pw_expm1(vec4 v) {
  // Near zero exp(v) - 1 loses its digits; three terms of the series keep them.
  vec4 series = v * (1.0 + v * (0.5 + v * (1.0 / 6.0 + v * (1.0 / 24.0))));
  return mix(exp(v) - 1.0, series, lessThan(abs(v), vec4(0.03)));
}
vec4 pw_elu(vec4 v, float a, float b) { return mix(v, a * pw_expm1(min(v, 0.0)), lessThan(v, vec4(0.0))); }
vec4 pw_selu(vec4 v) {
  return 1.0507009873554805 * mix(v, 1.6732632423543772 * pw_expm1(min(v, 0.0)), lessThan(v, vec4(0.0)));
}
vec4 pw_sigmoid(vec4 v) { return 1.0 / (1.0 + exp(-clamp(v, -80.0, 80.0))); }
vec4 pw_hard_sigmoid(vec4 v, float a, float b) { return clamp(v * a + b, 0.0, 1.0); }
vec4 pw_tanh(vec4 v) {
  // The quotient of polynomials with the least relative error, 7e-9, up to 8, where tanh is 1 but for 2e-7. Cheaper than
  // exp where a processor computes that, and good near zero without a series of its own.
  v = clamp(v, -8.0, 8.0);
  vec4 t = v * v;
  vec4 p = (((1.52301182e-8 * t + 2.18944622e-5) * t + 3.57158639e-3) * t + 0.134444883) * t + 1.0;
  vec4 q = (((8.52232934e-7 * t + 3.41127267e-4) * t + 0.0261643991) * t + 0.467778156) * t + 1.0;
  return v * p / q;
}
vec4 pw_log1p(vec4 v) {
  vec4 series = v * (1.0 - v * (0.5 - v * (1.0 / 3.0 - v * 0.25)));
  return mix(log(1.0 + v), series, lessThan(abs(v), vec4(0.01)));
}
vec4 pw_softplus(vec4 v) { return max(v, 0.0) + pw_log1p(exp(-abs(v))); }
vec4 pw_softsign(vec4 v) { return v / (1.0 + abs(v)); }
vec4 pw_swish(vec4 v) { return v * pw_sigmoid(v); }
vec4 pw_erf(vec4 v) {
  // Abramowitz and Stegun 7.1.26, as TensorFlow.js: absolute error below 1.5e-7.
  vec4 t = 1.0 / (1.0 + 0.3275911 * abs(v));
  vec4 sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return sign(v) * (1.0 - sum * exp(-v * v));
}
vec4 pw_gelu(vec4 v) { return 0.5 * v * (1.0 + pw_erf(v * 0.7071067811865476)); }
vec4 pw_gelu_tanh(vec4 v) { return 0.5 * v * (1.0 + pw_tanh(0.7978845608028654 * (v + 0.044715 * v * v * v))); }
vec4 pw_mish(vec4 v) { return v * pw_tanh(pw_softplus(v)); }
vec4 pw_exp(vec4 v) { return exp(v); }
vec4 pw_log(vec4 v) { return log(v); }
vec4 pw_sqrt(vec4 v) { return sqrt(v); }
vec4 pw_rsqrt(vec4 v) { return inversesqrt(v); }
vec4 pw_square(vec4 v) { return v * v; }
vec4 pw_reciprocal(vec4 v) { return 1.0 / v; }
vec4 pw_abs(vec4 v) { return abs(v); }
vec4 pw_negate(vec4 v) { return -v; }
vec4 pw_sign(vec4 v) { return sign(v); }
vec4 pw_floor(vec4 v) { return floor(v); }
vec4 pw_ceil(vec4 v) { return ceil(v); }
vec4 pw_round(vec4 v) { return roundEven(v); }
vec4 pw_trunc(vec4 v) { return trunc(v); }
vec4 pw_sin(vec4 v) { return sin(v); }
vec4 pw_cos(vec4 v) { return cos(v); }
vec4 pw_tan(vec4 v) { return tan(v); }
// Through atan: some drivers compute asin and acos to three digits only.
vec4 pw_asin(vec4 v) { return atan(v, sqrt((1.0 - v) * (1.0 + v))); }
vec4 pw_acos(vec4 v) { return atan(sqrt((1.0 - v) * (1.0 + v)), v); }
vec4 pw_atan(vec4 v) { return atan(v); }
vec4 pw_sinh(vec4 v) { return sinh(v); }
vec4 pw_cosh(vec4 v) { return cosh(v); }
vec4 pw_clip(vec4 v, float a, float b) { return clamp(v, a, b); }
vec4 pw_logical_not(vec4 v) { return vec4(equal(v, vec4(0.0))); }
vec4 pw_is_nan(vec4 v) { return vec4(isnan(v)); }

vec4 pw_add(vec4 v, vec4 w) { return v + w; }
vec4 pw_subtract(vec4 v, vec4 w) { return v - w; }
vec4 pw_multiply(vec4 v, vec4 w) { return v * w; }
vec4 pw_divide(vec4 v, vec4 w) { return v / w; }
// A quotient of whole numbers may come out a little below the whole one; the rest tells.
vec4 pw_floor_divide(vec4 v, vec4 w) {
  vec4 quotient = floor(v / w);
  vec4 rest = (v - quotient * w) * sign(w);
  return quotient + vec4(greaterThanEqual(rest, abs(w))) - vec4(lessThan(rest, vec4(0.0)));
}
vec4 pw_floor_mod(vec4 v, vec4 w) { return v - w * pw_floor_divide(v, w); }
vec4 pw_mod(vec4 v, vec4 w) { return v - w * trunc(v / w); }
vec4 pw_minimum(vec4 v, vec4 w) { return min(v, w); }
vec4 pw_maximum(vec4 v, vec4 w) { return max(v, w); }
float power(float v, float w) {
  // GLSL leaves pow undefined for a negative base; whole exponents have a meaning there.
  if (w == 0.0) return 1.0;
  if (v == 0.0) return w > 0.0 ? 0.0 : INFINITE;
  if (v < 0.0 && w != floor(w)) return uintBitsToFloat(0x7fc00000u);
  float magnitude = pow(abs(v), w);
  return v < 0.0 && mod(abs(w), 2.0) == 1.0 ? -magnitude : magnitude;
}
vec4 pw_power(vec4 v, vec4 w) { return vec4(power(v.x, w.x), power(v.y, w.y), power(v.z, w.z), power(v.w, w.w)); }
vec4 pw_squared_difference(vec4 v, vec4 w) { return (v - w) * (v - w); }
// GLSL leaves atan(0, 0) open; it is 0 elsewhere.
vec4 pw_atan2(vec4 v, vec4 w) { return atan(v, w + vec4(equal(abs(v) + abs(w), vec4(0.0)))); }
vec4 pw_equal(vec4 v, vec4 w) { return vec4(equal(v, w)); }
vec4 pw_not_equal(vec4 v, vec4 w) { return vec4(notEqual(v, w)); }
vec4 pw_less(vec4 v, vec4 w) { return vec4(lessThan(v, w)); }
vec4 pw_less_equal(vec4 v, vec4 w) { return vec4(lessThanEqual(v, w)); }
vec4 pw_greater(vec4 v, vec4 w) { return vec4(greaterThan(v, w)); }
vec4 pw_greater_equal(vec4 v, vec4 w) { return vec4(greaterThanEqual(v, w)); }
vec4 pw_logical_and(vec4 v, vec4 w) { return vec4(notEqual(v, vec4(0.0))) * vec4(notEqual(w, vec4(0.0))); }
vec4 pw_logical_or(vec4 v, vec4 w) { return max(vec4(notEqual(v, vec4(0.0))), vec4(notEqual(w, vec4(0.0)))); }
vec4 pw_prelu(vec4 v, vec4 w) { return mix(v, v * w, lessThan(v, vec4(0.0))); }
// v where the condition w holds (or does not), else 0: the halves of a selection.
vec4 pw_keep_where(vec4 v, vec4 w) { return mix(vec4(0.0), v, notEqual(w, vec4(0.0))); }
vec4 pw_keep_where_not(vec4 v, vec4 w) { return mix(v, vec4(0.0), notEqual(w, vec4(0.0))); }
