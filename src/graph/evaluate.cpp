#include "graph/evaluate.hpp"

#include <cmath>

#include "base/error.hpp"
#include "graph/builder.hpp"
#include "graph/rearrange.hpp"

namespace fragnet {
namespace {

constexpr int64_t max_reduced_elements = int64_t{1} << 24;
constexpr int64_t max_products = int64_t{1} << 24;  // of a matmul

// ---- Reduce
// ----------------------------------------------------------------------------------------------------------

// For each element of `shape`, the index of the result's element that it goes into.
std::vector<int32_t> reduced_index(const Shape& shape, const std::vector<int>& axes) {
  Shape kept = shape;
  for (int axis : axes) kept[static_cast<size_t>(axis)] = 1;
  std::vector<int32_t> numbers(static_cast<size_t>(element_count(kept)));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int32_t>(i);
  return broadcast(numbers, kept, shape);
}

// T is the type of the elements, Sum the type in which sums and products run: double, or uint32_t, which
// wraps.
template <class T, class Sum>
Tensor reduce(const Reduce& op, const std::vector<T>& values, const Shape& shape, const ValueType& result) {
  const std::vector<int32_t> target = reduced_index(shape, op.axes);
  const size_t count = static_cast<size_t>(element_count(result.shape));
  const auto make = [&](auto numbers) {
    if (result.dtype == DType::float32) {
      return make_tensor(result.shape, std::vector<float>(numbers.begin(), numbers.end()));
    }
    return make_tensor(result.shape, std::vector<int32_t>(numbers.begin(), numbers.end()), result.dtype);
  };
  const auto accumulate = [&](Sum start, auto combine) {
    std::vector<Sum> sums(count, start);
    for (size_t i = 0; i < values.size(); ++i) {
      Sum& sum = sums[static_cast<size_t>(target[i])];
      sum = combine(sum, static_cast<Sum>(values[i]));
    }
    return sums;
  };
  // The position along the axis of the first element that beats all others, or the element itself.
  const auto select = [&](auto beats, bool position) {
    std::vector<int64_t> best(count, -1);
    for (size_t i = 0; i < values.size(); ++i) {
      int64_t& held = best[static_cast<size_t>(target[i])];
      if (held < 0 || beats(values[i], values[static_cast<size_t>(held)])) held = static_cast<int64_t>(i);
    }
    if (position) {
      const size_t axis = static_cast<size_t>(op.axes[0]);
      const int64_t stride = strides_of(shape)[axis];
      std::vector<int32_t> positions;
      for (int64_t held : best) positions.push_back(static_cast<int32_t>(held / stride % shape[axis]));
      return make(positions);
    }
    std::vector<T> elements;
    for (int64_t held : best) elements.push_back(values[static_cast<size_t>(held)]);
    return make(elements);
  };
  const auto greater = [](T a, T b) { return a > b; };
  const auto less = [](T a, T b) { return a < b; };

  switch (op.kind) {
    case ReduceKind::sum:
      return make(accumulate(0, [](Sum a, Sum b) { return a + b; }));
    case ReduceKind::product:
      return make(accumulate(1, [](Sum a, Sum b) { return a * b; }));
    case ReduceKind::any:
      return make(accumulate(0, [](Sum a, Sum b) { return Sum(a != 0 || b != 0); }));
    case ReduceKind::all:
      return make(accumulate(1, [](Sum a, Sum b) { return Sum(a != 0 && b != 0); }));
    case ReduceKind::mean: {
      std::vector<Sum> sums = accumulate(0, [](Sum a, Sum b) { return a + b; });
      for (Sum& sum : sums) sum = sum * static_cast<Sum>(count) / static_cast<Sum>(values.size());
      return make(sums);
    }
    case ReduceKind::max:
      return select(greater, false);
    case ReduceKind::min:
      return select(less, false);
    case ReduceKind::argmax:
      return select(greater, true);
    case ReduceKind::argmin:
      return select(less, true);
  }
  fail(code::internal, "a reduction without a formula");
}

Tensor evaluate_reduce(const Reduce& op, const Tensor& x, const ValueType& result) {
  // A mean of integers is a fraction.
  if (x.dtype == DType::float32 || op.kind == ReduceKind::mean) {
    return reduce<float, double>(op, to_floats(x), x.shape, result);
  }
  return reduce<int32_t, uint32_t>(op, to_ints(x), x.shape, result);
}

// ---- MatMul and Softmax
// ----------------------------------------------------------------------------------------------

struct Matrix {
  int64_t rows, columns, row_stride, column_stride;
};

Matrix matrix_of(const Shape& shape, bool transposed) {
  const int64_t rows = shape[shape.size() - 2], columns = shape[shape.size() - 1];
  return transposed ? Matrix{columns, rows, 1, columns} : Matrix{rows, columns, columns, 1};
}

// For each matrix of the result, the number of the operand's matrix.
std::vector<int32_t> matrix_index(const Shape& shape, const Shape& result) {
  const Shape leading(shape.begin(), shape.end() - 2), all(result.begin(), result.end() - 2);
  std::vector<int32_t> numbers(static_cast<size_t>(element_count(leading)));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int32_t>(i);
  return broadcast(numbers, leading, all);
}

template <class T, class Sum>
std::vector<T> multiply(const MatMul& op, const std::vector<T>& a, const Shape& a_shape,
                        const std::vector<T>& b, const Shape& b_shape, const Shape& result) {
  const Matrix left = matrix_of(a_shape, op.transpose_a), right = matrix_of(b_shape, op.transpose_b);
  const std::vector<int32_t> a_index = matrix_index(a_shape, result), b_index = matrix_index(b_shape, result);
  std::vector<T> out;
  out.reserve(static_cast<size_t>(element_count(result)));
  for (size_t i = 0; i < a_index.size(); ++i) {
    const T* from_a = a.data() + a_index[i] * left.rows * left.columns;
    const T* from_b = b.data() + b_index[i] * right.rows * right.columns;
    for (int64_t y = 0; y < left.rows; ++y) {
      for (int64_t x = 0; x < right.columns; ++x) {
        Sum sum = 0;
        for (int64_t k = 0; k < left.columns; ++k) {
          sum += static_cast<Sum>(from_a[y * left.row_stride + k * left.column_stride]) *
                 static_cast<Sum>(from_b[k * right.row_stride + x * right.column_stride]);
        }
        out.push_back(static_cast<T>(sum));
      }
    }
  }
  return out;
}

std::optional<Tensor> evaluate_matmul(const MatMul& op, const Tensor& a, const Tensor& b,
                                      const ValueType& result) {
  const int64_t inner = matrix_of(a.shape, op.transpose_a).columns;
  if (inner > max_products / std::max<int64_t>(element_count(result.shape), 1)) return std::nullopt;
  if (result.dtype == DType::float32) {
    return make_tensor(result.shape, multiply<float, double>(op, to_floats(a), a.shape, to_floats(b), b.shape,
                                                             result.shape));
  }
  return make_tensor(result.shape,
                     multiply<int32_t, uint32_t>(op, to_ints(a), a.shape, to_ints(b), b.shape, result.shape));
}

Tensor evaluate_softmax(const Softmax& op, const Tensor& x) {
  std::vector<float> values = to_floats(x);
  const size_t extent = static_cast<size_t>(x.shape[static_cast<size_t>(op.axis)]);
  const size_t stride = static_cast<size_t>(strides_of(x.shape)[static_cast<size_t>(op.axis)]);
  for (size_t first = 0; first < values.size(); ++first) {
    if (first / stride % extent != 0) continue;  // not the head of a line
    float highest = values[first];
    for (size_t i = 0; i < extent; ++i) highest = std::max(highest, values[first + i * stride]);
    double sum = 0;
    for (size_t i = 0; i < extent; ++i) sum += std::exp(double{values[first + i * stride]} - highest);
    for (size_t i = 0; i < extent; ++i) {
      float& value = values[first + i * stride];
      const double shifted = double{value} - highest;
      value = static_cast<float>(op.log ? shifted - std::log(sum) : std::exp(shifted) / sum);
    }
  }
  return make_tensor(x.shape, std::move(values));
}

// ---- Which is whose
// ----------------------------------------------------------------------------------------------------

struct Evaluate {
  const std::vector<Tensor>& inputs;
  const ValueType& result;

