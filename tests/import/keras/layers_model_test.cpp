// How layers hang together: order, nesting, names, weights.
#include "import/import_model.hpp"
#include "import/keras/model_case.hpp"

namespace fragnet {
namespace {

using testing::Contains;
using testing::ElementsAre;

const Json small = {nullptr, 4, 4, 2};

LayerDef conv(const std::string& name, const std::vector<std::string>& inputs) {
  return keras_layer("Conv2D", name, {{"use_bias", false}}, inputs);
}

HostTensor kernel(uint32_t seed) {
  return random_tensor({1, 1, 2, 2}, seed);
}

LayerDef sequential(const std::string& name, std::vector<LayerDef> layers) {
  return {.class_name = "Sequential", .name = name, .config = Json::object(), .layers = std::move(layers)};
}

std::vector<std::string> output_names(const Graph& graph) {
  std::vector<std::string> names;
  for (const Port& port : graph.outputs) names.push_back(port.name);
  return names;
}

std::vector<std::string> node_names(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) names.push_back(node.name);
  return names;
}

TEST(ImportLayersModel, RunsLayersAfterTheirInputsWhateverTheFilesOrder) {
  const LayerDef model =
      keras_model("model",
                  {conv("c", {"b"}), conv("b", {"a"}), keras_input("x", small), conv("a", {"x"}),
                   keras_layer("Add", "sum", Json::object(), {"c", "a"})},
                  {{"sum"}, {"b"}});
  const Graph graph =
      import_keras(model, {{"a/kernel", kernel(1)}, {"b/kernel", kernel(2)}, {"c/kernel", kernel(3)}},
                   {{"x", {1, 4, 4, 2}}});
  EXPECT_THAT(node_names(graph), ElementsAre("a", "b", "c", "sum"));
  EXPECT_THAT(output_names(graph), ElementsAre("sum/sum", "b/b"));
  const HostTensor x = random_tensor({1, 4, 4, 2}, 4);
  const HostTensor a = reference_conv2d({}, x, kernel(1)), b = reference_conv2d({}, a, kernel(2));
  const std::vector<HostTensor> results = reference_run(graph, {x});
  expect_same(results[0], reference_binary({BinaryKind::add}, reference_conv2d({}, b, kernel(3)), a));
  expect_same(results[1], b);
}

TEST(ImportLayersModel, LeavesOutLayersThatNoOutputNeeds) {
  const LayerDef model = keras_model(
      "model",
      {keras_input("x", small), conv("a", {"x"}), keras_layer("Lambda", "unused", Json::object(), {"a"})},
      {{"a"}});
  EXPECT_THAT(node_names(import_keras(model, {{"a/kernel", kernel(1)}})), ElementsAre("a"));
}

TEST(ImportLayersModel, UsesASharedLayerAndItsWeightsOnceForEachCall) {
  LayerDef shared = conv("shared", {"x"});
  shared.calls.push_back({{"shared", 0}});
  const LayerDef model =
      keras_model("model", {keras_input("x", small), shared}, {{"shared", 1}, {"shared", 0}});
  const Graph graph = import_keras(model, {{"shared/kernel", kernel(1)}});
  EXPECT_THAT(output_names(graph), ElementsAre("shared/shared_1", "shared/shared"));
  ASSERT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.nodes[0].inputs[1], graph.nodes[1].inputs[1]);
  EXPECT_EQ(graph.outputs[0].value, graph.nodes[1].output);
}

TEST(ImportLayersModel, CountsTheCallsOfNestedModelsFromOneOrFromZero) {
  for (int first : {0, 1}) {
    SCOPED_TRACE(first);
    LayerDef inner =
        keras_model("inner", {keras_input("in", small), conv("a", {"in"}), conv("b", {"a"})}, {{"b"}, {"a"}});
    inner.calls = {{{"x"}}, {{"inner", first, 1}}};
    const LayerDef model = keras_model("model", {keras_input("x", small), inner},
                                       {{"inner", first + 1, 1}, {"inner", first, 0}});
    const Graph graph = import_keras(model, {{"a/kernel", kernel(1)}, {"b/kernel", kernel(2)}});
    EXPECT_THAT(output_names(graph), ElementsAre("inner/inner_3", "inner/inner"));
    EXPECT_THAT(node_names(graph), ElementsAre("inner/a", "inner/b", "inner/a", "inner/b"));
    const HostTensor x = random_tensor({1, 4, 4, 2}, 4), a = reference_conv2d({}, x, kernel(1));
    const std::vector<HostTensor> results = reference_run(graph, {x});
    expect_same(results[0], reference_conv2d({}, a, kernel(1)));
    expect_same(results[1], reference_conv2d({}, a, kernel(2)));
  }
}

