// What TensorFlow's nodes mean: names and order, the spellings of every family of operations, and what is
// refused.
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "graph/builder.hpp"
#include "graph/importers.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using Attributes = std::map<std::string, Attribute>;
using Ints = std::vector<int64_t>;
using Words = std::vector<std::string>;

// A graph-model, a node a line. What nobody takes is an output, as in files without a signature.
struct TfGraph {
  GraphTopology topology;
  Weights weights;

  TfGraph& add(const std::string& name, const std::string& op, const std::vector<std::string>& inputs = {},
               const Attributes& attributes = {}) {
    topology.nodes.push_back({name, op, inputs, attributes});
    return *this;
  }
  TfGraph& input(const std::string& name, const Shape& shape, DType dtype = DType::float32) {
    return add(name, "Placeholder", {}, {{"shape", shape}, {"dtype", dtype}});
  }
  TfGraph& constant(const std::string& name, Tensor tensor) {
    weights[name] = std::move(tensor);
    return add(name, "Const");
  }
  TfGraph& ints(const std::string& name, const std::vector<int32_t>& values) {
    return constant(name, make_tensor(Shape{static_cast<int>(values.size())}, values));
  }
  TfGraph& number(const std::string& name, int32_t value) { return constant(name, make_scalar(value)); }
  TfGraph& number(const std::string& name, float value) { return constant(name, make_scalar(value)); }
  TfGraph& random(const std::string& name, const Shape& shape, float low = -1, float high = 1) {
    return constant(name,
                    encoded(random_tensor(shape, static_cast<uint32_t>(weights.size() + 1), low, high)));
  }
  // 0, 1, 2, …
  TfGraph& count(const std::string& name, const Shape& shape) {
    std::vector<float> values(static_cast<size_t>(element_count(shape)));
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    return constant(name, make_tensor(shape, std::move(values)));
  }

  Graph import() const {
    return import_graph_model(topology, weights, choose_input_shapes(graph_model_inputs(topology), {}));
  }
  std::vector<HostTensor> run(const std::vector<HostTensor>& inputs = {}) const {
    return reference_run(import(), inputs);
  }

  // The output of a graph of constants, which must be known when it is built.
  Tensor known() const {
    const Graph graph = import();
    EXPECT_TRUE(graph.nodes.empty()) << to_string(graph);
    const Value& value = graph.values[static_cast<size_t>(graph.outputs.at(0).value)];
    if (!value.constant) ADD_FAILURE() << "\"" << value.name << "\" is no constant";
    return value.constant.value_or(make_scalar(0));
  }
  void expect_error(std::string_view error_code, const std::string& sentence) const {
    try {
      import();
      ADD_FAILURE() << "no error, wanted: " << sentence;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), error_code) << error.what();
      EXPECT_THAT(error.what(), HasSubstr(sentence));
    }
  }
};

std::vector<std::string> names_of(const std::vector<Port>& ports) {
  std::vector<std::string> names;
  for (const Port& port : ports) names.push_back(port.name);
  return names;
}

const Shape& output_shape(const Graph& graph, size_t output = 0) {
  return graph.values[static_cast<size_t>(graph.outputs.at(output).value)].shape;
}

HostTensor transposed(const HostTensor& x, const std::vector<int>& order) {
  return reference_transpose(Transpose{order}, x);
}

// ---- Names and order
// -------------------------------------------------------------------------------------------

TEST(ImportGraphModel, SortsTheNodesAndLooksThroughIdentities) {
  TfGraph tf;
  tf.add("out", "Identity", {"sum:0"}).add("sum", "AddV2", {"same", "act"}).add("act", "Relu", {"x:0"});
  tf.add("same", "StopGradient", {"x"}).input("x", {1, 2});
  const Graph graph = tf.import();
  ASSERT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.nodes[0].name, "act");
  EXPECT_EQ(graph.nodes[1].name, "sum");
  EXPECT_THAT(names_of(graph.inputs), ElementsAre("x"));
  EXPECT_THAT(names_of(graph.outputs), ElementsAre("out"));
}

TEST(ImportGraphModel, IgnoresControlInputs) {
  TfGraph tf;
  tf.input("x", {2}).add("check", "Assert", {"x"}).add("y", "Neg", {"^check", "x", "^x"});
  EXPECT_EQ(tf.run({{{2}, {1, -2}}})[0].values, (std::vector<float>{-1, 2}));
}

TEST(ImportGraphModel, TakesTheResultThatAReferenceNumbers) {
  TfGraph tf;
  tf.input("x", {1, 4}).number("axis", 1).add("split", "Split", {"axis", "x"}, {{"num_split", int64_t{2}}});
  tf.add("y", "Sub", {"split:1", "split"});
  EXPECT_EQ(tf.run({{{1, 4}, {1, 2, 30, 50}}})[0].values, (std::vector<float>{29, 48}));
}

