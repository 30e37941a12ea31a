// Matrix products: plain, batched, fused, and those that an Einsum spells.
#include <algorithm>
#include <cctype>
#include <map>

#include "base/error.hpp"
#include "import/tensorflow/fused.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

TfResults import_matmul(const TfNode& node) {
  MatMul op{.transpose_a = flag_of(node, "transpose_a", false),
            .transpose_b = flag_of(node, "transpose_b", false)};
  const ValueId product = node.add(op, {node.inputs[0], node.inputs[1]});
  return {add_fused_ops(node, product, 2, false)};
}

TfResults import_batch_matmul(const TfNode& node) {
  MatMul op{.transpose_a = flag_of(node, "adj_x", false), .transpose_b = flag_of(node, "adj_y", false)};
  return {node.add(op, {node.inputs[0], node.inputs[1]})};
}

// ---- Einsum ----

struct Equation {
  std::string a, b, result;
};

bool has(const std::string& letters, char letter) {
  return letters.find(letter) != std::string::npos;
}

// "bij,bjk->bik" without the spaces. Every letter stands for one axis: an ellipsis, a repeated letter, or a
// letter of one operand that the result lacks is no matrix product.
Equation read_equation(const TfNode& node) {
  std::string letters = text_of(node, "equation", "");
  letters.erase(std::remove(letters.begin(), letters.end(), ' '), letters.end());
  const size_t comma = letters.find(','), arrow = letters.find("->");
  const auto refuse = [&]() {
    fail(code::unsupported_op, node.where, ": the Einsum \"", letters,
         "\" is not supported, only products of two tensors ", "like \"bij,bjk->bik\" are");
  };
  if (comma == std::string::npos || arrow == std::string::npos || arrow < comma) refuse();
  const Equation equation{letters.substr(0, comma), letters.substr(comma + 1, arrow - comma - 1),
                          letters.substr(arrow + 2)};
  for (const std::string* side : {&equation.a, &equation.b, &equation.result}) {
    for (char letter : *side) {
      const bool is_axis = std::isalpha(static_cast<unsigned char>(letter)) != 0;
      if (!is_axis || std::count(side->begin(), side->end(), letter) != 1) refuse();
      const int operands = has(equation.a, letter) + has(equation.b, letter);
      if (operands == 0 || (operands == 1 && !has(equation.result, letter))) refuse();
    }
  }
  return equation;
}

// A value's axes in the order of `letters`.
ValueId in_order(const TfNode& node, ValueId value, const std::string& from, const std::string& letters) {
  std::vector<int> order;
  for (char letter : letters) order.push_back(static_cast<int>(from.find(letter)));
  return transposed(node, value, order);
}

// The product of the extents that `letters` name; each fits since the tensor it comes from does.
int count_of(const std::map<char, int>& extents, const std::string& letters) {
  int64_t count = 1;
  for (char letter : letters) count *= extents.at(letter);
  return static_cast<int>(count);
}

// Axes that both operands and the result have are the batch, axes that only the operands share are summed
// over, the others are rows and columns: transpose, join, multiply, split, transpose.
TfResults import_einsum(const TfNode& node) {
  const Equation equation = read_equation(node);
  if (node.inputs.size() != 2 || node.shape(0).size() != equation.a.size() ||
      node.shape(1).size() != equation.b.size()) {
    fail(code::bad_shape, node.where, ": the Einsum \"", equation.a, ",", equation.b, "->", equation.result,
         "\" does not fit its inputs");
  }
  std::map<char, int> extents;
  std::string batch, rows, summed, columns;
  for (size_t i = 0; i < equation.a.size(); ++i) {
    const char letter = equation.a[i];
    extents[letter] = node.shape(0)[i];
    const bool shared = has(equation.b, letter);
    (!shared ? rows : has(equation.result, letter) ? batch : summed) += letter;
  }
  for (size_t i = 0; i < equation.b.size(); ++i) {
    const char letter = equation.b[i];
    if (!has(equation.a, letter)) columns += letter;
    const int extent = extents.emplace(letter, node.shape(1)[i]).first->second;
    if (extent != node.shape(1)[i]) {
      fail(code::bad_shape, node.where, ": the axis ", letter, " of the Einsum has ", extent,
           " elements in one input and ", node.shape(1)[i], " in the other");
    }
  }
  const int n = count_of(extents, batch), m = count_of(extents, rows);
  const int k = count_of(extents, summed), o = count_of(extents, columns);
  const ValueId a =
      reshaped(node, in_order(node, node.inputs[0], equation.a, batch + rows + summed), {n, m, k});
  const ValueId b =
      reshaped(node, in_order(node, node.inputs[1], equation.b, batch + summed + columns), {n, k, o});
  const ValueId product = node.add(MatMul{}, {a, b});
  const std::string made = batch + rows + columns;
  Shape shape;
  for (char letter : made) shape.push_back(extents.at(letter));
  return {in_order(node, reshaped(node, product, shape), made, equation.result)};
}

}  // namespace

std::span<const TfOp> matmul_ops() {
  static constexpr TfOp ops[] = {
      {"MatMul", 2, import_matmul},
      {"_FusedMatMul", 2, import_matmul},
      {"BatchMatMul", 2, import_batch_matmul},
      {"BatchMatMulV2", 2, import_batch_matmul},
      {"Einsum", 2, import_einsum},
  };
  return ops;
}

}  // namespace fragnet