TEST(ImportLayersModel, RunsSequentialModelsAndTheirNestedOnes) {
  LayerDef first = conv("first", {});
  first.config["batch_input_shape"] = small;
  const LayerDef inner = sequential("inner", {first, keras_layer("ReLU", "relu", Json::object(), {})});
  const NamedTensors weights{{"first/kernel", kernel(1)}, {"last/kernel", kernel(2)}};
  const Graph graph = import_keras(sequential("outer", {inner, conv("last", {})}), weights);
  EXPECT_EQ(graph.inputs[0].name, "first_input");
  EXPECT_THAT(node_names(graph), ElementsAre("inner/first", "inner/relu", "last"));
  EXPECT_THAT(output_names(graph), ElementsAre("last/last"));
  // A Sequential of one model has that model's output.
  EXPECT_THAT(output_names(import_keras(sequential("outer", {inner}), weights)), ElementsAre("relu/relu"));
}

TEST(ImportLayersModel, NumbersAnOutputWhoseNameANestedModelHasUsedBefore) {
  LayerDef inner = keras_model("inner", {keras_input("in", small), conv("out", {"in"})}, {{"out"}});
  inner.calls = {{{"x"}}};
  LayerDef last = keras_layer("ReLU", "out", Json::object(), {});
  last.calls = {{{"inner", 1}}};
  const Graph graph = import_keras(keras_model("model", {keras_input("x", small), inner, last}, {{"out"}}),
                                   {{"out/kernel", kernel(1)}});
  EXPECT_THAT(output_names(graph), ElementsAre("out/out_1"));
}

TEST(ImportLayersModel, NamesAnOutputThatIsAnInputAsTheInput) {
  const LayerDef model = keras_model("model", {keras_input("x", small)}, {{"x"}});
  EXPECT_THAT(output_names(import_keras(model)), ElementsAre("x"));
}

// ---- Inputs ------------------------------------------------------------------------------------------

TEST(LayersModelInputs, ListsThemInTheModelsOrderWithTheirShapesAndTypes) {
  LayerDef model = keras_model("model", {keras_input("a", small), keras_input("b", {2, nullptr})}, {{"a"}});
  model.layers[1].config["dtype"] = "int32";
  std::swap(model.inputs[0], model.inputs[1]);
  const std::vector<InputSpec> inputs = layers_model_inputs({model});
  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_EQ(inputs[0].name, "b");
  EXPECT_EQ(inputs[0].shape, (Shape{2, -1}));
  EXPECT_EQ(inputs[0].dtype, DType::int32);
  EXPECT_EQ(inputs[1].name, "a");
  EXPECT_EQ(inputs[1].shape, (Shape{-1, 4, 4, 2}));
  EXPECT_EQ(inputs[1].dtype, DType::float32);
}

TEST(LayersModelInputs, TakesTheShapeThatASequentialWasBuiltForWhereItsLayersHaveNone) {
  LayerDef model = sequential("model", {conv("first", {})});
  model.config["build_input_shape"] = small;
  const std::vector<InputSpec> inputs = layers_model_inputs({model});
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_EQ(inputs[0].name, "first_input");
  EXPECT_EQ(inputs[0].shape, (Shape{-1, 4, 4, 2}));
}

TEST(LayersModelInputs, RefusesInputsThatAreNone) {
  const auto inputs = [](const LayerDef& model) { layers_model_inputs({model}); };
  expect_error([&] { inputs(sequential("s", {conv("first", {})})); }, code::bad_topology,
               "layer \"first\": the model's input starts here, but `batch_input_shape` is missing");
  expect_error([&] { inputs(sequential("s", {})); }, code::bad_topology, "the model \"s\" has no layers");
  LayerDef model = keras_model("model", {keras_input("x", small), conv("a", {"x"})}, {{"a"}});
  model.inputs = {{"a"}};
  expect_error([&] { inputs(model); }, code::bad_topology, "its input \"a\" is not an InputLayer");
  model.inputs = {{"x"}, {"x"}};
  expect_error([&] { inputs(model); }, code::bad_topology, "its input \"x\" is listed twice");
  model.inputs.clear();
  expect_error([&] { inputs(model); }, code::bad_topology, "the model \"model\" has no inputs");
  model = keras_model("model", {keras_input("x", {nullptr, 0, 4})}, {{"x"}});
  expect_error([&] { inputs(model); }, code::bad_topology,
               "the extents of `batch_input_shape` must be positive");
  model = keras_model("model", {keras_input("x", "wide")}, {{"x"}});
  expect_error([&] { inputs(model); }, code::bad_topology, "`batch_input_shape` must be a list");
}

