#include "video/frame_pipeline.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "programs/program.hpp"
#include "programs/shader_library.hpp"
#include "runtime/draw_rectangle.hpp"

namespace fragnet {
namespace {

constexpr int classic_size = 16, classic_blurs = 3;
constexpr int paper_reduction = 24;

Shader start_compiling(const Network& network, const char* file, std::vector<Define> defines,
                       std::vector<std::string> samplers, const std::string& tensors = "") {
  define_texels(network.plan(), defines);
  samplers.push_back(
      "ranges");  // which glsl/include/texel.glsl may declare: two kinds of samplers must not share a unit
  Shader shader(shader_text(file, defines, {{"tensors", tensors}}), std::move(samplers));
  shader.start();
  return shader;
}

void set_uniform(const Shader& shader, const char* name, float a, float b, float c, float d) {
  glUniform4f(glGetUniformLocation(shader.id(), name), a, b, c, d);
}

void bind(GLenum target, GLuint texture) {
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(target, texture);
}

void draw(const Shader& shader, GLuint framebuffer, int width, int height) {
  glUseProgram(shader.id());
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  draw_rectangle(0, 0, width, height);
}

}  // namespace

// As large as fits, in the middle, in the picture's proportions.
FramePipeline::Rect FramePipeline::fitted(const Picture& picture, const Rect& space) {
  const float scale = std::min(static_cast<float>(space.width) / static_cast<float>(picture.w),
                               static_cast<float>(space.height) / static_cast<float>(picture.h));
  const int width = static_cast<int>(std::lround(static_cast<float>(picture.w) * scale));
  const int height = static_cast<int>(std::lround(static_cast<float>(picture.h) * scale));
  return {space.x + (space.width - width) / 2, space.y + (space.height - height) / 2, width, height};
}

FramePipeline::FramePipeline(Network& network) : network_(network), guessed_(guess_range(network.graph())) {
  const int index = picture_input(network.graph());
  if (index < 0) {
    fail(code::bad_input,
         "this network takes no picture: none of its inputs has a height, a width and one, three or four "
         "channels. It can still be run with predict()");
  }
  input_ = network.inputs()[static_cast<size_t>(index)].value;
  zero_other_inputs();
  const Layout& layout = network.layout_of(input_);
  input_framebuffer_ = Framebuffer::of(network.texture_of(input_), 0, layout.layers());
}

void FramePipeline::zero_other_inputs() {
  for (size_t i = 0; i < network_.inputs().size(); ++i) {
    const NetworkPort& port = network_.inputs()[i];
    if (port.value == input_) continue;
    const std::vector<float> zeros(static_cast<size_t>(element_count(port.shape)));
    network_.write_input(static_cast<int>(i), zeros);
  }
  if (options_) network_.expect_frames(range_of(*options_));
}

Shader FramePipeline::presenting_shader(ValueId value, bool is_exact) const {
  const Layout& layout = network_.layout_of(value);
  const std::string tensors =
      "uniform TENSOR picture0;\nconst Layout PICTURE0 = " + glsl_layout(layout) + ";\n";
  return start_compiling(network_, "present.frag",
                         {{"CHANNELS", std::to_string(layout.picture.c)}, {"EXACT", is_exact ? "1" : "0"}},
                         {"picture0"}, tensors);
}

FramePipeline::Picture2d FramePipeline::make_picture(int width, int height) const {
  // A small picture's numbers are 0 … 1.
  const TextureFormat format = network_.precision() == Precision::rgba8  ? TextureFormat::rgb10_a2
                               : network_.precision() == Precision::fp16 ? TextureFormat::rgba16f
                                                                         : TextureFormat::rgba32f;
  Picture2d picture{.texture = Texture::flat(format, width, height), .width = width, .height = height};
  picture.framebuffer = Framebuffer::of(picture.texture, 0, 1);
  return picture;
}

void FramePipeline::configure(const FrameOptions& options, const PixelSize& frame, const PixelSize& target) {
  if (options_ == options && frame == frame_size_ && target == target_size_) return;
  const bool is_new_size = frame != frame_size_;
  clear_gl_errors();
  const bool is_new_chain = !options_ || options_->augmentation != options.augmentation;
  options_ = std::nullopt;  // where anything below throws, the next call begins anew
  if (is_new_size) {
    frame_ = Texture::flat(TextureFormat::rgba8, frame.width, frame.height);
    frame_size_ = frame;
  }
  target_size_ = target;
  // The middle of the frame that has the input's proportions.
  const Picture& input = network_.layout_of(input_).picture;
  const float scale = std::min(static_cast<float>(frame.width) / static_cast<float>(input.w),
                               static_cast<float>(frame.height) / static_cast<float>(input.h));
  const float crop_width = static_cast<float>(input.w) * scale,
              crop_height = static_cast<float>(input.h) * scale;
  const float left = (static_cast<float>(frame.width) - crop_width) / 2,
              top = (static_cast<float>(frame.height) - crop_height) / 2;

  const bool is_new_small = is_new_chain || is_new_size;
  if (is_new_small) make_small(options.augmentation, scale);
  if (is_new_size) check_gl_memory(text("a frame of ", frame.width, "×", frame.height, " pixels"));
  make_shaders(options, is_new_small, scale == 1 && left == std::floor(left) && top == std::floor(top));
  const Range range = range_of(options);
  network_.expect_frames(range);
  options_ = options;

  glUseProgram(reduce_.id());
  set_uniform(reduce_, "crop", left, top, crop_width, crop_height);
  const auto [width, height] =
      is_direct() ? std::pair(input.w, input.h) : std::pair(small_.width, small_.height);
  glUniform2f(glGetUniformLocation(reduce_.id(), "size"), static_cast<float>(width),
              static_cast<float>(height));
  glUniform1f(glGetUniformLocation(reduce_.id(), "mirror"), options.mirror ? 1.0f : 0.0f);
  const Shader& last = is_direct() ? reduce_ : enlarge_;
  glUseProgram(last.id());
  set_uniform(last, "tone", options.contrast, options.brightness, range.low, range.high);
  for (const Presenter* presenter : {&show_input_, &show_output_}) {
    if (!presenter->shader.id()) continue;
    const Rect& part = presenter->part;
    glUseProgram(presenter->shader.id());
    set_uniform(presenter->shader, "window", static_cast<float>(part.x), static_cast<float>(part.y),
                static_cast<float>(part.width), static_cast<float>(part.height));
    glUniform2f(glGetUniformLocation(presenter->shader.id(), "range"), range.low, range.high);
  }
}

// `scale`: texels of the frame for one of the input.
void FramePipeline::make_small(Augmentation augmentation, float scale) {
  const Picture& input = network_.layout_of(input_).picture;
  int width = 0, height = 0;
  switch (augmentation) {
    case Augmentation::none:
      // Averages at least a texel of the frame for each of its own. Where those are the input's own there is no small picture.
      if (scale >= 1) break;
      width = std::max(1, static_cast<int>(static_cast<float>(input.w) * scale));
      height = std::max(1, static_cast<int>(static_cast<float>(input.h) * scale));
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
  other_ = augmentation == Augmentation::classic ? make_picture(width, height) : Picture2d{};
}

void FramePipeline::make_shaders(const FrameOptions& options, bool is_new_small, bool is_exact) {
  std::vector<Shader*> started;
  const auto start = [&](Shader& shader, Shader made) {
    shader = std::move(made);
    started.push_back(&shader);
  };
  if (is_new_small) {
    const Picture& input = network_.layout_of(input_).picture;
    const bool is_cubic = options.augmentation == Augmentation::paper;
    const Define channels{"CHANNELS", std::to_string(input.c)};
    const std::vector<Define> size = {{"SMALL_W", std::to_string(small_.width)},
                                      {"SMALL_H", std::to_string(small_.height)}};
    start(reduce_, start_compiling(network_, "frame_reduce.frag",
                                   {{"GREY", options.augmentation == Augmentation::none ? "0" : "1"},
                                    {"TO_INPUT", is_direct() ? "1" : "0"},
                                    {"EXACT", is_direct() && is_exact ? "1" : "0"},
                                    channels},
                                   {"frame"}));
    if (!is_direct()) {
      std::vector<Define> enlarge = size;
      enlarge.push_back({"INPUT_W", std::to_string(input.w)});
      enlarge.push_back({"INPUT_H", std::to_string(input.h)});
      enlarge.push_back(channels);
      enlarge.push_back({"CUBIC", is_cubic ? "1" : "0"});
      enlarge.push_back({"FIRST_TAP", is_cubic ? "0" : "1"});
      start(enlarge_, start_compiling(network_, "frame_to_input.frag", enlarge, {"small"}));
    }
    if (other_.width > 0) start(blur_, start_compiling(network_, "blur.frag", size, {"small"}));
  }
  const auto show = [&](Presenter& presenter, ValueId value, const Rect& space) {
    const Picture& picture = network_.layout_of(value).picture;
    presenter.part = fitted(picture, space);
    presenter.texture = network_.texture_of(value).id();
    const bool shows_texels = presenter.part.width == picture.w && presenter.part.height == picture.h;
    if (presenter.shader.id() && presenter.is_exact == shows_texels) return;
    presenter.is_exact = shows_texels;
    start(presenter.shader, presenting_shader(value, shows_texels));
  };
  const auto [width, height] = target_size_;
  const int middle = options.view == View::both ? width / 2 : 0;
  if (options.view != View::output) show(show_input_, input_, {0, 0, middle > 0 ? middle : width, height});
  if (options.view != View::input)
    show(show_output_, network_.outputs()[0].value, {middle, 0, width - middle, height});
  // All are under way before the first is waited for.
  for (Shader* shader : started) shader->finish();
}

void FramePipeline::prepare_input() const {
  const Layout& layout = network_.layout_of(input_);
  bind(GL_TEXTURE_2D, frame_.id());
  if (is_direct()) return draw(reduce_, input_framebuffer_.id(), layout.width, layout.height);
  draw(reduce_, small_.framebuffer.id(), small_.width, small_.height);
  const Picture2d* from = &small_;
  const Picture2d* to = &other_;
  if (options_->augmentation == Augmentation::classic) {
    for (int i = 0; i < classic_blurs; ++i) {
      bind(GL_TEXTURE_2D, from->texture.id());
      draw(blur_, to->framebuffer.id(), to->width, to->height);
      std::swap(from, to);
    }
  }
  bind(GL_TEXTURE_2D, from->texture.id());
  draw(enlarge_, input_framebuffer_.id(), layout.width, layout.height);
}

void FramePipeline::present(const Presenter& presenter) const {
  const Rect& part = presenter.part;
  glUseProgram(presenter.shader.id());
  bind(GL_TEXTURE_2D_ARRAY, presenter.texture);
  draw_rectangle(part.x, part.y, part.width, part.height);
}

void FramePipeline::run(GLuint target) {
  prepare_input();
  const View view = options_->view;
  if (view != View::input) network_.run();
  glBindFramebuffer(GL_FRAMEBUFFER, target);
  glScissor(0, 0, target_size_.width, target_size_.height);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  if (view != View::output) present(show_input_);
  if (view != View::input) present(show_output_);
}

int FramePipeline::draw_calls() const {
  if (!options_) return 0;
  const auto draws = [](const auto& target) { return draws_of_rectangle(target.width, target.height); };
  int calls = draws(network_.layout_of(input_));
  if (!is_direct()) calls += draws(small_);
  if (options_->augmentation == Augmentation::classic) calls += classic_blurs;
  if (options_->view != View::input) calls += network_.draw_calls() + draws(show_output_.part);
  if (options_->view != View::output) calls += draws(show_input_.part);
  return calls;
}

}  // namespace fragnet
