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
    Rect part;              // of the target
    bool is_exact = false;  // a pixel a texel
  };
  static Rect fitted(const Picture& picture, const Rect& space);
  void make_small(Augmentation augmentation, float scale);
  bool is_direct() const { return small_.width == 0; }  // from the frame into the input
  void make_shaders(const FrameOptions& options, bool is_new_small, bool is_exact);
  Picture2d make_picture(int width, int height) const;
  Shader presenting_shader(ValueId value, bool is_exact) const;
  void prepare_input() const;
  Range range_of(const FrameOptions& options) const {
    return options.is_range_given ? options.range : guessed_;
  }
  void present(const Presenter& presenter) const;

  Network& network_;
  ValueId input_ = -1;
  std::optional<FrameOptions> options_;
  PixelSize frame_size_, target_size_;
  Range guessed_;

  Texture frame_;
  Picture2d small_, other_;  // the blur goes to and fro; 0 × 0 where there is none
  Framebuffer input_framebuffer_;
  Shader reduce_, blur_, enlarge_;
  Presenter show_input_, show_output_;  // made when first shown
};

}  // namespace fragnet
