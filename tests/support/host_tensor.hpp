// A tensor of plain floats, and the small things that tests do with one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/tensor.hpp"

namespace fragnet {

struct HostTensor {
  Shape shape;                // closed
  std::vector<float> values;  // row-major
};

// The same numbers for the same seed everywhere (the standard library's distributions differ between
// libraries).
HostTensor random_tensor(const Shape& shape, uint32_t seed, float low = -1, float high = 1);
HostTensor random_integers(const Shape& shape, uint32_t seed, int low, int high);  // both ends included

HostTensor decoded(const Tensor& tensor);
Tensor encoded(const HostTensor& tensor);  // float32

// The tensor as a model file would store it: half floats, or codes between the least and the greatest value.
// The numbers are rounded on the way: compare with what decoded() makes of the result.
Tensor encoded_as_float16(const HostTensor& tensor);
Tensor encoded_as_uint8(const HostTensor& tensor);
Tensor encoded_as_uint16(const HostTensor& tensor);

// "" where every element of `got` lies within tolerance × max(1, largest |want|) of `want` (NaN only where
// `want` is NaN, infinities alike), else a sentence that names the worst element.
std::string difference(const HostTensor& got, const HostTensor& want, double tolerance);

// Visits every coordinate of a shape in row-major order: visit(const std::vector<int>& coordinate).
template <class Visit>
void for_each_coordinate(const Shape& shape, Visit visit) {
  const int64_t count = element_count(shape);
  std::vector<int> coordinate(shape.size(), 0);
  for (int64_t i = 0; i < count; ++i) {
    visit(coordinate);
    for (size_t axis = shape.size(); axis-- > 0;) {
      if (++coordinate[axis] < shape[axis]) break;
      coordinate[axis] = 0;
    }
  }
}

float at(const HostTensor& tensor, const std::vector<int>& coordinate);

// The element that a broadcast puts at `coordinate` of the wider shape.
float at_broadcast(const HostTensor& tensor, const std::vector<int>& coordinate);

// A tensor whose element at each coordinate is value_at(coordinate).
template <class ValueAt>
HostTensor filled(const Shape& shape, ValueAt value_at) {
  HostTensor out{shape, {}};
  out.values.reserve(static_cast<size_t>(element_count(shape)));
  for_each_coordinate(shape, [&](const std::vector<int>& coordinate) {
    out.values.push_back(static_cast<float>(value_at(coordinate)));
  });
  return out;
}

}  // namespace fragnet
