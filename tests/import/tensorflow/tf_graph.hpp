// Graph-models for tests, a node a line.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "graph/builder.hpp"
#include "import/input_shapes.hpp"
#include "import/tensorflow/graph_model.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {

using Attributes = std::map<std::string, Attribute>;
using Ints = std::vector<int64_t>;
using Words = std::vector<std::string>;

// What nobody takes is an output, as in files without a signature.
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
      EXPECT_THAT(error.what(), testing::HasSubstr(sentence));
    }
  }
};

inline const Shape& output_shape(const Graph& graph, size_t output = 0) {
  return graph.values[static_cast<size_t>(graph.outputs.at(output).value)].shape;
}

}  // namespace fragnet
