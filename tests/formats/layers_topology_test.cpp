// Layers-models: the configurations of Keras 1, 2 and 3.
#include "expect_error.hpp"
#include "formats/model.hpp"

namespace fragnet {

bool operator==(const LayerRef& a, const LayerRef& b) {
  return a.layer == b.layer && a.call == b.call && a.tensor == b.tensor;
}

void PrintTo(const LayerRef& ref, std::ostream* out) {
  *out << ref.layer << " call " << ref.call << " tensor " << ref.tensor;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

LayerDef parse_root(const std::string& json) {
  return std::get<LayersTopology>(parse_model(json).topology).root;
}

// A model of an input x and one layer y, which has the given inbound_nodes.
LayerDef parse_y(const std::string& inbound_nodes) {
  return parse_root(R"({"class_name": "Functional", "config": {"name": "m", "layers": [
      {"class_name": "InputLayer", "name": "x", "config": {"name": "x"}, "inbound_nodes": []},
      {"class_name": "Add", "name": "y", "config": {"name": "y"}, "inbound_nodes": )" +
                    inbound_nodes + R"(}], "input_layers": [["x", 0, 0]], "output_layers": [["y", 0, 0]]}})")
      .layers.at(1);
}

const std::string keras_tensor(const std::string& history) {
  return R"({"class_name": "__keras_tensor__", "config": {"shape": [null, 4], "dtype": "float32", "keras_history": )" +
         history + "}}";
}

TEST(LayersTopology, ReadsAKeras2Model) {
  const LayerDef root =
      parse_root(R"({"class_name": "Model", "config": {"name": "m", "trainable": true, "layers": [
      {"class_name": "InputLayer", "name": "x", "config": {"batch_input_shape": [null, 8, 8, 1], "name": "x"}, "inbound_nodes": []},
      {"class_name": "Conv2D", "name": "c", "config": {"filters": 4, "name": "c"}, "inbound_nodes": [[["x", 0, 0, {}]], [["c", 0, 0, {}]]]},
      {"class_name": "Add", "name": "a", "config": {"name": "a"}, "inbound_nodes": [[["x", 0, 0, {"training": true}], ["c", 1, 0, null]]]}],
      "input_layers": [["x", 0, 0]], "output_layers": [["a", 0, 0], ["c", 1, 0]]}})");
  EXPECT_EQ(root.class_name, "Model");
  EXPECT_EQ(root.name, "m");
  ASSERT_EQ(root.layers.size(), 3u);
  EXPECT_THAT(root.layers[0].calls, IsEmpty());
  EXPECT_EQ(root.layers[0].config.at("batch_input_shape").dump(), "[null,8,8,1]");
  EXPECT_EQ(root.layers[1].config.at("filters"), 4);
  EXPECT_THAT(root.layers[1].calls, ElementsAre(ElementsAre(LayerRef{"x"}), ElementsAre(LayerRef{"c"})));
  EXPECT_THAT(root.layers[2].calls, ElementsAre(ElementsAre(LayerRef{"x"}, LayerRef{"c", 1, 0})));
  EXPECT_THAT(root.inputs, ElementsAre(LayerRef{"x"}));
  EXPECT_THAT(root.outputs, ElementsAre(LayerRef{"a"}, LayerRef{"c", 1, 0}));
  EXPECT_FALSE(root.config.contains("layers"));
  EXPECT_FALSE(root.config.contains("input_layers"));
  EXPECT_EQ(root.config.at("trainable"), true);
}

TEST(LayersTopology, ReadsSequentialModelsOfAllAges) {
  const std::string layers =
      R"([{"class_name": "Dense", "config": {"name": "d", "units": 3}}, {"class_name": "ReLU", "config": {"name": "r"}}])";
  for (const std::string& config : {layers, R"({"name": "s", "layers": )" + layers + "}"}) {
    const LayerDef root = parse_root(R"({"class_name": "Sequential", "config": )" + config + "}");
    ASSERT_EQ(root.layers.size(), 2u) << config;
    EXPECT_EQ(root.layers[0].name, "d");
    EXPECT_EQ(root.layers[0].config.at("units"), 3);
    EXPECT_THAT(root.outputs, IsEmpty());
    EXPECT_TRUE(root.config.is_object());
  }
}

TEST(LayersTopology, TurnsKeras3IntoKeras2) {
  const LayerDef root = parse_root(R"({"class_name": "Sequential", "config": {"name": "s",
      "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_float16"}, "registered_name": null},
      "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config":
          {"batch_shape": [null, null, null, 1], "dtype": "float32", "name": "x"}, "registered_name": null}]}})");
  EXPECT_EQ(root.config.at("dtype"), "mixed_float16");
  const Json& config = root.layers.at(0).config;
  EXPECT_EQ(config.at("batch_input_shape").dump(), "[null,null,null,1]");
  EXPECT_FALSE(config.contains("batch_shape"));
  EXPECT_EQ(config.at("dtype"), "float32");
}