// ---- Bad topologies ----------------------------------------------------------------------------------

void expect_bad_topology(const LayerDef& model, const std::string& sentence) {
  expect_error(
      [&] {
        import_keras(model, {{"a/kernel", kernel(1)}, {"b/kernel", kernel(1)}});
      },
      code::bad_topology, sentence);
}

TEST(ImportLayersModel, NamesAnUnknownLayerClass) {
  const LayerDef model =
      keras_model("model", {keras_input("x", small), keras_layer("Foo", "strange", Json::object(), {"x"})},
                  {{"strange"}});
  expect_error([&] { import_keras(model); }, code::unsupported_op,
               "layer \"strange\": the layer class \"Foo\" is not supported");
}

TEST(ImportLayersModel, NamesALayerOfACycle) {
  expect_bad_topology(
      keras_model("model", {keras_input("x", small), conv("a", {"b"}), conv("b", {"a"}), conv("end", {"b"})},
                  {{"end"}}),
      "depends on its own output: the graph is cyclic");
  expect_bad_topology(keras_model("model", {conv("a", {"a"}), keras_input("x", small)}, {{"a"}}),
                      "layer \"a\" depends on its own output");
}

TEST(ImportLayersModel, RefusesReferencesToNothing) {
  const auto model = [](const LayerRef& taken, const LayerRef& returned) {
    LayerDef layer = conv("a", {});
    layer.calls = {{taken}};
    return keras_model("model", {keras_input("x", small), layer}, {returned});
  };
  expect_bad_topology(model({"y"}, {"a"}),
                      "layer \"a\" takes the output of \"y\", which is not a layer of the model \"model\"");
  expect_bad_topology(model({"x"}, {"z"}), "the model \"model\" takes the output of \"z\"");
  expect_bad_topology(model({"x", 2}, {"a"}), "takes the output of call 2 of \"x\", which is called 1 time");
  expect_bad_topology(model({"x"}, {"a", 1}), "takes the output of call 1 of \"a\", which is called 1 time");
  expect_bad_topology(model({"x", 0, 1}, {"a"}), "layer \"a\" takes output 1 of \"x\", which has 1");
  expect_bad_topology(model({"x"}, {"a", 0, 7}), "the model \"model\" takes output 7 of \"a\", which has 1");
}

TEST(ImportLayersModel, RefusesModelsWhoseInputsDoNotMatch) {
  LayerDef hidden =
      keras_model("model", {keras_input("x", small), keras_input("y", small), conv("a", {"y"})}, {{"a"}});
  hidden.inputs = {{"x"}};
  expect_bad_topology(hidden, "layer \"y\" is not among the inputs of the model \"model\"");
  LayerDef inner = keras_model("inner", {keras_input("in", small), conv("a", {"in"})}, {{"a"}});
  inner.calls = {{{"x"}, {"x"}}};
  expect_bad_topology(keras_model("model", {keras_input("x", small), inner}, {{"inner", 1}}),
                      "the model \"inner\" takes 1 inputs, it is given 2");
  LayerDef chain = sequential("chain", {keras_layer("Add", "sum", Json::object(), {})});
  chain.calls = {{{"x"}, {"x"}}};
  expect_bad_topology(keras_model("model", {keras_input("x", small), chain}, {{"chain"}}),
                      "the model \"chain\" takes one input, it is given 2");
}

TEST(ImportLayersModel, RefusesTwoLayersOfOneName) {
  expect_bad_topology(
      keras_model("model", {keras_input("x", small), conv("a", {"x"}), conv("a", {"x"})}, {{"a"}}),
      "the model \"model\" has two layers with the name \"a\"");
}

TEST(ImportLayersModel, RefusesNestingWithoutEnd) {
  LayerDef model = sequential("core", {keras_layer("ReLU", "relu", Json::object(), {})});
  for (int depth = 0; depth < 40; ++depth) model = sequential("s", {model});
  model.layers.insert(model.layers.begin(), keras_input("x", small));
  expect_bad_topology(model, "models are nested more than 32 deep");
}

