#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "base/error.hpp"
#include "graph/ops.hpp"

namespace fragnet {
namespace {

using testing::HasSubstr;

constexpr int huge = std::numeric_limits<int>::max();

ValueType floats(Shape shape) {
  return {DType::float32, std::move(shape)};
}
ValueType ints(Shape shape) {
  return {DType::int32, std::move(shape)};
}
ValueType flags(Shape shape) {
  return {DType::boolean, std::move(shape)};
}

ValueType type_of(const Op& op, const std::vector<ValueType>& inputs) {
  return infer_type(op, inputs, "layer \"x\"");
}
Shape shape_of(const Op& op, const std::vector<ValueType>& inputs) {
  return type_of(op, inputs).shape;
}

void expect_error(const Op& op, const std::vector<ValueType>& inputs, const std::string& error_code,
                  const std::string& sentence) {
  try {
    const ValueType type = type_of(op, inputs);
    ADD_FAILURE() << "no error but " << to_string(type.shape) << ", wanted: " << sentence;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), error_code) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(sentence));
    EXPECT_EQ(std::string(error.what()).rfind("layer \"x\": ", 0), 0u) << error.what();
  }
}

void expect_bad_shape(const Op& op, const std::vector<ValueType>& inputs, const std::string& sentence) {
  expect_error(op, inputs, "bad-shape", sentence);
}

Window same_window(int height, int width, Window window) {
  window.padding = resolve_padding(Padding::same, height, width, window);
  return window;
}

TEST(NameOf, IsSnakeCaseOfTheOperation) {
  EXPECT_EQ(name_of(Conv2d{}), "conv2d");
  EXPECT_EQ(name_of(DepthwiseConv2d{}), "depthwise_conv2d");
  EXPECT_EQ(name_of(Conv2dTranspose{}), "conv2d_transpose");
  EXPECT_EQ(name_of(MatMul{}), "matmul");
  EXPECT_EQ(name_of(Unary{UnaryKind::relu}), "relu");
  EXPECT_EQ(name_of(Unary{UnaryKind::leaky_relu}), "leaky_relu");
  EXPECT_EQ(name_of(Unary{UnaryKind::gelu_tanh}), "gelu_tanh");
  EXPECT_EQ(name_of(Unary{UnaryKind::square}), "square");
  EXPECT_EQ(name_of(Unary{UnaryKind::erf}), "erf");
  EXPECT_EQ(name_of(Unary{UnaryKind::is_nan}), "is_nan");
  EXPECT_EQ(name_of(Binary{BinaryKind::add}), "add");
  EXPECT_EQ(name_of(Binary{BinaryKind::squared_difference}), "squared_difference");
  EXPECT_EQ(name_of(Binary{BinaryKind::greater_equal}), "greater_equal");
  EXPECT_EQ(name_of(Binary{BinaryKind::prelu}), "prelu");
  EXPECT_EQ(name_of(Pool2d{PoolKind::max, {}}), "max_pool2d");
  EXPECT_EQ(name_of(Pool2d{PoolKind::average, {}}), "average_pool2d");
  EXPECT_EQ(name_of(Resize{ResizeKind::nearest}), "resize_nearest");
  EXPECT_EQ(name_of(Resize{ResizeKind::bilinear}), "resize_bilinear");
  EXPECT_EQ(name_of(Reduce{ReduceKind::mean, {}}), "reduce_mean");
  EXPECT_EQ(name_of(Reduce{ReduceKind::argmax, {}}), "argmax");
  EXPECT_EQ(name_of(Reduce{ReduceKind::all, {}}), "reduce_all");
  EXPECT_EQ(name_of(Softmax{.axis = 1, .log = true}), "log_softmax");
  EXPECT_EQ(name_of(Pad{PadKind::reflect, {}}), "reflect_pad");
  EXPECT_EQ(name_of(BatchToSpace{}), "batch_to_space");
}

// ---- Windows
// -------------------------------------------------------------------------------------------------------

struct SameCase {
  int extent, kernel, stride, dilation;
  int before, after, output;
};

