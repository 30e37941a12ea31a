#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}
double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

double computed(const Unary& op, double x) {
  constexpr double sqrt_half = 0.70710678118654752440;
  constexpr double sqrt_two_over_pi = 0.79788456080286535588;
  constexpr double selu_alpha = 1.6732632423543772848, selu_scale = 1.0507009873554804934;
  switch (op.kind) {
    case UnaryKind::relu:
      return x > 0 ? x : 0;
    case UnaryKind::relu6:
      return std::min(std::max(x, 0.0), 6.0);
    case UnaryKind::leaky_relu:
      return x > 0 ? x : op.a * x;
    case UnaryKind::elu:
      return x > 0 ? x : op.a * std::expm1(x);
    case UnaryKind::selu:
      return selu_scale * (x > 0 ? x : selu_alpha * std::expm1(x));
    case UnaryKind::sigmoid:
      return sigmoid(x);
    case UnaryKind::hard_sigmoid:
      return std::min(std::max(op.a * x + op.b, 0.0), 1.0);
    case UnaryKind::tanh:
      return std::tanh(x);
    case UnaryKind::softplus:
      return softplus(x);
    case UnaryKind::softsign:
      return x / (1 + std::abs(x));
    case UnaryKind::swish:
      return x * sigmoid(x);
    case UnaryKind::gelu:
      return 0.5 * x * (1 + std::erf(x * sqrt_half));
    case UnaryKind::gelu_tanh:
      return 0.5 * x * (1 + std::tanh(sqrt_two_over_pi * (x + 0.044715 * x * x * x)));
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
      return x > 0 ? 1 : x < 0 ? -1 : 0;
    case UnaryKind::floor:
      return std::floor(x);
    case UnaryKind::ceil:
      return std::ceil(x);
    case UnaryKind::round:
      return std::nearbyint(x);  // halves to the even neighbour, as TensorFlow does
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
      return std::min(std::max(x, double{op.a}), double{op.b});
    case UnaryKind::logical_not:
      return x == 0;
    case UnaryKind::is_nan:
      return std::isnan(x);
  }
  fail(code::internal, "a unary operation without a reference");
}

double computed(BinaryKind kind, double a, double b) {
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
    case BinaryKind::floor_mod:
      return a - b * std::floor(a / b);  // has b's sign
    case BinaryKind::mod:
      return std::fmod(a, b);  // has a's sign
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
  fail(code::internal, "a binary operation without a reference");
}

// NumPy's rule, written out again so that the engine's is not its own judge.
Shape broadcast(const Shape& a, const Shape& b) {
  Shape out = a.size() > b.size() ? a : b;
  const Shape& shorter = a.size() > b.size() ? b : a;
  for (size_t i = 1; i <= shorter.size(); ++i) {
    int& extent = out[out.size() - i];
    const int other = shorter[shorter.size() - i];
    if (extent == 1) extent = other;
    if (extent != other && other != 1) {
      fail(code::bad_shape, "the shapes ", to_string(a), " and ", to_string(b), " cannot be broadcast");
    }
  }
  return out;
}

}  // namespace

HostTensor reference_unary(const Unary& op, const HostTensor& x) {
  return filled(x.shape, [&](const std::vector<int>& c) { return computed(op, at(x, c)); });
}

HostTensor reference_binary(const Binary& op, const HostTensor& a, const HostTensor& b) {
  return filled(broadcast(a.shape, b.shape), [&](const std::vector<int>& c) {
    return computed(op.kind, at_broadcast(a, c), at_broadcast(b, c));
  });
}

HostTensor reference_select(const HostTensor& condition, const HostTensor& a, const HostTensor& b) {
  return filled(broadcast(condition.shape, broadcast(a.shape, b.shape)), [&](const std::vector<int>& c) {
    return at_broadcast(condition, c) != 0 ? at_broadcast(a, c) : at_broadcast(b, c);
  });
}

}  // namespace fragnet
