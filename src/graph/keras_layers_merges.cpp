// Layers that make one value of several.
#include <algorithm>

#include "base/error.hpp"
#include "graph/keras_layers.hpp"

namespace fragnet {
namespace {

// Inputs of lower rank get extents of one after the batch, as Keras does it, not before it.
std::vector<ValueId> inputs_of_one_rank(KerasLayer& layer) {
  size_t rank = 0;
  for (ValueId input : layer.inputs) rank = std::max(rank, shape_of(layer, input).size());
  std::vector<ValueId> inputs = layer.inputs;
  for (ValueId& input : inputs) {
    Shape shape = shape_of(layer, input);
    if (shape.empty() || shape.size() == rank) continue;
    shape.insert(shape.begin() + 1, rank - shape.size(), 1);
    input = add_node(layer, Reshape{shape}, {input});
  }
  return inputs;
}

ValueId import_merge(KerasLayer& layer, BinaryKind kind) {
  if (layer.inputs.size() < 2) {
    fail(code::bad_topology, layer.config.where, ": the layer takes two or more inputs, it is given ",
         layer.inputs.size());
  }
  const std::vector<ValueId> inputs = inputs_of_one_rank(layer);
  ValueId merged = inputs[0];
  for (size_t i = 1; i < inputs.size(); ++i) merged = add_node(layer, Binary{kind}, {merged, inputs[i]});
  return merged;
}

}  // namespace

ValueId import_add(KerasLayer& layer) {
  return import_merge(layer, BinaryKind::add);
}
ValueId import_multiply(KerasLayer& layer) {
  return import_merge(layer, BinaryKind::multiply);
}
ValueId import_maximum(KerasLayer& layer) {
  return import_merge(layer, BinaryKind::maximum);
}
ValueId import_minimum(KerasLayer& layer) {
  return import_merge(layer, BinaryKind::minimum);
}

ValueId import_subtract(KerasLayer& layer) {
  if (layer.inputs.size() != 2) {
    fail(code::bad_topology, layer.config.where, ": the layer takes two inputs, it is given ",
         layer.inputs.size());
  }
  return import_merge(layer, BinaryKind::subtract);
}

ValueId import_average(KerasLayer& layer) {
  const ValueId sum = import_merge(layer, BinaryKind::add);
  const ValueId share = add_scalar(layer, 1.0 / static_cast<double>(layer.inputs.size()));
  return add_node(layer, Binary{BinaryKind::multiply}, {sum, share});
}

ValueId import_concatenate(KerasLayer& layer) {
  if (layer.inputs.size() < 2) {
    fail(code::bad_topology, layer.config.where, ": the layer takes two or more inputs, it is given ",
         layer.inputs.size());
  }
  const int rank = static_cast<int>(shape_of(layer, layer.inputs[0]).size());
  return add_node(layer, Concat{.axis = config_axis(layer.config, {"axis"}, -1, rank)}, layer.inputs);
}

}  // namespace fragnet