// Worked out by hand from TensorFlow's rule: out = ceil(in / stride), the odd pixel comes last.
const SameCase same_cases[] = {
    {256, 4, 2, 1, 1, 1, 128}, {5, 3, 1, 1, 1, 1, 5},   {5, 3, 2, 1, 1, 1, 3},   {6, 3, 2, 1, 0, 1, 3},
    {7, 2, 1, 1, 0, 1, 7},     {7, 4, 1, 1, 1, 2, 7},   {7, 4, 3, 1, 1, 2, 3},   {1, 4, 2, 1, 1, 2, 1},
    {2, 4, 2, 1, 1, 1, 1},     {10, 3, 1, 4, 4, 4, 10}, {10, 2, 1, 3, 1, 2, 10}, {10, 1, 3, 1, 0, 0, 4},
    {9, 7, 3, 2, 5, 5, 3},     {4, 2, 2, 1, 0, 0, 2},   {3, 1, 2, 1, 0, 0, 2},
};

TEST(ResolvePadding, FollowsTensorFlowsSameRule) {
  for (const SameCase& it : same_cases) {
    SCOPED_TRACE(
        text("in ", it.extent, " kernel ", it.kernel, " stride ", it.stride, " dilation ", it.dilation));
    const Window window{.kernel = {it.kernel, 1}, .stride = {it.stride, 1}, .dilation = {it.dilation, 1}};
    const Window turned{.kernel = {1, it.kernel}, .stride = {1, it.stride}, .dilation = {1, it.dilation}};
    EXPECT_EQ(resolve_padding(Padding::same, it.extent, 9, window), (Margins{it.before, it.after, 0, 0}));
    EXPECT_EQ(resolve_padding(Padding::same, 9, it.extent, turned), (Margins{0, 0, it.before, it.after}));
    EXPECT_EQ(window_output(it.extent, 9, same_window(it.extent, 9, window))[0], it.output);
    EXPECT_EQ(window_output(9, it.extent, same_window(9, it.extent, turned))[1], it.output);
    EXPECT_EQ(resolve_padding(Padding::valid, it.extent, it.extent, window), Margins{});
  }
}

TEST(ResolvePadding, LeavesIllegalWindowsToInferType) {
  EXPECT_EQ(resolve_padding(Padding::same, 8, 8, {.kernel = {3, 3}, .stride = {0, 1}}), Margins{});
  EXPECT_EQ(resolve_padding(Padding::same, 8, 8, {.kernel = {huge, 3}, .dilation = {huge, 1}}), Margins{});
  EXPECT_EQ(resolve_padding(Padding::same, 0, -1, {.kernel = {3, 3}}), Margins{});
}

TEST(WindowOutput, CountsTheStepsOfTheWindow) {
  EXPECT_EQ(window_output(5, 7, {.kernel = {3, 3}}), (std::array{3, 5}));
  EXPECT_EQ(window_output(5, 7, {.kernel = {3, 3}, .stride = {2, 3}}), (std::array{2, 2}));
  EXPECT_EQ(window_output(5, 7, {.kernel = {3, 3}, .dilation = {2, 3}}), (std::array{1, 1}));
  EXPECT_EQ(window_output(5, 7, {.kernel = {3, 3}, .padding = {1, 0, 2, 3}}), (std::array{4, 10}));
  EXPECT_EQ(window_output(2, 2, {.kernel = {3, 2}}), (std::array{0, 1}));
  EXPECT_EQ(window_output(2, 2, {.kernel = {2, 2}, .stride = {0, 0}}), (std::array{0, 0}));
  EXPECT_EQ(window_output(huge, huge, {.stride = {65536, 1}, .padding = {65536, 65536, 0, 0}}),
            (std::array{32770, huge}));
}

TEST(InferType, GivesConvolutionsTheirOutputShape) {
  const Window window{.kernel = {3, 5}, .stride = {2, 1}, .padding = {1, 1, 0, 0}};
  EXPECT_EQ(shape_of(Conv2d{window}, {floats({2, 9, 11, 3}), floats({3, 5, 3, 7})}), (Shape{2, 5, 7, 7}));
  EXPECT_EQ(shape_of(DepthwiseConv2d{window}, {floats({2, 9, 11, 3}), floats({3, 5, 3, 2})}),
            (Shape{2, 5, 7, 6}));
  const Window down = same_window(256, 256, {.kernel = {4, 4}, .stride = {2, 2}});
  EXPECT_EQ(shape_of(Conv2d{down}, {floats({1, 256, 256, 1}), floats({4, 4, 1, 8})}),
            (Shape{1, 128, 128, 8}));
  EXPECT_EQ(shape_of(Conv2dTranspose{down, {256, 256}}, {floats({1, 128, 128, 16}), floats({4, 4, 3, 16})}),
            (Shape{1, 256, 256, 3}));
  // Where the stride leaves a rest, several output sizes are right.
  const Window valid{.kernel = {2, 2}, .stride = {3, 3}};
  EXPECT_EQ(shape_of(Conv2dTranspose{valid, {12, 11}}, {floats({1, 4, 4, 1}), floats({2, 2, 5, 1})}),
            (Shape{1, 12, 11, 5}));
}