TEST(ImportGraphModel, RefusesAResultThatANodeDoesNotMake) {
  TfGraph tf;
  tf.input("x", {2}).add("act", "Relu", {"x"}).add("y", "Neg", {"act:1"});
  tf.expect_error(code::bad_topology, "layer \"y\": \"act:1\" is wanted, but Relu makes 1 result");
}

TEST(ImportGraphModel, NamesANodeOfACycle) {
  TfGraph tf;
  tf.input("x", {2})
      .add("a", "Add", {"x", "c"})
      .add("b", "Relu", {"a"})
      .add("c", "Relu", {"b"})
      .add("y", "Neg", {"c"});
  tf.expect_error(code::bad_topology, "the graph has a cycle: layer \"c\"");
  TfGraph ring;
  ring.add("a", "Relu", {"b"}).add("b", "Relu", {"a"});
  ring.expect_error(code::bad_topology, "the graph has a cycle: layer \"a\"");
}

TEST(ImportGraphModel, SortsAVeryDeepGraph) {
  TfGraph tf;
  tf.input("n0", {1});
  for (int i = 1; i <= 100000; ++i)
    tf.add("n" + std::to_string(i), "Identity", {"n" + std::to_string(i - 1)});
  EXPECT_EQ(tf.import().outputs[0].name, "n100000");
}

TEST(ImportGraphModel, NamesWhatAFileLacks) {
  TfGraph missing;
  missing.input("x", {2}).add("y", "Add", {"x", "ghost"});
  missing.expect_error(code::bad_topology,
                       "layer \"y\": an input names \"ghost\", but the graph has no such node");
  TfGraph twice;
  twice.input("x", {2}).add("y", "Relu", {"x"}).add("y", "Neg", {"x"});
  twice.expect_error(code::bad_topology, "two nodes of the graph are called \"y\"");
  TfGraph half;
  half.input("x", {2}).add("y", "Add", {"x"});
  half.expect_error(code::bad_topology, "layer \"y\": Add wants 2 inputs, the node has 1");
  TfGraph bare;
  bare.input("x", {2}).add("c", "Const").add("y", "Add", {"x", "c"});
  bare.expect_error(code::bad_weights, "layer \"c\"");
}

TEST(ImportGraphModel, NamesAnUnknownOperationWithItsLayer) {
  TfGraph tf;
  tf.input("x", {2}).add("up_3", "Foo", {"x"});
  tf.expect_error(code::unsupported_op, "layer \"up_3\": the operation \"Foo\" is not supported");
}

TEST(ImportGraphModel, NeverAsksForWhatNoOutputNeeds) {
  TfGraph tf;
  tf.input("x", {2}).add("foo", "Foo", {"x"}).add("bar", "Foo", {"bar", "ghost"}).add("y", "Relu", {"x"});
  tf.topology.outputs = {{"y", "y:0", std::nullopt}};
  EXPECT_EQ(tf.import().nodes.size(), 1u);
}

// ---- Inputs and outputs
// ----------------------------------------------------------------------------------------

TEST(ImportGraphModel, ListsTheNodesThatNobodyTakesWithoutASignature) {
  TfGraph tf;
  tf.input("x", {2}).add("late", "Relu", {"mid"}).add("mid", "Neg", {"x"}).add("early", "Abs", {"mid"});
  tf.add("init", "NoOp", {"^x"});
  EXPECT_THAT(names_of(tf.import().outputs), ElementsAre("late", "early"));
}

TEST(ImportGraphModel, FollowsTheSignature) {
  TfGraph tf;
  tf.input("a", {2}).input("b", {2}).input("unused", {2});
  tf.add("sum", "Add", {"a", "b"}).add("y", "Relu", {"sum"});
  tf.topology.inputs = {
      {"b", "b:0", std::nullopt}, {"unused", "unused", std::nullopt}, {"a", "a:0", std::nullopt}};
  tf.topology.outputs = {{"y", "y:0", std::nullopt}, {"sum", "sum", std::nullopt}, {"a", "a", std::nullopt}};
  const Graph graph = tf.import();
  EXPECT_THAT(names_of(graph.inputs), ElementsAre("b", "unused", "a"));
  EXPECT_THAT(names_of(graph.outputs), ElementsAre("y", "sum", "a"));
  EXPECT_EQ(graph.outputs[2].value, graph.inputs[2].value);
}

TEST(ImportGraphModel, RefusesAPlaceholderThatTheSignatureLacks) {
  TfGraph tf;
  tf.input("a", {2}).input("b", {2}).add("y", "Add", {"a", "b"});
  tf.topology.inputs = {{"a", "a:0", std::nullopt}};
  tf.expect_error(code::bad_topology, "layer \"b\"");
}

TEST(ImportGraphModel, CutsTheGraphWhereTheSignatureFeedsIt) {
  TfGraph tf;
  tf.add("foo", "Foo").add("mid", "Neg", {"foo"}).add("y", "Relu", {"mid"});
  tf.topology.inputs = {{"mid", "mid:0", Shape{3}}};
  const Graph graph = tf.import();
  EXPECT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(graph.values[static_cast<size_t>(graph.inputs[0].value)].shape, Shape{3});
}

