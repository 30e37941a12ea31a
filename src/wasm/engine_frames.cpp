// The engine while it runs: frames, inputs that others set, and predictions.
#include <algorithm>
#include <emscripten/html5.h>
#include <utility>

#include "base/error.hpp"
#include "formats/json_object.hpp"
#include "wasm/engine.hpp"
#include "wasm/options.hpp"

namespace fragnet {

void Engine::configure(const Json& options) {
  frame_options_ = frame_options_of(options);
}

void Engine::draw_into(GLuint framebuffer, const PixelSize& size) {
  target_ = framebuffer;
  target_size_ = size;
}

GLuint Engine::begin_frame(const PixelSize& frame, bool is_new) {
  Running& now = running();
  if (std::max(frame.width, frame.height) > device_.limits.texture_size) {
    fail(code::too_large, "the frame has ", frame.width, "×", frame.height,
         " pixels, this device takes up to ", device_.limits.texture_size, " on a side");
  }
  if (has_predicted_) now.pipeline->restore_inputs();
  has_predicted_ = false;
  PixelSize target = target_size_;
  if (!target_) {
    emscripten_webgl_get_drawing_buffer_size(emscripten_webgl_get_current_context(), &target.width,
                                             &target.height);
  }
  if (now.pipeline->configure(frame_options_, frame, target) || is_new) is_watched_ = true;
  if (is_watched_) clear_gl_errors();
  return now.pipeline->frame_texture();
}

void Engine::look_for_errors(std::string_view kind, const char* what) const {
  if (!is_watched_) return;
  const GLenum error = glGetError();
  if (error == GL_NO_ERROR || error == context_lost_webgl) return;  // of a lost context the next frame tells
  if (error == GL_OUT_OF_MEMORY) fail(code::out_of_memory, "the device has no room for this frame");
  fail(kind, what, " (GL error ", error, ")");
}

void Engine::finish_upload() {
  look_for_errors(code::bad_input,
                  "the browser makes no texture of this frame: draw it on a 2-D canvas, and pass that");
}

void Engine::finish_frame(double started_ms) {
  running().pipeline->run(target_);
  look_for_errors(code::internal, "the device refuses to draw this network's picture");
  is_watched_ = false;
  // Where commands wait for the end of the task, so would the device.
  if (device_.is_phone) glFlush();
  cpu_ms_ = emscripten_get_now() - started_ms;
}

float* Engine::input_buffer(int index) {
  const std::vector<NetworkPort>& inputs = running().job->network().inputs();
  if (index < 0 || static_cast<size_t>(index) >= inputs.size()) {
    fail(code::bad_input, "the model has ", inputs.size(), " inputs, there is none with the number ", index);
  }
  input_buffers_.resize(inputs.size());
  std::vector<float>& buffer = input_buffers_[static_cast<size_t>(index)];
  buffer.resize(static_cast<size_t>(element_count(inputs[static_cast<size_t>(index)].shape)));
  return buffer.data();
}

void Engine::hold_input(int index, const Json& fill) {
  const ContextTurn turn = take_context();
  Running& now = running();
  const std::vector<NetworkPort>& inputs = now.job->network().inputs();
  if (index < 0 || static_cast<size_t>(index) >= inputs.size())
    fail(code::bad_input, "the model has ", inputs.size(), " inputs, there is none with the number ", index);
  const int64_t count = element_count(inputs[static_cast<size_t>(index)].shape);
  std::vector<float> numbers;
  if (find_member(fill, {"seed"})) {
    const auto seed = static_cast<int>(number_option(fill, "seed", 1));
    numbers = numbers_of({.kind = InputFill::Kind::seeded, .seed = seed}, count);
  } else if (const Json* constant = find_member(fill, {"constant"})) {
    numbers.assign(static_cast<size_t>(count), constant->get<float>());
  } else if (flag_option(fill, "isWritten")) {
    input_buffer(index);  // where they are
    numbers = std::exchange(input_buffers_[static_cast<size_t>(index)], {});
  }
  now.pipeline->hold(index, std::move(numbers));
}

Json Engine::predict() {
  Network& network = running().job->network();
  const ContextTurn turn = take_context();
  if (input_buffers_.size() != network.inputs().size())
    fail(code::bad_input, "predict() needs all inputs of the model");
  for (size_t i = 0; i < input_buffers_.size(); ++i)
    network.write_input(static_cast<int>(i), input_buffers_[i]);
  input_buffers_.clear();
  has_predicted_ = true;
  network.run();
  Json outputs = Json::array();
  output_buffers_.clear();
  for (size_t i = 0; i < network.outputs().size(); ++i) {
    output_buffers_.push_back(network.read_output(static_cast<int>(i)));
    const NetworkPort& port = network.outputs()[i];
    outputs.push_back(json_object({{"name", port.name},
                                   {"shape", port.shape},
                                   {"pointer", reinterpret_cast<uintptr_t>(output_buffers_.back().data())}}));
  }
  return outputs;
}

}  // namespace fragnet