TEST(InferType, RefusesConvolutionsThatDoNotFit) {
  const Window window{.kernel = {3, 3}};
  const ValueType picture = floats({1, 8, 8, 256}), kernel = floats({3, 3, 512, 4});
  expect_bad_shape(Conv2d{window}, {picture, kernel},
                   "the kernel wants 512 input channels, the input has 256");
  expect_bad_shape(DepthwiseConv2d{window}, {picture, kernel},
                   "the kernel wants 512 input channels, the input has 256");
  expect_bad_shape(Conv2dTranspose{window, {10, 10}}, {picture, floats({3, 3, 4, 512})},
                   "the kernel wants 512 input channels, the input has 256");
  expect_bad_shape(Conv2d{window}, {picture}, "conv2d wants 2 inputs, it gets 1");
  expect_bad_shape(Conv2d{window}, {floats({8, 8, 256}), kernel},
                   "the input must be a picture of rank 4 (N, H, W, C), it has the shape [8, 8, 256]");
  expect_bad_shape(Conv2d{window}, {picture, floats({3, 3, 256})},
                   "the kernel must have rank 4, it has the shape [3, 3, 256]");
  expect_bad_shape(Conv2d{window}, {picture, floats({5, 3, 256, 4})},
                   "the window is 3×3 pixels, the kernel has the shape [5, 3, 256, 4]");
  expect_bad_shape(Conv2d{{.kernel = {3, 3}, .dilation = {4, 1}}}, {picture, floats({3, 3, 256, 4})},
                   "the kernel spans 9×3 pixels, the padded picture has 8×8");
  expect_bad_shape(
      Conv2dTranspose{window, {9, 10}}, {picture, floats({3, 3, 4, 256})},
      "to 9×10 pixels with the kernel 3×3 and stride 1×1 wants an input of 7×8 pixels, the input has 8×8");
}

TEST(InferType, RefusesIllegalWindows) {
  const ValueType picture = floats({1, 8, 8, 1}), kernel = floats({3, 3, 1, 1});
  const std::string sentence =
      "kernel, stride and dilation must be from 1 to 65536 pixels and padding not negative";
  for (const Window& window :
       {Window{.kernel = {3, 3}, .stride = {0, 1}}, Window{.kernel = {3, 3}, .stride = {1, -2}},
        Window{.kernel = {3, 3}, .dilation = {1, 0}}, Window{.kernel = {0, 3}},
        Window{.kernel = {3, 3}, .dilation = {huge, 1}}, Window{.kernel = {3, 3}, .stride = {huge, 1}},
        Window{.kernel = {3, 3}, .padding = {-1, 0, 0, 0}},
        Window{.kernel = {3, 3}, .padding = {0, 0, 0, huge}}}) {
    expect_bad_shape(Conv2d{window}, {picture, kernel}, sentence);
    expect_bad_shape(DepthwiseConv2d{window}, {picture, kernel}, sentence);
    expect_bad_shape(Conv2dTranspose{window, {8, 8}}, {picture, kernel}, sentence);
    expect_bad_shape(Pool2d{PoolKind::max, window}, {picture}, sentence);
  }
}

TEST(InferType, GivesPoolsTheirOutputShape) {
  const Window window = same_window(7, 7, {.kernel = {3, 3}, .stride = {2, 2}});
  EXPECT_EQ(shape_of(Pool2d{PoolKind::max, window}, {floats({1, 7, 7, 5})}), (Shape{1, 4, 4, 5}));
  EXPECT_EQ(shape_of(Pool2d{PoolKind::average, {.kernel = {7, 7}}}, {floats({1, 7, 7, 5})}),
            (Shape{1, 1, 1, 5}));
  expect_bad_shape(Pool2d{PoolKind::max, {.kernel = {8, 7}}}, {floats({1, 7, 7, 5})},
                   "the kernel spans 8×7 pixels, the padded picture has 7×7");
}

