#include "support/host_tensor.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include "base/error.hpp"
#include "base/half.hpp"

namespace fragnet {
namespace {

// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random {
  uint64_t state;
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }  // [0, 1)
};

template <class Code>
Tensor with_codes(const HostTensor& tensor, Encoding encoding, std::vector<Code> codes) {
  auto owner = std::make_shared<const std::vector<Code>>(std::move(codes));
  Tensor out{.dtype = DType::float32, .shape = tensor.shape, .encoding = encoding};
  out.bytes = {reinterpret_cast<const uint8_t*>(owner->data()), owner->size() * sizeof(Code)};
  out.owner = std::move(owner);
  return out;
}

template <class Code>
Tensor encoded_affine(const HostTensor& tensor, Encoding encoding) {
  const auto [least, greatest] = std::minmax_element(tensor.values.begin(), tensor.values.end());
  const double min = tensor.values.empty() ? 0 : *least;
  const double span = tensor.values.empty() ? 0 : *greatest - min;
  const double scale = span > 0 ? span / std::numeric_limits<Code>::max() : 1;
  std::vector<Code> codes;
  for (float value : tensor.values) codes.push_back(static_cast<Code>(std::lround((value - min) / scale)));
  Tensor out = with_codes(tensor, encoding, std::move(codes));
  out.min = min;
  out.scale = scale;
  return out;
}

// What the bits of a half float mean.
double half_value(uint16_t half) {
  const int exponent = half >> 10 & 31, mantissa = half & 1023;
  double magnitude = std::ldexp(1024 + mantissa, exponent - 25);
  if (exponent == 0) magnitude = std::ldexp(mantissa, -24);
  if (exponent == 31) magnitude = mantissa ? std::nan("") : std::numeric_limits<double>::infinity();
  return half & 0x8000 ? -magnitude : magnitude;
}

std::string to_text(const std::vector<int>& coordinate) {
  return to_string(Shape(coordinate));
}

}  // namespace

HostTensor random_tensor(const Shape& shape, uint32_t seed, float low, float high) {
  Random random{seed};
  return filled(shape, [&](const std::vector<int>&) { return low + (high - low) * random.unit(); });
}

HostTensor random_integers(const Shape& shape, uint32_t seed, int low, int high) {
  Random random{seed};
  const auto choices = static_cast<uint64_t>(high - low + 1);
  return filled(shape,
                [&](const std::vector<int>&) { return low + static_cast<int>(random.next() % choices); });
}

// By the definitions of the encodings, and not as the engine reads them.
HostTensor decoded(const Tensor& tensor) {
  HostTensor result{tensor.shape, {}};
  const auto read = [&](auto code, const auto& value_of) {
    for (size_t at = 0; at < tensor.bytes.size(); at += sizeof code) {
      std::memcpy(&code, tensor.bytes.data() + at, sizeof code);
      result.values.push_back(static_cast<float>(value_of(code)));
    }
  };
  const auto plain = [](auto code) { return code; };
  const auto affine = [&](auto code) {
    const double value = tensor.min + tensor.scale * code;
    return tensor.dtype == DType::int32 ? std::round(value) : value;
  };
  switch (tensor.encoding) {
    case Encoding::float32:
      read(0.0f, plain);
      break;
    case Encoding::int32:
      read(int32_t{}, plain);
      break;
    case Encoding::boolean:
      read(uint8_t{}, [](uint8_t code) { return code != 0; });
      break;
    case Encoding::float16:
      read(uint16_t{}, half_value);
      break;
    case Encoding::uint8:
      read(uint8_t{}, affine);
      break;
    case Encoding::uint16:
      read(uint16_t{}, affine);
      break;
  }
  return result;
}

Tensor encoded(const HostTensor& tensor) {
  return make_tensor(tensor.shape, tensor.values);
}

Tensor encoded_as_float16(const HostTensor& tensor) {
  std::vector<uint16_t> codes;
  for (float value : tensor.values) codes.push_back(float_to_half(value));
  return with_codes(tensor, Encoding::float16, std::move(codes));
}

Tensor encoded_as_uint8(const HostTensor& tensor) {
  return encoded_affine<uint8_t>(tensor, Encoding::uint8);
}
Tensor encoded_as_uint16(const HostTensor& tensor) {
  return encoded_affine<uint16_t>(tensor, Encoding::uint16);
}

std::string difference(const HostTensor& got, const HostTensor& want, double tolerance) {
  if (got.shape != want.shape)
    return text("the shape is ", to_string(got.shape), ", not ", to_string(want.shape));
  if (got.values.size() != want.values.size()) {
    return text(got.values.size(), " values instead of ", want.values.size());
  }
  double largest = 1;
  for (float value : want.values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(static_cast<double>(value)));
  }
  const double allowed = tolerance * largest;
  size_t wrong = 0, worst_at = 0;
  double worst = -1;
  for (size_t i = 0; i < want.values.size(); ++i) {
    const double a = got.values[i], b = want.values[i];
    if (a == b || (std::isnan(a) && std::isnan(b))) continue;
    const bool comparable = std::isfinite(a) && std::isfinite(b);
    const double off = comparable ? std::abs(a - b) : std::numeric_limits<double>::infinity();
    if (off <= allowed) continue;
    ++wrong;
    if (off > worst) worst = off, worst_at = i;
  }
  if (wrong == 0) return "";
  std::vector<int> coordinate;
  const std::vector<int64_t> strides = strides_of(want.shape);
  auto rest = static_cast<int64_t>(worst_at);
  for (int64_t stride : strides) {
    coordinate.push_back(static_cast<int>(rest / stride));
    rest %= stride;
  }
  return text(wrong, " of ", want.values.size(), " elements of ", to_string(want.shape),
              " differ by more than ", allowed, ", the worst at ", to_text(coordinate), ": got ",
              got.values[worst_at], ", want ", want.values[worst_at]);
}

float at(const HostTensor& tensor, const std::vector<int>& coordinate) {
  int64_t offset = 0;
  for (size_t axis = 0; axis < tensor.shape.size(); ++axis)
    offset = offset * tensor.shape[axis] + coordinate[axis];
  return tensor.values[static_cast<size_t>(offset)];
}

float at_broadcast(const HostTensor& tensor, const std::vector<int>& coordinate) {
  const size_t missing = coordinate.size() - tensor.shape.size();
  int64_t offset = 0;
  for (size_t axis = 0; axis < tensor.shape.size(); ++axis) {
    const int index = tensor.shape[axis] == 1 ? 0 : coordinate[missing + axis];
    offset = offset * tensor.shape[axis] + index;
  }
  return tensor.values[static_cast<size_t>(offset)];
}

}  // namespace fragnet
