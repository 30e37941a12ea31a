// Graph-models: nodes, their attributes in every dialect, signatures.
#include "expect_error.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

GraphTopology parse_graph(const std::string& nodes, const std::string& members = "") {
  const ModelFile model =
      parse_model("{" + members + R"("modelTopology": {"node": [)" + nodes +
                  R"(], "library": {"function": [{"nodeDef": 3}]}, "versions": {"producer": 38}}})");
  return std::get<GraphTopology>(model.topology);
}

std::map<std::string, Attribute> attributes_of(const std::string& attr) {
  return parse_graph(R"({"name": "n", "op": "Op", "attr": )" + attr + "}").nodes.at(0).attributes;
}

// The attribute of a node that has only this one.
template <class T>
T attribute(const std::string& value) {
  return std::get<T>(attributes_of(R"({"a": )" + value + "}").at("a"));
}

TEST(GraphTopology, KeepsNodesAndInputsAsWritten) {
  const auto graph = parse_graph(R"({"name": "b", "op": "Add", "input": ["a", "split:1", "^wait"]},
                                    {"name": "a", "op": "Placeholder", "input": [], "device": "/cpu"},
                                    {"name": "c", "op": "NoOp", "input": null, "attr": null})");
  ASSERT_EQ(graph.nodes.size(), 3u);
  EXPECT_EQ(graph.nodes[0].op, "Add");
  EXPECT_THAT(graph.nodes[0].inputs, ElementsAre("a", "split:1", "^wait"));
  EXPECT_EQ(graph.nodes[1].name, "a");
  EXPECT_THAT(graph.nodes[2].inputs, IsEmpty());
  EXPECT_THAT(graph.inputs, IsEmpty());
}

TEST(GraphTopology, ReadsTextAsBase64OrByteCodes) {
  for (const char* value : {R"({"s": "TkhXQw=="})", R"({"s": "TkhXQw"})", R"({"s": [78, 72, 87, 67]})",
                            R"({"s": {"0": 78, "1": 72, "3": 67, "2": 87}})",
                            R"({"s": {"type": "Buffer", "data": [78, 72, 87, 67]}})"}) {
    EXPECT_EQ(attribute<std::string>(value), "NHWC") << value;
  }
  EXPECT_EQ(attribute<std::string>(R"({"s": ""})"), "");
  EXPECT_EQ(attribute<std::string>(R"({"s": []})"), "");
  EXPECT_EQ(attribute<std::string>(R"({"s": "+/+/"})"), "\xFB\xFF\xBF");
  EXPECT_EQ(attribute<std::string>(R"({"s": "half_pixel!"})"), "half_pixel!");
  expect_error(code::bad_topology, "node \"n\" (\"Op\"), attribute \"a\": a byte of its text",
               [] { attribute<std::string>(R"({"s": [256]})"); });
  expect_error(code::bad_topology, "the member \"9\"", [] { attribute<std::string>(R"({"s": {"9": 65}})"); });
}

