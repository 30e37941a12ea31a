// Activations, merges and layers that move elements: what their configurations mean.
#include <cmath>

#include "import/keras/model_case.hpp"

namespace fragnet {
namespace {

const HostTensor picture = random_tensor({2, 3, 5, 4}, 1, -3, 3);

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

// ---- Activations -------------------------------------------------------------------------------------

TEST(KerasActivation, KnowsTheNamesOfKerasAndOfTensorFlowJs) {
  const std::pair<const char*, double (*)(double)> activations[] = {
      {"linear", [](double x) { return x; }},
      {"relu", [](double x) { return std::max(x, 0.0); }},
      {"relu6", [](double x) { return std::clamp(x, 0.0, 6.0); }},
      {"tanh", [](double x) { return std::tanh(x); }},
      {"sigmoid", sigmoid},
      {"hard_sigmoid", [](double x) { return std::clamp(0.2 * x + 0.5, 0.0, 1.0); }},
      {"hardSigmoid", [](double x) { return std::clamp(0.2 * x + 0.5, 0.0, 1.0); }},
      {"leaky_relu", [](double x) { return x > 0 ? x : 0.2 * x; }},
      {"elu", [](double x) { return x > 0 ? x : std::expm1(x); }},
      {"selu", [](double x) { return 1.05070098736 * (x > 0 ? x : 1.67326324235 * std::expm1(x)); }},
      {"softplus", [](double x) { return std::log1p(std::exp(x)); }},
      {"softsign", [](double x) { return x / (1 + std::abs(x)); }},
      {"swish", [](double x) { return x * sigmoid(x); }},
      {"silu", [](double x) { return x * sigmoid(x); }},
      {"gelu", [](double x) { return x * 0.5 * (1 + std::erf(x / std::sqrt(2.0))); }},
      {"mish", [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }},
      {"exponential", [](double x) { return std::exp(x); }},
  };
  for (const auto& [name, f] : activations) {
    SCOPED_TRACE(name);
    expect_same(run_one("Activation", {{"activation", name}}, {}, {picture}), mapped(picture, f));
  }
  expect_same(run_one("Activation", {{"activation", "softmax"}}, {}, {picture}),
              reference_softmax({.axis = 3}, picture));
}

TEST(KerasActivation, ReadsALayersClassAsTheLayerAndAFunctionsNameAsTheFunction) {
  const auto run = [](const char* name) {
    return run_one("Activation", {{"activation", name}}, {}, {picture});
  };
  const auto leaky = [](double slope) {
    return mapped(picture, [=](double x) { return x > 0 ? x : slope * x; });
  };
  for (const char* name : {"leaky_re_lu", "LeakyReLU", "leakyReLu", "Custom>LeakyReLU"}) {
    SCOPED_TRACE(name);
    expect_same(run(name), leaky(0.3));
  }
  for (const char* name : {"leaky_relu", "leakyRelu"}) {
    SCOPED_TRACE(name);
    expect_same(run(name), leaky(0.2));
  }
  for (const char* name : {"ReLU", "re_lu", "relu"})
    expect_same(run(name), mapped(picture, [](double x) { return std::max(x, 0.0); }));
  for (const char* name : {"ELU", "elu", "celu"})
    expect_same(run(name), mapped(picture, [](double x) { return x > 0 ? x : std::expm1(x); }));
  expect_same(run("thresholded_re_lu"), mapped(picture, [](double x) { return x > 1 ? x : 0; }));
  for (const char* name : {"log_softmax", "logSoftmax"})
    expect_same(run(name), reference_softmax({.axis = 3, .log = true}, picture));
  for (const char* name : {"hard_silu", "hard_swish", "hardSwish"})
    expect_same(run(name), mapped(picture, [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; }));
  expect_same(run("hard_tanh"), mapped(picture, [](double x) { return std::clamp(x, -1.0, 1.0); }));
  expect_same(run("log_sigmoid"), mapped(picture, [](double x) { return -std::log1p(std::exp(-x)); }));
  expect_same(run("gelu_new"), mapped(picture, [](double x) {
                return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
              }));
}

TEST(KerasActivation, TakesHardSigmoidFromTheKerasThatWroteTheFile) {
  const auto import = [](int keras_version) {
    const LayerDef layer = keras_layer("Activation", "it", {{"activation", "hard_sigmoid"}}, {"x"});
    return import_layers_model({.root = keras_model("m", {keras_input("x", picture.shape), layer}, {{"it"}}),
                                .keras_version = keras_version},
                               {}, {});
  };
  const auto sloped = [](double slope) {
    return mapped(picture, [=](double x) { return std::clamp(slope * x + 0.5, 0.0, 1.0); });
  };
  expect_same(reference_run(import(3), {picture}).at(0), sloped(1.0 / 6));
  expect_same(reference_run(import(2), {picture}).at(0), sloped(0.2));
  EXPECT_TRUE(import(2).warnings.empty() && import(3).warnings.empty());
  const Graph unsaid = import(0);
  expect_same(reference_run(unsaid, {picture}).at(0), sloped(0.2));
  ASSERT_EQ(unsaid.warnings.size(), 1u);
  EXPECT_THAT(unsaid.warnings[0],
              testing::HasSubstr("layer \"it\": the file does not say which Keras wrote it"));
}

TEST(KerasActivation, ReadsActivationsThatAreObjects) {
  const auto run = [](const Json& activation) {
    return run_one("Activation", {{"activation", activation}}, {}, {picture});
  };
  expect_same(run({{"class_name", "LeakyReLU"}, {"config", {{"negative_slope", 0.1}}}}),
              mapped(picture, [](double x) { return x > 0 ? x : 0.1 * x; }));
  expect_same(run({{"class_name", "ReLU"}, {"config", {{"max_value", 2}}}}),
              mapped(picture, [](double x) { return std::clamp(x, 0.0, 2.0); }));
  expect_same(run({{"class_name", "function"}, {"config", "relu"}, {"registered_name", "relu"}}),
              mapped(picture, [](double x) { return std::max(x, 0.0); }));
  expect_same(run({{"class_name", "Activation"}, {"config", {{"activation", "tanh"}}}}),
              mapped(picture, [](double x) { return std::tanh(x); }));
  expect_same(run({{"class_name", "gelu"}, {"config", {{"approximate", true}}}}),
              run({{"class_name", "gelu_new"}, {"config", Json::object()}}));
  expect_same(run({{"class_name", "Softmax"}, {"config", {{"axis", 1}}}}),
              reference_softmax({.axis = 1}, picture));
  expect_same(run({{"class_name", "elu"}, {"config", {{"alpha", 0.5}}}}),
              mapped(picture, [](double x) { return x > 0 ? x : 0.5 * std::expm1(x); }));
}

TEST(KerasActivation, NamesAnActivationThatItDoesNotKnow) {
  expect_error(
      [] {
        import_one("Activation", {{"activation", "wobble"}}, {}, {picture.shape});
      },
      code::unsupported_op, "layer \"it\": the activation \"wobble\" is not supported");
  expect_error(
      [] {
        import_one("Activation", {{"activation", 3}}, {}, {picture.shape});
      },
      code::bad_topology, "`activation` must be a name or an object, it is 3");
}

TEST(KerasLayers, ThatOnlyActInTrainingPassTheirInputOn) {
  for (const char* name : {"RandomFlip",
                           "RandomRotation",
                           "RandomZoom",
                           "RandomTranslation",
                           "RandomContrast",
                           "RandomBrightness",
                           "RandomHeight",
                           "RandomWidth",
                           "GaussianNoise",
                           "SpatialDropout2D",
                           "RandomHue",
                           "RandomErasing",
                           "RandAugment",
                           "MixUp",
                           "CutMix",
                           "AugMix",
                           "RandomShear",
                           "RandomPerspective",
                           "RandomGaussianBlur",
                           "RandomColorJitter",
                           "keras_cv>RandomCutout"}) {
    SCOPED_TRACE(name);
    const Json config = {{"factor", 0.1}, {"fill_mode", "reflect"}, {"seed", 7}, {"value_range", {0, 255}}};
    const Graph graph = import_one(name, config, {}, {picture.shape});
    EXPECT_TRUE(graph.nodes.empty()) << to_string(graph);
  }
}

TEST(KerasLayers, RefuseKeysThatMayChangeTheirMeaning) {
  const NamedTensors norm{{"it/gamma", random_tensor({4}, 5)}, {"it/beta", random_tensor({4}, 6)}};
  expect_error(
      [&] {
        import_one("LayerNormalization", {{"rms_scaling", true}}, norm, {picture.shape});
      },
      code::unsupported_op,
      "layer \"it\": `rms_scaling` is true, which Fragnet does not know for this layer");
  import_one("LayerNormalization",
             {{"rms_scaling", false},
              {"gamma_initializer", {{"class_name", "Ones"}}},
              {"beta_constraint", nullptr},
              {"trainable", true},
              {"dtype", "mixed_float16"},
              {"name", "it"},
              {"quantization_config", nullptr}},
             norm, {picture.shape});
  expect_error(
      [&] {
        import_one("Resizing", {{"height", 2}, {"width", 2}, {"antialias", true}}, {}, {picture.shape});
      },
      code::unsupported_op, "`antialias` is true");
  const Json activation = {{"class_name", "LeakyReLU"}, {"config", {{"slope", 0.1}}}};
  expect_error(
      [&] {
        import_one("Activation", {{"activation", activation}}, {}, {picture.shape});
      },
      code::unsupported_op, "`slope` is 0.1");
}

TEST(KerasRelu, KnowsItsTopItsSlopeAndItsThreshold) {
  const auto run = [](const Json& config) { return run_one("ReLU", config, {}, {picture}); };
  expect_same(run(Json::object()), mapped(picture, [](double x) { return std::max(x, 0.0); }));
  expect_same(run({{"max_value", 1.5}}), mapped(picture, [](double x) { return std::clamp(x, 0.0, 1.5); }));
  expect_same(run({{"max_value", 6}, {"negative_slope", 0.25}}),
              mapped(picture, [](double x) { return x > 0 ? std::min(x, 6.0) : 0.25 * x; }));
  expect_same(run({{"threshold", 1}}), mapped(picture, [](double x) { return x > 1 ? x : 0; }));
  expect_same(run({{"threshold", 1}, {"negative_slope", 0.5}, {"max_value", 2}}),
              mapped(picture, [](double x) { return x > 1 ? std::min(x, 2.0) : 0.5 * (x - 1); }));
  const Graph graph = import_one("ReLU", {{"max_value", 6.0}, {"negative_slope", 0.0}}, {}, {picture.shape});
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(name_of(graph.nodes[0].op), "relu6");
}

TEST(KerasRelatives, TakeTheirDefaultsFromKeras) {
  expect_same(run_one("LeakyReLU", Json::object(), {}, {picture}),
              mapped(picture, [](double x) { return x > 0 ? x : 0.3 * x; }));
  for (const char* key : {"alpha", "negative_slope"}) {
    expect_same(run_one("LeakyReLU", {{key, 0.2}}, {}, {picture}),
                mapped(picture, [](double x) { return x > 0 ? x : 0.2 * x; }));
  }
  expect_same(run_one("ELU", {{"alpha", 2}}, {}, {picture}),
              mapped(picture, [](double x) { return x > 0 ? x : 2 * std::expm1(x); }));
  expect_same(run_one("ThresholdedReLU", {{"theta", 0.5}}, {}, {picture}),
              mapped(picture, [](double x) { return x > 0.5 ? x : 0; }));
  expect_same(run_one("Softmax", {{"axis", 1}}, {}, {picture}), reference_softmax({.axis = 1}, picture));
  expect_error(
      [] {
        import_one("Softmax", {{"axis", 4}}, {}, {picture.shape});
      },
      code::bad_shape, "`axis` names axis 4, the input has rank 4");
}

TEST(KerasPRelu, SharesItsSlopesAlongAxes) {
  const HostTensor each = random_tensor({3, 5, 4}, 2), shared = random_tensor({1, 1, 4}, 3);
  expect_same(run_one("PReLU", Json::object(), {{"it/alpha", each}}, {picture}),
              reference_binary({BinaryKind::prelu}, picture, each));
  expect_same(run_one("PReLU", {{"shared_axes", {1, 2}}}, {{"it/alpha", shared}}, {picture}),
              reference_binary({BinaryKind::prelu}, picture, shared));
  expect_error(
      [&] {
        import_one("PReLU", {{"shared_axes", {1}}}, {{"it/alpha", shared}}, {picture.shape});
      },
      code::bad_shape, "the weight \"it/alpha\" must have the shape [1, 5, 4], it has [1, 1, 4]");
}

// ---- Merges ------------------------------------------------------------------------------------------

TEST(KerasMerges, CombineAllTheirInputs) {
  const HostTensor y = random_tensor(picture.shape, 2), z = random_tensor(picture.shape, 3);
  const std::pair<const char*, BinaryKind> merges[] = {{"Add", BinaryKind::add},
                                                       {"Multiply", BinaryKind::multiply},
                                                       {"Maximum", BinaryKind::maximum},
                                                       {"Minimum", BinaryKind::minimum}};
  for (const auto& [name, kind] : merges) {
    SCOPED_TRACE(name);
    expect_same(run_one(name, Json::object(), {}, {picture, y, z}),
                reference_binary({kind}, reference_binary({kind}, picture, y), z));
    expect_error([&, n = name] { import_one(n, Json::object(), {}, {picture.shape}); }, code::bad_topology,
                 "layer \"it\": the layer takes two or more inputs, it is given 1");
  }
  const HostTensor sum =
      reference_binary({BinaryKind::add}, reference_binary({BinaryKind::add}, picture, y), z);
  expect_same(run_one("Average", Json::object(), {}, {picture, y, z}),
              mapped(sum, [](double x) { return x / 3; }));
  expect_same(run_one("Subtract", Json::object(), {}, {picture, y}),
              reference_binary({BinaryKind::subtract}, picture, y));
  expect_error(
      [&] {
        run_one("Subtract", Json::object(), {}, {picture, y, z});
      },
      code::bad_topology, "the layer takes two inputs, it is given 3");
}

TEST(KerasMerges, PutMissingExtentsAfterTheBatch) {
  const HostTensor vectors = random_tensor({2, 4}, 2);
  expect_same(run_one("Multiply", Json::object(), {}, {picture, vectors}),
              reference_binary({BinaryKind::multiply}, picture, {{2, 1, 1, 4}, vectors.values}));
}

TEST(KerasMerges, RefuseShapesThatDisagree) {
  expect_error(
      [] {
        import_one("Add", Json::object(), {}, {{1, 8, 8, 3}, {1, 8, 8, 4}});
      },
      code::bad_shape, "layer \"it\": the shapes [1, 8, 8, 3] and [1, 8, 8, 4] cannot be broadcast");
  expect_error(
      [] {
        import_one("Concatenate", Json::object(), {}, {{1, 8, 8, 3}, {1, 4, 4, 3}});
      },
      code::bad_shape, "layer \"it\"");
}

TEST(KerasConcatenate, JoinsAlongItsAxis) {
  const HostTensor y = random_tensor({2, 3, 5, 2}, 2);
  expect_same(run_one("Concatenate", Json::object(), {}, {picture, y}), reference_concat(3, {picture, y}));
  expect_same(run_one("Concatenate", {{"axis", 1}}, {}, {picture, picture}),
              reference_concat(1, {picture, picture}));
}

// ---- Moves -------------------------------------------------------------------------------------------

TEST(KerasIdentities, PassTheirInputOn) {
  for (const char* name : {"Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
                           "ActivityRegularization"}) {
    SCOPED_TRACE(name);
    const Graph graph = import_one(name, {{"rate", 0.5}}, {}, {picture.shape});
    EXPECT_TRUE(graph.nodes.empty());
    EXPECT_EQ(graph.outputs[0].value, graph.inputs[0].value);
  }
}

TEST(KerasReshape, KeepsTheBatchAndFindsTheOpenExtent) {
  expect_same(run_one("Reshape", {{"target_shape", {5, -1}}}, {}, {picture}), {{2, 5, 12}, picture.values});
  expect_same(run_one("Reshape", {{"target_shape", {60}}}, {}, {picture}), {{2, 60}, picture.values});
  const auto import = [](const Json& target) {
    import_one("Reshape", {{"target_shape", target}}, {}, {picture.shape});
  };
  expect_error(
      [&] {
        import({7, -1});
      },
      code::bad_shape, "`target_shape` [7, ?] does not hold the 60 elements of the input [2, 3, 5, 4]");
  expect_error([&] { import({-1, -1}); }, code::bad_topology, "leaves 2 extents open");
  expect_error([&] { import({0, 60}); }, code::bad_topology, "must be positive or open");
  expect_error(
      [&] {
        import({536870912, 536870912, 536870912, 536870912});
      },
      code::bad_shape, "does not hold");
  expect_error([&] { import("flat"); }, code::bad_topology, "`target_shape` must be a list, it is \"flat\"");
}

TEST(KerasFlatten, ReadsChannelsFirstPicturesAsChannelsLast) {
  expect_same(run_one("Flatten", Json::object(), {}, {picture}), {{2, 60}, picture.values});
  expect_same(run_one("Flatten", {{"data_format", "channels_first"}}, {},
                      {reference_transpose({.order = {0, 3, 1, 2}}, picture)}),
              {{2, 60}, picture.values});
}

TEST(KerasPermute, CountsAxesFromOne) {
  expect_same(run_one("Permute", {{"dims", {3, 1, 2}}}, {}, {picture}),
              reference_transpose({.order = {0, 3, 1, 2}}, picture));
  for (const Json& dims : {Json{1, 2}, Json{0, 1, 2}, Json{1, 1, 2}, Json{1, 2, 3, 4}, Json{1, 2, "3"}}) {
    expect_error(
        [&] {
          import_one("Permute", {{"dims", dims}}, {}, {picture.shape});
        },
        code::bad_shape, "`dims` must have each number from 1 to 3 once");
  }
}

TEST(KerasRepeatVector, RepeatsEachVector) {
  const HostTensor x{{2, 2}, {1, 2, 3, 4}};
  expect_same(run_one("RepeatVector", {{"n", 3}}, {}, {x}),
              {{2, 3, 2}, {1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}});
}

TEST(KerasMargins, AreOneNumberAPairOrFour) {
  const auto pad = [](int top, int bottom, int left, int right) {
    return reference_pad({.margins = {{0, 0}, {top, bottom}, {left, right}, {0, 0}}}, picture);
  };
  expect_same(run_one("ZeroPadding2D", Json::object(), {}, {picture}), pad(1, 1, 1, 1));
  expect_same(run_one("ZeroPadding2D", {{"padding", 2}}, {}, {picture}), pad(2, 2, 2, 2));
  expect_same(run_one("ZeroPadding2D", {{"padding", {1, 2}}}, {}, {picture}), pad(1, 1, 2, 2));
  const Json four = Json::array({Json::array({0, 1}), Json::array({2, 0})});
  expect_same(run_one("ZeroPadding2D", {{"padding", four}}, {}, {picture}), pad(0, 1, 2, 0));
  expect_same(run_one("Cropping2D", {{"cropping", four}}, {}, {picture}),
              reference_slice({{0, 0, 2, 0}, {2, 2, 3, 4}, {1, 1, 1, 1}}, picture));
  const Transpose first{.order = {0, 3, 1, 2}};
  expect_same(run_one("ZeroPadding2D", {{"padding", four}, {"data_format", "channels_first"}}, {},
                      {reference_transpose(first, picture)}),
              reference_transpose(first, pad(0, 1, 2, 0)));
  expect_error(
      [] {
        import_one("ZeroPadding2D", {{"padding", -1}}, {}, {picture.shape});
      },
      code::bad_topology, "`padding` must be a whole number from 0 to 65536, it is -1");
  expect_error(
      [] {
        import_one("Cropping2D", {{"cropping", 2}}, {}, {picture.shape});
      },
      code::bad_shape, "cropping 2 + 2 rows and 2 + 2 columns leaves nothing of a picture of 3×5 pixels");
}

TEST(KerasDepthToSpace, DealsChannelsOutAsTensorFlowDoes) {
  // Four channels of one pixel become two rows of two pixels.
  const HostTensor x{{1, 1, 2, 4}, {0, 1, 2, 3, 4, 5, 6, 7}};
  const HostTensor want{{1, 2, 4, 1}, {0, 1, 4, 5, 2, 3, 6, 7}};
  expect_same(run_one("DepthToSpace", {{"block_size", 2}}, {}, {x}), want);
  expect_same(run_one("PixelShuffle", {{"upscale_factor", 2}}, {}, {x}), want);
  const Json node = {{"op", "DepthToSpace"},
                     {"attr", {{"block_size", {{"i", "2"}}}, {"data_format", {{"s", "TkhXQw=="}}}}}};
  expect_same(run_one("TensorFlowOpLayer", {{"node_def", node}}, {}, {x}), want);
  expect_same(run_one("TensorFlowOpLayer", {{"node_def", node.dump()}}, {}, {x}), want);
  expect_error(
      [] {
        import_one("DepthToSpace", {{"block_size", 3}}, {}, {{1, 2, 2, 4}});
      },
      code::bad_shape, "blocks of 3×3 pixels want channels divisible by 9, the input has 4");
}

TEST(KerasTensorFlowOp, TakesConstantsWhereTheNodeHasThem) {
  const Json negate = {{"node_def", {{"op", "Sub"}}}, {"constants", {{"0", 1.0}}}};
  expect_same(run_one("TensorFlowOpLayer", negate, {}, {picture}),
              mapped(picture, [](double x) { return 1 - x; }));
  expect_same(run_one("TensorFlowOpLayer", {{"node_def", {{"op", "Sigmoid"}}}}, {}, {picture}),
              mapped(picture, sigmoid));
  expect_error(
      [] {
        import_one("TensorFlowOpLayer", {{"node_def", {{"op", "Mul"}}}}, {}, {picture.shape});
      },
      code::bad_topology, "layer \"it\": Mul wants 2 inputs, the node has 1");
  expect_error(
      [] {
        import_one("TensorFlowOpLayer", {{"node_def", {{"op", "Where"}}}}, {}, {picture.shape});
      },
      code::unsupported_op, "layer \"it\": the operation \"Where\" is not supported");
  expect_error(
      [] {
        import_one("TensorFlowOpLayer", {{"node_def", "{\"op\""}}, {}, {picture.shape});
      },
      code::bad_json, "`node_def` is cut short");
  expect_error(
      [] {
        import_one("TensorFlowOpLayer", {{"node_def", "[]"}}, {}, {picture.shape});
      },
      code::bad_topology, "`node_def` must be a TensorFlow node");
}

// What a graph-model may say, such a layer may say, too: the mean over the axes of a constant, and both halves of a split.
TEST(KerasTensorFlowOp, IsANodeLikeThoseOfGraphModels) {
  const Json mean = {{"node_def", {{"op", "Mean"}, {"attr", {{"keep_dims", {{"b", true}}}}}}},
                     {"constants", {{"1", {1, 2}}}}};
  expect_same(run_one("TensorFlowOpLayer", mean, {}, {{{1, 2, 2, 1}, {1, 2, 3, 6}}}), {{1, 1, 1, 1}, {3}});
  const Json scale = {{"node_def", {{"op", "Mul"}}}, {"constants", {{"1", {{{1, 2}, {3, 4}}}}}}};
  expect_same(run_one("TensorFlowOpLayer", scale, {}, {{{1, 1, 2, 2}, {1, 1, 1, 1}}}),
              {{1, 1, 2, 2}, {1, 2, 3, 4}});
  const Json split = {{"node_def", {{"op", "Split"}, {"attr", {{"num_split", {{"i", "2"}}}}}}},
                      {"constants", {{"0", 3}}}};
  LayerDef half = keras_layer("Activation", "half", {{"activation", "linear"}}, {"it"});
  half.calls[0][0].tensor = 1;
  const Graph graph = import_keras(keras_model(
      "m", {keras_input("x", {1, 1, 1, 4}), keras_layer("TensorFlowOpLayer", "it", split, {"x"}), half},
      {{"half"}}));
  expect_same(reference_run(graph, {{{1, 1, 1, 4}, {1, 2, 3, 4}}}).at(0), {{1, 1, 1, 2}, {3, 4}});
  const Json ragged = {{"node_def", {{"op", "Mul"}}}, {"constants", {{"1", {{1, 2}, {3}}}}}};
  expect_error(
      [&] {
        import_one("TensorFlowOpLayer", ragged, {}, {{1, 1, 2, 2}});
      },
      code::bad_topology, "layer \"it\": a constant of the TensorFlow node must be numbers");
  const Json call = {
      {"node_def", {{"op", "PartitionedCall"}, {"attr", {{"f", {{"func", {{"name", "f"}}}}}}}}}};
  expect_error(
      [&] {
        import_one("TensorFlowOpLayer", call, {}, {{1, 1, 2, 2}});
      },
      code::unsupported_op, "layer \"it\" calls the function \"f\", which no layer holds");
}

}  // namespace
}  // namespace fragnet
