// What the tests of evaluate() share: constants in one call, and their evaluation with its type checked.
#pragma once

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "graph/builder.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {

inline std::optional<Tensor> evaluated(const Op& op, const std::vector<Tensor>& inputs) {
  std::vector<ValueType> types;
  for (const Tensor& input : inputs) types.push_back({input.dtype, input.shape});
  const ValueType result = infer_type(op, types, "it");
  std::optional<Tensor> tensor = evaluate(op, inputs, result);
  if (tensor) {
    EXPECT_EQ(tensor->shape, result.shape);
    EXPECT_EQ(tensor->dtype, result.dtype);
  }
  return tensor;
}

inline Tensor must(const Op& op, const std::vector<Tensor>& inputs) {
  std::optional<Tensor> tensor = evaluated(op, inputs);
  if (!tensor) fail(code::internal, name_of(op), " was not evaluated");
  return *tensor;
}

inline Tensor floats(Shape shape, std::vector<float> values) {
  return make_tensor(std::move(shape), std::move(values));
}
inline Tensor ints(Shape shape, std::vector<int32_t> values) {
  return make_tensor(std::move(shape), std::move(values));
}
inline Tensor flags(Shape shape, std::vector<int32_t> values) {
  return make_tensor(std::move(shape), std::move(values), DType::boolean);
}
inline Tensor float_list(std::vector<float> values) {
  return floats({static_cast<int>(values.size())}, values);
}
inline Tensor int_list(std::vector<int32_t> values) {
  return ints({static_cast<int>(values.size())}, values);
}

inline Tensor zeros(const Shape& shape) {  // uint8
  return encoded_as_uint8({shape, std::vector<float>(static_cast<size_t>(element_count(shape)))});
}

}  // namespace fragnet