TEST(GraphTopology, ReadsNumbersInBothSpellings) {
  EXPECT_EQ(attribute<int64_t>(R"({"i": "-3"})"), -3);
  EXPECT_EQ(attribute<int64_t>(R"({"i": 7})"), 7);
  EXPECT_EQ(attribute<int64_t>(R"({"i": "9223372036854775807"})"), INT64_MAX);
  EXPECT_EQ(attribute<int64_t>(R"({"i": "-9223372036854775808"})"), INT64_MIN);
  EXPECT_EQ(attribute<double>(R"({"f": 0.25})"), 0.25);
  EXPECT_EQ(attribute<double>(R"({"f": 0})"), 0.0);
  EXPECT_EQ(attribute<double>(R"({"f": "-Infinity"})"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(attribute<bool>(R"({"b": false})"), false);
  for (const char* wrong :
       {R"({"i": "9223372036854775808"})", R"({"i": "-9223372036854775809"})", R"({"i": "1x"})",
        R"({"i": "-"})", R"({"i": ""})", R"({"i": 1.5})", R"({"i": 18446744073709551615})", R"({"i": 1e300})",
        R"({"f": "x"})", R"({"b": 1})", R"({"type": true})", "5"}) {
    expect_error(code::bad_topology, "attribute \"a\"", [&] { attribute<int64_t>(wrong); });
  }
  expect_error(code::bad_value, "is NaN", [] { attribute<double>(R"({"f": "NaN"})"); });
}

TEST(GraphTopology, ReadsTypesByNumberAndByName) {
  const std::vector<std::tuple<std::string, std::string, DType>> types = {
      {"1", "DT_FLOAT", DType::float32},      {"2", "DT_DOUBLE", DType::float32},
      {"3", "DT_INT32", DType::int32},        {"4", "DT_UINT8", DType::int32},
      {"6", "DT_INT8", DType::int32},         {"9", "DT_INT64", DType::int32},
      {"10", "DT_BOOL", DType::boolean},      {"19", "DT_HALF", DType::float32},
      {"101", "DT_FLOAT_REF", DType::float32}};
  for (const auto& [number, name, dtype] : types) {
    EXPECT_EQ(attribute<DType>(R"({"type": )" + number + "}"), dtype) << number;
    EXPECT_EQ(attribute<DType>(R"({"type": ")" + name + "\"}"), dtype) << name;
  }
  EXPECT_EQ(attribute<std::string>(R"({"type": 7})"), "DT_STRING");
  EXPECT_EQ(attribute<std::string>(R"({"type": "DT_RESOURCE"})"), "DT_RESOURCE");
  EXPECT_EQ(attribute<std::string>(R"({"type": 77})"), "type 77");
}

TEST(GraphTopology, ReadsShapesInCamelAndSnakeCase) {
  EXPECT_EQ(attribute<Shape>(R"({"shape": {"dim": [{"size": "-1"}, {"size": 256}, {"size": "3"}]}})"),
            (Shape{-1, 256, 3}));
  EXPECT_EQ(attribute<Shape>(R"({"shape": {}})"), Shape{});
  EXPECT_EQ(attribute<Shape>(R"({"shape": {"unknownRank": false, "dim": [{"size": 2}]}})"), Shape{2});
  EXPECT_THAT(
      attributes_of(R"({"a": {"shape": {"unknownRank": true}}, "b": {"shape": {"unknown_rank": true}}})"),
      IsEmpty());
  for (const char* wrong :
       {R"({"shape": {"dim": [{"size": "-2"}]}})", R"({"shape": {"dim": [{"size": "4294967296"}]}})",
        R"({"shape": {"dim": [{},{},{},{},{},{},{},{},{}]}})", R"({"shape": {"dim": 4}})"}) {
    expect_error(code::bad_topology, "a shape", [&] { attribute<Shape>(wrong); });
  }
}

TEST(GraphTopology, ReadsListsOfEveryKind) {
  EXPECT_EQ(attribute<std::vector<int64_t>>(R"({"list": {"i": ["1", "2", 2, "1"]}})"),
            (std::vector<int64_t>{1, 2, 2, 1}));
  EXPECT_EQ(attribute<std::vector<int64_t>>(
                R"({"list": {"s": [], "i": ["4"], "f": [], "b": [], "type": [], "shape": []}})"),
            (std::vector<int64_t>{4}));
  EXPECT_EQ(attribute<std::vector<double>>(R"({"list": {"f": [0.5, 1]}})"), (std::vector<double>{0.5, 1}));
  EXPECT_EQ(attribute<std::vector<std::string>>(R"({"list": {"s": ["Qmlhc0FkZA==", [82, 101, 108, 117]]}})"),
            (std::vector<std::string>{"BiasAdd", "Relu"}));
  EXPECT_EQ(attribute<std::vector<int64_t>>(R"({"list": {"b": [true, false]}})"),
            (std::vector<int64_t>{1, 0}));
  EXPECT_EQ(attribute<std::vector<std::string>>(R"({"list": {"type": [1, "DT_INT32"]}})"),
            (std::vector<std::string>{"DT_FLOAT", "DT_INT32"}));
  EXPECT_THAT(attribute<std::vector<int64_t>>(R"({"list": {}})"), IsEmpty());
  EXPECT_THAT(
      attributes_of(R"({"a": {"list": {"shape": [{}]}}, "f": {"func": {}}, "p": {"placeholder": "T"}})"),
      IsEmpty());
  expect_error(code::bad_topology, "whole number", [] { attribute<bool>(R"({"list": {"i": [1, null]}})"); });
}

TEST(GraphTopology, ReadsConstantsInsideNodes) {
  const auto floats = [](const std::string& tensor) {
    return to_floats(attribute<Tensor>(R"({"tensor": )" + tensor + "}"));
  };
  const auto ints = [](const std::string& tensor) {
    return to_ints(attribute<Tensor>(R"({"tensor": )" + tensor + "}"));
  };
  EXPECT_THAT(floats(R"({"dtype": "DT_FLOAT", "tensorShape": {}, "floatVal": [1.5]})"), ElementsAre(1.5f));
  EXPECT_THAT(floats(R"({"dtype": 1, "tensorShape": {"dim": [{"size": "3"}]}, "floatVal": [1, 2]})"),
              ElementsAre(1, 2, 2));
  EXPECT_THAT(
      floats(R"({"dtype": 1, "tensor_shape": {"dim": [{"size": 2}]}, "tensor_content": "AACAPwAAAEA="})"),
      ElementsAre(1, 2));
  EXPECT_THAT(floats(R"({"dtype": 19, "tensorShape": {"dim": [{"size": 2}]}, "halfVal": [15360, 49152]})"),
              ElementsAre(1, -2));
  EXPECT_THAT(
      ints(
          R"({"dtype": "DT_INT32", "tensorShape": {"dim": [{"size": 2}]}, "tensorContent": [1, 0, 0, 0, 255, 255, 255, 255]})"),
      ElementsAre(1, -1));
  EXPECT_THAT(
      ints(
          R"({"dtype": 9, "tensorShape": {"dim": [{"size": 2}]}, "int64Val": ["9223372036854775807", "-5"]})"),
      ElementsAre(INT32_MAX, -5));
  EXPECT_THAT(ints(R"({"dtype": 10, "boolVal": [true]})"), ElementsAre(1));
  const Tensor flag = attribute<Tensor>(R"({"tensor": {"dtype": "DT_BOOL", "boolVal": [true]}})");
  EXPECT_EQ(flag.dtype, DType::boolean);
}

TEST(GraphTopology, LeavesConstantsWithoutDataToTheWeights) {
  EXPECT_THAT(
      attributes_of(
          R"({"value": {"tensor": {"dtype": 1, "tensorShape": {"dim": [{"size": "64"}]}, "floatVal": []}}})"),
      IsEmpty());
  EXPECT_THAT(attributes_of(R"({"value": {"tensor": {"dtype": "DT_STRING", "stringVal": ["YQ=="]}}})"),
              IsEmpty());
}

TEST(GraphTopology, RefusesConstantsThatContradictThemselves) {
  const auto tensor = [](const std::string& members) {
    attribute<Tensor>(R"({"tensor": {"dtype": "DT_FLOAT", )" + members + "}}");
  };
  expect_error(code::bad_topology, "3 values for the shape [2]",
               [&] { tensor(R"("tensorShape": {"dim": [{"size": 2}]}, "floatVal": [1, 2, 3])"); });
  expect_error(code::bad_topology, "multiple of 4", [&] { tensor(R"("tensorContent": "AAAA")"); });
  expect_error(code::bad_topology, "is open",
               [&] { tensor(R"("tensorShape": {"dim": [{"size": -1}]}, "floatVal": [1])"); });
  expect_error(code::bad_value, "no finite float32", [&] { tensor(R"("floatVal": [1e300])"); });
  expect_error(code::too_large, "belong into the weight files",
               [&] { tensor(R"("tensorShape": {"dim": [{"size": 100000000}]}, "floatVal": [1])"); });
}

TEST(GraphTopology, ListsPortsInTheOrderOfTheSignature) {
  const std::string nodes = R"({"name": "z", "op": "Placeholder"}, {"name": "a", "op": "Placeholder"},
                               {"name": "split", "op": "Split", "input": ["z", "a"]})";
  const std::string signature = R"("signature": {
      "inputs": {"z:0": {"name": "z:0", "tensorShape": {"dim": [{"size": "-1"}, {"size": "4"}]}}, "a": {"name": "a"},
                 "pruned": {"name": "pruned:0"}},
      "outputs": {"two": {"name": "split:1"}, "one": {"name": "split:0"}, "again": {"name": "split:1"}, "a": {}}})";
  for (const std::string& members : {signature + ",", R"("userDefinedMetadata": {)" + signature + "},"}) {
    const auto graph = parse_graph(nodes, members);
    ASSERT_EQ(graph.inputs.size(), 2u);
    EXPECT_EQ(graph.inputs[0].name, "z");
    EXPECT_EQ(graph.inputs[0].tensor, "z:0");
    EXPECT_EQ(graph.inputs[0].shape, (Shape{-1, 4}));
    EXPECT_EQ(graph.inputs[1].name, "a");
    EXPECT_FALSE(graph.inputs[1].shape);
    ASSERT_EQ(graph.outputs.size(), 3u);
    EXPECT_EQ(graph.outputs[0].name, "split:1");
    EXPECT_EQ(graph.outputs[1].name, "split");
    EXPECT_EQ(graph.outputs[1].tensor, "split:0");
    EXPECT_EQ(graph.outputs[2].tensor, "a");
  }
}

