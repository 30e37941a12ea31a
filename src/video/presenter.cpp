#include "video/presenter.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "programs/program.hpp"
#include "runtime/draw_rectangle.hpp"
#include "video/picture_shader.hpp"

namespace fragnet {
namespace {

using Source = Presentation::Source;
using Blend = Presentation::Blend;

// As large as fits, in the middle, in the picture's proportions.
Rect fitted(const Picture& picture, const Rect& space) {
  const float scale = std::min(static_cast<float>(space.width) / static_cast<float>(picture.w),
                               static_cast<float>(space.height) / static_cast<float>(picture.h));
  const int width = std::max(1, static_cast<int>(std::lround(static_cast<float>(picture.w) * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(static_cast<float>(picture.h) * scale)));
  return {space.x + (space.width - width) / 2, space.y + (space.height - height) / 2, width, height};
}

Show show_of_kind(PortKind kind, bool has_frame) {
  switch (kind) {
    case PortKind::mask:
      return has_frame ? Show::overlay : Show::mask;
    case PortKind::classes:
      return has_frame ? Show::overlay : Show::classes;
    case PortKind::subpixel:
      return Show::subpixel;
    case PortKind::features:
    case PortKind::map:
      return Show::channel;
    case PortKind::colour:
    case PortKind::grey:
    case PortKind::lines:
    case PortKind::residual:
    case PortKind::vector:
      break;
  }
  return Show::picture;
}

// Of a tensor that is no picture of colours: where in it something is.
Source places_of(const PortPicture& port) {
  if (port.kind != PortKind::classes) return Source::mask;
  return port.channels == 1 ? Source::labels : Source::classes;
}

}  // namespace

Presentation presentation_of(const PortPicture& port, const FrameOptions& options, bool has_frame) {
  Presentation shown{.range = options.output_range.value_or(port.range),
                     .channel = std::max(options.channel, 0),
                     .is_logit = port.is_logit,
                     .invert = options.invert};
  if (port.kind == PortKind::vector) {
    shown.source = Source::bars;
    return shown;
  }
  if (shown.channel >= port.channels) {
    fail(code::bad_input, "the output has ", port.channels, port.channels == 1 ? " channel" : " channels",
         ", there is none with the number ", shown.channel);
  }
  const bool is_chosen = options.channel >= 0;
  Show show = options.show == Show::automatic ? show_of_kind(port.kind, has_frame) : options.show;
  if (options.show == Show::automatic && is_chosen && port.kind != PortKind::mask) show = Show::channel;
  switch (show) {
    case Show::automatic:
    case Show::picture:
      shown.source = is_chosen ? Source::channel : Source::colour;
      if (port.kind != PortKind::subpixel || is_chosen) break;
      [[fallthrough]];
    case Show::subpixel:
      if (port.factor < 2) {
        fail(code::bad_input, "the output's ", port.channels,
             " channels are not the pixels of a larger picture: show it as \"picture\" or \"channel\"");
      }
      shown.source = Source::subpixel;
      shown.factor = port.factor;
      // Three colours for each pixel side by side, as TensorFlow has them; PyTorch has all pixels of a colour together.
      if (port.layout == PortLayout::nchw) {
        shown.colour_step = port.factor * port.factor;
      } else {
        shown.pixel_step = port.channels / (port.factor * port.factor);
      }
      if (has_frame && port.channels == port.factor * port.factor) shown.blend = Blend::tinted;
      break;
    case Show::channel:
      shown.source = Source::channel;
      break;
    case Show::classes:
      shown.source = port.channels == 1 ? Source::labels : Source::classes;
      break;
    case Show::mask:
    case Show::overlay:
    case Show::cutout:
      shown.source = show == Show::mask ? Source::mask : places_of(port);
      if (show == Show::mask || !has_frame) break;
      shown.blend = show == Show::overlay ? Blend::overlay : Blend::cutout;
      break;
  }
  // Of two classes the second is the thing, the first what lies behind it.
  if (shown.source == Source::mask && port.channels == 2 && !is_chosen) shown.channel = 1;
  return shown;
}

void Presenter::prepare(const Presentation& presentation, const Rect& space, std::vector<Shader*>& started) {
  const Layout& layout = network_.layout_of(value_);
  const Picture& picture = layout.picture;
  const bool has_bars = presentation.source == Source::bars;
  part_ = has_bars ? space : fitted(picture, space);
  texture_ = network_.texture_of(value_).id();
  reads_frame_ = presentation.blend != Blend::plain;
  const bool shows_texels = part_.width == picture.w * presentation.factor &&
                            part_.height == picture.h * presentation.factor && !has_bars;
  const auto number = [](auto value) { return std::to_string(static_cast<int>(value)); };
  const std::vector<Define> defines = {{"CHANNELS", number(picture.c)},
                                       {"EXACT", number(shows_texels)},
                                       {"SOURCE", number(presentation.source)},
                                       {"BLEND", number(presentation.blend)},
                                       {"FACTOR", number(presentation.factor)},
                                       {"PIXEL_STEP", number(presentation.pixel_step)},
                                       {"COLOUR_STEP", number(presentation.colour_step)},
                                       {"LOGIT", number(presentation.is_logit)}};
  std::string kind;
  for (const Define& define : defines) kind += define.value + ' ';
  if (shader_.id() && kind == kind_) return;
  kind_ = std::move(kind);
  const std::string tensors =
      "uniform TENSOR picture0;\nconst Layout PICTURE0 = " + glsl_layout(layout) + ";\n";
  std::vector<std::string> samplers{"picture0"};
  if (reads_frame_) samplers.push_back("frame");
  shader_ = start_compiling(network_, "present.frag", defines, std::move(samplers), tensors);
  started.push_back(&shader_);
}

void Presenter::set_uniforms(const Presentation& presentation, const Crop& crop, bool mirror) const {
  glUseProgram(shader_.id());
  set_uniform(shader_, "window", static_cast<float>(part_.x), static_cast<float>(part_.y),
              static_cast<float>(part_.width), static_cast<float>(part_.height));
  const float unit = network_.unit_of(value_);
  const Range range{presentation.range.low / unit, presentation.range.high / unit};
  // Exchanged, black is white.
  if (presentation.invert) {
    set_uniform(shader_, "range", range.high, range.low);
  } else {
    set_uniform(shader_, "range", range.low, range.high);
  }
  glUniform1i(glGetUniformLocation(shader_.id(), "channel"), presentation.channel);
  if (!reads_frame_) return;
  set_uniform(shader_, "crop", crop.left, crop.top, crop.width, crop.height);
  shader_.set_uniform("mirror", mirror ? 1.0f : 0.0f);
}

void Presenter::draw(GLuint frame) const {
  glUseProgram(shader_.id());
  bind_texture(GL_TEXTURE_2D_ARRAY, texture_);
  if (reads_frame_) {
    glActiveTexture(GL_TEXTURE1);
    glBindTexture(GL_TEXTURE_2D, frame);
  }
  draw_rectangle(part_.x, part_.y, part_.width, part_.height);
}

int Presenter::draw_calls() const {
  return draws_of_rectangle(part_.width, part_.height);
}

}  // namespace fragnet
