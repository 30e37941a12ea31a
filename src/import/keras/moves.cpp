// Layers that move elements and compute nothing.
#include <algorithm>

#include "base/error.hpp"
#include "import/keras/layer.hpp"

namespace fragnet {
namespace {

const Json& wanted_list(const KerasLayer& layer, const char* key) {
  const Json* json = find_value(layer.config, {key});
  if (!json || !json->is_array()) {
    fail(code::bad_topology, layer.config.where, ": `", key, "` must be a list, it is ",
         json ? shown(*json) : "missing");
  }
  return *json;
}

}  // namespace

ValueId import_identity(KerasLayer& layer) {
  return only_input(layer);
}

// `target_shape` has no batch and at most one open extent.
ValueId import_reshape(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const Shape from = shape_of(layer, x);
  const Shape target = config_shape(layer.config, wanted_list(layer, "target_shape"), "target_shape");
  const int64_t held = element_count({from.begin() + 1, from.end()}, layer.config.where);
  int64_t known = 1;
  for (int extent : target) known = extent < 0 ? known : std::min(known * extent, max_elements + 1);
  const auto open = std::count(target.begin(), target.end(), open_extent);
  if (open > 1) {
    fail(code::bad_topology, layer.config.where, ": `target_shape` leaves ", open,
         " extents open, one is allowed");
  }
  if (open == 0 ? known != held : held % known != 0) {
    fail(code::bad_shape, layer.config.where, ": `target_shape` ", to_string(target), " does not hold the ",
         held, " elements of the input ", to_string(from));
  }
  Shape shape{from[0]};
  for (int extent : target) shape.push_back(extent < 0 ? static_cast<int>(held / known) : extent);
  return add_node(layer, Reshape{shape}, {x});
}

// The elements in the order of channels last, also where the model keeps them first.
ValueId import_flatten(KerasLayer& layer) {
  ValueId x = only_input(layer);
  const Shape from = shape_of(layer, x);
  if (is_channels_first(layer.config) && from.size() > 2) {
    Transpose turn{.order = {0}};
    for (int axis = 2; axis < static_cast<int>(from.size()); ++axis) turn.order.push_back(axis);
    turn.order.push_back(1);
    x = add_node(layer, turn, {x});
  }
  const int64_t held = element_count({from.begin() + 1, from.end()}, layer.config.where);
  return add_node(layer, Reshape{{from[0], static_cast<int>(held)}}, {x});
}

// `dims` counts from 1: the batch stays where it is.
ValueId import_permute(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const int rank = static_cast<int>(shape_of(layer, x).size());
  Transpose op{.order = {0}};
  for (const Json& entry : wanted_list(layer, "dims")) {
    const std::optional<int64_t> axis = whole_number(entry);
    const bool is_new = axis && std::find(op.order.begin(), op.order.end(), *axis) == op.order.end();
    if (!is_new || *axis < 1 || *axis >= rank) break;
    op.order.push_back(static_cast<int>(*axis));
  }
  if (static_cast<int>(op.order.size()) != rank || wanted_list(layer, "dims").size() + 1 != op.order.size()) {
    fail(code::bad_shape, layer.config.where, ": `dims` must have each number from 1 to ", rank - 1,
         " once, it is ", shown(wanted_list(layer, "dims")));
  }
  return add_node(layer, op, {x});
}

// (N, F) → (N, n, F)
ValueId import_repeat_vector(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const Shape from = shape_of(layer, x);
  if (from.size() != 2) {
    fail(code::bad_shape, layer.config.where, ": the input must be a vector of rank 2, it has the shape ",
         to_string(from));
  }
  const int count = config_int(layer.config, {"n"}, 1, 1, static_cast<int>(max_elements));
  const ValueId row = add_node(layer, Reshape{{from[0], 1, from[1]}}, {x});
  return add_node(layer, Tile{{1, count, 1}}, {row});
}

ValueId import_zero_padding2d(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const Margins margins = config_margins(layer.config, "padding", 1);
  const Pad op{.margins = {{0, 0}, {margins.top, margins.bottom}, {margins.left, margins.right}, {0, 0}}};
  return picture_output(layer, add_node(layer, op, {picture}));
}

ValueId import_cropping2d(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const Shape from = shape_of(layer, picture);
  const Margins crop = config_margins(layer.config, "cropping", 0);
  const int height = from[1] - crop.top - crop.bottom, width = from[2] - crop.left - crop.right;
  if (height < 1 || width < 1) {
    fail(code::bad_shape, layer.config.where, ": cropping ", crop.top, " + ", crop.bottom, " rows and ",
         crop.left, " + ", crop.right, " columns leaves nothing of a picture of ", from[1], "×", from[2],
         " pixels");
  }
  const Slice op{{0, crop.top, crop.left, 0}, {from[0], height, width, from[3]}, {1, 1, 1, 1}};
  return picture_output(layer, add_node(layer, op, {picture}));
}

// Channel (y × block + x) × C + c of a pixel becomes channel c of its sub-pixel (y, x).
ValueId add_depth_to_space(KerasLayer& layer, ValueId nhwc, int block) {
  const Shape from = shape_of(layer, nhwc);
  const int64_t area = int64_t{block} * block;
  if (from[3] % area != 0) {
    fail(code::bad_shape, layer.config.where, ": blocks of ", block, "×", block,
         " pixels want channels divisible by ", area, ", the input has ", from[3]);
  }
  const int channels = static_cast<int>(from[3] / area);
  // The area divides the channels, so these are no larger than the input's element count.
  const Shape to{from[0], from[1] * block, from[2] * block, channels};
  const ValueId dealt = add_node(layer, Reshape{{from[0], from[1], from[2], block, block, channels}}, {nhwc});
  return add_node(layer, Reshape{to}, {add_node(layer, Transpose{.order = {0, 1, 3, 2, 4, 5}}, {dealt})});
}

template <int block>
ValueId import_pixel_shuffle(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  return picture_output(layer, add_depth_to_space(layer, picture, block));
}
template ValueId import_pixel_shuffle<2>(KerasLayer&);
template ValueId import_pixel_shuffle<3>(KerasLayer&);
template ValueId import_pixel_shuffle<4>(KerasLayer&);
template ValueId import_pixel_shuffle<8>(KerasLayer&);

// Not a layer of Keras: published models name it and its one number in several ways.
ValueId import_depth_to_space(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const Keys keys{"block_size", "upscale_factor", "scale_factor", "scale", "factor"};
  if (!find_value(layer.config, keys))
    fail(code::bad_topology, layer.config.where, ": `block_size` is missing");
  const int block = config_int(layer.config, keys, 2, 1, max_window_span);
  return picture_output(layer, add_depth_to_space(layer, picture, block));
}

}  // namespace fragnet
