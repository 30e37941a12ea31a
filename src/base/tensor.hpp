// A tensor on the host. Weights keep the bytes in which the file stores them (uint8 stays uint8) until
// somebody asks for numbers; the bytes are shared, never copied.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/shape.hpp"

namespace fragnet {

// What the numbers mean to the network.
enum class DType { float32, int32, boolean };

// How one element lies in memory, little-endian.
enum class Encoding { float32, float16, int32, uint8, uint16, boolean };

std::string to_string(DType dtype);
int bytes_of(Encoding encoding);  // of one element

struct Tensor {
  DType dtype = DType::float32;
  Shape shape;  // closed
  Encoding encoding = Encoding::float32;
  // uint8 and uint16 are affine: value = min + scale × code (rounded if dtype is int32).
  double min = 0, scale = 1;
  std::span<const uint8_t> bytes;  // element_count(shape) × bytes_of(encoding), row-major, perhaps unaligned
  std::shared_ptr<const void> owner;  // keeps `bytes` alive
};

using Weights = std::map<std::string, Tensor>;  // by name

Tensor make_tensor(Shape shape, std::vector<float> values);
Tensor make_tensor(Shape shape, std::vector<int32_t> values, DType dtype = DType::int32);  // int32 or boolean
Tensor make_scalar(float value);
Tensor make_scalar(int32_t value);

// All elements decoded, row-major.
std::vector<float> to_floats(const Tensor& tensor);
std::vector<int32_t> to_ints(const Tensor& tensor);  // floats are truncated toward zero

}  // namespace fragnet
