// The frame's way: a picture in a texture → the network's input → the network → the canvas. Everything stays
// on the device.
#pragma once

#include <optional>

#include "runtime/network.hpp"
#include "runtime/shader.hpp"
#include "runtime/texture.hpp"
#include "video/frame_options.hpp"

namespace fragnet {

class FramePipeline {
 public:
  // Throws `bad-input` if no input of the network is a picture of one, three or four channels.
  explicit FramePipeline(Network& network);

  // Makes what the options and the frame's size need; does nothing if both are as before. Compiles its shaders at once and
  // waits for them: they are small.
  void configure(const FrameOptions& options, int frame_width, int frame_height);

  // Other inputs than the picture are zero while frames run; to be called again when somebody has written them.
  void zero_other_inputs();

  // RGBA8, first row on top, at the size last configured: the caller fills it before run().
  GLuint frame_texture() const { return frame_.id(); }

  // Prepares the input, runs the network, and draws to `target` (0: the canvas) of width × height pixels.
  void run(GLuint target, int width, int height);

  int draw_calls() const;  // of one run()

 private:
  struct Picture2d {  // a small picture between two passes
    Texture texture;
    Framebuffer framebuffer;
    int width = 0, height = 0;
  };
  struct Rect {
    int x = 0, y = 0, width = 0, height = 0;
  };
  struct Presenter {  // shows one tensor
    Shader shader;
    GLuint texture = 0;
    int picture_width = 0, picture_height = 0;
    GLint window = -1, corners = -1;
  };
  void make_small(Augmentation augmentation, float scale);
  bool is_direct() const { return small_.width == 0; }  // from the frame into the input
  void make_shaders(const FrameOptions& options, bool is_new_small);
  Picture2d make_picture(int width, int height) const;
  Presenter make_presenter(ValueId value) const;
  void prepare_input() const;
  Range range_of(const FrameOptions& options) const {
    return options.is_range_given ? options.range : guessed_;
  }
  void present(const Presenter& presenter, const Rect& part) const;

  Network& network_;
  ValueId input_ = -1;
  std::optional<FrameOptions> options_;
  int frame_width_ = 0, frame_height_ = 0;
  Range guessed_;

  Texture frame_;
  Picture2d small_, other_;  // the blur goes to and fro; 0 × 0 where there is none
  Framebuffer input_framebuffer_;
  Shader reduce_, blur_, enlarge_;
  Presenter show_input_, show_output_;  // made when first shown
};

}  // namespace fragnet
