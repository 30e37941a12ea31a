// What a network can do. Each operation is a plain struct that holds all that is known when the graph is
// built; its tensor operands are the inputs of its node, in the order that the comment gives. Feature maps
// are NHWC.
#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "base/tensor.hpp"

namespace fragnet {

// Pixels added around a picture (or, for a transposed convolution, cut from its output).
struct Margins {
  int top = 0, bottom = 0, left = 0, right = 0;
  bool operator==(const Margins&) const = default;
};

// How a kernel slides over a picture. Pairs are (height, width). Padding is always explicit here: `same` and
// `valid` are resolved by resolve_padding() when the node is built, since every extent is known then.
struct Window {
  std::array<int, 2> kernel{1, 1}, stride{1, 1}, dilation{1, 1};
  Margins padding;
};

// Kernel (with its dilation), stride and margins of a legal window are at most this many pixels: no sum
// overflows.
inline constexpr int max_window_span = 1 << 16;
bool is_legal(const Window& window);

enum class Padding { valid, same };

// TensorFlow's rule: `same` gives ceil(in / stride) and puts the odd pixel at the bottom and right. A window
// that is not legal gets no padding: infer_type() refuses it with a sentence that names the layer.
Margins resolve_padding(Padding padding, int height, int width, const Window& window);

// output = floor((in + padding - ((kernel - 1) × dilation + 1)) / stride) + 1; 0 where the kernel does not
// fit.
std::array<int, 2> window_output(int height, int width, const Window& window);

// inputs: picture (N,H,W,I), kernel (kh,kw,I,O) → (N,H',W',O)
// slices: the sum over the input channels in as many parts, one picture each; made by passes, for a batch of one.
struct Conv2d {
  Window window;
  int slices = 1;
};

// inputs: picture (N,H,W,I), kernel (kh,kw,I,M) → (N,H',W',I×M), output channel i×M + m
struct DepthwiseConv2d {
  Window window;
};

// The gradient of Conv2d: out[y] gathers in[i] × kernel[k] where y + padding.top = i × stride + k × dilation.
// inputs: picture (N,H,W,I), kernel (kh,kw,O,I) → (N,output[0],output[1],O)
struct Conv2dTranspose {
  Window window;  // padding: what the forward convolution would have padded, cut from this output
  std::array<int, 2> output{0, 0};
  int slices = 1;  // as Conv2d
};

// inputs: a (…,M,K), b (…,K,N) → (…,M,N); leading extents broadcast; rank ≥ 2.
struct MatMul {
  bool transpose_a = false, transpose_b = false;
};

enum class UnaryKind {
  relu,
  relu6,
  leaky_relu,
  elu,
  selu,
  sigmoid,
  hard_sigmoid,
  tanh,
  softplus,
  softsign,
  swish,
  gelu,
  gelu_tanh,
  mish,
  exp,
  expm1,
  log,
  log1p,
  sqrt,
  rsqrt,
  square,
  reciprocal,
  abs,
  negate,
  sign,
  floor,
  ceil,
  round,
  trunc,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  erf,
  clip,
  logical_not,
  is_nan,
};

// inputs: x. `a` is leaky_relu's slope, elu's alpha, hard_sigmoid's slope; clip keeps [a, b]; hard_sigmoid's
// offset is b.
struct Unary {
  UnaryKind kind = UnaryKind::relu;
  float a = 0, b = 0;
};

enum class BinaryKind {
  add,
  subtract,
  multiply,
  divide,
  floor_divide,
  floor_mod,
  mod,
  minimum,
  maximum,
  power,
  squared_difference,
  atan2,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
  // floor_mod takes the divisor's sign (Python's %, and what TensorFlow.js does for Mod, too), mod the
  // dividend's (C's %). divide between integers is floor_divide, as in TensorFlow.js.
  prelu,           // x > 0 ? x : x × slope
  keep_where,      // b ? a : 0; what lower_select makes of Select
  keep_where_not,  // b ? 0 : a
};

// inputs: a, b (broadcast)
struct Binary {
  BinaryKind kind = BinaryKind::add;
};

// inputs: condition, a, b (broadcast) → condition ? a : b
struct Select {};

enum class ReduceKind { sum, mean, max, min, product, argmax, argmin, any, all };

// inputs: x. axes are sorted, distinct and not negative.
struct Reduce {
  ReduceKind kind = ReduceKind::mean;
  std::vector<int> axes;
  bool keep_dims = false;
};

// inputs: x. Numerically stable; along one axis (not negative).
struct Softmax {
  int axis = -1;
  bool log = false;
};

enum class PoolKind { max, average };

// inputs: picture. Padding never counts: neither in the maximum nor in the average's divisor.
struct Pool2d {
  PoolKind kind = PoolKind::max;
  Window window;
};

enum class ResizeKind { nearest, bilinear };

// inputs: picture → (N,output[0],output[1],C). Source position of output pixel i, with scale = in / out (or
// (in-1)/(out-1) with align_corners and out > 1): half_pixel_centers ? (i + 0.5) × scale - 0.5 : i × scale.
// `nearest` takes floor(i × scale) (with half_pixel_centers: floor((i + 0.5) × scale), with align_corners:
// round half away from zero).
struct Resize {
  ResizeKind kind = ResizeKind::nearest;
  std::array<int, 2> output{0, 0};
  bool align_corners = false, half_pixel_centers = false;
};

// inputs: x → the same elements in row-major order
struct Reshape {
  Shape shape;  // closed
};

// inputs: x → extent i is x's extent order[i]
struct Transpose {
  std::vector<int> order;
};

// inputs: two or more tensors
struct Concat {
  int axis = 0;  // not negative
};

// inputs: x → extent i counts size[i] elements from begin[i] in steps of stride[i] (which may be negative)
struct Slice {
  std::vector<int> begin, size, stride;
};

enum class PadKind { constant, reflect, symmetric };

// inputs: x
struct Pad {
  PadKind kind = PadKind::constant;
  std::vector<std::array<int, 2>> margins;  // (before, after) for each extent
  float value = 0;
};

// inputs: x → x repeated repeats[i] times along extent i
struct Tile {
  std::vector<int> repeats;
};

// inputs: x → extent i takes x's elements indices[…] along `axis` (a constant list)
struct Gather {
  int axis = 0;
  std::vector<int> indices;
};

// TensorFlow's SpaceToBatchND on the H and W of a picture: pads, then deals pixels out to block[0]×block[1]
// batches.
struct SpaceToBatch {
  std::array<int, 2> block{1, 1};
  Margins padding;
};

// Its inverse, cutting `crop` from the result.
struct BatchToSpace {
  std::array<int, 2> block{1, 1};
  Margins crop;
};

// ---- What passes make of the above. Importers do not build these. ----

// The picture that only loads its first input (broadcast to the node's shape); all its work is in the node's
// epilogue.
struct Pointwise {};

// Moves elements: output element with coordinates c over `extents` (row-major over the output's elements,
// whatever the output's shape) reads input element Σ source_i, where along each extent p = c × step + start:
//   within [0, limit)            source = p × stride
//   outside, PadKind::constant   the element is `value`
//   outside, reflect, symmetric  p is mirrored back
// inputs: x (read in row-major order, whatever its shape)
inline constexpr size_t max_rearrange_extents = 6;  // of a node
struct Rearrange {
  struct Extent {
    int count = 1, step = 1, start = 0, limit = 1;
    int stride = 0;  // in elements of the input
  };
  std::vector<Extent> extents;  // at most max_rearrange_extents
  PadKind pad = PadKind::constant;
  float value = 0;
};

using Op = std::variant<Conv2d, DepthwiseConv2d, Conv2dTranspose, MatMul, Unary, Binary, Select, Reduce,
                        Softmax, Pool2d, Resize, Reshape, Transpose, Concat, Slice, Pad, Tile, Gather,
                        SpaceToBatch, BatchToSpace, Pointwise, Rearrange>;

// "conv2d", "depthwise_conv2d", "leaky_relu", "add" …: the one name of an operation in listings, shaders and
// errors.
std::string name_of(const Op& op);
std::string name_of(UnaryKind kind);
std::string name_of(BinaryKind kind);

// The shape and type of an operation's result. Throws `bad-shape` (`bad-value` for a clip of nothing,
// `too-large`) with a message that opens with `where` (`layer "up_3"`). Input shapes are closed. Only lists
// of numbers (rank 1) may be empty. Mixed types widen to the widest (bool < int32 < float32); functions that
// leave the integers give float32. What passes make (Pointwise, Rearrange) has the type that the pass gives
// it, and is `internal` here.
struct ValueType {
  DType dtype = DType::float32;
  Shape shape;
};
ValueType infer_type(const Op& op, const std::vector<ValueType>& inputs, const std::string& where);

}  // namespace fragnet
