#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

// Of the elements that become one, in row-major order.
double reduced(ReduceKind kind, const std::vector<double>& values) {
  double sum = 0, product = 1;
  bool any = false, all = true;
  for (double value : values) {
    sum += value;
    product *= value;
    any = any || value != 0;
    all = all && value != 0;
  }
  const auto greatest = std::max_element(values.begin(), values.end());
  const auto least = std::min_element(values.begin(), values.end());
  switch (kind) {
    case ReduceKind::sum:
      return sum;
    case ReduceKind::mean:
      return sum / static_cast<double>(values.size());
    case ReduceKind::max:
      return *greatest;
    case ReduceKind::min:
      return *least;
    case ReduceKind::product:
      return product;
    case ReduceKind::argmax:
      return static_cast<double>(greatest - values.begin());
    case ReduceKind::argmin:
      return static_cast<double>(least - values.begin());
    case ReduceKind::any:
      return any;
    case ReduceKind::all:
      return all;
  }
  fail(code::internal, "a reduction without a reference");
}

}  // namespace

HostTensor reference_reduce(const Reduce& op, const HostTensor& x) {
  Shape kept = x.shape;            // the result with extents of 1 where x is reduced
  Shape dealt(x.shape.size(), 1);  // the reduced extents alone
  std::vector<bool> is_reduced(x.shape.size(), false);
  for (int axis : op.axes) {
    const auto i = static_cast<size_t>(axis);
    kept[i] = 1;
    dealt[i] = x.shape[i];
    is_reduced[i] = true;
  }
  HostTensor result = filled(kept, [&](const std::vector<int>& at_result) {
    std::vector<double> values;
    for_each_coordinate(dealt, [&](const std::vector<int>& offset) {
      std::vector<int> at_x = at_result;
      for (size_t i = 0; i < at_x.size(); ++i) at_x[i] += offset[i];
      values.push_back(at(x, at_x));
    });
    return reduced(op.kind, values);
  });
  if (!op.keep_dims) {
    result.shape.clear();
    for (size_t i = 0; i < kept.size(); ++i) {
      if (!is_reduced[i]) result.shape.push_back(kept[i]);
    }
  }
  return result;
}

HostTensor reference_softmax(const Softmax& op, const HostTensor& x) {
  const auto axis = static_cast<size_t>(op.axis);
  return filled(x.shape, [&](const std::vector<int>& at_result) {
    std::vector<int> along = at_result;
    double greatest = -std::numeric_limits<double>::infinity(), sum = 0;
    for (along[axis] = 0; along[axis] < x.shape[axis]; ++along[axis])
      greatest = std::max<double>(greatest, at(x, along));
    for (along[axis] = 0; along[axis] < x.shape[axis]; ++along[axis])
      sum += std::exp(at(x, along) - greatest);
    const double exponent = at(x, at_result) - greatest;
    return op.log ? exponent - std::log(sum) : std::exp(exponent) / sum;
  });
}

}  // namespace fragnet
