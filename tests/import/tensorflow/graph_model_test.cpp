// Which nodes a graph-model needs, in which order, under which names; and its constants.
#include "import/import_model.hpp"
#include "import/tensorflow/tf_graph.hpp"

namespace fragnet {
namespace {

using testing::Contains;
using testing::ElementsAre;

std::vector<std::string> names_of(const std::vector<Port>& ports) {
  std::vector<std::string> names;
  for (const Port& port : ports) names.push_back(port.name);
  return names;
}

// ---- Names and order ----

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

// ---- Inputs and outputs ----

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

// ---- Constants ----

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

// x × 2 where the condition is false, x + 1 where it is true.
TfGraph branching() {
  TfGraph tf;
  tf.input("x", {1, 2}).number("two", 2.0f).number("one", 1.0f);
  tf.add("switch", "Switch", {"x", "condition"});
  tf.add("doubled", "Mul", {"switch", "two"}).add("raised", "AddV2", {"switch:1", "one"});
  return tf.add("merged", "Merge", {"doubled", "raised"});
}

TEST(ImportGraphModel, TakesTheBranchThatItsConditionChooses) {
  for (const bool condition : {false, true}) {
    TfGraph tf = branching();
    tf.constant("condition", make_tensor(Shape{}, std::vector<int32_t>{condition}, DType::boolean));
    tf.add("y", "Neg", {"merged"}).number("ten", 10.0f);
    tf.add("which", "Cast", {"merged:1"}, {{"DstT", DType::float32}}).add("z", "Mul", {"which", "ten"});
    const auto results = tf.run({{{1, 2}, {3, -4}}});
    EXPECT_EQ(results.at(1).values, (std::vector<float>{condition ? 10.0f : 0.0f}));
    EXPECT_EQ(results.at(0).values, condition ? (std::vector<float>{-4, 3}) : (std::vector<float>{-6, 8}));
  }
  TfGraph open = branching();
  open.input("condition", {}, DType::boolean);
  open.expect_error(code::unsupported_op, "must be known when the model is loaded");
  TfGraph dead = branching();
  dead.constant("condition", make_tensor(Shape{}, std::vector<int32_t>{1}, DType::boolean));
  dead.topology.outputs = {{"y", "doubled"}};
  dead.expect_error(code::bad_topology, "output \"y\" hangs on a branch that is not taken");
}

// Functions of one argument after the other: each is a TfGraph whose placeholders are its arguments.
FunctionDef function_of(const std::vector<std::string>& arguments, const TfGraph& body,
                        const std::vector<std::string>& results) {
  FunctionDef function{.arguments = arguments.size(), .results = results};
  for (const std::string& name : arguments) function.nodes.push_back({name, "_Arg", {}, {}});
  function.nodes.insert(function.nodes.end(), body.topology.nodes.begin(), body.topology.nodes.end());
  return function;
}

Attributes attribute(const std::string& name, const std::string& value) {
  return {{name, value}};
}

TEST(ImportGraphModel, CallsTheBranchesOfAnIf) {
  for (const bool condition : {false, true}) {
    TfGraph tf;
    tf.input("x", {1, 2})
        .constant("c", make_tensor(Shape{}, std::vector<int32_t>{condition}, DType::boolean));
    tf.topology.functions["negate"] = function_of({"a"}, TfGraph{}.add("n", "Neg", {"a"}), {"n"});
    tf.topology.functions["both"] =
        function_of({"a"},
                    TfGraph{}
                        .add("call", "PartitionedCall", {"a"}, attribute("f", "negate"))
                        .add("s", "AddV2", {"call", "a"}),
                    {"s"});
    tf.add("y", "StatelessIf", {"c", "x"},
           {{"then_branch", std::string("negate")}, {"else_branch", std::string("both")}});
    const std::vector<float> want = condition ? std::vector<float>{-3, 4} : std::vector<float>{0, 0};
    EXPECT_EQ(tf.run({{{1, 2}, {3, -4}}}).at(0).values, want);
  }
  TfGraph missing;
  missing.input("x", {1, 2}).add("y", "PartitionedCall", {"x"}, attribute("f", "nobody"));
  missing.expect_error(code::bad_topology, "layer \"y\" calls the function \"nobody\"");
}

// x is doubled three times.
TEST(ImportGraphModel, RunsALoopWhoseTripsAreKnown) {
  TfGraph tf, condition, body;
  tf.input("x", {1, 2}).number("start", 0);
  tf.number("limit", 3).number("one", 1);  // constants of functions are found by their names, too
  condition.add("limit", "Const").add("goes", "Less", {"i", "limit"});
  body.add("one", "Const").add("next", "AddV2", {"i", "one"}).add("twice", "AddV2", {"v", "v"});
  tf.topology.functions["condition"] = function_of({"i", "v"}, condition, {"goes"});
  tf.topology.functions["body"] = function_of({"i", "v"}, body, {"next", "twice"});
  tf.add("loop", "StatelessWhile", {"start", "x"},
         {{"cond", std::string("condition")}, {"body", std::string("body")}});
  tf.add("y", "Identity", {"loop:1"});
  tf.topology.outputs = {{"y", "y"}};
  EXPECT_EQ(tf.run({{{1, 2}, {3, -4}}}).at(0).values, (std::vector<float>{24, -32}));
  tf.topology.functions["body"].results = {"i", "twice"};  // which never ends
  tf.expect_error(code::too_large, "its functions call more than");
}

}  // namespace
}  // namespace fragnet