TEST(GraphTopology, RefusesBrokenNodesWithTheirPlace) {
  expect_error(code::bad_topology, "node 1 of the graph has no name",
               [] { parse_graph(R"({"name": "a", "op": "NoOp"}, {"op": "NoOp"})"); });
  expect_error(code::bad_topology, "node 0 of the graph has no op",
               [] { parse_graph(R"({"name": "a", "op": 4})"); });
  expect_error(code::bad_topology, "node 0 of the graph has no name", [] { parse_graph("[]"); });
  expect_error(code::bad_topology, "two nodes of the graph are called \"a\"",
               [] { parse_graph(R"({"name": "a", "op": "NoOp"}, {"name": "a", "op": "NoOp"})"); });
  expect_error(code::bad_topology, "node \"a\" (\"NoOp\"): an input is a number",
               [] { parse_graph(R"({"name": "a", "op": "NoOp", "input": [0]})"); });
  expect_error(code::bad_topology, "not an array",
               [] { parse_graph(R"({"name": "a", "op": "NoOp", "input": "b"})"); });
  expect_error(code::bad_topology, "not an object",
               [] { parse_graph(R"({"name": "a", "op": "NoOp", "attr": []})"); });
  expect_error(code::bad_topology, "no nodes", [] { parse_graph(""); });
  expect_error(code::bad_topology, "an array was expected", [] { parse_model(R"({"node": {}})"); });
  expect_error(code::bad_topology, "the signature names \"gone\" among its outputs", [] {
    parse_graph(R"({"name": "a", "op": "NoOp"})", R"("signature": {"outputs": {"y": {"name": "gone"}}},)");
  });
}

