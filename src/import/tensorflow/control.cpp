// Branches and loops whose conditions are known once the inputs' shapes are. What hangs on the other branch is dead and is
// not imported.
#include <algorithm>

#include "base/error.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

bool is_true(const TfNode& node, ValueId condition) {
  const std::vector<int32_t> numbers =
      node.builder.constant_ints(condition, node.where + ": the condition of " + node.def.op);
  if (numbers.size() != 1)
    fail(code::bad_shape, node.where, ": the condition of ", node.def.op, " must be one value, it has ",
         numbers.size());
  return numbers[0] != 0;
}

// inputs: x, condition → x if it is false, x if it is true
TfResults import_switch(const TfNode& node) {
  const bool second = is_true(node, node.inputs[1]);
  return {second ? dead_value : node.inputs[0], second ? node.inputs[0] : dead_value};
}

// inputs: one of each branch → the one that is alive, and which it is
TfResults import_merge(const TfNode& node) {
  const auto is_alive = [](ValueId input) { return input != dead_value; };
  const auto alive = std::find_if(node.inputs.begin(), node.inputs.end(), is_alive);
  if (alive == node.inputs.end()) return {dead_value, dead_value};
  if (std::count_if(node.inputs.begin(), node.inputs.end(), is_alive) > 1) {
    fail(code::unsupported_op, node.where, ": Merge of branches that are both taken is not supported");
  }
  return {*alive, add_scalar(node, DType::int32, static_cast<int>(alive - node.inputs.begin()))};
}

// inputs: condition, arguments
TfResults import_if(const TfNode& node) {
  const char* branch = is_true(node, node.inputs[0]) ? "then_branch" : "else_branch";
  return node.functions.call(node, text_of(node, branch, ""), {node.inputs.begin() + 1, node.inputs.end()});
}

// inputs: what goes round
TfResults import_while(const TfNode& node) {
  const std::string condition = text_of(node, "cond", ""), body = text_of(node, "body", "");
  TfResults values = node.inputs;
  for (;;) {
    const TfResults goes_on = node.functions.call(node, condition, values);
    if (goes_on.size() != 1)
      fail(code::bad_topology, node.where, ": the condition of ", node.def.op, " returns ", goes_on.size(),
           " values");
    if (!is_true(node, goes_on[0])) return values;
    values = node.functions.call(node, body, values);
  }
}

TfResults import_call(const TfNode& node) {
  return node.functions.call(node, text_of(node, "f", ""), node.inputs);
}

}  // namespace

std::span<const TfOp> control_ops() {
  static constexpr TfOp ops[] = {
      {"If", 1, import_if},
      {"Merge", 1, import_merge},
      {"PartitionedCall", 0, import_call},
      {"RefMerge", 1, import_merge},
      {"RefSwitch", 2, import_switch},
      {"StatefulPartitionedCall", 0, import_call},
      {"StatelessIf", 1, import_if},
      {"StatelessWhile", 1, import_while},
      {"Switch", 2, import_switch},
      {"While", 1, import_while},
  };
  return ops;
}

}  // namespace fragnet
