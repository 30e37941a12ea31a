// Layers with windows and kernels: what their configurations mean.
#include "import/keras/model_case.hpp"

namespace fragnet {
namespace {

const HostTensor picture = random_tensor({2, 7, 9, 4}, 1);

HostTensor channels_first(const HostTensor& nhwc) {
  return reference_transpose({.order = {0, 3, 1, 2}}, nhwc);
}

HostTensor plus(const HostTensor& x, const HostTensor& bias) {
  return reference_binary({BinaryKind::add}, x, bias);
}

TEST(KerasConv2d, SlidesItsKernelAsStridePaddingAndDilationSay) {
  const HostTensor kernel = random_tensor({3, 2, 4, 5}, 2), bias = random_tensor({5}, 3);
  const NamedTensors weights{{"it/kernel", kernel}, {"it/bias", bias}};
  const Json config = {{"filters", 5}, {"kernel_size", {3, 2}}, {"strides", {2, 3}}, {"padding", "same"}};
  const Window strided{{3, 2}, {2, 3}, {1, 1}, {1, 1, 0, 0}};
  expect_same(run_one("Conv2D", config, weights, {picture}),
              plus(reference_conv2d(strided, picture, kernel), bias));
  const Window dilated{{3, 2}, {1, 1}, {2, 2}, {}};
  expect_same(run_one("Conv2D", {{"dilation_rate", 2}}, weights, {picture}),
              plus(reference_conv2d(dilated, picture, kernel), bias));
}

TEST(KerasConv2d, TakesNoBiasWhereTheConfigurationSaysSo) {
  const HostTensor kernel = random_tensor({1, 1, 4, 3}, 2);
  expect_same(run_one("Conv2D", {{"use_bias", false}}, {{"it/kernel", kernel}}, {picture}),
              reference_conv2d({}, picture, kernel));
}

TEST(KerasConv2d, TakesABiasOfRankFourAndAppliesItsActivation) {
  const HostTensor kernel = random_tensor({1, 1, 4, 3}, 2), bias = random_tensor({3}, 3);
  const HostTensor wide_bias{{1, 1, 1, 3}, bias.values};
  const HostTensor sums = plus(reference_conv2d({}, picture, kernel), bias);
  expect_same(
      run_one("Conv2D", {{"activation", "tanh"}}, {{"it/kernel", kernel}, {"it/bias", wide_bias}}, {picture}),
      reference_unary({UnaryKind::tanh}, sums));
}

TEST(KerasConv2d, ReadsChannelsFirstPictures) {
  const HostTensor kernel = random_tensor({3, 3, 4, 5}, 2), bias = random_tensor({5}, 3);
  const NamedTensors weights{{"it/kernel", kernel}, {"it/bias", bias}};
  const Json config = {{"data_format", "channels_first"}, {"activation", "relu"}};
  const HostTensor sums = plus(reference_conv2d({{3, 3}}, picture, kernel), bias);
  expect_same(run_one("Conv2D", config, weights, {channels_first(picture)}),
              channels_first(reference_unary({UnaryKind::relu}, sums)));
  // TensorFlow.js takes the softmax along the last extent as the model declares it, here the width.
  const Json soft = {{"data_format", "channels_first"}, {"activation", "softmax"}};
  expect_same(run_one("Conv2D", soft, weights, {channels_first(picture)}),
              reference_softmax({.axis = 3}, channels_first(sums)));
}

TEST(KerasConv2d, KeepsGroupsOfChannelsApart) {
  const HostTensor kernel = random_tensor({3, 3, 2, 6}, 2);
  const auto part = [](const HostTensor& x, int first, int count) {
    Slice slice{{0, 0, 0, first}, x.shape, {1, 1, 1, 1}};
    slice.size[3] = count;
    return reference_slice(slice, x);
  };
  const Json config = {{"groups", 2}, {"use_bias", false}};
  expect_same(run_one("Conv2D", config, {{"it/kernel", kernel}}, {picture}),
              reference_concat(3, {reference_conv2d({{3, 3}}, part(picture, 0, 2), part(kernel, 0, 3)),
                                   reference_conv2d({{3, 3}}, part(picture, 2, 2), part(kernel, 3, 3))}));
}

TEST(KerasConv2d, MakesOneGroupPerChannelADepthwiseConvolution) {
  const HostTensor kernel = random_tensor({3, 3, 1, 8}, 2);
  const Json config = {{"groups", 4}, {"use_bias", false}};
  const Graph graph = import_one("Conv2D", config, {{"it/kernel", kernel}}, {picture.shape});
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(name_of(graph.nodes[0].op), "depthwise_conv2d");
  HostTensor filters = kernel;
  filters.shape = {3, 3, 4, 2};
  expect_same(reference_run(graph, {picture})[0], reference_depthwise_conv2d({{3, 3}}, picture, filters));
}

TEST(KerasConv2d, RefusesAKernelThatDoesNotFit) {
  const NamedTensors weights{{"it/kernel", random_tensor({3, 3, 512, 5}, 2)},
                             {"it/bias", random_tensor({5}, 3)}};
  const auto import = [&](const Json& config) { import_one("Conv2D", config, weights, {{1, 8, 8, 256}}); };
  expect_error([&] { import(Json::object()); }, code::bad_shape,
               "layer \"it\": the kernel wants 512 input channels, the input has 256");
  expect_error([&] { import(
                         {{ "filters",
                            6 }}); }, code::bad_shape,
               "layer \"it\": `filters` is 6, the weight \"it/kernel\" of shape [3, 3, 512, 5] has 5");
  expect_error([&] { import({{ "kernel_size", { 3, 5 } }}); }, code::bad_shape, "`kernel_size` is 3×5");
  expect_error([&] { import({{ "groups", 3 }}); }, code::bad_shape, "want 1536 input channels");
}

TEST(KerasConv2d, RefusesABiasOfAnotherLength) {
  const NamedTensors weights{{"it/kernel", random_tensor({1, 1, 4, 5}, 2)},
                             {"it/bias", random_tensor({4}, 3)}};
  expect_error([&] { import_one("Conv2D", Json::object(), weights, {picture.shape}); }, code::bad_shape,
               "layer \"it\": the weight \"it/bias\" must have 5 elements, its shape is [4]");
}

TEST(KerasConv2d, ChecksEveryNumberOfItsConfiguration) {
  const NamedTensors weights{{"it/kernel", random_tensor({1, 1, 4, 5}, 2)},
                             {"it/bias", random_tensor({5}, 3)}};
  const auto import = [&](const Json& config) { import_one("Conv2D", config, weights, {picture.shape}); };
  expect_error(
      [&] {
        import({{ "strides", { 0, 1 } }});
      },
      code::bad_topology, "layer \"it\": `strides` must be a whole number from 1 to 65536, it is 0");
  expect_error([&] { import({{ "strides", { 1, 2, 3 } }}); }, code::bad_topology, "a pair of numbers");
  expect_error([&] { import({{ "strides", "two" }}); }, code::bad_topology, "it is \"two\"");
  expect_error([&] { import({{ "strides", 1.5 }}); }, code::bad_topology, "it is 1.5");
  expect_error([&] { import({{ "dilation_rate", -1 }}); }, code::bad_topology, "`dilation_rate` must be");
  expect_error(
      [&] {
        import({{ "kernel_size", 99999999999999 }});
      },
      code::bad_topology, "`kernel_size` must be");
  expect_error(
      [&] {
        import({{ "padding", "causal" }});
      },
      code::bad_topology, "`padding` must be \"same\" or \"valid\", it is \"causal\"");
  expect_error([&] { import({{ "data_format", "sideways" }}); }, code::bad_topology, "`data_format` must be");
  expect_error(
      [&] {
        import({{ "use_bias", "yes" }});
      },
      code::bad_topology, "`use_bias` must be true or false");
}

TEST(KerasConv2dTranspose, GivesInputTimesStrideOrAllThatTheKernelReaches) {
  const HostTensor kernel = random_tensor({4, 3, 5, 4}, 2), bias = random_tensor({5}, 3);
  const NamedTensors weights{{"it/kernel", kernel}, {"it/bias", bias}};
  const Conv2dTranspose same{{{4, 3}, {2, 2}, {1, 1}, {1, 1, 0, 1}}, {14, 18}};
  expect_same(run_one("Conv2DTranspose", {{"strides", 2}, {"padding", "same"}}, weights, {picture}),
              plus(reference_conv2d_transpose(same, picture, kernel), bias));
  const Conv2dTranspose valid{{{4, 3}, {2, 2}}, {16, 19}};
  expect_same(run_one("Conv2DTranspose", {{"strides", 2}}, weights, {picture}),
              plus(reference_conv2d_transpose(valid, picture, kernel), bias));
  // A stride wider than the kernel leaves rows that nothing reaches.
  const Conv2dTranspose wide{{{4, 3}, {5, 5}}, {35, 45}};
  expect_same(run_one("Conv2DTranspose", {{"strides", 5}}, weights, {picture}),
              plus(reference_conv2d_transpose(wide, picture, kernel), bias));
}

TEST(KerasConv2dTranspose, FollowsKerasWhereAnOutputPaddingIsGiven) {
  const HostTensor kernel = random_tensor({3, 3, 5, 4}, 2);
  const NamedTensors weights{{"it/kernel", kernel}};
  Json config = {{"strides", 2}, {"padding", "same"}, {"use_bias", false}, {"output_padding", 0}};
  // (7 - 1) × 2 + 3 - 2 × 1 + 0
  EXPECT_EQ(run_one("Conv2DTranspose", config, weights, {picture}).shape, (Shape{2, 13, 17, 5}));
  config["output_padding"] = {1, 0};
  EXPECT_EQ(run_one("Conv2DTranspose", config, weights, {picture}).shape, (Shape{2, 14, 17, 5}));
}

TEST(KerasDepthwiseConv2d, FindsItsKernelUnderBothNames) {
  const HostTensor kernel = random_tensor({3, 3, 4, 2}, 2), bias = random_tensor({8}, 3);
  const HostTensor want =
      plus(reference_depthwise_conv2d({{3, 3}, {2, 2}, {1, 1}, {1, 1, 1, 1}}, picture, kernel), bias);
  const Json config = {{"depth_multiplier", 2}, {"strides", 2}, {"padding", "same"}};
  for (const char* name : {"it/depthwise_kernel", "it/kernel"}) {
    expect_same(run_one("DepthwiseConv2D", config, {{name, kernel}, {"it/bias", bias}}, {picture}), want);
  }
}

TEST(KerasSeparableConv2d, IsADepthwiseAndAPointwiseConvolution) {
  const HostTensor depthwise = random_tensor({3, 3, 4, 2}, 2), pointwise = random_tensor({1, 1, 8, 5}, 3);
  const HostTensor bias = random_tensor({5}, 4);
  const NamedTensors weights{
      {"it/depthwise_kernel", depthwise}, {"it/pointwise_kernel", pointwise}, {"it/bias", bias}};
  const HostTensor spread = reference_depthwise_conv2d({{3, 3}}, picture, depthwise);
  expect_same(run_one("SeparableConv2D", {{"filters", 5}}, weights, {picture}),
              plus(reference_conv2d({}, spread, pointwise), bias));
}

TEST(KerasDense, ActsOnTheLastExtentOfAnyRank) {
  const HostTensor kernel = random_tensor({4, 3}, 2), bias = random_tensor({3}, 3);
  const NamedTensors weights{{"it/kernel", kernel}, {"it/bias", bias}};
  for (const Shape& shape : {Shape{5, 4}, Shape{2, 5, 4}, Shape{1, 2, 5, 4}, Shape{1, 2, 2, 3, 4}}) {
    const HostTensor x = random_tensor(shape, 5);
    const HostTensor rows{{static_cast<int>(element_count(shape)) / 4, 4}, x.values};
    HostTensor want = plus(reference_matmul({}, rows, kernel), bias);
    want.shape = shape;
    want.shape.back() = 3;
    expect_same(run_one("Dense", {{"units", 3}, {"activation", "linear"}}, weights, {x}), want);
  }
  expect_error(
      [&] {
        import_one("Dense", {{"units", 4}}, weights, {{1, 4}});
      },
      code::bad_shape, "`units` is 4");
  expect_error(
      [&] {
        import_one("Dense", {{"units", 3}}, weights, {{1, 5}});
      },
      code::bad_shape, "the matrix wants 4 input features, the input has 5");
}

TEST(KerasPooling2d, StridesByItsOwnSizeUnlessToldOtherwise) {
  const Window halves{{2, 2}, {2, 2}};
  expect_same(run_one("MaxPooling2D", Json::object(), {}, {picture}),
              reference_pool2d({PoolKind::max, halves}, picture));
  const Window overlapping{{3, 2}, {1, 1}, {1, 1}, {1, 1, 0, 1}};
  const Json config = {{"pool_size", {3, 2}}, {"strides", 1}, {"padding", "same"}};
  expect_same(run_one("AveragePooling2D", config, {}, {picture}),
              reference_pool2d({PoolKind::average, overlapping}, picture));
  expect_error(
      [] {
        import_one("MaxPooling2D", {{"pool_size", 8}}, {}, {{1, 4, 4, 1}});
      },
      code::bad_shape, "layer \"it\": the kernel spans 8×8 pixels");
}

TEST(KerasGlobalPooling2d, LeavesOneNumberAChannel) {
  const Json kept = {{"keepdims", true}}, turned = {{"keepdims", true}, {"data_format", "channels_first"}};
  const HostTensor mean = reference_reduce({ReduceKind::mean, {1, 2}}, picture);
  expect_same(run_one("GlobalAveragePooling2D", Json::object(), {}, {picture}), mean);
  expect_same(run_one("GlobalAveragePooling2D", kept, {}, {picture}), {{2, 1, 1, 4}, mean.values});
  expect_same(run_one("GlobalAveragePooling2D", turned, {}, {channels_first(picture)}),
              {{2, 4, 1, 1}, mean.values});
  expect_same(run_one("GlobalMaxPooling2D", Json::object(), {}, {picture}),
              reference_reduce({ReduceKind::max, {1, 2}}, picture));
}

TEST(KerasUpSampling2d, RepeatsPixelsOrInterpolatesFromTheCorner) {
  expect_same(run_one("UpSampling2D", Json::object(), {}, {picture}),
              reference_resize({ResizeKind::nearest, {14, 18}}, picture));
  const Json config = {{"size", {3, 2}}, {"interpolation", "bilinear"}, {"data_format", "channels_first"}};
  expect_same(run_one("UpSampling2D", config, {}, {channels_first(picture)}),
              channels_first(reference_resize({ResizeKind::bilinear, {21, 18}}, picture)));
  expect_error(
      [] {
        import_one("UpSampling2D", {{"interpolation", "lanczos3"}}, {}, {picture.shape});
      },
      code::unsupported_op, "the interpolation \"lanczos3\" is not supported");
  expect_error(
      [] {
        import_one("UpSampling2D", {{"size", 65536}}, {}, {{1, 65536, 1, 1}});
      },
      code::too_large, "the output would be 4294967296 pixels high or wide");
}

TEST(KerasResizing, InterpolatesBetweenPixelCentresAndCropsToTheAspectRatio) {
  const Json config = {{"height", 5}, {"width", 5}};
  expect_same(run_one("Resizing", config, {}, {picture}),
              reference_resize({ResizeKind::bilinear, {5, 5}, false, true}, picture));
  const Json cropped = {
      {"height", 5}, {"width", 5}, {"crop_to_aspect_ratio", true}, {"interpolation", "nearest"}};
  const HostTensor square = reference_slice({{0, 0, 1, 0}, {2, 7, 7, 4}, {1, 1, 1, 1}}, picture);
  expect_same(run_one("Resizing", cropped, {}, {picture}),
              reference_resize({ResizeKind::nearest, {5, 5}, false, true}, square));
  expect_error(
      [] {
        import_one("Resizing", {{"height", 5}}, {}, {picture.shape});
      },
      code::bad_topology, "`width` is missing");
}

TEST(KerasCenterCrop, CutsTheMiddleOrResizesWhatIsTooSmall) {
  expect_same(run_one("CenterCrop", {{"height", 4}, {"width", 6}}, {}, {picture}),
              reference_slice({{0, 1, 1, 0}, {2, 4, 6, 4}, {1, 1, 1, 1}}, picture));
  const HostTensor square = reference_slice({{0, 0, 1, 0}, {2, 7, 7, 4}, {1, 1, 1, 1}}, picture);
  expect_same(run_one("CenterCrop", {{"height", 8}, {"width", 8}}, {}, {picture}),
              reference_resize({ResizeKind::bilinear, {8, 8}, false, true}, square));
}

TEST(KerasRandomCrop, IsTheLargestPartOfItsProportionsResizedWhereNothingIsTrained) {
  const HostTensor square = reference_slice({{0, 0, 1, 0}, {2, 7, 7, 4}, {1, 1, 1, 1}}, picture);
  for (const int side : {3, 8}) {
    expect_same(run_one("RandomCrop", {{"height", side}, {"width", side}, {"seed", 3}}, {}, {picture}),
                reference_resize({ResizeKind::bilinear, {side, side}, false, true}, square));
  }
}

TEST(KerasPictureLayers, WantAPictureAndOneInput) {
  for (const char* layer :
       {"MaxPooling2D", "UpSampling2D", "ZeroPadding2D", "GlobalMaxPooling2D", "Conv2D"}) {
    expect_error(
        [&] {
          import_one(layer, Json::object(), {}, {{1, 4}});
        },
        code::bad_shape, "layer \"it\": the input must be a picture of rank 4, it has the shape [1, 4]");
    expect_error(
        [&] {
          import_one(layer, Json::object(), {}, {picture.shape, picture.shape});
        },
        code::bad_topology, "layer \"it\": the layer takes one input, it is given 2");
  }
}

}  // namespace
}  // namespace fragnet