TEST(GraphTopology, ShortensLongNamesInMessages) {
  const std::string name(10'000, 'n');
  try {
    parse_graph(R"({"name": ")" + name + R"(", "op": "NoOp", "input": 5})");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_LT(std::string(error.what()).size(), 250u);
  }
}

TEST(GraphTopology, ReadsTheLibraryOfFunctions) {
  const ModelFile model = parse_model(R"({"modelTopology": {"node": [{"name": "x", "op": "Placeholder"},
      {"name": "y", "op": "StatelessIf", "input": ["x", "x"], "attr": {"then_branch": {"func": {"name": "f"}}}}],
    "library": {"function": [{"signature": {"name": "f", "inputArg": [{"name": "a"}], "outputArg": [{"name": "o"}]},
      "nodeDef": [{"name": "s", "op": "Switch", "input": ["a", "a"]}, {"name": "n", "op": "Neg", "input": ["s:output_true:0"]},
                  {"name": "p", "op": "Split", "input": ["a", "n:y:0"]}],
      "ret": {"o": "p:output:1"}}]}}})");
  const auto& graph = std::get<GraphTopology>(model.topology);
  EXPECT_EQ(std::get<std::string>(graph.nodes.at(1).attributes.at("then_branch")), "f");
  const FunctionDef& f = graph.functions.at("f");
  EXPECT_EQ(f.arguments, 1u);
  ASSERT_EQ(f.nodes.size(), 4u);
  EXPECT_EQ(f.nodes[0].name, "a");
  EXPECT_EQ(f.nodes[2].inputs, (std::vector<std::string>{"s:1"}));
  EXPECT_EQ(f.nodes[3].inputs, (std::vector<std::string>{"a", "n:0"}));
  EXPECT_EQ(f.results, (std::vector<std::string>{"p:1"}));
}

}  // namespace
}  // namespace fragnet
