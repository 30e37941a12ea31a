// The front door: what a model.json is wrapped in, and what is refused before a topology is looked at.
#include "expect_error.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

const std::string graph = R"({"node": [{"name": "x", "op": "Placeholder"}]})";
const std::string keras =
    R"({"class_name": "Sequential", "config": {"name": "tiny", "layers": [{"class_name": "Flatten", "config": {"name": "flat"}}]}})";

std::string as_text(const std::string& json) {
  return Json(json).dump();
}

TEST(ModelFile, FindsTheGraphWhereverItIs) {
  for (const std::string& file :
       {R"({"modelTopology": )" + graph + "}", graph, R"({"modelTopology": )" + as_text(graph) + "}",
        "\xEF\xBB\xBF \n" + graph}) {
    const ModelFile model = parse_model(file);
    EXPECT_EQ(model.format, "graph-model") << file;
    EXPECT_EQ(std::get<GraphTopology>(model.topology).nodes.at(0).name, "x") << file;
  }
}

TEST(ModelFile, FindsTheKerasModelWhereverItIs) {
  const std::string configured = R"({"keras_version": "2.2.4", "backend": "tensorflow", "model_config": )";
  for (const std::string& file :
       {keras, R"({"modelTopology": )" + keras + "}", R"({"modelTopology": )" + as_text(keras) + "}",
        configured + keras + "}", R"({"modelTopology": )" + configured + keras + "}}",
        R"({"modelTopology": )" + configured + as_text(keras) + "}}"}) {
    const ModelFile model = parse_model(file);
    EXPECT_EQ(model.format, "layers-model") << file;
    EXPECT_EQ(model.name, "tiny") << file;
    EXPECT_EQ(std::get<LayersTopology>(model.topology).root.layers.at(0).name, "flat") << file;
  }
}

TEST(ModelFile, KnowsWhichKerasWroteIt) {
  const auto version = [](const std::string& file) {
    return std::get<LayersTopology>(parse_model(file).topology).keras_version;
  };
  const auto configured = [](const std::string& said) {
    return R"({"modelTopology": {"keras_version": ")" + said + R"(", "model_config": )" + keras + "}}";
  };
  const auto generated = [](const std::string& by) {
    return R"({"generatedBy": ")" + by + R"(", "modelTopology": )" + keras + "}";
  };
  EXPECT_EQ(version(configured("2.4.0")), 2);
  EXPECT_EQ(version(configured("3.4.1")), 3);
  EXPECT_EQ(version(configured("tfjs-layers 4.22.0")), 2);
  EXPECT_EQ(version(generated("keras v2.10.0")), 2);
  EXPECT_EQ(version(generated("keras v3.1.1")), 3);
  EXPECT_EQ(version(generated("TensorFlow.js tfjs-layers v4.22.0")), 2);
  EXPECT_EQ(version(generated("2.16.1")), 0);  // of TensorFlow
  EXPECT_EQ(version(keras), 0);
  EXPECT_EQ(version(R"({"keras_version": "3.0.5", "model_config": )" + as_text(keras) + "}"), 3);
}

TEST(ModelFile, KnowsTheGrainThatItWasTrainedWith) {
  const auto grain = [](const std::string& metadata) {
    return parse_model(R"({"userDefinedMetadata": )" + metadata + R"(, "modelTopology": )" + keras + "}")
        .grain;
  };
  EXPECT_FLOAT_EQ(grain(R"({"grain": 0.2})"), 0.2f);
  EXPECT_EQ(grain(R"({"grain": 1e300})"), 1);
  EXPECT_EQ(grain(R"({"grain": -1})"), 0);
  for (const char* other : {"{}", "null", "[]", R"({"grain": "0.2"})", R"({"grain": null})"})
    EXPECT_EQ(grain(other), 0);
}

TEST(ModelFile, BelievesTheTopologyRatherThanTheFormat) {
  EXPECT_EQ(parse_model(R"({"format": "layers-model", "modelTopology": )" + graph + "}").format,
            "graph-model");
}

TEST(ModelFile, RecognisesAWebPage) {
  expect_error(code::bad_json, "web page instead of model.json",
               [] { parse_model("\n<!DOCTYPE html><html>404</html>"); });
}

TEST(ModelFile, SaysWhereTheJsonIsCutShort) {
  const std::string whole = R"({"modelTopology": )" + graph + "}";
  for (const size_t bytes : {size_t{1}, size_t{7}, size_t{30}, whole.size() - 1}) {
    expect_error(code::bad_json,
                 "cut short: the JSON still goes on where the text ends, at byte " + std::to_string(bytes),
                 [&] { parse_model(whole.substr(0, bytes)); });
  }
}

TEST(ModelFile, SaysWhereTheJsonIsWrong) {
  expect_error(code::bad_json, "not JSON: the mistake is at byte 7", [] { parse_model("{\"a\": }"); });
  expect_error(code::bad_json, "not JSON", [] { parse_model("{} {}"); });
  expect_error(code::bad_json, "not JSON", [] { parse_model("{\"a\": NaN}"); });
  expect_error(code::bad_json, "not JSON", [] { parse_model("{\"a\": \"\xFF\"}"); });
  expect_error(code::bad_json, "number", [] { parse_model("{\"a\": 1e999}"); });
  expect_error(code::bad_json, "empty", [] { parse_model(""); });
  expect_error(code::bad_json, "empty", [] { parse_model(" \r\n"); });
  expect_error(code::bad_json, "the modelTopology of model.json is cut short",
               [] { parse_model(R"({"modelTopology": "{\"node\": ["})"); });
}

TEST(ModelFile, RefusesDeepNestingWithoutRecursion) {
  const std::string open(1'000'000, '['), objects = [] {
    std::string text;
    for (int i = 0; i < 300; ++i) text += "{\"a\":";
    return text;
  }();
  expect_error(code::bad_json, "nests deeper than 200 levels", [&] { parse_model(open); });
  expect_error(code::bad_json, "nests deeper than 200 levels", [&] { parse_model(objects); });
  const std::string deep_text = std::string(300, '[') + std::string(300, ']');
  expect_error(code::bad_json, "nests deeper",
               [&] { parse_model(R"({"modelTopology": )" + as_text(deep_text) + "}"); });
  const std::string brackets_in_text =
      R"({"note": ")" + std::string(1000, '[') + R"(", "modelTopology": )" + graph + "}";
  EXPECT_EQ(parse_model(brackets_in_text).format, "graph-model");
}

TEST(ModelFile, RefusesWhatIsNoModel) {
  expect_error(code::bad_topology, "no modelTopology", [] { parse_model("{}"); });
  expect_error(code::bad_topology, "no modelTopology", [] { parse_model(R"({"modelTopology": null})"); });
  expect_error(code::bad_topology, "an array", [] { parse_model("[]"); });
  expect_error(code::bad_topology, "neither a TensorFlow graph",
               [] { parse_model(R"({"modelTopology": {"a": 1}})"); });
  expect_error(code::bad_topology, "neither a TensorFlow graph",
               [] { parse_model(R"({"modelTopology": 7})"); });
  expect_error(code::bad_topology, "neither a TensorFlow graph",
               [] { parse_model(R"({"modelTopology": {"model_config": {"class_name": "Model"}}})"); });
}

}  // namespace
}  // namespace fragnet