TEST(InferType, RefusesPoolsWithWindowsOfPaddingAlone) {
  const auto pool = [](int extent, Window window) {
    return shape_of(Pool2d{PoolKind::max, window}, {floats({1, extent, 9, 1})});
  };
  EXPECT_EQ(pool(5, {.kernel = {2, 1}, .padding = {1, 1, 0, 0}}), (Shape{1, 6, 9, 1}));
  const std::string sentence = "some windows hold padding alone";
  const auto refused = [&](int extent, Window window) {
    expect_bad_shape(Pool2d{PoolKind::average, window}, {floats({1, extent, 9, 1})}, sentence);
    Window turned = window;
    for (auto* pair : {&turned.kernel, &turned.stride, &turned.dilation}) std::swap((*pair)[0], (*pair)[1]);
    turned.padding = {0, 0, window.padding.top, window.padding.bottom};
    expect_bad_shape(Pool2d{PoolKind::average, turned}, {floats({1, 9, extent, 1})}, sentence);
  };
  refused(5, {.kernel = {2, 1}, .padding = {2, 0, 0, 0}});
  refused(5, {.kernel = {2, 1}, .padding = {0, 2, 0, 0}});
  refused(5, {.kernel = {2, 1}, .stride = {3, 1}, .padding = {1, 3, 0, 0}});    // windows at -1, 2 and 5
  refused(1, {.kernel = {2, 1}, .dilation = {5, 1}, .padding = {2, 3, 0, 0}});  // taps at -2 and 3
}

TEST(InferType, GivesResizeAndBlocksTheirShapes) {
  EXPECT_EQ(shape_of(Resize{ResizeKind::bilinear, {5, 9}}, {floats({2, 3, 4, 6})}), (Shape{2, 5, 9, 6}));
  expect_bad_shape(Resize{ResizeKind::bilinear, {0, 9}}, {floats({2, 3, 4, 6})},
                   "the result would have an extent of 0");
  expect_bad_shape(Resize{ResizeKind::bilinear, {5, -9}}, {floats({2, 3, 4, 6})},
                   "the result would have an extent of -9");
  expect_error(Resize{ResizeKind::nearest, {huge, huge}}, {floats({2, 3, 4, 6})}, "too-large", "more than");

  EXPECT_EQ(shape_of(SpaceToBatch{{2, 3}, {1, 0, 0, 2}}, {floats({2, 3, 4, 5})}), (Shape{12, 2, 2, 5}));
  EXPECT_EQ(shape_of(BatchToSpace{{2, 3}, {1, 0, 0, 2}}, {floats({12, 2, 2, 5})}), (Shape{2, 3, 4, 5}));
  expect_bad_shape(SpaceToBatch{{2, 3}, {}}, {floats({2, 3, 4, 5})},
                   "blocks of 2×3 do not divide the padded picture of 3×4 pixels");
  expect_bad_shape(SpaceToBatch{{0, 3}, {}}, {floats({2, 3, 4, 5})}, "wants blocks from 1 up");
  expect_bad_shape(SpaceToBatch{{1, 1}, {-1, 1, 0, 0}}, {floats({2, 3, 4, 5})}, "no negative padding");
  expect_error(SpaceToBatch{{1 << 30, 1 << 30}, {(1 << 30) - 3, 0, (1 << 30) - 4, 0}}, {floats({2, 3, 4, 5})},
               "too-large", "are too large");
  expect_bad_shape(BatchToSpace{{2, 3}, {}}, {floats({13, 2, 2, 5})},
                   "blocks of 2×3 want a batch divisible by 6, the input has 13");
  expect_bad_shape(BatchToSpace{{2, 3}, {3, 1, 0, 0}}, {floats({12, 2, 2, 5})},
                   "the result would have an extent of 0");
  expect_bad_shape(BatchToSpace{{-2, -3}, {}}, {floats({12, 2, 2, 5})}, "wants blocks from 1 up");
}

// ---- Arithmetic
// ------------------------------------------------------------------------------------------------------

