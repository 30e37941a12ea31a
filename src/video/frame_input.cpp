#include "video/frame_input.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/draw_rectangle.hpp"
#include "video/picture_shader.hpp"

namespace fragnet {
namespace {

constexpr int classic_size = 16, classic_blurs = 3;
constexpr int paper_reduction = 24;

}  // namespace

Crop crop_of(const PixelSize& frame, const Picture& picture) {
  const double x = double(frame.width) / picture.w, y = double(frame.height) / picture.h;
  const auto width = static_cast<float>(std::min(x, y) / x), height = static_cast<float>(std::min(x, y) / y);
  return {(1 - width) / 2, (1 - height) / 2, width, height};
}

FrameInput::FrameInput(const Network& network, ValueId input)
    : network_(network),
      value_(input),
      framebuffer_(Framebuffer::of(network.texture_of(input), 0, layout().layers())) {}

FrameInput::Picture2d FrameInput::make_picture(int width, int height) const {
  // A small picture's numbers are 0 … 1.
  const TextureFormat format = network_.precision() == Precision::rgba8  ? TextureFormat::rgb10_a2
                               : network_.precision() == Precision::fp16 ? TextureFormat::rgba16f
                                                                         : TextureFormat::rgba32f;
  Picture2d picture{.texture = Texture::flat(format, width, height), .width = width, .height = height};
  picture.framebuffer = Framebuffer::of(picture.texture, 0, 1);
  return picture;
}

void FrameInput::make_small() {
  const Picture& input = layout().picture;
  int width = 0, height = 0;
  switch (augmentation_) {
    case Augmentation::none:
      break;
    case Augmentation::classic:
      width = height = classic_size;
      break;
    case Augmentation::paper:
      width = std::max(1, static_cast<int>(std::lround(static_cast<float>(input.w) / paper_reduction)));
      height = std::max(1, static_cast<int>(std::lround(static_cast<float>(input.h) / paper_reduction)));
      break;
  }
  small_ = width > 0 ? make_picture(width, height) : Picture2d{};
  other_ = augmentation_ == Augmentation::classic ? make_picture(width, height) : Picture2d{};
}

void FrameInput::prepare(const FrameOptions& options, const PixelSize& frame, bool is_new_augmentation,
                         std::vector<Shader*>& started) {
  const Picture& input = layout().picture;
  crop_ = crop_of(frame, input);
  const bool is_exact = options.augmentation == Augmentation::none && !frame.is_said &&
                        frame.width == input.w && frame.height == input.h;
  if (!is_new_augmentation && is_exact == is_exact_) return;
  is_exact_ = is_exact;
  augmentation_ = options.augmentation;
  make_small();
  const auto start = [&](Shader& shader, Shader made) {
    shader = std::move(made);
    started.push_back(&shader);
  };
  const bool is_cubic = augmentation_ == Augmentation::paper;
  const Define channels{"CHANNELS", std::to_string(input.c)};
  const Define grain{"GRAIN", options.grain != 0 ? "1" : "0"};
  const std::vector<Define> size = {{"SMALL_W", std::to_string(small_.width)},
                                    {"SMALL_H", std::to_string(small_.height)}};
  start(reduce_, start_compiling(network_, "frame_reduce.frag",
                                 {{"GREY", augmentation_ == Augmentation::none ? "0" : "1"},
                                  {"TO_INPUT", is_direct() ? "1" : "0"},
                                  {"EXACT", is_exact ? "1" : "0"},
                                  channels,
                                  grain},
                                 {"frame"}));
  if (!is_direct()) {
    std::vector<Define> enlarge = size;
    enlarge.push_back({"INPUT_W", std::to_string(input.w)});
    enlarge.push_back({"INPUT_H", std::to_string(input.h)});
    enlarge.push_back(channels);
    enlarge.push_back(grain);
    enlarge.push_back({"CUBIC", is_cubic ? "1" : "0"});
    enlarge.push_back({"FIRST_TAP", is_cubic ? "0" : "1"});
    start(enlarge_, start_compiling(network_, "frame_to_input.frag", enlarge, {"small"}));
  }
  if (other_.width > 0) start(blur_, start_compiling(network_, "blur.frag", size, {"small"}));
}

void FrameInput::set_uniforms(const FrameOptions& options, const Range& range) const {
  glUseProgram(reduce_.id());
  set_uniform(reduce_, "crop", crop_.left, crop_.top, crop_.width, crop_.height);
  const Picture& input = layout().picture;
  const auto [width, height] =
      is_direct() ? std::pair(input.w, input.h) : std::pair(small_.width, small_.height);
  set_uniform(reduce_, "size", static_cast<float>(width), static_cast<float>(height));
  glUniform1f(glGetUniformLocation(reduce_.id(), "mirror"), options.mirror ? 1.0f : 0.0f);
  const Shader& last = is_direct() ? reduce_ : enlarge_;
  glUseProgram(last.id());
  set_uniform(last, "tone", options.contrast, options.brightness, range.low, range.high);
  glUniform1f(glGetUniformLocation(last.id(), "grain"), options.grain);
}

void FrameInput::run(GLuint frame) const {
  bind_texture(GL_TEXTURE_2D, frame);
  if (is_direct()) return draw_whole(reduce_, framebuffer_.id(), layout().width, layout().height);
  draw_whole(reduce_, small_.framebuffer.id(), small_.width, small_.height);
  const Picture2d* from = &small_;
  const Picture2d* to = &other_;
  if (augmentation_ == Augmentation::classic) {
    for (int i = 0; i < classic_blurs; ++i) {
      bind_texture(GL_TEXTURE_2D, from->texture.id());
      draw_whole(blur_, to->framebuffer.id(), to->width, to->height);
      std::swap(from, to);
    }
  }
  bind_texture(GL_TEXTURE_2D, from->texture.id());
  draw_whole(enlarge_, framebuffer_.id(), layout().width, layout().height);
}

int FrameInput::draw_calls() const {
  int calls = draws_of_rectangle(layout().width, layout().height);
  if (!is_direct()) calls += draws_of_rectangle(small_.width, small_.height);
  return augmentation_ == Augmentation::classic ? calls + classic_blurs : calls;
}

}  // namespace fragnet