TEST(GraphModelInputs, SaysShapeAndTypeOfEveryPlaceholder) {
  TfGraph tf;
  tf.input("picture", {-1, -1, -1, 3}).input("index", {1}, DType::int32).add("any", "Placeholder");
  const std::vector<InputSpec> specs = graph_model_inputs(tf.topology);
  ASSERT_EQ(specs.size(), 3u);
  EXPECT_EQ(specs[0].shape, (Shape{-1, -1, -1, 3}));
  EXPECT_EQ(specs[1].name, "index");
  EXPECT_EQ(specs[1].dtype, DType::int32);
  EXPECT_EQ(specs[2].shape, (Shape{-1, -1, -1, -1}));
}

// ---- Constants
// -------------------------------------------------------------------------------------------------

TEST(ImportGraphModel, TakesAConstantFromItsNodeWhereTheWeightsLackIt) {
  TfGraph tf;
  tf.add("a", "Const", {}, {{"value", make_scalar(5.0f)}})
      .add("b", "Const", {}, {{"value", make_scalar(7.0f)}});
  tf.weights["b"] = make_scalar(70.0f);
  tf.add("y", "Add", {"a", "b"});
  EXPECT_EQ(to_floats(tf.known()), std::vector<float>{75});
}

TEST(ImportGraphModel, FoldsSizesThatTheGraphComputes) {
  TfGraph tf;
  tf.input("x", {1, -1, -1, 6}).add("shape", "Shape", {"x"});
  tf.ints("from", {1})
      .ints("to", {2})
      .ints("step", {1})
      .number("two", 2)
      .number("one", 1)
      .number("channels", 3);
  tf.add("height", "StridedSlice", {"shape", "from", "to", "step"}, {{"shrink_axis_mask", int64_t{1}}});
  tf.add("twice", "Mul", {"height", "two"});
  tf.add("size", "Pack", {"one", "twice", "twice", "channels"}, {{"axis", int64_t{0}}, {"N", int64_t{4}}});
  tf.add("count", "Size", {"x"}).add("rank", "Rank", {"x"}).add("part", "FloorDiv", {"count", "rank"});
  tf.add("open", "Neg", {"one"}).add("rest", "Pack", {"part", "open"});
  tf.add("y", "Reshape", {"x", "rest"}).random("kernel", {2, 2, 3, 6});
  tf.add("up", "Conv2DBackpropInput", {"size", "kernel", "x"},
         {{"strides", Ints{1, 2, 2, 1}}, {"padding", std::string("SAME")}});
  const Graph graph = tf.import();
  EXPECT_EQ(output_shape(graph, 0), (Shape{256 * 256 * 6 / 4, 4}));
  EXPECT_EQ(output_shape(graph, 1), (Shape{1, 512, 512, 3}));
  EXPECT_EQ(graph.nodes.size(), 2u);
}

TEST(ImportGraphModel, RoundsQuantisedIntegers) {
  TfGraph tf;
  // Codes of -1 and 3 between -1 and 3.
  Tensor axes{
      .dtype = DType::int32, .shape = {2}, .encoding = Encoding::uint8, .min = -1, .scale = 4 / 255.0};
  auto codes = std::make_shared<const std::vector<uint8_t>>(std::vector<uint8_t>{0, 255});
  axes.bytes = *codes;
  axes.owner = codes;
  tf.count("x", {12}).constant("shape", axes).add("y", "Reshape", {"x", "shape"});
  EXPECT_EQ(tf.known().shape, (Shape{4, 3}));
}

TEST(ImportGraphModel, CastsConstantsForGood) {
  TfGraph tf;
  tf.constant("x", make_tensor({3}, std::vector<float>{2.9f, -2.9f, 7})).number("two", 2);
  tf.add("whole", "Cast", {"x"}, {{"DstT", DType::int32}}).add("half", "RealDiv", {"whole", "two"});
  const Tensor half = tf.known();
  EXPECT_EQ(half.dtype, DType::int32);
  EXPECT_EQ(to_ints(half), (std::vector<int32_t>{1, -1, 3}));

  TfGraph back;
  back.number("x", 7).number("two", 2.0f).add("real", "Cast", {"x"}, {{"DstT", DType::float32}});
  back.add("y", "RealDiv", {"real", "two"});
  EXPECT_EQ(to_floats(back.known()), std::vector<float>{3.5f});

  TfGraph flag;
  flag.ints("x", {0, 3}).add("y", "Cast", {"x"}, {{"DstT", DType::boolean}});
  EXPECT_EQ(flag.known().dtype, DType::boolean);
  EXPECT_EQ(to_ints(flag.known()), (std::vector<int32_t>{0, 1}));
}