TEST(InferType, MultipliesMatrices) {
  EXPECT_EQ(shape_of(MatMul{}, {floats({3, 4}), floats({4, 5})}), (Shape{3, 5}));
  EXPECT_EQ(shape_of(MatMul{true, false}, {floats({4, 3}), floats({4, 5})}), (Shape{3, 5}));
  EXPECT_EQ(shape_of(MatMul{false, true}, {floats({3, 4}), floats({5, 4})}), (Shape{3, 5}));
  EXPECT_EQ(shape_of(MatMul{true, true}, {floats({4, 3}), floats({5, 4})}), (Shape{3, 5}));
  EXPECT_EQ(shape_of(MatMul{}, {floats({2, 1, 3, 4}), floats({7, 4, 5})}), (Shape{2, 7, 3, 5}));
  expect_bad_shape(MatMul{}, {floats({1, 128}), floats({256, 10})},
                   "the matrix wants 256 input features, the input has 128 ([1, 128] × [256, 10])");
  expect_bad_shape(MatMul{}, {floats({4}), floats({4, 5})},
                   "matmul wants two matrices, it gets [4] and [4, 5]");
  expect_bad_shape(MatMul{}, {floats({2, 3, 4}), floats({3, 4, 5})}, "cannot be broadcast");
}

TEST(InferType, BroadcastsBinaryOperations) {
  const Binary add{BinaryKind::add};
  EXPECT_EQ(shape_of(add, {floats({1, 4, 5, 3}), floats({3})}), (Shape{1, 4, 5, 3}));
  EXPECT_EQ(shape_of(add, {floats({}), floats({2, 1})}), (Shape{2, 1}));
  EXPECT_EQ(shape_of(add, {floats({4, 1}), floats({1, 5})}), (Shape{4, 5}));
  expect_bad_shape(add, {floats({4, 3}), floats({4, 5})}, "the shapes [4, 3] and [4, 5] cannot be broadcast");
  expect_error(add, {floats({1 << 15, 1}), floats({1, 1 << 15})}, "too-large", "more than");
}

TEST(InferType, WidensTypesAsTensorFlowJsDoes) {
  const auto binary = [](BinaryKind kind, ValueType a, ValueType b) {
    return type_of(Binary{kind}, {a, b}).dtype;
  };
  EXPECT_EQ(binary(BinaryKind::add, ints({2}), ints({2})), DType::int32);
  EXPECT_EQ(binary(BinaryKind::multiply, ints({2}), floats({2})), DType::float32);
  EXPECT_EQ(binary(BinaryKind::divide, ints({2}), ints({2})), DType::int32);
  EXPECT_EQ(binary(BinaryKind::add, flags({2}), flags({2})), DType::int32);
  EXPECT_EQ(binary(BinaryKind::atan2, ints({2}), ints({2})), DType::float32);
  EXPECT_EQ(binary(BinaryKind::less, floats({2}), floats({2})), DType::boolean);
  EXPECT_EQ(binary(BinaryKind::logical_or, flags({2}), flags({2})), DType::boolean);

  const auto unary = [](UnaryKind kind, ValueType x) { return type_of(Unary{kind}, {x}).dtype; };
  EXPECT_EQ(unary(UnaryKind::relu, floats({2})), DType::float32);
  EXPECT_EQ(unary(UnaryKind::negate, ints({2})), DType::int32);
  EXPECT_EQ(unary(UnaryKind::exp, ints({2})), DType::float32);
  EXPECT_EQ(unary(UnaryKind::logical_not, flags({2})), DType::boolean);
  EXPECT_EQ(unary(UnaryKind::is_nan, floats({2})), DType::boolean);
}

TEST(InferType, RefusesAClipThatKeepsNothing) {
  EXPECT_EQ(shape_of(Unary{UnaryKind::clip, 0, 1}, {floats({2, 3})}), (Shape{2, 3}));
  expect_error(Unary{UnaryKind::clip, 3, 1}, {floats({2})}, "bad-value",
               "clip keeps the values from 3 to 1, which are none");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  expect_error(Unary{UnaryKind::clip, nan, 1}, {floats({2})}, "bad-value", "which are none");
  expect_bad_shape(Unary{}, {floats({2}), floats({2})}, "relu wants 1 input, it gets 2");
}

TEST(InferType, SelectsByABroadcastCondition) {
  const ValueType type = type_of(Select{}, {flags({4, 1}), ints({3}), ints({})});
  EXPECT_EQ(type.shape, (Shape{4, 3}));
  EXPECT_EQ(type.dtype, DType::int32);
  expect_bad_shape(Select{}, {flags({4}), ints({3}), ints({})}, "the shapes [4] and [3] cannot be broadcast");
}

