// A chain of PyTorch's layers becomes a graph.
#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/named.hpp"
#include "formats/model.hpp"
#include "graph/builder.hpp"
#include "graph/importers.hpp"

namespace fragnet {
namespace {

const std::string input_name = "input";

// With PyTorch's defaults.
constexpr Named<Unary> activations[] = {
    {"elu", {UnaryKind::elu, 1}},
    {"gelu", {UnaryKind::gelu}},
    {"leaky_relu", {UnaryKind::leaky_relu, 0.01f}},
    {"relu", {UnaryKind::relu}},
    {"relu6", {UnaryKind::relu6}},
    {"sigmoid", {UnaryKind::sigmoid}},
    {"silu", {UnaryKind::swish}},
    {"tanh", {UnaryKind::tanh}},
};

struct Importer {
  const NpyLayer& layer;
  const Weights& weights;
  GraphBuilder& builder;
  std::string where;

  ValueId add(Op op, std::vector<ValueId> inputs) {
    return builder.add(layer.name, std::move(op), std::move(inputs));
  }

  ValueId add_weight(const std::string& file, size_t rank) {
    const auto found = weights.find(file);
    if (found == weights.end()) fail(code::bad_weights, where, " has no ", rank == 1 ? "bias" : "kernel");
    const Tensor& tensor = found->second;
    if (tensor.dtype != DType::float32 || tensor.shape.size() != rank) {
      fail(code::bad_shape, where, ": \"", file, "\" must hold float32 of rank ", rank, ", it has ",
           to_string(tensor.dtype), " of the shape ", to_string(tensor.shape));
    }
    return builder.add_constant(file, tensor);
  }

  // PyTorch has kernels as (O, I, kh, kw), of transposed convolutions as (I, O, kh, kw): here both are turned.
  ValueId add_kernel() { return add(Transpose{{2, 3, 1, 0}}, {add_weight(layer.kernel, 4)}); }

  Window window_of(ValueId kernel) const {
    const Shape& shape = builder.shape(kernel);
    const int edge = layer.padding;
    return {.kernel = {shape[0], shape[1]},
            .stride = {layer.stride, layer.stride},
            .padding = {edge, edge, edge, edge}};
  }

  // An extent of the picture, which infer_type() refuses where it is none.
  static int extent(int64_t pixels) {
    return static_cast<int>(std::clamp<int64_t>(pixels, 0, std::numeric_limits<int>::max()));
  }

  ValueId conv2d(ValueId x) {
    const ValueId kernel = add_kernel();
    return finish(add(Conv2d{window_of(kernel)}, {x, kernel}));
  }

  ValueId conv2d_transpose(ValueId x) {
    const ValueId kernel = add_kernel();
    Conv2dTranspose op{window_of(kernel)};
    for (size_t i = 0; i < 2; ++i) {
      op.output[i] = extent(int64_t{builder.shape(x)[i + 1] - 1} * layer.stride - 2 * int64_t{layer.padding} +
                            op.window.kernel[i] + layer.output_padding);
    }
    return finish(add(op, {x, kernel}));
  }

  ValueId upsample_nearest(ValueId x) {
    const Shape& from = builder.shape(x);
    return add(
        Resize{.output = {extent(int64_t{from[1]} * layer.factor), extent(int64_t{from[2]} * layer.factor)}},
        {x});
  }

  // Bias and activation.
  ValueId finish(ValueId x) {
    if (!layer.bias.empty()) {
      const ValueId bias = add_weight(layer.bias, 1);
      if (builder.shape(bias)[0] != builder.shape(x)[3]) {
        fail(code::bad_shape, where, ": \"", layer.bias, "\" has the shape ", to_string(builder.shape(bias)),
             ", the kernel makes ", builder.shape(x)[3], " channels");
      }
      x = add(Binary{BinaryKind::add}, {x, bias});
    }
    if (layer.activation.empty()) return x;
    const Unary* activation = find_named(activations, layer.activation);
    if (!activation)
      fail(code::unsupported_op, where, ": the activation \"", layer.activation, "\" is not supported");
    return add(*activation, {x});
  }
};

constexpr Named<ValueId (Importer::*)(ValueId)> operations[] = {
    {"conv2d", &Importer::conv2d},
    {"conv2d_transpose", &Importer::conv2d_transpose},
    {"upsample_nearest", &Importer::upsample_nearest},
};

}  // namespace

std::vector<InputSpec> npy_model_inputs(const NpyTopology& topology) {
  Shape shape = topology.input;
  shape.insert(shape.begin(), open_extent);
  return {{.name = input_name, .shape = shape}};
}

Graph import_npy_model(const NpyTopology& topology, const Weights& weights, const InputShapes& shapes) {
  GraphBuilder builder;
  ValueId x = builder.add_input(input_name, DType::float32, shapes.at(input_name));
  std::map<std::string, ValueId> made;
  for (const NpyLayer& layer : topology.layers) {
    Importer importer{layer, weights, builder, "layer \"" + layer.name + '"'};
    const auto* operation = find_named(operations, layer.op);
    if (!operation)
      fail(code::unsupported_op, importer.where, ": the operation \"", layer.op, "\" is not supported");
    x = (importer.**operation)(x);
    if (!made.emplace(layer.name, x).second)
      fail(code::bad_topology, "two layers are called \"", layer.name, '"');
  }
  for (const std::string& name : topology.outputs) {
    const auto found = made.find(name);
    if (found == made.end()) fail(code::bad_topology, "the output \"", name, "\" is no layer");
    builder.add_output(name, found->second);
  }
  return builder.finish();
}

std::vector<std::string> supported_npy_layers() {
  std::vector<std::string> names;
  for (const auto& operation : operations) names.push_back(operation.name);
  return names;
}

}  // namespace fragnet
