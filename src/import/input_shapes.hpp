// The shapes that a graph is built for: what the model's file says of its inputs, and what is taken where the
// file leaves an extent open.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/tensor.hpp"

namespace fragnet {

// What the model file says about an input, before any shape is chosen; -1 where an extent is open.
struct InputSpec {
  std::string name;
  Shape shape;
  DType dtype = DType::float32;
};

using InputShapes = std::map<std::string, Shape>;

// What a camera's picture is scaled to where a model takes any size: the size of the pix2pix generators.
inline constexpr int open_side_pixels = 256;

// The closed shapes to build for: what the caller asks for, else the model's own, with an open batch (the
// first extent) as 1 and an open height or width as `open_side`. Throws `bad-input` for a name or shape that
// the model does not have.
InputShapes choose_input_shapes(const std::vector<InputSpec>& inputs, const InputShapes& asked,
                                int open_side = open_side_pixels);

}  // namespace fragnet
