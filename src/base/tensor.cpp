#include "base/tensor.hpp"

#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/half.hpp"

namespace fragnet {
namespace {

template <class T>
T element(const Tensor& tensor, size_t index) {
  T value;
  std::memcpy(&value, tensor.bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

double decoded(const Tensor& tensor, size_t index) {
  const auto affine = [&](double code) {
    // TensorFlow.js computes code × scale + min in doubles and stores a float.
    const double value = code * tensor.scale + tensor.min;
    return tensor.dtype == DType::float32 ? value : std::round(value);
  };
  switch (tensor.encoding) {
    case Encoding::float32:
      return element<float>(tensor, index);
    case Encoding::float16:
      return half_to_float(element<uint16_t>(tensor, index));
    case Encoding::int32:
      return element<int32_t>(tensor, index);
    case Encoding::uint8:
      return affine(element<uint8_t>(tensor, index));
    case Encoding::uint16:
      return affine(element<uint16_t>(tensor, index));
    case Encoding::boolean:
      return element<uint8_t>(tensor, index) != 0;
  }
  fail(code::internal, "an encoding without a decoder");
}

template <class T>
Tensor owning(DType dtype, Encoding encoding, Shape shape, std::vector<T> values) {
  if (element_count(shape) != static_cast<int64_t>(values.size())) {
    fail(code::bad_shape, "the shape ", to_string(shape), " does not hold ", values.size(), " values");
  }
  auto owner = std::make_shared<const std::vector<T>>(std::move(values));
  Tensor tensor{.dtype = dtype, .shape = std::move(shape), .encoding = encoding};
  tensor.bytes = {reinterpret_cast<const uint8_t*>(owner->data()), owner->size() * sizeof(T)};
  tensor.owner = std::move(owner);
  return tensor;
}

}  // namespace

std::string to_string(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "float32";
    case DType::int32:
      return "int32";
    case DType::boolean:
      return "bool";
  }
  return "?";
}

int bytes_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::float32:
    case Encoding::int32:
      return 4;
    case Encoding::float16:
    case Encoding::uint16:
      return 2;
    case Encoding::uint8:
    case Encoding::boolean:
      return 1;
  }
  return 0;
}

Tensor make_tensor(Shape shape, std::vector<float> values) {
  return owning(DType::float32, Encoding::float32, std::move(shape), std::move(values));
}

Tensor make_tensor(Shape shape, std::vector<int32_t> values, DType dtype) {
  return owning(dtype, Encoding::int32, std::move(shape), std::move(values));
}

Tensor make_scalar(float value) {
  return make_tensor(Shape{}, std::vector<float>{value});
}
Tensor make_scalar(int32_t value) {
  return make_tensor(Shape{}, std::vector<int32_t>{value});
}

std::vector<float> to_floats(const Tensor& tensor) {
  std::vector<float> values(static_cast<size_t>(element_count(tensor.shape)));
  if (tensor.encoding == Encoding::float32) {
    if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(float));
    return values;
  }
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(decoded(tensor, i));
  return values;
}

std::vector<int32_t> to_ints(const Tensor& tensor) {
  std::vector<int32_t> values(static_cast<size_t>(element_count(tensor.shape)));
  for (size_t i = 0; i < values.size(); ++i) {
    const double value = decoded(tensor, i);
    // A value that no int32 can hold is a mistake of the file, and the conversion would be undefined.
    if (!(value > -2147483649.0 && value < 2147483648.0)) {
      fail(code::bad_value, "the value ", value, " does not fit an int32");
    }
    values[i] = static_cast<int32_t>(value);
  }
  return values;
}

}  // namespace fragnet
