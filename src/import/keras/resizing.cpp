// Layers that make pictures smaller or larger without weights.
#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "import/keras/layer.hpp"

namespace fragnet {
namespace {

ValueId import_pooling2d(KerasLayer& layer, PoolKind kind) {
  const ValueId picture = picture_input(layer);
  const Shape from = shape_of(layer, picture);
  Pool2d op{kind, {}};
  op.window.kernel = config_pair(layer.config, {"pool_size"}, {2, 2}, 1, max_window_span);
  op.window.stride = config_pair(layer.config, {"strides"}, op.window.kernel, 1, max_window_span);
  op.window.padding = resolve_padding(config_padding(layer.config), from[1], from[2], op.window);
  return picture_output(layer, add_node(layer, op, {picture}));
}

ValueId import_global_pooling2d(KerasLayer& layer, ReduceKind kind) {
  const ValueId picture = picture_input(layer);
  const bool keep = config_flag(layer.config, {"keepdims"}, false);
  const ValueId result = add_node(layer, Reduce{.kind = kind, .axes = {1, 2}, .keep_dims = keep}, {picture});
  return keep ? picture_output(layer, result) : result;
}

ResizeKind interpolation_of(const KerasLayer& layer, const std::string& fallback) {
  const std::string name = config_text(layer.config, {"interpolation"}, fallback);
  if (name == "nearest") return ResizeKind::nearest;
  if (name == "bilinear") return ResizeKind::bilinear;
  fail(code::unsupported_op, layer.config.where, ": the interpolation \"", name,
       "\" is not supported, only nearest and bilinear are");
}

std::array<int, 2> size_of(const KerasLayer& layer) {
  for (const char* key : {"height", "width"}) {
    if (!find_value(layer.config, {key}))
      fail(code::bad_topology, layer.config.where, ": `", key, "` is missing");
  }
  const int limit = static_cast<int>(max_elements);
  return {config_int(layer.config, {"height"}, 0, 1, limit),
          config_int(layer.config, {"width"}, 0, 1, limit)};
}

ValueId add_central_part(KerasLayer& layer, ValueId picture, std::array<int, 2> size) {
  const Shape from = shape_of(layer, picture);
  const Slice op{{0, (from[1] - size[0]) / 2, (from[2] - size[1]) / 2, 0},
                 {from[0], size[0], size[1], from[3]},
                 {1, 1, 1, 1}};
  return add_node(layer, op, {picture});
}

// With `crop`, the largest central part that has the result's aspect ratio.
ValueId add_resize(KerasLayer& layer, ValueId picture, ResizeKind kind, std::array<int, 2> size, bool crop) {
  const Shape from = shape_of(layer, picture);
  if (crop) {
    const int64_t height = int64_t{from[2]} * size[0] / size[1], width = int64_t{from[1]} * size[1] / size[0];
    const std::array<int, 2> part{static_cast<int>(std::clamp<int64_t>(height, 1, from[1])),
                                  static_cast<int>(std::clamp<int64_t>(width, 1, from[2]))};
    picture = add_central_part(layer, picture, part);
  }
  const Resize op{.kind = kind, .output = size, .half_pixel_centers = true};
  return add_node(layer, op, {picture});
}

}  // namespace

ValueId import_max_pooling2d(KerasLayer& layer) {
  return import_pooling2d(layer, PoolKind::max);
}
ValueId import_average_pooling2d(KerasLayer& layer) {
  return import_pooling2d(layer, PoolKind::average);
}
ValueId import_global_max_pooling2d(KerasLayer& layer) {
  return import_global_pooling2d(layer, ReduceKind::max);
}
ValueId import_global_average_pooling2d(KerasLayer& layer) {
  return import_global_pooling2d(layer, ReduceKind::mean);
}

ValueId import_up_sampling2d(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const Shape from = shape_of(layer, picture);
  const std::array<int, 2> factor = config_pair(layer.config, {"size", "factor"}, {2, 2}, 1, max_window_span);
  Resize op{.kind = interpolation_of(layer, "nearest")};
  for (size_t i = 0; i < 2; ++i) {
    const int64_t extent = int64_t{from[i + 1]} * factor[i];
    if (extent > std::numeric_limits<int>::max()) {
      fail(code::too_large, layer.config.where, ": the output would be ", extent, " pixels high or wide");
    }
    op.output[i] = static_cast<int>(extent);
  }
  return picture_output(layer, add_node(layer, op, {picture}));
}

// TensorFlow.js has Resizing and CenterCrop but fails on a model with either, so these do what Keras does.
ValueId import_resizing(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  if (config_flag(layer.config, {"pad_to_aspect_ratio"}, false)) {
    fail(code::unsupported_op, layer.config.where, ": `pad_to_aspect_ratio` is not supported");
  }
  const bool crop = config_flag(layer.config, {"crop_to_aspect_ratio"}, false);
  const ResizeKind kind = interpolation_of(layer, "bilinear");
  return picture_output(layer, add_resize(layer, picture, kind, size_of(layer), crop));
}

// A picture that is smaller in some direction is resized instead.
ValueId import_center_crop(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const Shape from = shape_of(layer, picture);
  const std::array<int, 2> size = size_of(layer);
  const bool fits = from[1] >= size[0] && from[2] >= size[1];
  return picture_output(layer, fits ? add_central_part(layer, picture, size)
                                    : add_resize(layer, picture, ResizeKind::bilinear, size, true));
}

// At random only in training: else the largest central part of its aspect ratio, resized.
ValueId import_random_crop(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  return picture_output(layer, add_resize(layer, picture, ResizeKind::bilinear, size_of(layer), true));
}

}  // namespace fragnet
