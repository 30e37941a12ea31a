#include "support/graph_case.hpp"

namespace fragnet {
namespace {

Tensor stored(const HostTensor& weights, WeightStorage storage) {
  switch (storage) {
    case WeightStorage::float32:
      return encoded(weights);
    case WeightStorage::float16:
      return encoded_as_float16(weights);
    case WeightStorage::uint8:
      return encoded_as_uint8(weights);
    case WeightStorage::uint16:
      return encoded_as_uint16(weights);
  }
  return {};
}

// Random. Conditions are 0 or 1; `any` and `all` are sometimes true and sometimes not.
HostTensor input_for(const OpCase& op_case, size_t index) {
  const Shape& shape = op_case.inputs[index];
  const auto seed = static_cast<uint32_t>(index + 1);
  if (std::holds_alternative<Select>(op_case.op) && index == 0) return random_integers(shape, seed, 0, 1);
  const auto* reduce = std::get_if<Reduce>(&op_case.op);
  if (!reduce || (reduce->kind != ReduceKind::any && reduce->kind != ReduceKind::all)) {
    return random_tensor(shape, seed);
  }
  const bool mostly = reduce->kind == ReduceKind::all;
  HostTensor tensor = random_integers(shape, seed, 0, 7);
  for (float& value : tensor.values) value = (value != 0) == mostly ? -2.0f : 0.0f;
  return tensor;
}

}  // namespace

GraphCase graph_of(const OpCase& op_case, WeightStorage storage) {
  GraphBuilder builder;
  std::vector<HostTensor> inputs;
  std::vector<ValueId> operands;
  const size_t variables = op_case.inputs.size() - static_cast<size_t>(op_case.constants);
  for (size_t i = 0; i < op_case.inputs.size(); ++i) {
    const Shape& shape = op_case.inputs[i];
    const HostTensor tensor = input_for(op_case, i);
    const std::string name = (i < variables ? "input_" : "weights_") + std::to_string(i);
    if (i < variables) {
      operands.push_back(builder.add_input(name, DType::float32, shape));
      inputs.push_back(tensor);
    } else {
      operands.push_back(builder.add_constant(name, stored(tensor, storage)));
    }
  }
  builder.add_output("result", builder.add("result", op_case.op, operands));
  return {builder.finish(), inputs};
}

ValueId LayerBuilder::input(const Shape& shape) {
  inputs_.push_back(random_tensor(shape, seed_++));
  return builder_.add_input("input_" + std::to_string(inputs_.size()), DType::float32, shape);
}

ValueId LayerBuilder::constant(const Shape& shape, float low, float high) {
  const std::string name = "constant_" + std::to_string(seed_);
  return builder_.add_constant(name, encoded(random_tensor(shape, seed_++, low, high)));
}

ValueId LayerBuilder::number(float value) {
  return builder_.add_constant("number_" + std::to_string(seed_++), make_scalar(value));
}

ValueId LayerBuilder::add(Op op, const std::vector<ValueId>& inputs) {
  const std::string name = name_of(op) + "_" + std::to_string(++nodes_);
  return builder_.add(name, std::move(op), inputs);
}

ValueId LayerBuilder::unary(UnaryKind kind, ValueId x, float a, float b) {
  return add(Unary{.kind = kind, .a = a, .b = b}, {x});
}

ValueId LayerBuilder::binary(BinaryKind kind, ValueId a, ValueId b) {
  return add(Binary{kind}, {a, b});
}

ValueId LayerBuilder::picture_op(Op op, ValueId x, const Shape& kernel) {
  return add(std::move(op), {x, constant(kernel, -0.5f, 0.5f)});
}

ValueId LayerBuilder::conv(ValueId x, int out, int kernel, int stride) {
  Window window{.kernel = {kernel, kernel}, .stride = {stride, stride}};
  window.padding = resolve_padding(Padding::same, shape(x)[1], shape(x)[2], window);
  return picture_op(Conv2d{window}, x, {kernel, kernel, channels(x), out});
}

ValueId LayerBuilder::conv_valid(ValueId x, int out, int kernel, int stride) {
  const Window window{.kernel = {kernel, kernel}, .stride = {stride, stride}};
  return picture_op(Conv2d{window}, x, {kernel, kernel, channels(x), out});
}

ValueId LayerBuilder::depthwise(ValueId x, int kernel, int stride) {
  Window window{.kernel = {kernel, kernel}, .stride = {stride, stride}};
  window.padding = resolve_padding(Padding::same, shape(x)[1], shape(x)[2], window);
  return picture_op(DepthwiseConv2d{window}, x, {kernel, kernel, channels(x), 1});
}

ValueId LayerBuilder::conv_transpose(ValueId x, int out, int kernel, int stride) {
  Conv2dTranspose op{.window = {.kernel = {kernel, kernel}, .stride = {stride, stride}},
                     .output = {shape(x)[1] * stride, shape(x)[2] * stride}};
  op.window.padding = resolve_padding(Padding::same, op.output[0], op.output[1], op.window);
  return picture_op(op, x, {kernel, kernel, out, channels(x)});
}

ValueId LayerBuilder::bias(ValueId x) {
  return binary(BinaryKind::add, x, constant({channels(x)}));
}

ValueId LayerBuilder::batch_norm(ValueId x) {
  const ValueId scaled = binary(BinaryKind::multiply, x, constant({channels(x)}));
  return binary(BinaryKind::add, scaled, constant({channels(x)}));
}

ValueId LayerBuilder::concat(const std::vector<ValueId>& inputs, int axis) {
  return add(Concat{axis}, inputs);
}

ValueId LayerBuilder::reduce(ReduceKind kind, ValueId x, const std::vector<int>& axes, bool keep_dims) {
  return add(Reduce{.kind = kind, .axes = axes, .keep_dims = keep_dims}, {x});
}

ValueId LayerBuilder::reshape(ValueId x, const Shape& to) {
  return add(Reshape{to}, {x});
}

ValueId LayerBuilder::pad(ValueId x, const Margins& margins, PadKind kind, float value) {
  return add(Pad{.kind = kind,
                 .margins = {{0, 0}, {margins.top, margins.bottom}, {margins.left, margins.right}, {0, 0}},
                 .value = value},
             {x});
}

GraphCase LayerBuilder::finish(const std::vector<ValueId>& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) builder_.add_output("output_" + std::to_string(i), outputs[i]);
  return {builder_.finish(), inputs_};
}

}  // namespace fragnet
