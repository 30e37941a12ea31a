// Small graphs with inputs to run them on.
#pragma once

#include <string>
#include <vector>

#include "cases/op_case.hpp"
#include "graph/builder.hpp"
#include "support/host_tensor.hpp"

namespace fragnet {

struct GraphCase {
  Graph graph;
  std::vector<HostTensor> inputs;
};

// How a case's weights are stored.
enum class WeightStorage { float32, float16, uint8, uint16 };

// The graph of one operation, with random inputs and weights of both signs.
GraphCase graph_of(const OpCase& op_case, WeightStorage storage = WeightStorage::float32);

// Builds the graphs of the case tables: a layer a line. Weights and constants are random, the same for the
// same order of calls.
class LayerBuilder {
 public:
  ValueId input(const Shape& shape);
  ValueId constant(const Shape& shape, float low = -1, float high = 1);
  ValueId number(float value);

  ValueId add(Op op, const std::vector<ValueId>& inputs);
  ValueId unary(UnaryKind kind, ValueId x, float a = 0, float b = 0);
  ValueId binary(BinaryKind kind, ValueId a, ValueId b);

  // Square kernels, `same` padding.
  ValueId conv(ValueId x, int out, int kernel = 3, int stride = 1);
  ValueId conv_valid(ValueId x, int out, int kernel = 3, int stride = 1);
  ValueId depthwise(ValueId x, int kernel = 3, int stride = 1);
  ValueId conv_transpose(ValueId x, int out, int kernel = 4, int stride = 2);

  ValueId bias(ValueId x);        // + a number for each channel
  ValueId batch_norm(ValueId x);  // × a number for each channel, + another
  ValueId concat(const std::vector<ValueId>& inputs, int axis = 3);
  ValueId reduce(ReduceKind kind, ValueId x, const std::vector<int>& axes, bool keep_dims = true);
  ValueId reshape(ValueId x, const Shape& shape);
  ValueId pad(ValueId x, const Margins& margins, PadKind kind = PadKind::constant, float value = 0);

  const Shape& shape(ValueId value) const { return builder_.shape(value); }
  int channels(ValueId value) const { return shape(value).back(); }

  // The graph whose results these are, and inputs for it.
  GraphCase finish(const std::vector<ValueId>& outputs);

 private:
  ValueId picture_op(Op op, ValueId x, const Shape& kernel);

  GraphBuilder builder_;
  std::vector<HostTensor> inputs_;
  uint32_t seed_ = 1;
  int nodes_ = 0;
};

}  // namespace fragnet
