#include "video/frame_pipeline.hpp"

#include <utility>

#include "base/error.hpp"

namespace fragnet {

FramePipeline::FramePipeline(Network& network) : network_(network), held_(network.inputs().size()) {
  const Ports& ports = network.ports();
  const auto add_way = [&](int input) {
    const ValueId value = network.inputs()[static_cast<size_t>(input)].value;
    ways_.push_back({input, FrameInput(network, value)});
  };
  if (takes_frames()) {
    add_way(ports.frame_input);
    show_input_.emplace_back(network, network.inputs()[static_cast<size_t>(ports.frame_input)].value);
  }
  for (size_t i = 0; i < ports.inputs.size(); ++i) {
    const auto input = static_cast<int>(i);
    if (ports.fills[i].kind == InputFill::Kind::frame && input != ports.frame_input) add_way(input);
  }
  restore_inputs();
}

void FramePipeline::hold(int input, std::vector<float> numbers) {
  const NetworkPort& port = network_.inputs()[static_cast<size_t>(input)];
  if (input == network_.ports().frame_input)
    fail(code::bad_input, "input \"", port.name, "\" is the one that frames are drawn into");
  if (!numbers.empty()) network_.write_input(input, numbers);  // which counts them
  held_[static_cast<size_t>(input)] = std::move(numbers);
  restore_inputs();
}

void FramePipeline::restore_inputs() {
  const Ports& ports = network_.ports();
  for (size_t i = 0; i < ports.inputs.size(); ++i) {
    const auto input = static_cast<int>(i);
    if (is_held(input)) {
      network_.write_input(input, held_[i]);
    } else if (ports.fills[i].kind != InputFill::Kind::frame) {
      const int64_t count = element_count(network_.inputs()[i].shape);
      network_.write_input(input, numbers_of(ports.fills[i], count));
    }
  }
  if (options_) expect_frames(*options_);
}

void FramePipeline::reconsider() {
  is_stale_ = true;  // configure() begins anew
  restore_inputs();
}

Range FramePipeline::range_of(int input, const FrameOptions& options) const {
  return options.input_range.value_or(network_.ports().inputs[static_cast<size_t>(input)].range);
}

void FramePipeline::expect_frames(const FrameOptions& options) {
  if (takes_frames()) network_.expect_frames(range_of(network_.ports().frame_input, options));
}

bool FramePipeline::configure(const FrameOptions& options, const PixelSize& frame, const PixelSize& target) {
  // After one frame whose size was only said, the way that is right for any size stays: sources may take turns.
  const bool is_said = frame_size_.is_said || frame.is_said;
  const bool is_new = !options_ || is_stale_ || frame != frame_size_ || target != target_size_ ||
                      is_said != frame_size_.is_said;
  if (!is_new && options_ == options) return false;
  const Ports& ports = network_.ports();
  const int output = options.output >= 0 ? options.output : ports.shown_output;
  if (output >= static_cast<int>(ports.outputs.size())) {
    fail(code::bad_input, "the network has ", ports.outputs.size(),
         " outputs, there is none with the number ", output);
  }
  const Presentation shown =
      presentation_of(ports.outputs[static_cast<size_t>(output)], options, takes_frames());
  // Grain is compiled in where there is some, and costs nothing else.
  const bool is_new_augmentation = !options_ || is_stale_ || options_->augmentation != options.augmentation ||
                                   (options_->grain != 0) != (options.grain != 0);
  options_ = std::nullopt;  // where anything below throws, the next call begins anew
  frame_size_ = {frame.width, frame.height, is_said};
  target_size_ = target;
  if (output != output_) {
    show_output_.clear();
    show_output_.emplace_back(network_, network_.outputs()[static_cast<size_t>(output)].value);
    output_ = output;
  }

  std::vector<Shader*> started;
  for (Way& way : ways_) way.frame.prepare(options, frame_size_, is_new_augmentation, started);
  const bool has_input = takes_frames() && options.view != View::output;
  const bool has_output = !takes_frames() || options.view != View::input;
  const int middle = has_input && has_output ? target.width / 2 : 0;
  Presentation seen;  // what goes in
  if (has_input) {
    seen.range = range_of(ports.frame_input, options);
    show_input_[0].prepare(seen, {0, 0, middle > 0 ? middle : target.width, target.height}, started);
  }
  if (has_output) show_output_[0].prepare(shown, {middle, 0, target.width - middle, target.height}, started);
  // All are under way before the first is waited for.
  for (Shader* shader : started) shader->finish();

  expect_frames(options);
  options_ = options;
  is_stale_ = false;
  for (const Way& way : ways_) way.frame.set_uniforms(options, range_of(way.input, options));
  const Crop crop = takes_frames() ? ways_[0].frame.crop() : Crop{};
  if (has_input) show_input_[0].set_uniforms(seen, crop, options.mirror);
  if (has_output) show_output_[0].set_uniforms(shown, crop, options.mirror);
  return is_new;
}

void FramePipeline::run(GLuint target) {
  for (const Way& way : ways_) {
    if (!is_held(way.input)) way.frame.run(frame_.id());
  }
  if (shows_output()) network_.run();
  glBindFramebuffer(GL_FRAMEBUFFER, target);
  glScissor(0, 0, target_size_.width, target_size_.height);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  if (shows_input()) show_input_[0].draw(frame_.id());
  if (shows_output()) show_output_[0].draw(frame_.id());
}

int FramePipeline::draw_calls() const {
  if (!options_) return 0;
  int calls = 0;
  for (const Way& way : ways_) {
    if (!is_held(way.input)) calls += way.frame.draw_calls();
  }
  if (shows_output()) calls += network_.draw_calls() + show_output_[0].draw_calls();
  if (shows_input()) calls += show_input_[0].draw_calls();
  return calls;
}

}  // namespace fragnet
