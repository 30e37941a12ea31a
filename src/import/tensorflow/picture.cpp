// Resizing, and channels, batches and pixels turned into each other.
#include "base/error.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

const Shape& picture_shape(const TfNode& node) {
  const Shape& shape = node.shape(0);
  if (shape.size() != 4) {
    fail(code::bad_shape, node.where, ": ", node.def.op,
         " wants a picture of rank 4, the input has the shape ", to_string(shape));
  }
  return shape;
}

// inputs: picture, (height, width)
TfResults import_resize(const TfNode& node) {
  picture_shape(node);
  const std::vector<int32_t> size = ints_of(node, 1, "size", 2);
  return {node.add(Resize{.kind = static_cast<ResizeKind>(node.kind),
                          .output = {size[0], size[1]},
                          .align_corners = flag_of(node, "align_corners", false),
                          .half_pixel_centers = flag_of(node, "half_pixel_centers", false)},
                   {node.inputs[0]})};
}

int read_block(const TfNode& node) {
  const int64_t block = integer_of(node, "block_size", 0);
  if (block < 1 || block > max_window_span) {
    fail(code::bad_topology, node.where, ": \"block_size\" must be from 1 to ", max_window_span, ", it is ",
         block);
  }
  return static_cast<int>(block);
}

// Each pixel's channels become a square of pixels: channel (y × block + x) × C + c goes to pixel (y, x),
// channel c.
TfResults import_depth_to_space(const TfNode& node) {
  const Shape shape = picture_shape(node);
  const int block = read_block(node);
  const bool channels_first = is_channels_first(node);
  const int n = shape[0], h = shape[channels_first ? 2 : 1], w = shape[channels_first ? 3 : 2];
  const int64_t channels = shape[channels_first ? 1 : 3], squares = int64_t{block} * block;
  if (channels % squares != 0) {
    fail(code::bad_shape, node.where, ": DepthToSpace with blocks of ", block, "×", block,
         " wants a multiple of ", squares, " channels, the input has ", channels);
  }
  if (block == 1) return {node.inputs[0]};
  const int c = static_cast<int>(channels / squares);
  // h × block is at most the number of the input's elements.
  if (channels_first) {
    const ValueId dealt = reshaped(node, node.inputs[0], {n, block, block, c, h, w});
    return {reshaped(node, transposed(node, dealt, {0, 3, 4, 1, 5, 2}), {n, c, h * block, w * block})};
  }
  const ValueId dealt = reshaped(node, node.inputs[0], {n, h, w, block, block, c});
  return {reshaped(node, transposed(node, dealt, {0, 1, 3, 2, 4, 5}), {n, h * block, w * block, c})};
}

// Its inverse.
TfResults import_space_to_depth(const TfNode& node) {
  const Shape shape = picture_shape(node);
  const int block = read_block(node);
  const bool channels_first = is_channels_first(node);
  const int n = shape[0], h = shape[channels_first ? 2 : 1], w = shape[channels_first ? 3 : 2];
  const int c = shape[channels_first ? 1 : 3];
  if (h % block != 0 || w % block != 0) {
    fail(code::bad_shape, node.where, ": SpaceToDepth with blocks of ", block, "×", block,
         " of a picture of ", h, "×", w, " pixels");
  }
  if (block == 1) return {node.inputs[0]};
  // block² × c is at most the number of the input's elements.
  if (channels_first) {
    const ValueId dealt = reshaped(node, node.inputs[0], {n, c, h / block, block, w / block, block});
    return {reshaped(node, transposed(node, dealt, {0, 3, 5, 1, 2, 4}),
                     {n, block * block * c, h / block, w / block})};
  }
  const ValueId dealt = reshaped(node, node.inputs[0], {n, h / block, block, w / block, block, c});
  return {reshaped(node, transposed(node, dealt, {0, 1, 3, 2, 4, 5}),
                   {n, h / block, w / block, block * block * c})};
}

// The operands of SpaceToBatchND and BatchToSpaceND: one or two block sizes, which act on the extents after
// the batch, and as many pairs of margins.
struct Blocks {
  size_t count = 1;
  std::array<int, 2> block{1, 1};
  Margins margins;
};

Blocks read_blocks(const TfNode& node) {
  const std::vector<int32_t> sizes = ints_of(node, 1, "block");
  const size_t rank = node.shape(0).size();
  if (sizes.empty() || sizes.size() > 2 || rank < sizes.size() + 1) {
    fail(code::unsupported_op, node.where, ": ", node.def.op, " with ", sizes.size(),
         " block sizes on a tensor of rank ", rank, " is not supported");
  }
  const std::vector<std::array<int, 2>> margins = margins_of(node, 2, "margins", sizes.size());
  Blocks blocks{.count = sizes.size()};
  blocks.block[0] = sizes[0];
  blocks.margins.top = margins[0][0];
  blocks.margins.bottom = margins[0][1];
  if (sizes.size() == 2) {
    blocks.block[1] = sizes[1];
    blocks.margins.left = margins[1][0];
    blocks.margins.right = margins[1][1];
  }
  return blocks;
}

// Runs `op` on the input as a picture (N, H, W, C): with one block size on a tensor that is none, W is 1, and
// all extents that the blocks leave alone are C.
template <class BlockOp>
ValueId as_picture(const TfNode& node, const Blocks& blocks, const BlockOp& op) {
  const Shape shape = node.shape(0);
  if (shape.size() == 4) return node.add(op, {node.inputs[0]});
  const auto first_left = shape.begin() + 1 + static_cast<std::ptrdiff_t>(blocks.count);
  const Shape left(first_left, shape.end());
  const Shape picture{shape[0], shape[1], blocks.count == 2 ? shape[2] : 1,
                      static_cast<int>(element_count(left))};
  const ValueId value = node.add(op, {reshaped(node, node.inputs[0], picture)});
  const Shape result = node.builder.shape(value);
  Shape restored(result.begin(), result.begin() + 1 + static_cast<std::ptrdiff_t>(blocks.count));
  restored.insert(restored.end(), left.begin(), left.end());
  return reshaped(node, value, restored);
}

// inputs: x, block, margins (m, 2)
TfResults import_space_to_batch(const TfNode& node) {
  const Blocks blocks = read_blocks(node);
  return {as_picture(node, blocks, SpaceToBatch{.block = blocks.block, .padding = blocks.margins})};
}

TfResults import_batch_to_space(const TfNode& node) {
  const Blocks blocks = read_blocks(node);
  return {as_picture(node, blocks, BatchToSpace{.block = blocks.block, .crop = blocks.margins})};
}

}  // namespace

std::span<const TfOp> picture_ops() {
  static constexpr TfOp ops[] = {
      {"ResizeBilinear", 2, import_resize, static_cast<int>(ResizeKind::bilinear)},
      {"ResizeNearestNeighbor", 2, import_resize, static_cast<int>(ResizeKind::nearest)},
      {"DepthToSpace", 1, import_depth_to_space},
      {"SpaceToDepth", 1, import_space_to_depth},
      {"SpaceToBatchND", 3, import_space_to_batch},
      {"BatchToSpaceND", 3, import_batch_to_space},
  };
  return ops;
}

}  // namespace fragnet
