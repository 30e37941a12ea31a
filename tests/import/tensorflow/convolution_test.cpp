// Convolutions, pooling and matrix products in the spellings of graph-models.
#include <cmath>

#include "import/tensorflow/tf_graph.hpp"

namespace fragnet {
namespace {

HostTensor transposed(const HostTensor& x, const std::vector<int>& order) {
  return reference_transpose(Transpose{order}, x);
}

// ---- Convolutions ----

const Attributes same_padding{{"strides", Ints{1, 1, 1, 1}}, {"padding", std::string("SAME")}};

Attributes with(Attributes attributes, const Attributes& more) {
  for (const auto& [name, attribute] : more) attributes[name] = attribute;
  return attributes;
}

// Both graphs give the same picture for the same picture.
void expect_equal(const TfGraph& tf, const TfGraph& plain, const Shape& shape) {
  const HostTensor x = random_tensor(shape, 7);
  EXPECT_EQ(difference(tf.run({x})[0], plain.run({x})[0], 1e-6), "");
}

TEST(TfConvolution, UnfoldsBatchNormAndLeakyReluOfAFusedConvolution) {
  TfGraph fused, plain;
  for (TfGraph* tf : {&fused, &plain}) {
    tf->input("x", {1, 5, 4, 3}).random("k", {3, 3, 3, 2}).random("gamma", {2}).random("beta", {2});
    tf->random("mean", {2}).random("variance", {2}, 0.1f, 2);
  }
  fused.add("y", "_FusedConv2D", {"x", "k", "gamma", "beta", "mean", "variance"},
            with(same_padding, {{"fused_ops", Words{"FusedBatchNorm", "LeakyRelu"}},
                                {"num_args", int64_t{4}},
                                {"epsilon", 0.01},
                                {"leakyrelu_alpha", 0.4}}));
  plain.add("conv", "Conv2D", {"x", "k"}, same_padding);
  plain.add("bn", "FusedBatchNormV3", {"conv", "gamma", "beta", "mean", "variance"}, {{"epsilon", 0.01}});
  plain.add("y", "LeakyRelu", {"bn"}, {{"alpha", 0.4}});
  expect_equal(fused, plain, {1, 5, 4, 3});

  // The same by hand, for one pixel and one channel.
  TfGraph tiny;
  tiny.input("x", {1, 1, 1, 1}).constant("g", make_tensor({1}, std::vector<float>{3}));
  tiny.constant("b", make_tensor({1}, std::vector<float>{-5}))
      .constant("m", make_tensor({1}, std::vector<float>{1}));
  tiny.constant("v", make_tensor({1}, std::vector<float>{3.75f}));
  tiny.add("y", "FusedBatchNorm", {"x", "g", "b", "m", "v"}, {{"epsilon", 0.25}});
  EXPECT_NEAR(tiny.run({{{1, 1, 1, 1}, {7}}})[0].values[0], 3 * (7 - 1) / 2.0 - 5, 1e-5);
}

TEST(TfConvolution, OfAKernelWithFewerInputChannelsIsGrouped) {
  for (const char* format : {"NHWC", "NCHW"}) {
    for (const int inputs : {1, 2, 4}) {
      SCOPED_TRACE(text(format, ' ', inputs));
      const bool channels_first = format == std::string("NCHW");
      const Shape shape = channels_first ? Shape{1, 8, 5, 4} : Shape{1, 5, 4, 8};
      TfGraph grouped, parts;
      for (TfGraph* tf : {&grouped, &parts}) {
        tf->input("x", shape).random("k", {3, 3, inputs, 16}).random("bias", {16});
      }
      parts.number("axis", channels_first ? 1 : 3).number("kernel axis", 3);
      Attributes attributes = with(same_padding, {{"data_format", std::string(format)}});
      const int groups = 8 / inputs;
      const Attributes split{{"num_split", int64_t{groups}}};
      grouped.add("y", "_FusedConv2D", {"x", "k", "bias"},
                  with(attributes, {{"fused_ops", Words{"BiasAdd"}}}));
      parts.add("xs", "Split", {"axis", "x"}, split).add("ks", "Split", {"kernel axis", "k"}, split);
      std::vector<std::string> results;
      for (int i = 0; i < groups; ++i) {
        results.push_back("y" + std::to_string(i));
        parts.add(results.back(), "Conv2D", {"xs:" + std::to_string(i), "ks:" + std::to_string(i)},
                  attributes);
      }
      results.push_back("axis");
      parts.add("all", "ConcatV2", results);
      parts.add("y", "BiasAdd", {"all", "bias"}, {{"data_format", std::string(format)}});
      expect_equal(grouped, parts, shape);
    }
  }
  TfGraph odd;
  odd.input("x", {1, 5, 4, 6}).random("k", {3, 3, 4, 8}).add("y", "Conv2D", {"x", "k"}, same_padding);
  odd.expect_error(code::bad_shape, "layer \"y\": the kernel wants 4 input channels, the input has 6");
  TfGraph uneven;
  uneven.input("x", {1, 5, 4, 6}).random("k", {3, 3, 3, 5}).add("y", "Conv2D", {"x", "k"}, same_padding);
  uneven.expect_error(code::bad_shape, "outputs divisible by 2");
}

TEST(TfBatchNorm, TakesItsInputsOwnStatisticsWhereItHasNone) {
  for (const char* format : {"NHWC", "NCHW"}) {
    TfGraph tf;
    const bool channels_first = format == std::string("NCHW");
    tf.input("x", channels_first ? Shape{1, 3, 4, 5} : Shape{1, 4, 5, 3});
    tf.random("gamma", {3}).random("beta", {3}).constant("none", make_tensor({0}, std::vector<float>{}));
    tf.add("y", "FusedBatchNormV3", {"x", "gamma", "beta", "none", "none"},
           {{"is_training", true}, {"epsilon", 0.01}, {"data_format", std::string(format)}});
    const HostTensor x = random_tensor({1, 4, 5, 3}, 8);
    const HostTensor y = tf.run({channels_first ? transposed(x, {0, 3, 1, 2}) : x})[0];
    const HostTensor got = channels_first ? transposed(y, {0, 2, 3, 1}) : y;
    const std::vector<float> gamma = to_floats(tf.weights.at("gamma")),
                             beta = to_floats(tf.weights.at("beta"));
    HostTensor want = x;
    for (size_t c = 0; c < 3; ++c) {
      double mean = 0, variance = 0;
      for (size_t i = c; i < x.values.size(); i += 3) mean += x.values[i] / 20.0;
      for (size_t i = c; i < x.values.size(); i += 3) variance += std::pow(x.values[i] - mean, 2) / 20.0;
      for (size_t i = c; i < x.values.size(); i += 3)
        want.values[i] =
            static_cast<float>((x.values[i] - mean) / std::sqrt(variance + 0.01) * gamma[c] + beta[c]);
    }
    EXPECT_EQ(difference(got, want, 1e-5), "") << format;
  }
}

TEST(TfConvolution, TakesTheOperandsOfFusedOperationsInTheirOrder) {
  for (const char* op : {"_FusedConv2D", "FusedConv2D", "FusedDepthwiseConv2dNative"}) {
    const bool depthwise = std::string(op).find("Depthwise") != std::string::npos;
    TfGraph fused, plain;
    for (TfGraph* tf : {&fused, &plain}) {
      tf->input("x", {1, 4, 4, 2}).random("k", depthwise ? Shape{3, 3, 2, 2} : Shape{3, 3, 2, 4});
      tf->random("bias", {4}).random("slope", {1, 1, 4});
    }
    fused.add("y", op, {"x", "k", "bias", "slope"},
              with(same_padding, {{"fused_ops", Words{"BiasAdd", "Prelu"}}, {"num_args", int64_t{2}}}));
    plain.add("conv", depthwise ? "DepthwiseConv2dNative" : "Conv2D", {"x", "k"}, same_padding);
    plain.add("biased", "BiasAdd", {"conv", "bias"}).add("y", "Prelu", {"biased", "slope"});
    expect_equal(fused, plain, {1, 4, 4, 2});
  }
}

TEST(TfConvolution, RefusesFusedOperationsItDoesNotKnowOrThatLackOperands) {
  TfGraph unknown;
  unknown.input("x", {1, 4, 4, 2}).random("k", {1, 1, 2, 2});
  unknown.add("y", "_FusedConv2D", {"x", "k"}, with(same_padding, {{"fused_ops", Words{"Swirl"}}}));
  unknown.expect_error(code::unsupported_op, "layer \"y\": _FusedConv2D with the fused operation SWIRL");
  TfGraph bare;
  bare.input("x", {1, 4, 4, 2}).random("k", {1, 1, 2, 2});
  bare.add("y", "_FusedConv2D", {"x", "k"}, with(same_padding, {{"fused_ops", Words{"BiasAdd"}}}));
  bare.expect_error(code::bad_topology, "layer \"y\": the fused bias has no operand");
  TfGraph wide;
  wide.input("x", {1, 4, 4, 2}).random("k", {1, 1, 2, 1}).random("bias", {4});
  wide.add("y", "_FusedConv2D", {"x", "k", "bias"}, with(same_padding, {{"fused_ops", Words{"BiasAdd"}}}));
  wide.expect_error(code::bad_shape, "the bias wants one number for each of the 1 channels");
}

TEST(TfConvolution, ReadsChannelsFirst) {
  // Stride 2 × 1 and margins that differ on every side, so that no two axes can be confused.
  const Attributes last{{"strides", Ints{1, 2, 1, 1}},
                        {"padding", std::string("EXPLICIT")},
                        {"explicit_paddings", Ints{0, 0, 1, 2, 0, 3, 0, 0}}};
  const Attributes first{{"strides", Ints{1, 1, 2, 1}},
                         {"padding", std::string("EXPLICIT")},
                         {"explicit_paddings", Ints{0, 0, 0, 0, 1, 2, 0, 3}},
                         {"data_format", std::string("NCHW")},
                         {"fused_ops", Words{"BiasAdd", "Prelu"}}};
  TfGraph nhwc, nchw;
  for (TfGraph* tf : {&nhwc, &nchw}) tf->random("k", {3, 2, 3, 4}).random("bias", {4});
  nhwc.input("x", {1, 5, 6, 3}).random("slope", {1, 1, 4}).add("conv", "Conv2D", {"x", "k"}, last);
  nhwc.add("biased", "BiasAdd", {"conv", "bias"}).add("y", "Prelu", {"biased", "slope"});
  nhwc.topology.outputs = {{"y", "y", std::nullopt}, {"conv", "conv", std::nullopt}};
  nchw.input("x", {1, 3, 5, 6}).random("slope", {4, 1, 1});
  nchw.add("y", "_FusedConv2D", {"x", "k", "bias", "slope"}, first);
  const HostTensor x = random_tensor({1, 5, 6, 3}, 3);
  const std::vector<HostTensor> want = nhwc.run({x});
  const HostTensor got = nchw.run({transposed(x, {0, 3, 1, 2})})[0];
  const Window window{
      .kernel = {3, 2}, .stride = {2, 1}, .padding = {.top = 1, .bottom = 2, .left = 0, .right = 3}};
  EXPECT_EQ(difference(want[1], reference_conv2d(window, x, decoded(nhwc.weights["k"])), 1e-6), "");
  EXPECT_EQ(difference(transposed(got, {0, 2, 3, 1}), want[0], 1e-6), "");
}

TEST(TfConvolution, ReadsChannelsFirstWithoutMovingWhatItNeedNotMove) {
  const Attributes first{{"data_format", std::string("NCHW")}};
  TfGraph tf;
  tf.input("x", {1, 2, 1, 2}).constant("bias", make_tensor({2}, std::vector<float>{10, 20}));
  tf.add("y", "BiasAdd", {"x", "bias"}, first);
  EXPECT_EQ(tf.run({{{1, 2, 1, 2}, {1, 2, 3, 4}}})[0].values, (std::vector<float>{11, 12, 23, 24}));
  EXPECT_EQ(tf.import().nodes.size(), 1u);

  TfGraph pool;
  pool.input("x", {1, 2, 2, 3});
  pool.add(
      "y", "MaxPool", {"x"},
      with(first,
           {{"ksize", Ints{1, 1, 2, 3}}, {"strides", Ints{1, 1, 1, 1}}, {"padding", std::string("VALID")}}));
  const HostTensor x{{1, 2, 2, 3}, {1, 2, 3, 4, 9, 5, 8, 7, 6, 0, 1, 2}};
  EXPECT_EQ(pool.run({x})[0].values, (std::vector<float>{9, 8}));

  TfGraph odd;
  odd.input("x", {1, 2, 2, 4}).add("y", "MaxPool", {"x"}, {{"data_format", std::string("NCHW_VECT_C")}});
  odd.expect_error(code::unsupported_op, "the data format NCHW_VECT_C");
}

TEST(TfConvolution, ResolvesSamePaddingOfATransposedConvolutionFromItsResult) {
  const HostTensor x = random_tensor({1, 3, 4, 2}, 1), kernel = random_tensor({4, 3, 5, 2}, 2);
  for (const bool channels_first : {false, true}) {
    TfGraph tf;
    tf.input("x", channels_first ? Shape{1, 2, 3, 4} : Shape{1, 3, 4, 2}).constant("k", encoded(kernel));
    tf.ints("size", channels_first ? std::vector<int32_t>{1, 5, 5, 8} : std::vector<int32_t>{1, 5, 8, 5});
    tf.add("y", "Conv2DBackpropInput", {"size", "k", "x"},
           {{"strides", channels_first ? Ints{1, 1, 2, 2} : Ints{1, 2, 2, 1}},
            {"padding", std::string("SAME")},
            {"data_format", std::string(channels_first ? "NCHW" : "NHWC")}});
    // ceil(5 / 2) = 3 rows need 2 × 2 + 4 - 5 = 3 rows of padding, 8 columns need 3 × 2 + 3 - 8 = 1 column.
    Conv2dTranspose op{.output = {5, 8}};
    op.window = {
        .kernel = {4, 3}, .stride = {2, 2}, .padding = {.top = 1, .bottom = 2, .left = 0, .right = 1}};
    HostTensor got = tf.run({channels_first ? transposed(x, {0, 3, 1, 2}) : x})[0];
    if (channels_first) got = transposed(got, {0, 2, 3, 1});
    EXPECT_EQ(difference(got, reference_conv2d_transpose(op, x, kernel), 1e-6), "");
  }
  TfGraph wrong;
  wrong.input("x", {1, 3, 4, 2}).random("k", {4, 3, 5, 2}).ints("size", {1, 6, 8, 7});
  wrong.add("y", "Conv2DBackpropInput", {"size", "k", "x"},
            {{"strides", Ints{1, 2, 2, 1}}, {"padding", std::string("SAME")}});
  wrong.expect_error(code::bad_shape,
                     "layer \"y\": the kernel makes 5 output channels, the output size says 7");
}

TEST(TfConvolution, ReadsStridesDilationsAndTheirDefaults) {
  TfGraph tf;
  tf.input("x", {1, 9, 9, 2}).random("k", {3, 3, 2, 1});
  tf.add("y", "DepthwiseConv2dNative", {"x", "k"},
         {{"padding", std::string("VALID")}, {"dilations", Ints{1, 2, 3, 1}}});
  EXPECT_EQ(output_shape(tf.import()), (Shape{1, 5, 3, 2}));
  TfGraph batch;
  batch.input("x", {1, 9, 9, 2}).random("k", {3, 3, 2, 1});
  batch.add("y", "Conv2D", {"x", "k"}, {{"padding", std::string("VALID")}, {"strides", Ints{2, 1, 1, 1}}});
  batch.expect_error(code::unsupported_op, "\"strides\" is 2 for the batch");
  TfGraph unpadded;
  unpadded.input("x", {1, 9, 9, 2}).random("k", {3, 3, 2, 1}).add("y", "Conv2D", {"x", "k"});
  unpadded.expect_error(code::bad_topology, "\"padding\" must be SAME, VALID or EXPLICIT");
  TfGraph huge;
  huge.input("x", {1, 9, 9, 2}).random("k", {3, 3, 2, 1});
  huge.add("y", "Conv2D", {"x", "k"}, with(same_padding, {{"strides", Ints{1, int64_t{1} << 40, 1, 1}}}));
  huge.expect_error(code::bad_topology, "\"strides\" must be from 1 to");
  TfGraph flat;
  flat.input("x", {9, 9}).random("k", {3, 3, 2, 1}).add("y", "Conv2D", {"x", "k"}, same_padding);
  flat.expect_error(code::bad_shape,
                    "layer \"y\": the input of Conv2D must have rank 4, it has the shape [9, 9]");
}

// ---- Matrices ----

TEST(TfMatMul, MultipliesMatrices) {
  TfGraph tf;
  tf.constant("a", make_tensor({2, 1}, std::vector<float>{1, 2}))
      .constant("b", make_tensor({3, 2}, std::vector<float>{1, 0, 0, 1, 1, 1}));
  tf.constant("bias", make_tensor({3}, std::vector<float>{0, 0, -9}));
  tf.add("y", "_FusedMatMul", {"a", "b", "bias"},
         {{"transpose_a", true}, {"transpose_b", true}, {"fused_ops", Words{"BiasAdd", "Relu"}}});
  EXPECT_EQ(to_floats(tf.known()), (std::vector<float>{1, 2, 0}));
  TfGraph batch;
  batch.count("a", {2, 1, 2}).count("b", {2, 1, 2}).add("y", "BatchMatMulV2", {"a", "b"}, {{"adj_y", true}});
  EXPECT_EQ(to_floats(batch.known()), (std::vector<float>{1, 13}));
}

TEST(TfMatMul, MultipliesWhatAnEinsumSpells) {
  const auto einsum = [](const std::string& equation, const Shape& a, const Shape& b) {
    TfGraph tf;
    tf.count("a", a).count("b", b).add("y", "Einsum", {"a", "b"}, {{"equation", equation}});
    return tf;
  };
  EXPECT_EQ(to_floats(einsum("ij,jk->ik", {1, 2}, {2, 2}).known()), (std::vector<float>{2, 3}));
  EXPECT_EQ(to_floats(einsum("ij,jk->ki", {2, 2}, {2, 1}).known()), (std::vector<float>{1, 3}));
  EXPECT_EQ(to_floats(einsum("i,j->ji", {2}, {3}).known()), (std::vector<float>{0, 0, 0, 1, 0, 2}));
  // b is the batch, and B another axis.
  const Tensor heads = einsum("bBc, bcd -> bdB", {2, 3, 1}, {2, 1, 2}).known();
  EXPECT_EQ(heads.shape, (Shape{2, 2, 3}));
  EXPECT_EQ(to_floats(heads), (std::vector<float>{0, 0, 0, 0, 1, 2, 6, 8, 10, 9, 12, 15}));
  for (const char* equation : {"ij->ji", "ii,ij->j", "...i,ij->...j", "ij,jk->k", "ij,jk"}) {
    einsum(equation, {2, 2}, {2, 2}).expect_error(code::unsupported_op, "layer \"y\": the Einsum");
  }
  einsum("ij,jk->ik", {2, 2}, {3, 2}).expect_error(code::bad_shape, "the axis j");
}

}  // namespace
}  // namespace fragnet
