// The frame's way into one input of a network: the middle of it, augmented, in the numbers that the input wants.
#pragma once

#include <vector>

#include "runtime/network.hpp"
#include "runtime/shader.hpp"
#include "runtime/texture.hpp"
#include "video/frame_options.hpp"

namespace fragnet {

// The part of a frame that a picture shows: 0 … 1 from its left to its right, and from its top to its bottom. Of a frame
// of 1280×720 a square picture shows {0.21875, 0, 0.5625, 1}.
struct Crop {
  float left = 0, top = 0, width = 0, height = 0;
};
// The largest part in the middle that has the picture's proportions.
Crop crop_of(const PixelSize& frame, const Picture& picture);

class FrameInput {
 public:
  FrameInput(const Network& network, ValueId input);

  // Makes what the options and the frame's proportions need, and adds to `started` which shaders have to be finished before
  // set_uniforms().
  void prepare(const FrameOptions& options, const PixelSize& frame, bool is_new_augmentation,
               std::vector<Shader*>& started);
  void set_uniforms(const FrameOptions& options, const Range& range) const;

  // The texture may have another size than a frame says: the shader asks for that where the size is only said.
  void run(GLuint frame) const;
  int draw_calls() const;  // of one run()

  const Crop& crop() const { return crop_; }

 private:
  struct Picture2d {  // a small picture between two passes
    Texture texture;
    Framebuffer framebuffer;
    int width = 0, height = 0;
  };
  Picture2d make_picture(int width, int height) const;
  void make_small();
  bool is_direct() const { return small_.width == 0; }  // from the frame into the input
  const Layout& layout() const { return network_.layout_of(value_); }

  const Network& network_;
  ValueId value_;
  Augmentation augmentation_ = Augmentation::none;
  bool is_exact_ = false;  // a texel of the frame is one of the input
  Crop crop_;
  Picture2d small_, other_;  // the blur goes to and fro; 0 × 0 where there is none
  Framebuffer framebuffer_;
  Shader reduce_, blur_, enlarge_;
};

}  // namespace fragnet
