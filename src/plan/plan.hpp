// Graph → numbered steps on numbered textures. A pure function: no GL, nothing decided later.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "plan/layout.hpp"

namespace fragnet {

// What the planner must know of a device. The defaults are what WebGL2 promises.
struct DeviceLimits {
  int texture_size = 2048;  // texels on a side
  int draw_buffers = 4;     // render targets of one draw
  int texture_units = 16;   // of a fragment shader
};

// Of all feature maps together; more would take a browser tab down rather than run.
inline constexpr int64_t max_texture_bytes = int64_t{2} << 30;

struct TextureSize {
  int width = 0, height = 0, layers = 1;
  int64_t texels() const { return int64_t{width} * height * layers; }
};

// Where a value lies: a texture may be larger than the layout needs.
struct Place {
  Layout layout;
  int texture = -1;
};

struct Step {
  int node = -1;     // index into Graph::nodes
  int64_t macs = 0;  // multiply-adds
};

struct Plan {
  std::vector<TextureSize> textures;
  std::vector<std::optional<Place>>
      places;  // by value: inputs, results, and constants that are read as tensors
  std::vector<Step> steps;
  const Place& place_of(ValueId value) const { return *places[static_cast<size_t>(value)]; }
};

// The graph is one that run_passes() made. Throws `too-large`, `unsupported-op`.
Plan make_plan(const Graph& graph, const DeviceLimits& limits);
std::string to_string(const Plan& plan, const Graph& graph);  // a line for each step

// How a shader gets an operand of its epilogue.
enum class OperandForm {
  scalar,    // a constant of one element: a number in the shader's text
  channels,  // a constant that differs by channel only: a row of a small texture
  tensor,    // anything else: a tensor's texture
};
OperandForm operand_form(const Value& operand);

// The block that one fragment of the node computes, where no measurement says better.
Block default_block(const Graph& graph, const Node& node, const DeviceLimits& limits);

// Multiply-adds of a node; 0 for what is not a convolution or product.
int64_t count_macs(const Graph& graph, const Node& node);

// Gives every place without a texture one, sharing textures between values that are never needed at the same
// time.
void share_textures(const Graph& graph, Plan& plan);

}  // namespace fragnet
