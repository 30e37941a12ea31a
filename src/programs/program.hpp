// Step → shader text, textures to bind, packed weights. Data, no GL.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "plan/plan.hpp"
#include "programs/shader_library.hpp"

namespace fragnet {

// A two-dimensional texture that belongs to one step: weights, or constants of the channels. A texel is four words of 32
// bits: floats, or integers that the shader takes apart itself.
struct Image {
  std::string sampler;
  int width = 0, height = 0;
  bool is_integer = false;
  // Writes `rows` rows from `first` on, width × 4 words each. So a large image is never whole in memory.
  std::function<void(int first, int rows, uint32_t* words)> write;
  // Alike for images that are alike as long as `source` lives, which owns the bytes that they are made from; empty where they
  // are made from several constants.
  std::vector<int64_t> key;
  std::weak_ptr<const void> source;
};
Image image_of_floats(std::string sampler, int width, int height, std::vector<float> texels);
std::vector<uint32_t> words_of(const Image& image);  // all of them

// One of a program's `sizes`, the bits of a float: by which power of two the half floats of `value` are to be multiplied.
// Only the scaled() program reads it.
struct ScaleBinding {
  size_t size = 0;
  ValueId value = -1;
};

struct TensorBinding {
  std::string sampler;
  ValueId value = -1;
};

// The program reads `tensors` from texture units 0, 1 …, then `images` from the units after them, then, where one of its
// tensors has ranges, the texture of all ranges as "ranges". It declares no other sampler: browsers refuse to draw where a
// sampler is left on a unit whose texture is of another type. It reads `sizes` from the uniform block "Sizes", at binding 0 like every
// block unless told otherwise: what differs between layers that have everything else in common stands there, so that they
// share one compiled program.
struct Program {
  std::string fragment;
  std::vector<TensorBinding> tensors;
  std::vector<Image> images;
  bool reads_ranges = false;
  std::vector<std::array<int32_t, 4>> sizes;
  std::vector<ScaleBinding> scales;  // of half floats
};

// What one draw computes of each block of the output: all its layers, or one, which is the first of `sizes`[0]. The latter
// takes as many draws as there are layers, but a driver compiles it several times sooner, and more steps share it.
enum class Extent { block, layer };

Program make_program(const Graph& graph, const Plan& plan, const Step& step, const DeviceLimits& limits,
                     Extent extent = Extent::block);

// The text of the same program for half floats that stand for multiples of themselves.
std::string scaled(const std::string& fragment);

// Finds how great the numbers are that the step's result stores (glsl/magnitude.frag): one text for all steps, drawn over
// magnitude_parts texels of bytes.
inline constexpr int magnitude_parts = 512;
Program make_magnitude_program(const Graph& graph, const Plan& plan, const Step& step,
                               const DeviceLimits& limits);

// What glsl/include/texel.glsl wants to know of the plan, and of the tensors that a program reads and writes.
void define_texels(const Plan& plan, bool has_ranges, std::vector<Define>& defines);

// A number that GLSL reads as the same float.
std::string glsl_float(float value);
// The constructor of the GLSL twin of a layout, with its sizes as numbers.
std::string glsl_layout(const Layout& layout);
std::string glsl_shifts(const Block& block);  // of its members
int shift_of(int power);                      // the logarithm of a power of two

}  // namespace fragnet