TEST(LayersTopology, ReadsKeras3Calls) {
  const std::string a = keras_tensor(R"(["a", 0, 0])"), b = keras_tensor(R"(["b", 2, 1])");
  for (const std::string& args : {a + "," + b, "[" + a + "," + b + "]", a + ", " + b + ", null, false"}) {
    const LayerDef y =
        parse_y(R"([{"args": [)" + args + R"(], "kwargs": {"mask": null, "training": false}}])");
    EXPECT_THAT(y.calls, ElementsAre(ElementsAre(LayerRef{"a"}, LayerRef{"b", 2, 1}))) << args;
  }
  EXPECT_THAT(parse_y(R"([{"args": [], "kwargs": {"inputs": )" + a + "}}]").calls,
              ElementsAre(ElementsAre(LayerRef{"a"})));
}

TEST(LayersTopology, ReadsReferencesThatStandAlone) {
  EXPECT_THAT(parse_y(R"([["x", 0, 0, {}]])").calls, ElementsAre(ElementsAre(LayerRef{"x"})));
  const LayerDef flat = parse_root(R"({"class_name": "Functional", "config": {"name": "m", "layers": [
      {"class_name": "InputLayer", "name": "x", "config": {}, "inbound_nodes": []}],
      "input_layers": ["x", 0, 0], "output_layers": ["x", 0, 0]}})");
  EXPECT_THAT(flat.inputs, ElementsAre(LayerRef{"x"}));
  EXPECT_THAT(flat.outputs, ElementsAre(LayerRef{"x"}));
}

TEST(LayersTopology, ReadsModelsInsideModels) {
  const LayerDef root = parse_root(R"({"class_name": "Sequential", "config": {"name": "outer", "layers": [
      {"class_name": "Sequential", "config": [{"class_name": "ReLU", "config": {"name": "r"}}], "name": "old"},
      {"class_name": "Functional", "config": {"name": "inner", "layers": [
          {"class_name": "InputLayer", "name": "x", "config": {"name": "x"}, "inbound_nodes": []}],
          "input_layers": [["x", 0, 0]], "output_layers": [["x", 0, 0]]}}]}})");
  ASSERT_EQ(root.layers.size(), 2u);
  EXPECT_EQ(root.layers[0].layers.at(0).name, "r");
  EXPECT_EQ(root.layers[1].name, "inner");
  EXPECT_THAT(root.layers[1].outputs, ElementsAre(LayerRef{"x"}));
}

TEST(LayersTopology, RefusesCallsThatItDoesNotUnderstand) {
  expect_error(code::unsupported_op, "layer \"y\": the layer is called with a tensor as argument \"mask\"",
               [] { parse_y(R"([[["x", 0, 0, {"mask": ["x", 0, 0]}]]])"); });
  expect_error(code::unsupported_op, "argument \"value\"", [] {
    parse_y(R"([{"args": [)" + keras_tensor(R"(["x", 0, 0])") + R"(], "kwargs": {"value": [)" +
            keras_tensor(R"(["x", 0, 0])") + "]}}]");
  });
  expect_error(code::unsupported_op, "called with a number among its inputs",
               [] { parse_y(R"([{"args": [)" + keras_tensor(R"(["x", 0, 0])") + ", 0.5]}]"); });
  expect_error(code::unsupported_op, "an object that is no tensor",
               [] { parse_y(R"([{"args": [{"class_name": "slice"}]}])"); });
  expect_error(code::bad_topology, "layer \"y\": the reference to \"x\" has a number",
               [] { parse_y(R"([[["x", -1, 0]]])"); });
  expect_error(code::bad_topology, "the reference to \"x\"", [] { parse_y(R"([[["x", 0, 4294967296]]])"); });
  expect_error(code::bad_topology, "no keras_history",
               [] { parse_y(R"([{"args": [{"class_name": "__keras_tensor__"}]}])"); });
  expect_error(code::bad_topology, "without the list args", [] { parse_y("[7]"); });
  expect_error(code::bad_topology, "its inbound_nodes are", [] { parse_y("{}"); });
}

TEST(LayersTopology, RefusesBrokenLayersWithTheirPlace) {
  const auto sequential = [](const std::string& layers) {
    parse_root(R"({"class_name": "Sequential", "config": {"name": "s", "layers": )" + layers + "}}");
  };
  expect_error(code::bad_topology, "layer 1 of the model has no class_name",
               [&] { sequential(R"([{"class_name": "ReLU", "config": {"name": "r"}}, {}])"); });
  expect_error(code::bad_topology, "layer 0 of the model has no class_name", [&] { sequential("[5]"); });
  expect_error(code::bad_topology, "layer 0 of the model (\"ReLU\") has no name",
               [&] { sequential(R"([{"class_name": "ReLU", "config": {}}])"); });
  expect_error(code::bad_topology, "layer 0 of the model (\"ReLU\") has no config object",
               [&] { sequential(R"([{"class_name": "ReLU", "config": [], "name": "r"}])"); });
  expect_error(code::bad_topology, "the model has no layers", [&] { sequential("[]"); });
  expect_error(code::bad_topology, "the model has no list of layers", [&] { sequential("{}"); });
  expect_error(code::bad_topology, "layer \"in\" has no output_layers", [&] {
    sequential(
        R"([{"class_name": "Model", "config": {"name": "in", "layers": [{"class_name": "ReLU", "config": {"name": "r"}}]}}])");
  });
  expect_error(code::bad_topology, "the model is a \"Dense\", not a Model, Functional or Sequential",
               [] { parse_root(R"({"class_name": "Dense", "config": {}})"); });
}

}  // namespace
}  // namespace fragnet