TEST(InferType, ReducesAxes) {
  const ValueType x = floats({2, 3, 4, 5});
  EXPECT_EQ(shape_of(Reduce{ReduceKind::mean, {1, 2}, true}, {x}), (Shape{2, 1, 1, 5}));
  EXPECT_EQ(shape_of(Reduce{ReduceKind::mean, {1, 2}, false}, {x}), (Shape{2, 5}));
  EXPECT_EQ(shape_of(Reduce{ReduceKind::sum, {0, 1, 2, 3}, false}, {x}), (Shape{}));
  EXPECT_EQ(shape_of(Reduce{ReduceKind::max, {}, false}, {x}), x.shape);
  EXPECT_EQ(shape_of(Reduce{ReduceKind::argmax, {3}, false}, {x}), (Shape{2, 3, 4}));

  EXPECT_EQ(type_of(Reduce{ReduceKind::argmax, {3}}, {x}).dtype, DType::int32);
  EXPECT_EQ(type_of(Reduce{ReduceKind::sum, {3}}, {ints({2, 3, 4, 5})}).dtype, DType::int32);
  EXPECT_EQ(type_of(Reduce{ReduceKind::mean, {3}}, {ints({2, 3, 4, 5})}).dtype, DType::float32);
  EXPECT_EQ(type_of(Reduce{ReduceKind::any, {0}}, {flags({4})}).dtype, DType::boolean);

  expect_bad_shape(Reduce{ReduceKind::mean, {4}}, {x},
                   "reduce_mean wants an axis of [2, 3, 4, 5], it gets axis 4");
  expect_bad_shape(Reduce{ReduceKind::mean, {-1}}, {x}, "it gets axis -1");
  expect_bad_shape(Reduce{ReduceKind::sum, {2, 1}}, {x}, "wants sorted and distinct axes, it gets [2, 1]");
  expect_bad_shape(Reduce{ReduceKind::sum, {2, 2}}, {x}, "wants sorted and distinct axes");
  expect_bad_shape(Reduce{ReduceKind::argmin, {1, 2}}, {x}, "argmin wants one axis, it gets 2");
  expect_bad_shape(Reduce{ReduceKind::max, {0}}, {ints({0})}, "reduce_max of no elements");
}

TEST(InferType, ChecksTheAxisOfSoftmax) {
  EXPECT_EQ(shape_of(Softmax{.axis = 1}, {floats({2, 3})}), (Shape{2, 3}));
  expect_bad_shape(Softmax{.axis = -1}, {floats({2, 3})}, "softmax wants an axis of [2, 3], it gets axis -1");
}

// ---- Movement
// --------------------------------------------------------------------------------------------------------

TEST(InferType, MovesElements) {
  const ValueType x = floats({2, 3, 4});
  EXPECT_EQ(shape_of(Reshape{{6, 4}}, {x}), (Shape{6, 4}));
  EXPECT_EQ(shape_of(Reshape{{}}, {ints({1})}), (Shape{}));
  EXPECT_EQ(shape_of(Transpose{{2, 0, 1}}, {x}), (Shape{4, 2, 3}));
  EXPECT_EQ(shape_of(Concat{1}, {x, floats({2, 5, 4}), x}), (Shape{2, 11, 4}));
  EXPECT_EQ(shape_of(Slice{{0, 2, 3}, {2, 3, 2}, {1, -1, -3}}, {x}), (Shape{2, 3, 2}));
  EXPECT_EQ(shape_of(Pad{PadKind::constant, {{{0, 0}, {1, 2}, {3, 0}}}}, {x}), (Shape{2, 6, 7}));
  EXPECT_EQ(shape_of(Pad{PadKind::reflect, {{{1, 1}, {2, 2}, {3, 0}}}}, {x}), (Shape{4, 7, 7}));
  EXPECT_EQ(shape_of(Pad{PadKind::symmetric, {{{2, 2}, {3, 0}, {0, 4}}}}, {x}), (Shape{6, 6, 8}));
  EXPECT_EQ(shape_of(Tile{{1, 2, 3}}, {x}), (Shape{2, 6, 12}));
  EXPECT_EQ(shape_of(Gather{2, {3, 3, 0, 1, 2}}, {x}), (Shape{2, 3, 5}));
  EXPECT_EQ(type_of(Gather{0, {0}}, {ints({3})}).dtype, DType::int32);
}