TEST(ImportLayersModel, RefusesAShortFileThatAsksForEndlessLayers) {
  LayerDef model = sequential("core", {keras_layer("ReLU", "relu", Json::object(), {})});
  for (int depth = 0; depth < 30; ++depth) {  // 2^30 layers
    model.calls = {{{"x"}}, {{model.name, 0}}};
    const std::string name = model.name;
    model =
        keras_model("m" + std::to_string(depth), {keras_input("x", small), std::move(model)}, {{name, 1}});
  }
  expect_error([&] { import_keras(model); }, code::too_large,
               "uses and connects layers more than 200000 times");
}

// ---- Weights -----------------------------------------------------------------------------------------

// The import of one bias-free convolution "c" in a model "inner" of a model "outer".
Graph import_nested(const NamedTensors& weights) {
  LayerDef inner = keras_model("inner", {keras_input("in", small), conv("c", {"in"})}, {{"c"}});
  inner.calls = {{{"x"}}};
  return import_keras(keras_model("outer", {keras_input("x", small), inner}, {{"inner", 1}}), weights);
}

TEST(KerasWeightNames, AreFoundInAllTheirSpellings) {
  for (const char* name : {"c/kernel", "inner/c/kernel", "outer/inner/c/kernel", "elsewhere/c/kernel",
                           "c/kernel:0", "c/cell/kernel", "inner/c/cell/kernel", "c/0", "_layers/c/vars/0"}) {
    SCOPED_TRACE(name);
    const Graph graph = import_nested({{name, kernel(1)}, {"other/kernel", kernel(2)}});
    ASSERT_EQ(graph.nodes.size(), 1u);
    EXPECT_EQ(input_value(graph, graph.nodes[0], 1).name, name);
  }
}

TEST(KerasWeightNames, PreferTheOneThatRepeatsMoreOfTheLayersPath) {
  const auto found = [](const NamedTensors& weights) {
    const Graph graph = import_nested(weights);
    return input_value(graph, graph.nodes[0], 1).name;
  };
  EXPECT_EQ(found({{"c/kernel", kernel(1)}, {"inner/c/kernel", kernel(2)}}), "inner/c/kernel");
  EXPECT_EQ(found({{"inner2/c/kernel", kernel(1)}, {"outer/inner/c/kernel", kernel(2)}}),
            "outer/inner/c/kernel");
  EXPECT_EQ(found({{"a/b/c/kernel", kernel(1)}, {"a/c/kernel", kernel(2)}}), "a/c/kernel");
}

TEST(KerasWeightNames, TellWhatWasLookedForAndWhatCouldBeMeant) {
  expect_error(
      [] {
        import_nested({{"d/kernel", kernel(1)}, {"c/bias", kernel(1)}});
      },
      code::bad_weights, "layer \"inner/c\": its weight \"c/kernel\" is not among the 2 weights of the file");
  expect_error(
      [] {
        import_nested({{"a/c/kernel", kernel(1)}, {"b/c/kernel", kernel(1)}});
      },
      code::bad_weights, "layer \"inner/c\": both");
  const LayerDef model = keras_model(
      "model", {keras_input("x", small), keras_layer("Conv2D", "c", Json::object(), {"x"})}, {{"c"}});
  expect_error(
      [&] {
        import_keras(model, {{"c/kernel", kernel(1)}});
      },
      code::bad_weights, "layer \"c\": its weight \"c/bias\" is not among the 1 weights of the file");
}

// Bias-free convolutions of these names, one after the other, and what of the file each takes.
std::vector<std::string> taken_by(const std::vector<std::string>& layers, const NamedTensors& weights,
                                  std::vector<std::string>* warnings = nullptr) {
  std::vector<LayerDef> chain{keras_input("x", small)};
  for (const std::string& layer : layers) chain.push_back(conv(layer, {chain.back().name}));
  const Graph graph = import_keras(keras_model("model", chain, {{layers.back()}}), weights);
  if (warnings) *warnings = graph.warnings;
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) names.push_back(input_value(graph, node, 1).name);
  return names;
}

