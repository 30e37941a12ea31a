// Layers that shift and scale: with numbers known beforehand (folded here into one factor and one offset a
// channel), or with the mean and variance of what they are given.
#include <cmath>

#include "base/error.hpp"
#include "import/keras/layer.hpp"

namespace fragnet {
namespace {

constexpr double default_epsilon = 1e-3;  // of all Keras layers that normalise

// A layer that has statistics for channels along `axis`: as NHWC where the channels come first in a picture,
// so that the transpositions of neighbouring layers meet.
struct Channels {
  ValueId value = -1;  // channels last, unless the axis lies elsewhere
  Shape shape;         // of the vectors that go with it
  int count = 0;
  bool turned = false;
};

Channels channels_along(KerasLayer& layer, ValueId x, int axis) {
  const Shape from = shape_of(layer, x);
  const size_t rank = from.size();
  Channels channels{
      .value = x, .shape = {from[static_cast<size_t>(axis)]}, .count = from[static_cast<size_t>(axis)]};
  if (static_cast<size_t>(axis) == rank - 1) return channels;
  if (rank == 4 && axis == 1) {
    channels.value = add_node(layer, Transpose{.order = {0, 2, 3, 1}}, {x});
    channels.turned = true;
    return channels;
  }
  channels.shape.resize(rank - static_cast<size_t>(axis), 1);
  return channels;
}

ValueId turned_back(KerasLayer& layer, const Channels& channels, ValueId y) {
  return channels.turned ? add_node(layer, Transpose{.order = {0, 3, 1, 2}}, {y}) : y;
}

double epsilon_of(const KerasLayer& layer, double fallback = default_epsilon) {
  const double epsilon = config_number(layer.config, {"epsilon"}, fallback);
  if (epsilon < 0)
    fail(code::bad_topology, layer.config.where, ": `epsilon` must not be negative, it is ", epsilon);
  return epsilon;
}

// x × factor + offset, with vectors of this shape
ValueId add_factor_and_offset(KerasLayer& layer, ValueId x, const Shape& shape,
                              const std::vector<double>& factor, const std::vector<double>& offset) {
  const auto add_constant = [&](const char* what, const std::vector<double>& values) {
    std::vector<float> floats;
    for (double value : values) {
      floats.push_back(static_cast<float>(value));
      if (!std::isfinite(floats.back())) {
        fail(code::bad_value, layer.config.where, ": the ", what, " of channel ", floats.size() - 1, " is ",
             value);
      }
    }
    return layer.builder.add_constant(layer.name + '/' + what, make_tensor(shape, std::move(floats)));
  };
  const ValueId scaled = add_node(layer, Binary{BinaryKind::multiply}, {x, add_constant("factor", factor)});
  return add_node(layer, Binary{BinaryKind::add}, {scaled, add_constant("offset", offset)});
}

std::vector<double> take_numbers(KerasLayer& layer, std::initializer_list<const char*> names, int count) {
  const std::vector<float> floats = to_floats(*take_vector(layer, names, count).tensor);
  return {floats.begin(), floats.end()};
}

ValueId add_mean(KerasLayer& layer, ValueId x, const std::vector<int>& axes) {
  return add_node(layer, Reduce{.kind = ReduceKind::mean, .axes = axes, .keep_dims = true}, {x});
}

// keras-contrib adds epsilon to the standard deviation, everybody else to the variance.
enum class EpsilonIn { variance, deviation };

// (x - mean) / sqrt(variance + epsilon), both over the axes
ValueId add_standardised(KerasLayer& layer, ValueId x, const std::vector<int>& axes, double added,
                         EpsilonIn place = EpsilonIn::variance) {
  const ValueId centred = add_node(layer, Binary{BinaryKind::subtract}, {x, add_mean(layer, x, axes)});
  const ValueId variance = add_mean(layer, add_node(layer, Unary{UnaryKind::square}, {centred}), axes);
  const ValueId epsilon = add_scalar(layer, added);
  if (place == EpsilonIn::deviation) {
    const ValueId deviation = add_node(layer, Unary{UnaryKind::sqrt}, {variance});
    const ValueId divisor = add_node(layer, Binary{BinaryKind::add}, {deviation, epsilon});
    return add_node(layer, Binary{BinaryKind::divide}, {centred, divisor});
  }
  const ValueId raised = add_node(layer, Binary{BinaryKind::add}, {variance, epsilon});
  return add_node(layer, Binary{BinaryKind::multiply},
                  {centred, add_node(layer, Unary{UnaryKind::rsqrt}, {raised})});
}

// gamma and beta, where the layer has them. `wanted`: their shape in the file, `shape`: how they meet x.
ValueId add_gamma_and_beta(KerasLayer& layer, ValueId x, int count, const Shape& shape) {
  ValueId y = x;
  if (config_flag(layer.config, {"scale"}, true)) {
    const ValueId gamma = add_weight(layer, take_vector(layer, {"gamma", "scale"}, count), shape);
    y = add_node(layer, Binary{BinaryKind::multiply}, {y, gamma});
  }
  if (config_flag(layer.config, {"center"}, true)) {
    const ValueId beta = add_weight(layer, take_vector(layer, {"beta", "offset"}, count), shape);
    y = add_node(layer, Binary{BinaryKind::add}, {y, beta});
  }
  return y;
}

// Every axis but the batch and the channels, which are last.
std::vector<int> inner_axes(size_t rank) {
  std::vector<int> axes;
  for (int axis = 1; axis + 1 < static_cast<int>(rank); ++axis) axes.push_back(axis);
  return axes;
}

int channel_axis(KerasLayer& layer, ValueId x) {
  const int rank = static_cast<int>(shape_of(layer, x).size());
  const int axis = config_axis(layer.config, {"axis"}, -1, rank);
  if (rank < 3 || (axis != rank - 1 && !(rank == 4 && axis == 1))) {
    fail(code::unsupported_op, layer.config.where, ": the channels of ", to_string(shape_of(layer, x)),
         " would lie along axis ", axis, ", only the last of a picture and axis 1 of rank 4 are supported");
  }
  return axis;
}

// Each of `groups` runs of channels has its own mean and variance.
ValueId add_group_normalization(KerasLayer& layer, ValueId x, int groups, double epsilon,
                                EpsilonIn place = EpsilonIn::variance) {
  const Channels channels = channels_along(layer, x, channel_axis(layer, x));
  const Shape from = shape_of(layer, channels.value);
  if (channels.count % groups != 0) {
    fail(code::bad_shape, layer.config.where, ": ", groups, " groups do not divide the input's ",
         channels.count, " channels");
  }
  ValueId y = -1;
  std::vector<int> axes = inner_axes(from.size());
  if (groups == channels.count) {
    y = add_standardised(layer, channels.value, axes, epsilon, place);
  } else if (groups == 1) {
    axes.push_back(static_cast<int>(from.size()) - 1);
    y = add_standardised(layer, channels.value, axes, epsilon, place);
  } else {
    const int64_t pixels = element_count({from.begin() + 1, from.end() - 1}, layer.config.where);
    const Shape grouped{from[0], static_cast<int>(pixels), groups, channels.count / groups};
    const ValueId parted = add_node(layer, Reshape{grouped}, {channels.value});
    y = add_node(layer, Reshape{from}, {add_standardised(layer, parted, {1, 3}, epsilon, place)});
  }
  return turned_back(layer, channels, add_gamma_and_beta(layer, y, channels.count, {channels.count}));
}

}  // namespace

// gamma × (x - moving_mean) / sqrt(moving_variance + epsilon) + beta
ValueId import_batch_normalization(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const int axis = config_axis(layer.config, {"axis"}, -1, static_cast<int>(shape_of(layer, x).size()));
  const Channels channels = channels_along(layer, x, axis);
  const size_t count = static_cast<size_t>(channels.count);
  const double epsilon = epsilon_of(layer);
  std::vector<double> factor(count, 1), offset(count, 0);
  if (config_flag(layer.config, {"scale"}, true)) factor = take_numbers(layer, {"gamma"}, channels.count);
  if (config_flag(layer.config, {"center"}, true)) offset = take_numbers(layer, {"beta"}, channels.count);
  const std::vector<double> mean = take_numbers(layer, {"moving_mean"}, channels.count);
  const std::vector<double> variance = take_numbers(layer, {"moving_variance"}, channels.count);
  layer.builder.add_statistics(channels.value,
                               {{mean.begin(), mean.end()}, {variance.begin(), variance.end()}});
  for (size_t i = 0; i < count; ++i) {
    factor[i] /= std::sqrt(variance[i] + epsilon);
    offset[i] -= mean[i] * factor[i];
  }
  const ValueId y = add_factor_and_offset(layer, channels.value, channels.shape, factor, offset);
  return turned_back(layer, channels, y);
}

// gamma, beta: the extents of the axes
ValueId import_layer_normalization(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const Shape from = shape_of(layer, x);
  const std::vector<int> axes = config_axes(layer.config, {"axis"}, {-1}, static_cast<int>(from.size()));
  Shape own, broadcast(from.size(), 1);
  for (int axis : axes) {
    own.push_back(from[static_cast<size_t>(axis)]);
    broadcast[static_cast<size_t>(axis)] = own.back();
  }
  ValueId y = add_standardised(layer, x, axes, epsilon_of(layer));
  const auto add_own = [&](BinaryKind kind, const char* name) {
    const KerasWeight& weight = take_weight(layer, {name});
    if (weight.tensor->shape != own) {
      fail(code::bad_shape, layer.config.where, ": the weight \"", weight.name, "\" must have the shape ",
           to_string(own), ", it has ", to_string(weight.tensor->shape));
    }
    y = add_node(layer, Binary{kind}, {y, add_weight(layer, weight, broadcast)});
  };
  if (config_flag(layer.config, {"scale"}, true)) add_own(BinaryKind::multiply, "gamma");
  if (config_flag(layer.config, {"center"}, true)) add_own(BinaryKind::add, "beta");
  return y;
}

ValueId import_group_normalization(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const int channels = shape_of(layer, x)[static_cast<size_t>(channel_axis(layer, x))];
  const int groups = config_int(layer.config, {"groups"}, 32, -1, max_window_span);
  if (groups == 0) fail(code::bad_topology, layer.config.where, ": `groups` must not be 0");
  return add_group_normalization(layer, x, groups < 0 ? channels : groups, epsilon_of(layer));
}

// Not a layer of Keras: keras-contrib's has no `groups`, and `axis: null` takes the mean over the channels,
// too. TensorFlow Addons' is a GroupNormalization with as many groups as channels, and writes `groups: -1`. That of
// TensorFlow's pix2pix and CycleGAN saves none of its settings, and its epsilon is smaller.
ValueId import_instance_normalization(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const auto axis = layer.config.json.find("axis");
  const bool says_axis = axis != layer.config.json.end();
  const bool is_contrib = says_axis && !find_value(layer.config, {"groups"});
  const EpsilonIn place = is_contrib ? EpsilonIn::deviation : EpsilonIn::variance;
  const bool says_nothing = !says_axis && !find_value(layer.config, {"groups", "axis", "scale", "center"});
  const double epsilon = epsilon_of(layer, says_nothing ? 1e-5 : default_epsilon);
  if (is_contrib && axis->is_null()) {
    std::vector<int> axes = inner_axes(shape_of(layer, x).size() + 1);
    if (axes.empty()) fail(code::bad_shape, layer.config.where, ": the input has nothing but a batch");
    return add_gamma_and_beta(layer, add_standardised(layer, x, axes, epsilon, place), 1, {1});
  }
  const int channels = shape_of(layer, x)[static_cast<size_t>(channel_axis(layer, x))];
  return add_group_normalization(layer, x, channels, epsilon, place);
}

// (x - mean) / max(sqrt(variance), 1e-7); `invert` goes the other way. The numbers are weights, or in the
// configuration.
ValueId import_normalization(KerasLayer& layer) {
  const ValueId x = only_input(layer);
  const Shape from = shape_of(layer, x);
  const auto axis = layer.config.json.find("axis");
  const bool is_scalar = axis != layer.config.json.end() && (axis->is_null() || *axis == Json::array());
  Channels channels{.value = x, .shape = {1}, .count = 1};
  if (!is_scalar) {
    channels =
        channels_along(layer, x, config_axis(layer.config, {"axis"}, -1, static_cast<int>(from.size())));
  }
  const size_t count = static_cast<size_t>(channels.count);
  const auto numbers = [&](const char* key) {
    const std::optional<std::vector<float>> said = config_numbers(layer.config, {key});
    if (!said) return take_numbers(layer, {key}, channels.count);
    if (said->size() != 1 && said->size() != count) {
      fail(code::bad_shape, layer.config.where, ": `", key, "` must have ", count, " numbers, it has ",
           said->size());
    }
    return said->size() == 1 ? std::vector<double>(count, said->front())
                             : std::vector<double>(said->begin(), said->end());
  };
  const std::vector<double> mean = numbers("mean"), variance = numbers("variance");
  const bool invert = config_flag(layer.config, {"invert"}, false);
  std::vector<double> factor(count), offset(count);
  for (size_t i = 0; i < count; ++i) {
    const double deviation = std::max(std::sqrt(variance[i]), 1e-7);
    factor[i] = invert ? deviation : 1 / deviation;
    offset[i] = invert ? mean[i] : -mean[i] / deviation;
  }
  const ValueId y = add_factor_and_offset(layer, channels.value, channels.shape, factor, offset);
  return turned_back(layer, channels, y);
}

ValueId import_rescaling(KerasLayer& layer) {
  ValueId y = only_input(layer);
  const std::optional<std::vector<float>> scale = config_numbers(layer.config, {"scale"});
  if (!scale) fail(code::bad_topology, layer.config.where, ": `scale` is missing");
  const std::vector<float> offset = config_numbers(layer.config, {"offset"}).value_or(std::vector<float>{0});
  y = add_node(layer, Binary{BinaryKind::multiply}, {y, add_vector(layer, "scale", *scale)});
  if (offset == std::vector<float>{0}) return y;
  return add_node(layer, Binary{BinaryKind::add}, {y, add_vector(layer, "offset", offset)});
}

}  // namespace fragnet
