// Step → shader text, textures to bind, packed weights. Data, no GL.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "plan/plan.hpp"

namespace fragnet {

// A two-dimensional texture that belongs to one step: weights, or constants of the channels.
struct Image {
  std::string sampler;
  int width = 0, height = 0;
  std::vector<float> texels;  // width × height × 4
  bool is_exact = false;      // 32 bits even where feature maps have 16
};

struct TensorBinding {
  std::string sampler;
  ValueId value = -1;
};

// The program reads `tensors` from texture units 0, 1 …, then `images` from the units after them.
struct Program {
  std::string fragment;
  std::vector<TensorBinding> tensors;
  std::vector<Image> images;
};

Program make_program(const Graph& graph, const Plan& plan, const Step& step, const DeviceLimits& limits);

// A number that GLSL reads as the same float.
std::string glsl_float(float value);
// The constructor of the GLSL twin of a layout.
std::string glsl_layout(const Layout& layout);

}  // namespace fragnet