TEST(ImportGraphModel, CastsPicturesToWholeNumbers) {
  TfGraph tf;
  tf.input("x", {4}).add("whole", "Cast", {"x"}, {{"DstT", DType::int32}});
  tf.number("two", 2).add("half", "Div", {"whole", "two"}, {{"T", DType::int32}});
  tf.add("y", "Cast", {"half"}, {{"DstT", DType::float32}});
  EXPECT_EQ(tf.run({{{4}, {5.9f, 4.2f, 1, -1.5f}}})[0].values, (std::vector<float>{2, 2, 0, -1}));
}

TEST(ImportGraphModel, FillsAndCounts) {
  TfGraph fill;
  fill.ints("shape", {2, 3}).number("value", 1.5f).add("y", "Fill", {"shape", "value"});
  EXPECT_EQ(fill.known().shape, (Shape{2, 3}));
  EXPECT_EQ(to_floats(fill.known()), std::vector<float>(6, 1.5f));
  TfGraph range;
  range.number("from", 5).number("to", 0).number("step", -2).add("y", "Range", {"from", "to", "step"});
  EXPECT_EQ(to_ints(range.known()), (std::vector<int32_t>{5, 3, 1}));
  TfGraph endless;
  endless.number("from", 0).number("to", 1).number("step", 0).add("y", "Range", {"from", "to", "step"});
  endless.expect_error(code::bad_value, "has no end");
  TfGraph huge;
  huge.number("from", 0.0f)
      .number("to", 1.0f)
      .number("step", 1e-12f)
      .add("y", "Range", {"from", "to", "step"});
  huge.expect_error(code::too_large, "a Range of 1e+12 numbers");
  TfGraph ones;
  ones.ints("x", {4, 5}).add("y", "OnesLike", {"x"});
  EXPECT_EQ(to_ints(ones.known()), (std::vector<int32_t>{1, 1}));
}

TEST(ImportGraphModel, RefusesASizeThatDependsOnThePicture) {
  TfGraph tf;
  tf.input("x", {1, 4, 4, 1}).input("size", {2}, DType::int32).add("y", "ResizeBilinear", {"x", "size"});
  tf.expect_error(code::unsupported_op, "layer \"y\": the size of ResizeBilinear: \"size\" must be known");
}

// ---- StridedSlice
// ----------------------------------------------------------------------------------------------

struct SliceCase {
  const char* python;  // of x = arange(24).reshape(2, 3, 4)
  std::vector<int32_t> begin, end, stride;
  std::map<std::string, int64_t> masks;
  Shape shape;
  std::vector<float> values;
};
void PrintTo(const SliceCase& it, std::ostream* out) {
  *out << it.python;
}

class ImportStridedSlice : public testing::TestWithParam<SliceCase> {};

TEST_P(ImportStridedSlice, TakesWhatPythonTakes) {
  const SliceCase& it = GetParam();
  TfGraph tf;
  tf.count("x", {2, 3, 4}).ints("begin", it.begin).ints("end", it.end).ints("stride", it.stride);
  Attributes masks;
  for (const auto& [name, mask] : it.masks) masks[name] = mask;
  tf.add("y", "StridedSlice", {"x", "begin", "end", "stride"}, masks);
  EXPECT_EQ(tf.known().shape, it.shape);
  EXPECT_EQ(to_floats(tf.known()), it.values);
}

INSTANTIATE_TEST_SUITE_P(
    Python, ImportStridedSlice,
    testing::Values(
        SliceCase{"x[1:2, 0:1]", {1, 0}, {2, 1}, {1, 1}, {}, {1, 1, 4}, {12, 13, 14, 15}},
        SliceCase{
            "x[-1, 2, 1:3]", {-1, 2, 1}, {0, 3, 3}, {1, 1, 1}, {{"shrink_axis_mask", 3}}, {2}, {21, 22}},
        SliceCase{"x[:, 1, ::2]",
                  {9, 1, 9},
                  {9, 2, 9},
                  {1, 1, 2},
                  {{"begin_mask", 5}, {"end_mask", 5}, {"shrink_axis_mask", 2}},
                  {2, 2},
                  {4, 6, 16, 18}},
        SliceCase{"x[0, 0, ::-1]",
                  {0, 0, 0},
                  {1, 1, 0},
                  {1, 1, -1},
                  {{"begin_mask", 4}, {"end_mask", 4}, {"shrink_axis_mask", 3}},
                  {4},
                  {3, 2, 1, 0}},
        SliceCase{
            "x[0, 0, 3:0:-2]", {0, 0, 3}, {1, 1, 0}, {1, 1, -2}, {{"shrink_axis_mask", 3}}, {2}, {3, 1}},
        SliceCase{"x[..., 1]",
                  {0, 1},
                  {0, 2},
                  {1, 1},
                  {{"ellipsis_mask", 1}, {"shrink_axis_mask", 2}},
                  {2, 3},
                  {1, 5, 9, 13, 17, 21}},
        SliceCase{"x[1, ..., newaxis, 3:99]",
                  {1, 0, 0, 3},
                  {2, 0, 0, 99},
                  {1, 1, 1, 1},
                  {{"ellipsis_mask", 2}, {"new_axis_mask", 4}, {"shrink_axis_mask", 1}},
                  {3, 1, 1},
                  {15, 19, 23}},
        SliceCase{"x[newaxis, 0:1, ..., 0:1, 0:1]",
                  {0, 0, 0, 0, 0},
                  {0, 1, 0, 1, 1},
                  {1, 1, 1, 1, 1},
                  {{"ellipsis_mask", 4}, {"new_axis_mask", 1}},
                  {1, 1, 1, 1},
                  {0}}));

