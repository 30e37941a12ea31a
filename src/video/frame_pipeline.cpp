#include "video/frame_pipeline.hpp"

#include "base/error.hpp"

namespace fragnet {

FramePipeline::FramePipeline(Network& network) : network_(network), guessed_(guess_range(network.graph())) {
  const int index = picture_input(network.graph());
  if (index < 0) {
    fail(code::bad_input,
         "this network takes no picture: none of its inputs has a height, a width and one, three or four "
         "channels. It can still be run with predict()");
  }
  const ValueId input = network.inputs()[static_cast<size_t>(index)].value;
  input_.emplace(network, input);
  show_input_.emplace(network, input);
  show_output_.emplace(network, network.outputs()[0].value);
  zero_other_inputs();
}

void FramePipeline::zero_other_inputs() {
  for (size_t i = 0; i < network_.inputs().size(); ++i) {
    const NetworkPort& port = network_.inputs()[i];
    if (port.value == input_->value()) continue;
    const std::vector<float> zeros(static_cast<size_t>(element_count(port.shape)));
    network_.write_input(static_cast<int>(i), zeros);
  }
  if (options_) network_.expect_frames(range_of(*options_));
}

void FramePipeline::configure(const FrameOptions& options, const PixelSize& frame, const PixelSize& target) {
  if (options_ == options && frame == frame_size_ && target == target_size_) return;
  const bool is_new_size = frame != frame_size_;
  clear_gl_errors();
  const bool is_new_augmentation = !options_ || options_->augmentation != options.augmentation;
  options_ = std::nullopt;  // where anything below throws, the next call begins anew
  if (is_new_size) {
    frame_ = Texture::flat(TextureFormat::rgba8, frame.width, frame.height);
    frame_size_ = frame;
  }
  target_size_ = target;

  std::vector<Shader*> started;
  input_->prepare(options, frame, is_new_size, is_new_augmentation, started);
  if (is_new_size) check_gl_memory(text("a frame of ", frame.width, "×", frame.height, " pixels"));
  const int middle = options.view == View::both ? target.width / 2 : 0;
  const bool shows_input = options.view != View::output, shows_output = options.view != View::input;
  if (shows_input) show_input_->prepare({0, 0, middle > 0 ? middle : target.width, target.height}, started);
  if (shows_output) show_output_->prepare({middle, 0, target.width - middle, target.height}, started);
  // All are under way before the first is waited for.
  for (Shader* shader : started) shader->finish();

  const Range range = range_of(options);
  network_.expect_frames(range);
  options_ = options;
  input_->set_uniforms(options, range);
  if (shows_input) show_input_->set_uniforms(range);
  if (shows_output) show_output_->set_uniforms(range);
}

void FramePipeline::run(GLuint target) {
  input_->run(frame_.id());
  const View view = options_->view;
  if (view != View::input) network_.run();
  glBindFramebuffer(GL_FRAMEBUFFER, target);
  glScissor(0, 0, target_size_.width, target_size_.height);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  if (view != View::output) show_input_->draw();
  if (view != View::input) show_output_->draw();
}

int FramePipeline::draw_calls() const {
  if (!options_) return 0;
  int calls = input_->draw_calls();
  if (options_->view != View::input) calls += network_.draw_calls() + show_output_->draw_calls();
  if (options_->view != View::output) calls += show_input_->draw_calls();
  return calls;
}

}  // namespace fragnet
