// Private to evaluate(): its three subjects, each in its own file. Operations are legal for their inputs
// (infer_type()).
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "graph/ops.hpp"

namespace fragnet {

// Larger results of arithmetic are left to the device.
inline constexpr int64_t max_evaluated_elements = 1'000'000;

// evaluate_moves.cpp. Elements move as they are encoded, at any size, unless padding or mixed encodings
// decode them.
Tensor evaluate_reshape(const Tensor& x, const Shape& shape);
Tensor evaluate_rearrange(const Rearrange& op, const Tensor& x, const Shape& shape);
Tensor evaluate_gather(const Gather& op, const Tensor& x, const Shape& shape);
Tensor evaluate_concat(const Concat& op, const std::vector<Tensor>& inputs, const ValueType& result);

// evaluate_pointwise.cpp. Throws `bad-value` for an integer division by zero.
Tensor evaluate_unary(const Unary& op, const Tensor& x, const ValueType& result);
Tensor evaluate_binary(const Binary& op, const Tensor& a, const Tensor& b, const ValueType& result);
Tensor evaluate_select(const Tensor& condition, const Tensor& a, const Tensor& b, const ValueType& result);

// The values of an array of shape `from`, repeated to fill `to`.
template <class T>
std::vector<T> broadcast(const std::vector<T>& values, const Shape& from, const Shape& to) {
  if (from == to) return values;
  std::vector<int64_t> steps(to.size(), 0);  // of `values` along each extent of `to`; 0 repeats
  const std::vector<int64_t> strides = strides_of(from);
  for (size_t i = 0; i < from.size(); ++i) {
    if (from[i] != 1) steps[to.size() - from.size() + i] = strides[i];
  }
  std::vector<T> out(static_cast<size_t>(element_count(to)));
  std::vector<int> position(to.size(), 0);
  int64_t source = 0;
  for (T& element : out) {
    element = values[static_cast<size_t>(source)];
    for (size_t i = to.size(); i-- > 0;) {
      source += steps[i];
      if (++position[i] < to[i]) break;
      source -= steps[i] * to[i];
      position[i] = 0;
    }
  }
  return out;
}

}  // namespace fragnet
