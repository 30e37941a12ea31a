// Arithmetic on constants, element by element.
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "graph/evaluate.hpp"

namespace fragnet {
namespace {

// ---- Floats: the formulas of TensorFlow.js
// ------------------------------------------------------------------------

float softplus(float x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}
float sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

float compute(const Unary& op, float x) {
  switch (op.kind) {
    case UnaryKind::relu:
      return x > 0 ? x : 0;
    case UnaryKind::relu6:
      return std::min(std::max(x, 0.0f), 6.0f);
    case UnaryKind::leaky_relu:
      return x > 0 ? x : x * op.a;
    case UnaryKind::elu:
      return x >= 0 ? x : op.a * std::expm1(x);
    case UnaryKind::selu: {
      // Klambauer et al. 2017, Self-Normalizing Neural Networks
      const float scale = 1.0507009873554805f, alpha = 1.6732632423543772f;
      return x >= 0 ? scale * x : scale * alpha * std::expm1(x);
    }
    case UnaryKind::sigmoid:
      return sigmoid(x);
    case UnaryKind::hard_sigmoid:
      return std::min(std::max(op.a * x + op.b, 0.0f), 1.0f);
    case UnaryKind::tanh:
      return std::tanh(x);
    case UnaryKind::softplus:
      return softplus(x);
    case UnaryKind::softsign:
      return x / (1 + std::abs(x));
    case UnaryKind::swish:
      return x * sigmoid(x);
    case UnaryKind::gelu:
      return 0.5f * x * (1 + std::erf(x * 0.70710678f));
    case UnaryKind::gelu_tanh:
      return 0.5f * x * (1 + std::tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
    case UnaryKind::mish:
      return x * std::tanh(softplus(x));
    case UnaryKind::exp:
      return std::exp(x);
    case UnaryKind::expm1:
      return std::expm1(x);
    case UnaryKind::log:
      return std::log(x);
    case UnaryKind::log1p:
      return std::log1p(x);
    case UnaryKind::sqrt:
      return std::sqrt(x);
    case UnaryKind::rsqrt:
      return 1 / std::sqrt(x);
    case UnaryKind::square:
      return x * x;
    case UnaryKind::reciprocal:
      return 1 / x;
    case UnaryKind::abs:
      return std::abs(x);
    case UnaryKind::negate:
      return -x;
    case UnaryKind::sign:
      return static_cast<float>((x > 0) - (x < 0));
    case UnaryKind::floor:
      return std::floor(x);
    case UnaryKind::ceil:
      return std::ceil(x);
    case UnaryKind::round:
      return std::nearbyint(x);  // halves to even
    case UnaryKind::trunc:
      return std::trunc(x);
    case UnaryKind::sin:
      return std::sin(x);
    case UnaryKind::cos:
      return std::cos(x);
    case UnaryKind::tan:
      return std::tan(x);
    case UnaryKind::asin:
      return std::asin(x);
    case UnaryKind::acos:
      return std::acos(x);
    case UnaryKind::atan:
      return std::atan(x);
    case UnaryKind::sinh:
      return std::sinh(x);
    case UnaryKind::cosh:
      return std::cosh(x);
    case UnaryKind::erf:
      return std::erf(x);
    case UnaryKind::clip:
      return std::min(std::max(x, op.a), op.b);
    case UnaryKind::logical_not:
      return x == 0;
    case UnaryKind::is_nan:
      return std::isnan(x);
  }
  fail(code::internal, "a unary operation without a formula");
}

float compute(BinaryKind kind, float a, float b) {
  switch (kind) {
    case BinaryKind::add:
      return a + b;
    case BinaryKind::subtract:
      return a - b;
    case BinaryKind::multiply:
      return a * b;
    case BinaryKind::divide:
      return a / b;
    case BinaryKind::floor_divide:
      return std::floor(a / b);
    case BinaryKind::floor_mod: {
      const float rest = std::fmod(a, b);
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }
    case BinaryKind::mod:
      return std::fmod(a, b);
    case BinaryKind::minimum:
      return std::min(a, b);
    case BinaryKind::maximum:
      return std::max(a, b);
    case BinaryKind::power:
      return std::pow(a, b);
    case BinaryKind::squared_difference:
      return (a - b) * (a - b);
    case BinaryKind::atan2:
      return std::atan2(a, b);
    case BinaryKind::equal:
      return a == b;
    case BinaryKind::not_equal:
      return a != b;
    case BinaryKind::less:
      return a < b;
    case BinaryKind::less_equal:
      return a <= b;
    case BinaryKind::greater:
      return a > b;
    case BinaryKind::greater_equal:
      return a >= b;
    case BinaryKind::logical_and:
      return a != 0 && b != 0;
    case BinaryKind::logical_or:
      return a != 0 || b != 0;
    case BinaryKind::prelu:
      return a > 0 ? a : a * b;
    case BinaryKind::keep_where:
      return b != 0 ? a : 0;
    case BinaryKind::keep_where_not:
      return b != 0 ? 0 : a;
  }
  fail(code::internal, "a binary operation without a formula");
}

// ---- Integers: they wrap as an int32 does on a GPU
// ---------------------------------------------------------------

int32_t wrapped(int64_t value) {
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(value)));
}

int64_t floor_divided(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

void check_divisor(BinaryKind kind, int64_t a, int64_t b) {
  if (b == 0) fail(code::bad_value, name_of(kind), " divides the integer ", a, " by zero");
}

int32_t power(int32_t base, int32_t exponent) {
  if (exponent < 0) {  // a fraction, truncated
    check_divisor(BinaryKind::power, 1, base);
    if (base == 1) return 1;
    if (base == -1) return exponent % 2 == 0 ? 1 : -1;
    return 0;
  }
  uint32_t result = 1, square = static_cast<uint32_t>(base);
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result *= square;
    square *= square;
  }
  return static_cast<int32_t>(result);
}

int32_t compute(const Unary& op, int32_t number) {
  const int64_t x = number;
  switch (op.kind) {
    case UnaryKind::relu:
      return std::max(number, 0);
    case UnaryKind::relu6:
      return std::clamp(number, 0, 6);
    case UnaryKind::square:
      return wrapped(x * x);
    case UnaryKind::abs:
      return wrapped(std::abs(x));
    case UnaryKind::negate:
      return wrapped(-x);
    case UnaryKind::sign:
      return (x > 0) - (x < 0);
    case UnaryKind::floor:
    case UnaryKind::ceil:
    case UnaryKind::round:
    case UnaryKind::trunc:
      return number;
    case UnaryKind::clip: {
      // The bounds are any floats; their whole parts bound the integers.
      const double kept = std::min(std::max<double>(number, op.a), static_cast<double>(op.b));
      return static_cast<int32_t>(std::min(std::max(kept, -2147483648.0), 2147483647.0));
    }
    case UnaryKind::logical_not:
      return x == 0;
    case UnaryKind::is_nan:
      return 0;
    default:
      fail(code::internal, name_of(op.kind), " leaves the integers");
  }
}

int32_t compute(BinaryKind kind, int32_t first, int32_t second) {
  const int64_t a = first, b = second;
  switch (kind) {
    case BinaryKind::add:
      return wrapped(a + b);
    case BinaryKind::subtract:
      return wrapped(a - b);
    case BinaryKind::multiply:
      return wrapped(a * b);
    case BinaryKind::divide:
    case BinaryKind::floor_divide:
      check_divisor(kind, a, b);
      return wrapped(floor_divided(a, b));
    case BinaryKind::floor_mod:
      check_divisor(kind, a, b);
      return wrapped(a - floor_divided(a, b) * b);
    case BinaryKind::mod:
      check_divisor(kind, a, b);
      return wrapped(a % b);
    case BinaryKind::minimum:
      return std::min(first, second);
    case BinaryKind::maximum:
      return std::max(first, second);
    case BinaryKind::power:
      return power(first, second);
    case BinaryKind::squared_difference: {
      const uint32_t difference = static_cast<uint32_t>(wrapped(a - b));
      return static_cast<int32_t>(difference * difference);
    }
    case BinaryKind::equal:
      return a == b;
    case BinaryKind::not_equal:
      return a != b;
    case BinaryKind::less:
      return a < b;
    case BinaryKind::less_equal:
      return a <= b;
    case BinaryKind::greater:
      return a > b;
    case BinaryKind::greater_equal:
      return a >= b;
    case BinaryKind::logical_and:
      return a != 0 && b != 0;
    case BinaryKind::logical_or:
      return a != 0 || b != 0;
    default:
      fail(code::internal, name_of(kind), " leaves the integers");
  }
}

// ---- Over arrays
// ---------------------------------------------------------------------------------------------------

std::vector<int32_t> as_flags(const std::vector<float>& values) {
  std::vector<int32_t> flags;
  flags.reserve(values.size());
  for (float value : values) flags.push_back(value != 0);
  return flags;
}

Tensor from_floats(std::vector<float> values, const ValueType& result) {
  if (result.dtype == DType::float32) return make_tensor(result.shape, std::move(values));
  return make_tensor(result.shape, as_flags(values), result.dtype);
}

}  // namespace

