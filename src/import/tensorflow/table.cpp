#include "import/tensorflow/table.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "import/import_model.hpp"

namespace fragnet {
namespace {

constexpr std::span<const TfOp> (*const op_tables[])() = {
    constant_ops, control_ops,   pointwise_ops, convolution_ops, matmul_ops,  normalization_ops,
    random_ops,   reduction_ops, shape_ops,     slice_ops,       picture_ops,
};

const TfOp* find_op(std::string_view name) {
  for (const auto table : op_tables) {
    for (const TfOp& op : table()) {
      if (name == op.name) return &op;
    }
  }
  return nullptr;
}

}  // namespace

TfResults import_node_def(const NodeDef& def, std::vector<ValueId> inputs, const std::string& where,
                          const TfModel& model) {
  const TfOp* op = find_op(def.op);
  if (!op) {
    fail(code::unsupported_op, where, ": the operation \"", def.op,
         "\" is not supported; the README lists the operations that are");
  }
  if (inputs.size() < op->inputs) {
    fail(code::bad_topology, where, ": ", def.op, " wants ", op->inputs,
         op->inputs == 1 ? " input" : " inputs", ", the node has ", inputs.size());
  }
  return op->import({def, std::move(inputs), where, model.builder, model.weights, model.elements_left,
                     model.functions, op->kind});
}

std::vector<std::string> supported_graph_ops() {
  std::vector<std::string> names;
  for (const auto table : op_tables) {
    for (const TfOp& op : table()) names.push_back(op.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace fragnet
