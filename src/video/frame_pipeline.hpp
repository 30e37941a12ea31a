// The frame's way: a picture in a texture → the network's input → the network → the canvas. Everything stays
// on the device.
#pragma once

#include <optional>

#include "runtime/network.hpp"
#include "runtime/texture.hpp"
#include "video/frame_input.hpp"
#include "video/frame_options.hpp"
#include "video/presenter.hpp"

namespace fragnet {

class FramePipeline {
 public:
  // Throws `bad-input` if no input of the network is a picture of one, three or four channels.
  explicit FramePipeline(Network& network);

  // Makes what the options and the sizes of the frame and of the target need; does nothing if all are as before. Compiles its
  // shaders at once and waits for them: they are small.
  void configure(const FrameOptions& options, const PixelSize& frame, const PixelSize& target);

  // Other inputs than the picture are zero while frames run; to be called again when somebody has written them.
  void zero_other_inputs();

  // RGBA8, first row on top, of the size last configured: the caller fills it before run().
  GLuint frame_texture() const { return frame_.id(); }

  // Prepares the input, runs the network, and draws to `target` (0: the canvas), of the size last configured.
  void run(GLuint target);

  int draw_calls() const;  // of one run()

 private:
  Range range_of(const FrameOptions& options) const {
    return options.is_range_given ? options.range : guessed_;
  }

  Network& network_;
  std::optional<FrameOptions> options_;
  PixelSize frame_size_, target_size_;
  Range guessed_;
  Texture frame_;
  std::optional<FrameInput> input_;
  std::optional<Presenter> show_input_, show_output_;
};

}  // namespace fragnet