  using Answer = std::optional<Tensor>;
  bool is_small() const { return element_count(result.shape) <= max_evaluated_elements; }
  bool is_moderate() const { return is_small() && element_count(inputs[0].shape) <= max_reduced_elements; }
  Tensor rearranged(const Op& op) const {
    return evaluate_rearrange(*as_rearrange(op, inputs[0].shape), inputs[0], result.shape);
  }

  // These three make no more of their input's elements and leave them encoded: no limit beyond max_elements.
  Answer operator()(const Reshape& op) const { return evaluate_reshape(inputs[0], op.shape); }
  Answer operator()(const Transpose& op) const { return rearranged(op); }
  Answer operator()(const Slice& op) const { return rearranged(op); }
  Answer operator()(const Pad& op) const { return is_small() ? Answer(rearranged(op)) : std::nullopt; }
  Answer operator()(const Tile& op) const { return is_small() ? Answer(rearranged(op)) : std::nullopt; }
  Answer operator()(const Rearrange& op) const {
    return is_small() ? Answer(evaluate_rearrange(op, inputs[0], result.shape)) : std::nullopt;
  }
  Answer operator()(const Gather& op) const {
    return is_small() ? Answer(evaluate_gather(op, inputs[0], result.shape)) : std::nullopt;
  }
  Answer operator()(const Concat& op) const {
    return is_small() ? Answer(evaluate_concat(op, inputs, result)) : std::nullopt;
  }
  Answer operator()(const Unary& op) const {
    return is_small() ? Answer(evaluate_unary(op, inputs[0], result)) : std::nullopt;
  }
  Answer operator()(const Binary& op) const {
    return is_small() ? Answer(evaluate_binary(op, inputs[0], inputs[1], result)) : std::nullopt;
  }
  Answer operator()(const Select&) const {
    return is_small() ? Answer(evaluate_select(inputs[0], inputs[1], inputs[2], result)) : std::nullopt;
  }
  Answer operator()(const Reduce& op) const {
    return is_moderate() ? Answer(evaluate_reduce(op, inputs[0], result)) : std::nullopt;
  }
  Answer operator()(const Softmax& op) const {
    return is_small() ? Answer(evaluate_softmax(op, inputs[0])) : std::nullopt;
  }
  Answer operator()(const MatMul& op) const {
    return is_small() ? evaluate_matmul(op, inputs[0], inputs[1], result) : std::nullopt;
  }
  // Convolutions, pooling, resizing and the rest are the device's.
  template <class Other>
  Answer operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

std::optional<Tensor> evaluate(const Op& op, const std::vector<Tensor>& inputs, const ValueType& result) {
  return std::visit(Evaluate{inputs, result}, op);
}

}  // namespace fragnet
