// Sums, means and extremes along axes.
#include <algorithm>

#include "base/error.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

// Sorted and distinct. A node without a second input reduces everything.
std::vector<int> read_axes(const TfNode& node) {
  const size_t rank = node.shape(0).size();
  std::vector<int> axes;
  if (node.inputs.size() > 1) {
    for (int32_t axis : ints_of(node, 1, "axes")) axes.push_back(axis_of(node, axis, rank));
  } else {
    for (size_t i = 0; i < rank; ++i) axes.push_back(static_cast<int>(i));
  }
  std::sort(axes.begin(), axes.end());
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  return axes;
}

bool keeps_dims(const TfNode& node) {
  return flag_of(node, "keep_dims", flag_of(node, "keepdims", false));
}

ValueId add_reduction(const TfNode& node, ReduceKind kind, ValueId value) {
  Reduce op{.kind = kind, .axes = read_axes(node), .keep_dims = keeps_dims(node)};
  if (op.axes.empty()) return value;
  return node.add(std::move(op), {value});
}

TfResults import_reduction(const TfNode& node) {
  return {add_reduction(node, static_cast<ReduceKind>(node.kind), node.inputs[0])};
}

constexpr TfOp reduction(const char* name, ReduceKind kind) {
  return {name, 1, import_reduction, static_cast<int>(kind)};
}

TfResults import_euclidean_norm(const TfNode& node) {
  const ValueId squares = node.add(Unary{.kind = UnaryKind::square}, {node.inputs[0]});
  return {node.add(Unary{.kind = UnaryKind::sqrt}, {add_reduction(node, ReduceKind::sum, squares)})};
}

// inputs: x, axis (the first, if there is none)
TfResults import_arg_reduction(const TfNode& node) {
  const int64_t axis = node.inputs.size() > 1 ? int_of(node, 1, "axis") : 0;
  return {node.add(
      Reduce{.kind = static_cast<ReduceKind>(node.kind), .axes = {axis_of(node, axis, node.shape(0).size())}},
      {node.inputs[0]})};
}

}  // namespace

std::span<const TfOp> reduction_ops() {
  static constexpr TfOp ops[] = {
      reduction("Sum", ReduceKind::sum),
      reduction("Mean", ReduceKind::mean),
      reduction("Max", ReduceKind::max),
      reduction("Min", ReduceKind::min),
      reduction("Prod", ReduceKind::product),
      reduction("All", ReduceKind::all),
      reduction("Any", ReduceKind::any),
      {"EuclideanNorm", 1, import_euclidean_norm},
      {"ArgMax", 1, import_arg_reduction, static_cast<int>(ReduceKind::argmax)},
      {"ArgMin", 1, import_arg_reduction, static_cast<int>(ReduceKind::argmin)},
  };
  return ops;
}

}  // namespace fragnet