Tensor evaluate_unary(const Unary& op, const Tensor& x, const ValueType& result) {
  if (x.dtype == DType::float32 || result.dtype == DType::float32) {
    std::vector<float> values = to_floats(x);
    for (float& value : values) value = compute(op, value);
    return from_floats(std::move(values), result);
  }
  std::vector<int32_t> values = to_ints(x);
  for (int32_t& value : values) value = compute(op, value);
  return make_tensor(result.shape, std::move(values), result.dtype);
}

Tensor evaluate_binary(const Binary& op, const Tensor& a, const Tensor& b, const ValueType& result) {
  if (a.dtype == DType::float32 || b.dtype == DType::float32 || result.dtype == DType::float32) {
    std::vector<float> values = broadcast(to_floats(a), a.shape, result.shape);
    const std::vector<float> others = broadcast(to_floats(b), b.shape, result.shape);
    for (size_t i = 0; i < values.size(); ++i) values[i] = compute(op.kind, values[i], others[i]);
    return from_floats(std::move(values), result);
  }
  std::vector<int32_t> values = broadcast(to_ints(a), a.shape, result.shape);
  const std::vector<int32_t> others = broadcast(to_ints(b), b.shape, result.shape);
  for (size_t i = 0; i < values.size(); ++i) values[i] = compute(op.kind, values[i], others[i]);
  return make_tensor(result.shape, std::move(values), result.dtype);
}

Tensor evaluate_select(const Tensor& condition, const Tensor& a, const Tensor& b, const ValueType& result) {
  const std::vector<int32_t> chosen =
      broadcast(as_flags(to_floats(condition)), condition.shape, result.shape);
  if (result.dtype == DType::float32) {
    std::vector<float> values = broadcast(to_floats(a), a.shape, result.shape);
    const std::vector<float> others = broadcast(to_floats(b), b.shape, result.shape);
    for (size_t i = 0; i < values.size(); ++i) values[i] = chosen[i] ? values[i] : others[i];
    return make_tensor(result.shape, std::move(values));
  }
  std::vector<int32_t> values = broadcast(to_ints(a), a.shape, result.shape);
  const std::vector<int32_t> others = broadcast(to_ints(b), b.shape, result.shape);
  for (size_t i = 0; i < values.size(); ++i) values[i] = chosen[i] ? values[i] : others[i];
  return make_tensor(result.shape, std::move(values), result.dtype);
}

}  // namespace fragnet
