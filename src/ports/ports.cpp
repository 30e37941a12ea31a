#include "ports/ports.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/named.hpp"
#include "base/picture.hpp"
#include "ports/first_layer.hpp"
#include "ports/walk.hpp"

namespace fragnet {
namespace {

constexpr Named<PortKind> kinds[] = {{"colour", PortKind::colour},     {"grey", PortKind::grey},
                                     {"mask", PortKind::mask},         {"classes", PortKind::classes},
                                     {"subpixel", PortKind::subpixel}, {"lines", PortKind::lines},
                                     {"residual", PortKind::residual}, {"features", PortKind::features},
                                     {"vector", PortKind::vector},     {"map", PortKind::map}};
constexpr Named<PortLayout> layouts[] = {{"nhwc", PortLayout::nhwc},
                                         {"nchw", PortLayout::nchw},
                                         {"hw", PortLayout::hw},
                                         {"vector", PortLayout::vector}};

constexpr Range unit{0, 1}, symmetric{-1, 1}, bytes{0, 255};

bool has_picture_channels(int count) {
  return count == 1 || count == 3 || count == 4;
}

// N, C, H, W with the channels of a picture, where no operation tells.
bool looks_channels_first(const Shape& s) {
  return has_picture_channels(s[1]) && !has_picture_channels(s[3]);
}

// Height, width, channels and layout of a tensor; of a batch, the first picture.
PortPicture measured(const Shape& shape, std::optional<PortLayout> layout) {
  PortPicture port;
  const size_t rank = shape.size();
  const Picture p = as_picture(shape);
  // [1, H, W] and [H, W]: the last extent is no picture's channels.
  const bool has_no_channels = (rank == 2 && p.w > 1) || (rank == 3 && shape[0] == 1);
  if (has_no_channels && p.w > 1 && p.c > 4) {
    port.height = p.w;
    port.width = p.c;
    port.layout = PortLayout::hw;
  } else if (p.h == 1 && p.w == 1) {
    port.channels = p.c * p.n;
    port.layout = PortLayout::vector;
  } else if (rank == 4 &&
             layout.value_or(looks_channels_first(shape) ? PortLayout::nchw : PortLayout::nhwc) ==
                 PortLayout::nchw) {
    port.height = shape[2];
    port.width = shape[3];
    port.channels = shape[1];
    port.layout = PortLayout::nchw;
  } else {
    port.height = p.h;
    port.width = p.w;
    port.channels = p.c;
  }
  return port;
}

bool is_flat(const PortPicture& port) {
  return port.layout == PortLayout::vector;
}

// ---- Inputs ----

std::string text_of(const Range& range) {
  return text(static_cast<double>(range.low), " … ", static_cast<double>(range.high));
}

// Which numbers become those that networks are trained on: 0 … 1, -1 … 1, and so on.
std::optional<Range> range_before(const Affine& affine) {
  constexpr Range before[] = {unit, symmetric, bytes};
  constexpr Range after[] = {unit, symmetric, {-0.5, 0.5}, {-2.1f, 2.6f}, bytes, {-120, 135}};
  std::optional<Range> best;
  double least = 0.3;  // of the range that is meant, both ends together
  for (const Range& from : before) {
    const double low = affine.factor * from.low + affine.offset,
                 high = affine.factor * from.high + affine.offset;
    for (const Range& to : after) {
      if (from == symmetric && to != unit && to != bytes) continue;  // a mere factor says nothing
      const double distance =
          (std::abs(low - to.low) + std::abs(high - to.high)) / (double{to.high} - to.low);
      if (distance >= least) continue;
      least = distance;
      best = from;
    }
  }
  return best;
}

// Families of networks whose layers keep their names, and who were all trained alike.
struct Family {
  const char* layers;  // what names of layers contain
  Range range;
};
constexpr Family families[] = {{"MobilenetV1", symmetric},
                               {"MobilenetV2", symmetric},
                               {"MobilenetV3", symmetric},
                               {"InceptionV3", symmetric},
                               {"xception_65", symmetric}};

const Family* family_of(const Graph& graph) {
  for (const Family& family : families) {
    const auto named = [&](const Node& node) { return node.name.find(family.layers) != std::string::npos; };
    if (std::any_of(graph.nodes.begin(), graph.nodes.end(), named)) return &family;
  }
  return nullptr;
}

PortPicture find_input(const Graph& graph, const Port& port) {
  const Value& value = graph.values[static_cast<size_t>(port.value)];
  const WayIn way = way_in(graph, port.value);
  PortPicture picture = measured(value.shape, way.layout);
  const bool is_one = as_picture(value.shape).n == 1 || picture.layout == PortLayout::hw;
  if (is_flat(picture)) {
    picture.kind = PortKind::vector;
    picture.range = {-3, 3};
    picture.why = "Numbers without a place in a picture";
    return picture;
  }
  if (!is_one || !has_picture_channels(picture.channels) || picture.height < 2 || picture.width < 2) {
    picture.kind = PortKind::map;
    picture.range = {-3, 3};
    picture.why = is_one ? text("A feature map: ", picture.channels, " channels make no picture")
                         : text("The model is saved for a batch of ", as_picture(value.shape).n,
                                ", frames come one at a time: save it with an open batch (None)");
    return picture;
  }
  picture.kind = picture.channels == 1 ? PortKind::grey : PortKind::colour;
  if (value.dtype == DType::int32) {
    picture.range = bytes;
    picture.why = "The input takes whole numbers";
    return picture;
  }
  if (!way.affine.is_identity()) {
    if (const std::optional<Range> range = range_before(way.affine)) {
      picture.range = *range;
      picture.why = text("The first operations make ", way.affine.factor * range->low + way.affine.offset,
                         " … ", way.affine.factor * range->high + way.affine.offset, " of ", text_of(*range));
      return picture;
    }
  }
  if (way.layer >= 0 && way.affine.is_identity()) {
    if (const std::optional<Range> range = range_by_statistics(graph, way.layer)) {
      picture.range = *range;
      picture.why =
          text("The batch norm behind the first layer has seen what that makes of ", text_of(*range));
      return picture;
    }
  }
  picture.is_guessed = true;
  return picture;
}

// ---- Outputs ----

// An end that lies a little beyond a range of pictures means that range: 150 tanh + 127.5 is painted in bytes.
Range snapped(const Range& range) {
  for (const Range& known : {unit, symmetric, bytes}) {
    const float slack = 0.12f * (known.high - known.low);
    if (std::abs(range.low - known.low) <= slack && std::abs(range.high - known.high) <= slack) return known;
  }
  return range;
}

template <class Kind>
bool is_unary(const WayOut& way, Kind kind) {
  const auto* unary = way.last ? std::get_if<Unary>(way.last) : nullptr;
  return unary && unary->kind == kind;
}

bool is_softmax(const WayOut& way) {
  return way.last && std::holds_alternative<Softmax>(*way.last);
}

// The square root of a square number of channels for each of `colours`; 0 where it is none.
int factor_of(int channels, int colours) {
  for (int factor = 2; factor <= 4; ++factor) {
    if (channels == factor * factor * colours) return factor;
  }
  return 0;
}

void say_bounds(PortPicture& picture, const WayOut& way) {
  if (!way.bounds) return;
  picture.range = snapped(*way.bounds);
  picture.is_guessed = false;
  picture.why =
      text("The output ends in ", name_of(*way.last), ", which bounds it to ", text_of(*way.bounds));
}

PortPicture find_output(const Graph& graph, const Port& port, const PortPicture* frame) {
  const Value& value = graph.values[static_cast<size_t>(port.value)];
  const WayOut way = way_out(graph, port.value);
  PortPicture picture = measured(value.shape, way.layout);
  picture.is_guessed = true;
  if (is_flat(picture)) {
    picture.kind = PortKind::vector;
    picture.why = "Numbers without a place in a picture";
    say_bounds(picture, way);
    return picture;
  }
  const auto* reduce = way.last ? std::get_if<Reduce>(way.last) : nullptr;
  const bool is_choice = reduce && (reduce->kind == ReduceKind::argmax || reduce->kind == ReduceKind::argmin);
  const bool is_bounded = way.bounds.has_value();
  const bool is_probability = is_softmax(way) || is_unary(way, UnaryKind::sigmoid);
  const int channels = picture.channels;
  const bool comes_from_colour = frame && frame->channels >= 3;
  const auto is_said = [&](PortKind kind, const std::string& why) {
    picture.kind = kind;
    picture.is_guessed = false;
    picture.why = why;
    return picture;
  };
  if (channels == 1 && is_choice) {
    picture.range = {0, 255};
    return is_said(PortKind::classes,
                   text("The output ends in ", name_of(*way.last), ": numbers of classes"));
  }
  if (channels == 1 && value.dtype == DType::boolean)
    return is_said(PortKind::mask, "Yes or no for each pixel");
  if (channels == 1 && value.dtype == DType::int32) {
    picture.range = {0, 255};
    return is_said(PortKind::classes, "Whole numbers, as classes have");
  }
  const int colours = frame ? (frame->channels == 1 ? 1 : 3) : 0;
  const bool has_frames_size = frame && picture.height == frame->height && picture.width == frame->width;
  if (colours > 0 && has_frames_size && !is_softmax(way) && factor_of(channels, colours) > 0) {
    picture.factor = factor_of(channels, colours);
    picture.kind = PortKind::subpixel;
    picture.range = frame->range;
    picture.why =
        text(channels, " channels are ", picture.factor, "×", picture.factor, " pixels of ", colours,
             colours == 1 ? " channel, in the input's range" : " channels, in the input's range");
    say_bounds(picture, way);
    return picture;
  }
  if (is_softmax(way) && channels == 2)
    return is_said(PortKind::mask, "The output ends in softmax: probabilities of two classes");
  if (is_softmax(way) && channels > 2)
    return is_said(PortKind::classes, "The output ends in softmax: a probability for each class");
  if (channels == 2 && comes_from_colour && (!is_bounded || is_probability)) {
    picture.kind = PortKind::mask;
    picture.is_logit = !is_bounded;
    picture.why =
        is_bounded ? "Two channels of probabilities" : "Two channels that no function bounds: two classes";
    picture.is_guessed = false;
    return picture;
  }
  if (channels == 1 && comes_from_colour && (!is_bounded || is_probability)) {
    picture.kind = PortKind::mask;
    picture.is_logit = !is_bounded;
    picture.why = is_bounded ? "One probability for each pixel of a coloured picture"
                             : "One channel that no function bounds, of a coloured picture";
    return picture;
  }
  if (!has_picture_channels(channels)) {
    const bool is_alone = graph.outputs.size() == 1 && frame && !is_bounded && channels > 4;
    picture.kind = is_alone ? PortKind::classes : PortKind::features;
    picture.why = is_alone ? text(channels, " channels that no function bounds: a score for each class")
                           : text(channels, " channels make no picture");
    say_bounds(picture, way);
    return picture;
  }
  picture.kind = channels == 1 ? PortKind::grey : PortKind::colour;
  if (is_bounded) {
    say_bounds(picture, way);
  } else if (frame && (frame->channels == 1) == (channels == 1)) {
    picture.range = frame->range;
    picture.is_guessed = !way.is_input;
    picture.why = way.is_input ? "The pixels of the input are only moved" : "As the input";
  } else {
    picture.why = "Nothing in the network says so: what most use";
  }
  return picture;
}

// ---- Both ----

// The more of a picture an output is, the less this is.
int rank_of(const PortPicture& output) {
  switch (output.kind) {
    case PortKind::colour:
      return 0;
    case PortKind::subpixel:
    case PortKind::grey:
    case PortKind::lines:
    case PortKind::residual:
      return 1;
    case PortKind::mask:
    case PortKind::classes:
      return 2;
    case PortKind::features:
    case PortKind::map:
      return 3;
    case PortKind::vector:
      break;
  }
  return 4;
}

InputFill fill_of(const PortPicture& input, DType dtype, bool has_frame) {
  if (input.is_picture()) return {InputFill::Kind::frame};
  // A switch or a strength; a state that is empty at first.
  if (dtype == DType::boolean) return {InputFill::Kind::constant, 0};
  if (input.kind == PortKind::vector && input.channels == 1)
    return {InputFill::Kind::constant, dtype == DType::float32 ? 1.0f : 0.0f};
  if (dtype != DType::float32 || (input.kind == PortKind::map && has_frame))
    return {InputFill::Kind::constant, 0};
  return {InputFill::Kind::seeded};
}

}  // namespace

Ports find_ports(const Graph& source) {
  Ports ports;
  for (const Port& input : source.inputs) {
    ports.inputs.push_back(find_input(source, input));
    // The first picture, coloured if there is one: a mask may stand before it.
    const PortPicture& last = ports.inputs.back();
    const bool is_better = ports.frame_input < 0 ||
                           (ports.inputs[static_cast<size_t>(ports.frame_input)].kind == PortKind::grey &&
                            last.kind == PortKind::colour);
    if (last.is_picture() && is_better) ports.frame_input = static_cast<int>(ports.inputs.size()) - 1;
  }
  PortPicture* frame =
      ports.frame_input < 0 ? nullptr : &ports.inputs[static_cast<size_t>(ports.frame_input)];
  const bool paints_symmetric =
      std::any_of(source.outputs.begin(), source.outputs.end(), [&](const Port& port) {
        const WayOut way = way_out(source, port.value);
        return is_unary(way, UnaryKind::tanh) && way.bounds && snapped(*way.bounds) == symmetric;
      });
  const Family* family = family_of(source);
  for (PortPicture& input : ports.inputs) {
    if (!input.is_picture() || !input.is_guessed) continue;
    if (paints_symmetric) {
      input.range = symmetric;
      input.why = "The output ends in tanh, which paints -1 … 1";
      input.is_guessed = false;
    } else if (family) {
      input.range = family->range;
      input.why = text("Layers called ", family->layers, " are trained on ", text_of(family->range));
      input.is_guessed = false;
    } else {
      input.why = "Nothing in the network says so: what most use";
    }
  }
  for (const Port& output : source.outputs) {
    ports.outputs.push_back(find_output(source, output, frame));
    const size_t last = ports.outputs.size() - 1;
    if (rank_of(ports.outputs[last]) < rank_of(ports.outputs[static_cast<size_t>(ports.shown_output)]))
      ports.shown_output = static_cast<int>(last);
  }
  for (size_t i = 0; i < ports.inputs.size(); ++i) {
    const Value& value = source.values[static_cast<size_t>(source.inputs[i].value)];
    ports.fills.push_back(fill_of(ports.inputs[i], value.dtype, frame != nullptr));
  }
  return ports;
}

std::string to_string(PortLayout layout) {
  return name_in(layouts, layout);
}

std::string to_string(PortKind kind) {
  return name_in(kinds, kind);
}

std::string to_string(const InputFill& fill) {
  switch (fill.kind) {
    case InputFill::Kind::frame:
      return "The frame";
    case InputFill::Kind::seeded:
      return text("Normal numbers of the seed ", fill.seed);
    case InputFill::Kind::constant:
      break;
  }
  return text("The number ", static_cast<double>(fill.value), " everywhere");
}

std::vector<float> numbers_of(const InputFill& fill, int64_t count) {
  std::vector<float> numbers(static_cast<size_t>(count), fill.value);
  if (fill.kind != InputFill::Kind::seeded) return numbers;
  auto state = static_cast<uint64_t>(fill.seed);
  // Standard normal numbers, the same for the same seed everywhere. splitmix64 (Steele, Lea and Flood 2014), 24 bits of it: 0 < u ≤ 1
  const auto uniform = [&] {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (static_cast<double>((z ^ z >> 31) >> 40) + 1) / (1 << 24);
  };
  for (float& number : numbers) {  // Box and Muller
    const double radius = std::sqrt(-2 * std::log(uniform()));
    number = static_cast<float>(radius * std::cos(2 * 3.14159265358979 * uniform()));
  }
  return numbers;
}

}  // namespace fragnet
