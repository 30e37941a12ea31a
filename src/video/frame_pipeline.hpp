// The frame's way: a picture in a texture → the network's inputs → the network → the canvas. Everything stays
// on the device.
#pragma once

#include <optional>
#include <vector>

#include "runtime/network.hpp"
#include "runtime/texture.hpp"
#include "video/frame_input.hpp"
#include "video/frame_options.hpp"
#include "video/presenter.hpp"

namespace fragnet {

class FramePipeline {
 public:
  explicit FramePipeline(Network& network);

  // False for a network that paints from other numbers than pictures: then frames have no pixels.
  bool takes_frames() const { return network_.ports().frame_input >= 0; }

  // Makes what the options, the frame's proportions and the target's size need; does nothing if all are as before. Compiles
  // its shaders at once and waits for them: they are small. Returns whether the frame or the target is new. Throws `bad-input`
  // for an output, channel or way to show it that there is not.
  bool configure(const FrameOptions& options, const PixelSize& frame, const PixelSize& target);

  // From here on the input holds these numbers, row-major in its shape; none: what its fill says. Throws `bad-input` for the
  // input that frames are drawn into, and for another number of elements.
  void hold(int input, std::vector<float> numbers);
  // Writes what inputs hold while frames run; to be called again when somebody has written something else.
  void restore_inputs();

  // To be called when the network's ports have changed.
  void reconsider();

  // RGBA8, first row on top, colours times alpha: the caller gives it storage of any size (glTexImage2D) and fills it before
  // run(). A frame says of itself how large it is to be shown; what is uploaded may have more texels, or other proportions.
  GLuint frame_texture() const { return frame_.id(); }

  // Prepares the inputs, runs the network, and draws to `target` (0: the canvas), of the size last configured.
  void run(GLuint target);

  int draw_calls() const;  // of one run()

 private:
  // An input that is a picture, and may be given the frame.
  struct Way {
    int input = 0;
    FrameInput frame;
  };
  bool is_held(int input) const { return !held_[static_cast<size_t>(input)].empty(); }
  Range range_of(int input, const FrameOptions& options) const;
  void expect_frames(const FrameOptions& options);
  bool shows_input() const { return takes_frames() && options_->view != View::output; }
  bool shows_output() const { return !takes_frames() || options_->view != View::input; }

  Network& network_;
  std::optional<FrameOptions> options_;
  bool is_stale_ = false;  // more is known of the ports than configure() was told
  PixelSize frame_size_, target_size_;
  Texture frame_ = Texture::for_uploads();
  std::vector<Way> ways_;                 // that of the frame's own input first
  std::vector<std::vector<float>> held_;  // by input
  std::vector<Presenter> show_input_;     // one, where frames are taken
  std::vector<Presenter> show_output_;    // one, of the output that was last asked for
  int output_ = -1;                       // which that is
};

}  // namespace fragnet