TEST(KerasWeightNames, MayHaveOtherNumbersThanTheLayers) {
  using testing::ElementsAre;
  std::vector<std::string> warnings;
  EXPECT_THAT(taken_by({"conv2d_10"}, {{"conv2d_10_1/kernel", kernel(1)}}, &warnings),
              ElementsAre("conv2d_10_1/kernel"));
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_THAT(warnings[0],
              testing::HasSubstr("weights were taken in the order of the numbers in their names"));
  EXPECT_THAT(taken_by({"conv2d", "conv2d_1", "conv2d_2"}, {{"m/conv2d_9/kernel:0", kernel(1)},
                                                            {"m/conv2d_10/kernel:0", kernel(2)},
                                                            {"m/conv2d_11/kernel:0", kernel(3)}}),
              ElementsAre("m/conv2d_9/kernel:0", "m/conv2d_10/kernel:0", "m/conv2d_11/kernel:0"));
  // One that is called like a layer may belong to another.
  EXPECT_THAT(
      taken_by({"conv2d_1", "conv2d_2"}, {{"conv2d_2/kernel", kernel(1)}, {"conv2d_3/kernel", kernel(2)}}),
      ElementsAre("conv2d_2/kernel", "conv2d_3/kernel"));
  // Names that are there are no reason to say anything.
  taken_by({"conv2d_1"}, {{"conv2d_1/kernel", kernel(1)}, {"conv2d_2/kernel", kernel(1)}}, &warnings);
  EXPECT_TRUE(warnings.empty());
}

TEST(KerasWeightNames, AreRefusedWhereTheirOrderIsNotPlain) {
  const auto refused = [](const std::vector<std::string>& layers, const NamedTensors& weights) {
    expect_error([&] { taken_by(layers, weights); }, code::bad_weights, "is not among the");
  };
  refused({"conv2d_1"}, {{"conv2d_2/kernel", kernel(1)}, {"conv2d_3/kernel", kernel(2)}});
  refused({"conv2d_1", "conv2d_2"}, {{"conv2d_3/kernel", kernel(1)}});
  refused({"conv2d_1"}, {{"a/conv2d_2/kernel", kernel(1)}, {"b/conv2d_2/kernel", kernel(2)}});
  refused({"conv2d_1"}, {{"dense_1/kernel", kernel(1)}});
  refused({"conv2d_1"}, {{"conv2d_2/kernel", random_tensor({3, 3, 5, 2}, 1)}});
}

TEST(KerasWeightNames, CountALayersWeightsInTheOrderOfKeras) {
  const LayerDef model = keras_model(
      "model", {keras_input("x", small), keras_layer("BatchNormalization", "bn", {{"scale", false}}, {"x"})},
      {{"bn"}});
  const HostTensor beta{{2}, {1, 2}}, mean{{2}, {3, 4}}, variance{{2}, {0.999f, 3.999f}};
  const Graph graph = import_keras(model, {{"bn/0", beta}, {"bn/1", mean}, {"bn/2", variance}});
  const HostTensor x = random_tensor({1, 4, 4, 2}, 1);
  const HostTensor want = filled(x.shape, [&](const std::vector<int>& at) {
    const float value = fragnet::at(x, at);
    return at[3] == 0 ? value - 3 + 1 : (value - 4) / 2 + 2;
  });
  expect_same(reference_run(graph, {x})[0], want, 1e-4);
}

TEST(KerasWeights, MustBeFloats) {
  const LayerDef model = keras_model("model", {keras_input("x", small), conv("c", {"x"})}, {{"c"}});
  const Weights weights{{"c/kernel", make_tensor({1, 1, 2, 2}, std::vector<int32_t>{1, 2, 3, 4})}};
  expect_error([&] { import_layers_model({model}, weights, {}); }, code::bad_weights,
               "layer \"c\": the weight \"c/kernel\" must be float32, it is int32");
}

TEST(KerasWeights, KeepTheirEncodingInTheGraph) {
  const LayerDef model = keras_model("model", {keras_input("x", small), conv("c", {"x"})}, {{"c"}});
  const Graph graph = import_layers_model({model}, {{"c/kernel", encoded_as_uint8(kernel(1))}}, {});
  EXPECT_EQ(input_value(graph, graph.nodes[0], 1).constant->encoding, Encoding::uint8);
}

TEST(SupportedLayers, ListsTheTable) {
  const std::vector<std::string> names = supported_layers();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const char* name : {"InputLayer", "Sequential", "Conv2D", "TensorFlowOpLayer", "ZeroPadding2D"}) {
    EXPECT_THAT(names, Contains(name));
  }
}

}  // namespace
}  // namespace fragnet
