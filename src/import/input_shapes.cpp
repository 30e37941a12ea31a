#include "import/input_shapes.hpp"

#include "base/error.hpp"

namespace fragnet {
namespace {

std::string names_of(const std::vector<InputSpec>& inputs) {
  std::string names;
  for (const InputSpec& input : inputs) names += (names.empty() ? "\"" : ", \"") + input.name + "\"";
  return inputs.empty() ? "none" : names;
}

Shape default_shape(const InputSpec& input, int open_side) {
  Shape shape = input.shape;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] >= 0) continue;
    if (i > 0 && shape.size() < 3) {
      fail(code::bad_input, "input \"", input.name, "\": the model leaves the size of ",
           to_string(input.shape), " open, and it is no picture: give its shape in inputShapes");
    }
    shape[i] = i == 0 ? 1 : open_side;
  }
  return shape;
}

void check_asked(const InputSpec& input, const Shape& asked) {
  bool fits = asked.size() == input.shape.size();
  for (size_t i = 0; fits && i < asked.size(); ++i) {
    fits = asked[i] >= 1 && (input.shape[i] < 0 || input.shape[i] == asked[i]);
  }
  if (fits) return;
  if (asked.size() == input.shape.size() && !asked.empty() && input.shape[0] > 0 &&
      input.shape[0] != asked[0]) {
    fail(code::bad_input, "input \"", input.name, "\": the model is saved for a batch of ", input.shape[0],
         ", inputShapes gives ", to_string(asked), " with a batch of ", asked[0],
         ": save the model with an open batch (None)");
  }
  fail(code::bad_input, "input \"", input.name, "\": the model wants the shape ", to_string(input.shape),
       ", inputShapes gives ", to_string(asked));
}

}  // namespace

InputShapes choose_input_shapes(const std::vector<InputSpec>& inputs, const InputShapes& asked,
                                int open_side) {
  InputShapes chosen;
  for (const InputSpec& input : inputs) {
    const auto found = asked.find(input.name);
    if (found != asked.end()) check_asked(input, found->second);
    const Shape shape = found != asked.end() ? found->second : default_shape(input, open_side);
    if (element_count(shape, "input \"" + input.name + "\"") == 0) {
      fail(code::bad_shape, "input \"", input.name, "\": the model declares the shape ",
           to_string(input.shape), ", which holds no element");
    }
    if (!chosen.emplace(input.name, shape).second) {
      fail(code::bad_topology, "the model has two inputs with the name \"", input.name, "\"");
    }
  }
  for (const auto& [name, shape] : asked) {
    if (!chosen.count(name)) {
      fail(code::bad_input, "inputShapes names \"", name, "\", the model's inputs are ", names_of(inputs));
    }
  }
  return chosen;
}

}  // namespace fragnet
