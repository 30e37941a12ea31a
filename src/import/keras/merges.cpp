// Layers that make one value of several.
#include <algorithm>

#include "base/error.hpp"
#include "import/keras/layer.hpp"
#include "import/random_numbers.hpp"

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

// Not a layer of Keras but of its example of a variational autoencoder: mean + exp(log variance / 2) × normal numbers, which
// are drawn once.
ValueId import_sampling(KerasLayer& layer) {
  if (layer.inputs.size() != 2) {
    fail(code::bad_topology, layer.config.where,
         ": the layer takes a mean and the logarithm of a variance, it is given ", layer.inputs.size(),
         layer.inputs.size() == 1 ? " input" : " inputs");
  }
  layer.builder.warn(
      text(layer.config.where,
           ": Sampling draws numbers at random; they are drawn once, when the model is loaded, and the same "
           "each time"));
  const Shape shape = shape_of(layer, layer.inputs[1]);
  constexpr int64_t most_numbers = 1 << 22;
  if (element_count(shape, layer.config.where) > most_numbers)
    fail(code::too_large, layer.config.where, ": Sampling of the shape ", to_string(shape));
  RandomNumbers random(seed_of(layer.name));
  std::vector<float> numbers(static_cast<size_t>(element_count(shape)));
  for (float& number : numbers) number = static_cast<float>(random.normal());
  const ValueId drawn = layer.builder.add_constant(layer.name, make_tensor(shape, std::move(numbers)));
  const ValueId half =
      add_node(layer, Binary{BinaryKind::multiply}, {layer.inputs[1], add_scalar(layer, 0.5)});
  const ValueId deviation = add_node(layer, Unary{UnaryKind::exp}, {half});
  const ValueId noise = add_node(layer, Binary{BinaryKind::multiply}, {deviation, drawn});
  return add_node(layer, Binary{BinaryKind::add}, {layer.inputs[0], noise});
}

}  // namespace fragnet
