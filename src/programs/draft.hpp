// A program while it is being written: each operation's file adds its defines and textures to it.
#pragma once

#include <string>
#include <vector>

#include "programs/program.hpp"
#include "programs/shader_library.hpp"
#include "programs/weights.hpp"

namespace fragnet {

struct Draft {
  const Graph& graph;
  const Plan& plan;
  const Step& step;
  const Node& node;
  const DeviceLimits& limits;
  Extent extent = Extent::block;
  std::string file;  // of glsl/
  std::vector<Define> defines;
  std::string declarations;  // samplers and layouts
  Program program;

  const Layout& output() const { return plan.place_of(node.output).layout; }
  // What one fragment computes; the step between the pixels is that of the output's block, if there are several.
  Block block() const {
    const Block& whole = output().block;
    return extent == Extent::block ? whole : Block{};
  }
  const Layout& layout_of(int input) const {
    return plan.place_of(node.inputs[static_cast<size_t>(input)]).layout;
  }
  std::string where() const { return "layer \"" + node.name + "\""; }
};

void define(Draft& draft, const std::string& name, int value);
void define(Draft& draft, const std::string& name, const std::string& value);
// A number that the bounds of loops depend on: in the text of a program for whole blocks, since a compiler makes fast code
// of what it knows; among the sizes of one for a layer, which more steps share then.
void define_bound(Draft& draft, const std::string& name, int value);
// STRIDE_H, STRIDE_W, PAD_TOP, PAD_LEFT, DILATION_H, DILATION_W, KERNEL_H, KERNEL_W.
void define_window(Draft& draft, const Window& window);
// BLOCK_W and the loops over the output's block, see glsl/include/block.glsl.
void define_block(Draft& draft);
// Adds to the program's sizes; returns how GLSL reads them.
std::string add_sizes(Draft& draft, const std::array<int32_t, 4>& sizes);
// Defines `name` as the GLSL twin of a layout whose sizes come from the uniform block.
void define_layout(Draft& draft, const std::string& name, const Layout& layout);
// Declares `sampler`, defines `layout` for a value, and binds it. Where it `is_empty`, the shader finds no channels in it.
void bind_tensor(Draft& draft, const std::string& sampler, const std::string& layout, ValueId value,
                 bool is_empty = false);
// Declares `sampler` for an image, and binds it.
void bind_image(Draft& draft, Image image);
// The node's pictures as picture0 …, PICTURE0 ….
void bind_pictures(Draft& draft, int count);
// The pictures of a convolution, which acts on their concatenation along the channels, and its weights: all options but
// `spread` and `taps` are filled in here.
void bind_grid(Draft& draft, const KernelView& kernel, GridOptions options, int slices);

// How the taps of a kernel's row meet the pixels of a picture's row, see glsl/include/block.glsl.
struct TapsOfRow {
  int taps = 1;                 // that one output pixel meets
  int pixel_distance = 1;       // of what two neighbours of the block meet, in pixels of the picture
  int tap_distance = 1;         // of what two taps meet
  int lowest = 0, highest = 0;  // column of the picture that the first pixel of any block meets
  int stride = 1;               // from one tap to the next within the kernel
  bool is_reversed = false;     // later taps meet earlier pixels
  bool may_miss = false;        // the last of `taps` may lie outside the kernel
  bool are_folded = false;      // into the four channels of a picture that has only one
};
int last_block_x(const Layout& layout);  // where the last block of a row begins
void define_taps(Draft& draft, const TapsOfRow& row);

// The pointwise steps fused into the node: EPILOGUE, their operands, and the constants of the channels.
void write_epilogue(Draft& draft);

// One for each operation that a shader computes; the file's name is the operation's.
void write_conv2d(Draft& draft, const Conv2d& op);
void write_conv2d_transpose(Draft& draft, const Conv2dTranspose& op);
void write_depthwise_conv2d(Draft& draft, const DepthwiseConv2d& op);
void write_matmul(Draft& draft, const MatMul& op);
void write_pool2d(Draft& draft, const Pool2d& op);
void write_resize(Draft& draft, const Resize& op);
void write_reduce(Draft& draft, const Reduce& op);
void write_concat(Draft& draft, const Concat& op);
void write_rearrange(Draft& draft, const Rearrange& op);
void write_pointwise(Draft& draft);

// How an epilogue or a load spells reading `value` at (n, y, x, q), broadcast to `to`.
std::string fetch_broadcast(const std::string& sampler, const std::string& layout, const Picture& from,
                            const Picture& to);

}  // namespace fragnet
