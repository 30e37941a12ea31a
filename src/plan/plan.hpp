// Graph → numbered steps on numbered textures. A pure function: no GL, nothing decided later.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "plan/layout.hpp"

namespace fragnet {

// What the planner must know of a device. The defaults are what WebGL2 promises.
struct DeviceLimits {
  int texture_size = 2048;                  // texels on a side
  int draw_buffers = 4;                     // render targets of one draw
  int texture_units = 16;                   // of a fragment shader
  bool by_sampler = false;                  // how texels are read, see glsl/include/fetch.glsl
  int square = 0;                           // see make_layout()
  int64_t macs_of_draw = int64_t{1} << 32;  // at most: a long draw ends in a lost device
  bool small_bodies = false;                // its compiler takes long for large ones
  int busy_fragments = 0;  // that it works on at a time; a processor with a few cores needs no count
};

// Of all feature maps together, and of one; more would take a browser tab down rather than run.
inline constexpr int64_t max_texture_bytes = int64_t{2} << 30, max_bytes_of_texture = int64_t{1} << 30;

struct TextureSize {
  int width = 0, height = 0, layers = 1;
  bool has_ranges = false;  // its values do, so a texel is four bytes
  int64_t texels() const { return int64_t{width} * height * layers; }
};

// Where a value lies: a texture may be larger than the layout needs.
struct Place {
  Layout layout;
  int texture = -1;
};

// How a convolution's weights lie on the device: as the file has them where a shader can read that, so no digit is lost.
enum class WeightFormat { float32, float16, uint8 };

// One of the ways to compute a node.
struct Variant {
  Block block;  // that one fragment computes
  WeightFormat weights = WeightFormat::float32;
  bool operator==(const Variant&) const = default;
};

struct Step {
  int node = -1;     // index into Graph::nodes
  int64_t macs = 0;  // multiply-adds
  Variant variant;
};

struct Plan {
  std::vector<TextureSize> textures;
  std::vector<std::optional<Place>>
      places;  // by value: inputs, results, and constants that are read as tensors
  std::vector<Step> steps;
  bool is_ranged = false;
  bool by_sampler = false;  // the device's
  int range_texels = 0;     // of the texture that all ranges lie in
  const Place& place_of(ValueId value) const { return *places[static_cast<size_t>(value)]; }
};

// Pixels × quads that one fragment of a convolution computes, where the layer has as many.
struct BlockShape {
  int w = 4, q = 2;
  bool operator==(const BlockShape&) const = default;
};

// The fastest shape by kind of layer, see kind_of_layer(): what a measurement on the device found. Kind "" is any other.
using Tuning = std::map<std::string, BlockShape>;

struct PlanOptions {
  bool half = false;    // feature maps have 16 bits or less, so weights need no more
  bool ranged = false;  // texels are integers: codes where ranges can be learned, else the bits of floats
  Tuning tuning;
  std::optional<WeightFormat> weights;  // instead of what the file has; bytes only where the file has bytes
};

// The graph is one that run_passes() made. Throws `too-large`, `unsupported-op`.
Plan make_plan(const Graph& graph, const DeviceLimits& limits, const PlanOptions& options = {});
std::string to_string(WeightFormat format);
std::string to_string(const Plan& plan, const Graph& graph);  // a line for each step

// How a shader gets an operand of its epilogue.
enum class OperandForm {
  scalar,    // a constant of one element: a number in the shader's text
  channels,  // a constant that differs by channel only: a row of a small texture
  tensor,    // anything else: a tensor's texture
};
OperandForm operand_form(const Value& operand);

// How a node is computed: as the tuning says, else by the best guess.
Variant choose_variant(const Graph& graph, const Node& node, const DeviceLimits& limits,
                       const PlanOptions& options);

// The shapes that a measurement may choose among, the best guess first.
std::vector<BlockShape> block_shapes();
// What nothing was measured of.
BlockShape best_guess(const DeviceLimits& limits);

// What layers that are fastest alike have in common: "conv2d 4×4/2 uint8". "" for what has no choice.
std::string kind_of_layer(const Graph& graph, const Node& node);

// Multiply-adds of a node; 0 for what is not a convolution or product.
int64_t count_macs(const Graph& graph, const Node& node);

// Which values lie as codes: the feature maps that take room. Inputs, outputs, constants and what does not count in floats
// stay exact; so does what is small, which costs little and is often worth more: the means of a normalisation, the
// bottleneck of an encoder. To be called before textures are shared.
void choose_ranged(const Graph& graph, Plan& plan);

// For half floats: a range for each result of a step, as all may have to be stored in other units.
void choose_scaled(const Graph& graph, Plan& plan);

// The width of the texture that all ranges lie in, a texel for each quad.
inline constexpr int ranges_width = 256;

// Gives every place without a texture one, sharing textures between values that are never needed at the same
// time.
void share_textures(const Graph& graph, Plan& plan);

}  // namespace fragnet