TEST(ImportGraphModel, RefusesSlicesThatLeaveTheTensor) {
  TfGraph tf;
  tf.count("x", {2, 3}).ints("begin", {5}).ints("end", {6}).ints("stride", {1});
  tf.add("y", "StridedSlice", {"x", "begin", "end", "stride"}, {{"shrink_axis_mask", int64_t{1}}});
  tf.expect_error(code::bad_shape, "layer \"y\": StridedSlice takes index 5 of an axis with 2 elements");
  TfGraph still;
  still.count("x", {2, 3}).ints("begin", {0}).ints("end", {2}).ints("stride", {0});
  still.add("y", "StridedSlice", {"x", "begin", "end", "stride"});
  still.expect_error(code::bad_shape, "a stride of 0");
  TfGraph many;
  many.count("x", {2})
      .ints("list", {0, 0})
      .ints("one", {1, 1})
      .add("y", "StridedSlice", {"x", "list", "one", "one"});
  many.expect_error(code::bad_shape, "names 2 axes");
}

// ---- Convolutions
// ----------------------------------------------------------------------------------------------

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

TEST(ImportGraphModel, UnfoldsBatchNormAndLeakyReluOfAFusedConvolution) {
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

TEST(ImportGraphModel, TakesTheOperandsOfFusedOperationsInTheirOrder) {
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

TEST(ImportGraphModel, RefusesFusedOperationsItDoesNotKnowOrThatLackOperands) {
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

TEST(ImportGraphModel, ReadsChannelsFirst) {
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
  nchw.input("x", {1, 3, 5, 6}).random("slope", {4, 1, 1});
  nchw.add("y", "_FusedConv2D", {"x", "k", "bias", "slope"}, first);
  const HostTensor x = random_tensor({1, 5, 6, 3}, 3);
  const HostTensor want = nhwc.run({x})[0], got = nchw.run({transposed(x, {0, 3, 1, 2})})[0];
  EXPECT_EQ(want.shape, (Shape{1, 3, 8, 4}));
  EXPECT_EQ(difference(transposed(got, {0, 2, 3, 1}), want, 1e-6), "");
}

TEST(ImportGraphModel, ReadsChannelsFirstWithoutMovingWhatItNeedNotMove) {
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

TEST(ImportGraphModel, ResolvesSamePaddingOfATransposedConvolutionFromItsResult) {
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

TEST(ImportGraphModel, ReadsStridesDilationsAndTheirDefaults) {
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

// ---- Matrices
// --------------------------------------------------------------------------------------------------

TEST(ImportGraphModel, MultipliesMatrices) {
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

TEST(ImportGraphModel, MultipliesWhatAnEinsumSpells) {
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

// ---- Parts and shapes
// ------------------------------------------------------------------------------------------

TEST(ImportGraphModel, SplitsAndPacks) {
  TfGraph tf;
  tf.count("x", {2, 3})
      .number("axis", -1)
      .ints("sizes", {1, -1})
      .add("parts", "SplitV", {"x", "sizes", "axis"});
  tf.add("rows", "Unpack", {"parts:1"}, {{"axis", int64_t{1}}, {"num", int64_t{2}}});
  tf.add("y", "Pack", {"rows:1", "rows:0"}, {{"axis", int64_t{-1}}});
  EXPECT_EQ(to_floats(tf.known()), (std::vector<float>{2, 1, 5, 4}));
  TfGraph uneven;
  uneven.count("x", {2, 3}).number("axis", 1).add("y", "Split", {"axis", "x"}, {{"num_split", int64_t{2}}});
  uneven.expect_error(code::bad_shape, "Split of 3 elements into 2 equal parts");
  TfGraph none;
  none.count("x", {2, 3}).number("axis", 1).add("y", "Split", {"axis", "x"}, {{"num_split", int64_t{0}}});
  none.expect_error(code::bad_shape, "Split into 0 parts");
  TfGraph many;
  many.input("x", {100000}).add("y", "Unpack", {"x"});
  many.expect_error(code::bad_shape, "Unpack into 100000 parts");
}

TEST(ImportGraphModel, JoinsAlongTheAxisOfBothConcats) {
  for (const bool axis_first : {false, true}) {
    TfGraph tf;
    tf.count("a", {1, 2}).count("b", {1, 1}).number("axis", -1);
    tf.add(
        "y", axis_first ? "Concat" : "ConcatV2",
        axis_first ? std::vector<std::string>{"axis", "a", "b"} : std::vector<std::string>{"a", "b", "axis"});
    EXPECT_EQ(to_floats(tf.known()), (std::vector<float>{0, 1, 0}));
  }
}

TEST(ImportGraphModel, CutsPadsAndGathers) {
  TfGraph slice;
  slice.count("x", {2, 3})
      .ints("begin", {0, 1})
      .ints("size", {1, -1})
      .add("y", "Slice", {"x", "begin", "size"});
  EXPECT_EQ(to_floats(slice.known()), (std::vector<float>{1, 2}));
  TfGraph pad;
  pad.count("x", {2})
      .constant("margins", make_tensor({1, 2}, std::vector<int32_t>{1, 2}))
      .number("seven", 7.0f);
  pad.add("y", "PadV2", {"x", "margins", "seven"});
  EXPECT_EQ(to_floats(pad.known()), (std::vector<float>{7, 0, 1, 7, 7}));
  for (const bool symmetric : {false, true}) {
    TfGraph mirror;
    mirror.count("x", {3}).constant("margins", make_tensor({1, 2}, std::vector<int32_t>{2, 0}));
    mirror.add("y", "MirrorPad", {"x", "margins"},
               {{"mode", std::string(symmetric ? "SYMMETRIC" : "REFLECT")}});
    EXPECT_EQ(to_floats(mirror.known()),
              symmetric ? (std::vector<float>{1, 0, 0, 1, 2}) : (std::vector<float>{2, 1, 0, 1, 2}));
  }
  TfGraph gather;
  gather.count("x", {2, 3})
      .number("axis", 1)
      .constant("list", make_tensor({1, 2}, std::vector<int32_t>{2, 0}));
  gather.add("y", "GatherV2", {"x", "list", "axis"});
  EXPECT_EQ(gather.known().shape, (Shape{2, 1, 2}));
  EXPECT_EQ(to_floats(gather.known()), (std::vector<float>{2, 0, 5, 3}));
  TfGraph row;
  row.count("x", {2, 3}).number("index", 1).add("y", "Gather", {"x", "index"});
  EXPECT_EQ(row.known().shape, Shape{3});
  EXPECT_EQ(to_floats(row.known()), (std::vector<float>{3, 4, 5}));
}

TEST(ImportGraphModel, ShapesAndTurns) {
  TfGraph squeeze;
  squeeze.count("x", {1, 2, 1}).add("y", "Squeeze", {"x"}, {{"squeeze_dims", Ints{-1}}});
  EXPECT_EQ(squeeze.known().shape, (Shape{1, 2}));
  TfGraph all;
  all.count("x", {1, 2, 1}).add("y", "Squeeze", {"x"}, {{"squeeze_dims", Ints{}}});
  EXPECT_EQ(all.known().shape, Shape{2});
  TfGraph expand;
  expand.count("x", {2, 3}).number("axis", -1).add("y", "ExpandDims", {"x", "axis"});
  EXPECT_EQ(expand.known().shape, (Shape{2, 3, 1}));
  TfGraph turn;
  turn.count("x", {2, 3}).ints("order", {1, 0}).ints("axes", {-1}).add("t", "Transpose", {"x", "order"});
  turn.add("y", "ReverseV2", {"t", "axes"});
  EXPECT_EQ(to_floats(turn.known()), (std::vector<float>{3, 0, 4, 1, 5, 2}));
  TfGraph tile;
  tile.count("x", {1, 2}).ints("repeats", {2, 1}).ints("shape", {2, 2, 2}).add("t", "Tile", {"x", "repeats"});
  tile.add("y", "BroadcastTo", {"t", "shape"});
  EXPECT_EQ(to_floats(tile.known()), (std::vector<float>{0, 1, 0, 1, 0, 1, 0, 1}));
  TfGraph odd;
  odd.count("x", {2, 3}).ints("shape", {4, -1}).add("y", "Reshape", {"x", "shape"});
  odd.expect_error(code::bad_shape, "layer \"y\": the input [2, 3] cannot be reshaped to [4, ?]");
  TfGraph narrow;
  narrow.count("x", {2, 3}).ints("shape", {1, 3}).add("y", "BroadcastTo", {"x", "shape"});
  narrow.expect_error(code::bad_shape, "layer \"y\": the shape [2, 3] cannot be broadcast to [1, 3]");
}

TEST(ImportGraphModel, Reduces) {
  TfGraph mean;
  mean.count("x", {2, 2, 2}).ints("axes", {-1, 0}).add("y", "Mean", {"x", "axes"}, {{"keep_dims", true}});
  EXPECT_EQ(mean.known().shape, (Shape{1, 2, 1}));
  EXPECT_EQ(to_floats(mean.known()), (std::vector<float>{2.5f, 4.5f}));
  TfGraph nothing;
  nothing.count("x", {2}).ints("axes", {}).add("y", "Sum", {"x", "axes"});
  EXPECT_EQ(to_floats(nothing.known()), (std::vector<float>{0, 1}));
  TfGraph best;
  best.count("x", {2, 3}).number("axis", 1).add("y", "ArgMax", {"x", "axis"});
  EXPECT_EQ(to_ints(best.known()), (std::vector<int32_t>{2, 2}));
  TfGraph beyond;
  beyond.count("x", {2, 3}).ints("axes", {2}).add("y", "Max", {"x", "axes"});
  beyond.expect_error(code::bad_shape, "layer \"y\": Max along axis 2 of a tensor of rank 2");
}

TEST(ImportGraphModel, TurnsChannelsIntoPixels) {
  TfGraph tf;
  tf.count("x", {1, 1, 2, 4}).add("y", "DepthToSpace", {"x"}, {{"block_size", int64_t{2}}});
  EXPECT_EQ(tf.known().shape, (Shape{1, 2, 4, 1}));
  EXPECT_EQ(to_floats(tf.known()), (std::vector<float>{0, 1, 4, 5, 2, 3, 6, 7}));
  TfGraph first;
  first.count("x", {1, 4, 1, 2});
  first.add("y", "DepthToSpace", {"x"}, {{"block_size", int64_t{2}}, {"data_format", std::string("NCHW")}});
  EXPECT_EQ(first.known().shape, (Shape{1, 1, 2, 4}));
  EXPECT_EQ(to_floats(first.known()), (std::vector<float>{0, 2, 1, 3, 4, 6, 5, 7}));
  for (const char* format : {"NHWC", "NCHW"}) {
    const Attributes attributes{{"block_size", int64_t{2}}, {"data_format", std::string(format)}};
    TfGraph both;
    both.count("x", {1, 8, 2, 8}).add("deep", "SpaceToDepth", {"x"}, attributes);
    both.add("y", "DepthToSpace", {"deep"}, attributes).count("z", {1, 8, 2, 8});
    both.topology.outputs = {{"y", "y", std::nullopt}};
    EXPECT_EQ(to_floats(both.known()), to_floats(both.weights["z"])) << format;
  }
  TfGraph odd;
  odd.count("x", {1, 1, 2, 6}).add("y", "DepthToSpace", {"x"}, {{"block_size", int64_t{2}}});
  odd.expect_error(code::bad_shape, "wants a multiple of 4 channels, the input has 6");
}

TEST(ImportGraphModel, DealsPixelsOutToBatches) {
  // One block size acts on the height alone.
  TfGraph rows;
  rows.input("x", {1, 3, 2, 1})
      .ints("block", {2})
      .constant("margins", make_tensor({1, 2}, std::vector<int32_t>{1, 0}));
  rows.add("y", "SpaceToBatchND", {"x", "block", "margins"});
  const HostTensor dealt = rows.run({{{1, 3, 2, 1}, {1, 2, 3, 4, 5, 6}}})[0];
  EXPECT_EQ(dealt.shape, (Shape{2, 2, 2, 1}));
  EXPECT_EQ(dealt.values, (std::vector<float>{0, 0, 3, 4, 1, 2, 5, 6}));

  // A line of sound, and back.
  TfGraph line;
  line.input("x", {1, 4, 2})
      .ints("block", {2})
      .constant("none", make_tensor({1, 2}, std::vector<int32_t>{0, 0}));
  line.add("dealt", "SpaceToBatchND", {"x", "block", "none"})
      .add("y", "BatchToSpaceND", {"dealt", "block", "none"});
  line.topology.outputs = {{"dealt", "dealt", std::nullopt}, {"y", "y", std::nullopt}};
  const HostTensor x{{1, 4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}};
  const std::vector<HostTensor> results = line.run({x});
  EXPECT_EQ(results[0].shape, (Shape{2, 2, 2}));
  EXPECT_EQ(results[0].values, (std::vector<float>{1, 2, 5, 6, 3, 4, 7, 8}));
  EXPECT_EQ(results[1].values, x.values);

  TfGraph cube;
  cube.input("x", {1, 2, 2, 2, 1}).ints("block", {2, 2, 2});
  cube.constant("none", make_tensor({3, 2}, std::vector<int32_t>(6, 0)))
      .add("y", "SpaceToBatchND", {"x", "block", "none"});
  cube.expect_error(code::unsupported_op, "SpaceToBatchND with 3 block sizes");
}

TEST(ImportGraphModel, Resizes) {
  TfGraph tf;
  tf.input("x", {1, 2, 2, 1}).ints("size", {4, 6});
  tf.add("y", "ResizeNearestNeighbor", {"x", "size"}, {{"half_pixel_centers", true}});
  tf.add("z", "ResizeBilinear", {"x", "size"}, {{"align_corners", true}});
  const Graph graph = tf.import();
  const Resize nearest = std::get<Resize>(graph.nodes[0].op), bilinear = std::get<Resize>(graph.nodes[1].op);
  EXPECT_TRUE(nearest.kind == ResizeKind::nearest && nearest.half_pixel_centers && !nearest.align_corners);
  EXPECT_TRUE(bilinear.kind == ResizeKind::bilinear && !bilinear.half_pixel_centers &&
              bilinear.align_corners);
  EXPECT_EQ(nearest.output, (std::array<int, 2>{4, 6}));
}

// ---- Elements
// --------------------------------------------------------------------------------------------------

TEST(ImportGraphModel, ComputesElementByElement) {
  TfGraph clip;
  clip.count("x", {4}).number("low", 1.0f).number("high", 2.0f).add("y", "ClipByValue", {"x", "low", "high"});
  EXPECT_EQ(to_floats(clip.known()), (std::vector<float>{1, 1, 2, 2}));
  TfGraph safe;
  safe.count("x", {3})
      .constant("d", make_tensor({3}, std::vector<float>{0, 0, 4}))
      .add("y", "DivNoNan", {"x", "d"});
  EXPECT_EQ(to_floats(safe.known()), (std::vector<float>{0, 0, 0.5f}));
  TfGraph sum;
  sum.count("a", {2}).count("b", {2}).count("c", {2}).add("y", "AddN", {"a", "b", "c"});
  EXPECT_EQ(to_floats(sum.known()), (std::vector<float>{0, 3}));
  TfGraph rows;
  rows.constant("which", make_tensor({2}, std::vector<int32_t>{1, 0}, DType::boolean));
  rows.count("a", {2, 2}).constant("b", make_tensor({2, 2}, std::vector<float>{9, 9, 9, 9}));
  rows.add("y", "Select", {"which", "a", "b"});
  EXPECT_EQ(to_floats(rows.known()), (std::vector<float>{0, 1, 9, 9}));
  TfGraph leaky;
  leaky.number("x", -10.0f).add("y", "LeakyRelu", {"x"});
  EXPECT_FLOAT_EQ(to_floats(leaky.known())[0], -2);
  TfGraph elu;
  elu.number("x", -1.0f).add("y", "Elu", {"x"});
  EXPECT_NEAR(to_floats(elu.known())[0], -0.6321206, 1e-6);
  TfGraph soft;
  soft.constant("x", make_tensor({1, 2}, std::vector<float>{0, 0})).add("y", "Softmax", {"x"});
  EXPECT_EQ(to_floats(soft.known()), (std::vector<float>{0.5f, 0.5f}));
}

TEST(ImportGraphModel, NamesAnAttributeOfTheWrongKind) {
  TfGraph tf;
  tf.input("x", {2}).add("y", "LeakyRelu", {"x"}, {{"alpha", std::string("steep")}});
  tf.expect_error(code::bad_topology, "layer \"y\": its attribute \"alpha\" is not a number");
}

TEST(SupportedGraphOps, HoldWhatPublishedModelsUse) {
  const std::vector<std::string> supported = supported_graph_ops();
  for (const char* op : {"Const",
                         "Placeholder",
                         "Sigmoid",
                         "AddV2",
                         "Mul",
                         "Identity",
                         "ResizeBilinear",
                         "Conv2D",
                         "DepthwiseConv2dNative",
                         "Relu",
                         "_FusedConv2D",
                         "ConcatV2",
                         "Add",
                         "Pad",
                         "Relu6",
                         "Shape",
                         "StridedSlice",
                         "AvgPool",
                         "BiasAdd",
                         "Pack",
                         "Reshape",
                         "AddN",
                         "Conv2DBackpropInput",
                         "Maximum",
                         "Sub",
                         "SpaceToBatchND",
                         "BatchToSpaceND",
                         "MaxPool",
                         "Minimum",
                         "FusedDepthwiseConv2dNative",
                         "MatMul",
                         "Mean",
                         "ExpandDims",
                         "NoOp",
                         "LeakyRelu",
                         "RealDiv",
                         "ResizeNearestNeighbor",
                         "Rsqrt",
                         "Square",
                         "SquaredDifference",
                         "Squeeze",
                         "ArgMax",
                         "Cast",
                         "Fill",
                         "Slice",
                         "Split",
                         "Transpose",
                         "_FusedMatMul",
                         "BatchMatMulV2",
                         "BroadcastTo",
                         "DepthToSpace",
                         "Equal",
                         "FloorMod",
                         "FusedBatchNorm",
                         "FusedBatchNormV3",
                         "Prelu",
                         "Softmax",
                         "SplitV",
                         "Tanh",
                         "Tile",
                         "MirrorPad",
                         "Sqrt",
                         "FloorDiv",
                         "GatherV2",
                         "Reciprocal"}) {
    EXPECT_THAT(supported, Contains(op));
  }
}

}  // namespace
}  // namespace fragnet