TEST(InferType, RefusesMovementsThatDoNotFit) {
  const ValueType x = floats({2, 3, 4});
  expect_bad_shape(Reshape{{5, 5}}, {x}, "reshape to [5, 5] wants 25 elements, the input [2, 3, 4] has 24");
  expect_bad_shape(Reshape{{-1, 4}}, {x}, "the shape [?, 4] has an open extent");
  expect_bad_shape(Reshape{Shape(9, 1)}, {floats({1})}, "rank 9 is above 8");
  expect_bad_shape(Transpose{{0, 1}}, {x},
                   "transpose wants one entry of its order for each extent of [2, 3, 4], it gets 2");
  expect_bad_shape(Transpose{{0, 1, 1}}, {x}, "transpose wants every axis once, its order is [0, 1, 1]");
  expect_bad_shape(Transpose{{0, 1, 3}}, {x}, "it gets axis 3");
  expect_bad_shape(Concat{1}, {x}, "concat wants two or more inputs, it gets 1");
  expect_bad_shape(Concat{3}, {x, x}, "concat wants an axis of [2, 3, 4], it gets axis 3");
  expect_bad_shape(Concat{1}, {x, floats({2, 3, 5})}, "input 0 is [2, 3, 4] and input 1 is [2, 3, 5]");
  expect_bad_shape(Concat{1}, {x, floats({2, 3})}, "input 1 is [2, 3]");
  expect_bad_shape(
      Slice{{0, 0, 3}, {2, 3, 2}, {1, 1, 1}}, {x},
      "slice takes 2 elements from 3 in steps of 1 along axis 2, where the input [2, 3, 4] has 4");
  expect_bad_shape(Slice{{0, 0, 0}, {2, 3, 2}, {1, 1, 0}}, {x}, "in steps of 0");
  expect_bad_shape(Slice{{0, 0, 0}, {2, 3, 2}, {1, 1, -1}}, {x}, "in steps of -1");
  expect_bad_shape(Slice{{0, 0, 0}, {2, 3, huge}, {1, 1, huge}}, {x}, "slice takes");
  expect_bad_shape(Slice{{0, 0, 0}, {2, 3, 0}, {1, 1, 1}}, {x}, "the result would have an extent of 0");
  expect_bad_shape(Slice{{0, 0, 0}, {2, 3, -1}, {1, 1, 1}}, {x}, "slice takes -1 elements");
  expect_bad_shape(Slice{{0, 0}, {2, 3, 1}, {1, 1, 1}}, {x}, "slice wants one begin for each extent");
  expect_bad_shape(Pad{PadKind::constant, {{{0, 0}, {-1, 0}, {0, 0}}}}, {x}, "axis 1 has -1 and 0");
  expect_bad_shape(Pad{PadKind::constant, {{{0, 0}}}}, {x}, "pad wants one pair of margins for each extent");
  expect_bad_shape(Pad{PadKind::reflect, {{{0, 0}, {3, 0}, {0, 0}}}}, {x},
                   "reflect_pad can add at most 2 to axis 1 of [2, 3, 4], it is asked for 3");
  expect_bad_shape(Pad{PadKind::symmetric, {{{0, 0}, {0, 4}, {0, 0}}}}, {x},
                   "symmetric_pad can add at most 3");
  expect_error(Pad{PadKind::constant, {{{0, 0}, {huge, huge}, {0, 0}}}}, {x}, "too-large", "more than");
  expect_bad_shape(Tile{{1, 0, 1}}, {x}, "tile must repeat at least once, axis 1 has 0");
  expect_error(Tile{{huge, huge, 1}}, {x}, "too-large", "more than");
  expect_bad_shape(Gather{2, {4}}, {x}, "gather wants index 4 of axis 2, where the input [2, 3, 4] has 4");
  expect_bad_shape(Gather{2, {-1}}, {x}, "gather wants index -1");
}

TEST(InferType, LetsOnlyListsOfNumbersBeEmpty) {
  EXPECT_EQ(shape_of(Slice{{0}, {0}, {1}}, {ints({3})}), (Shape{0}));
  EXPECT_EQ(shape_of(Concat{0}, {ints({0}), ints({2})}), (Shape{2}));
  EXPECT_EQ(shape_of(Binary{BinaryKind::add}, {ints({0}), ints({1})}), (Shape{0}));
  expect_bad_shape(Unary{}, {floats({0, 3})}, "an input has the shape [0, 3], which holds no element");
  expect_bad_shape(Binary{}, {floats({0}), floats({2, 1})}, "the result would have an extent of 0");
  expect_bad_shape(Gather{1, {}}, {floats({2, 3})}, "the result would have an extent of 0");
}

}  // namespace
}  // namespace fragnet
