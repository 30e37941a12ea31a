// A tensor on its way to the canvas: as a picture, a mask, classes, or bars, fitted into a part of the canvas, perhaps
// together with the frame.
#pragma once

#include <string>
#include <vector>

#include "runtime/network.hpp"
#include "runtime/shader.hpp"
#include "video/frame_input.hpp"
#include "video/frame_options.hpp"

namespace fragnet {

struct Rect {
  int x = 0, y = 0, width = 0, height = 0;
};

// What is read from the tensor, and what becomes of it; the names are those of glsl/present.frag.
struct Presentation {
  enum class Source { colour, channel, mask, classes, labels, subpixel, bars };
  enum class Blend { plain, overlay, cutout, tinted };
  Source source = Source::colour;
  Blend blend = Blend::plain;
  Range range;
  int channel = 0;
  int factor = 1;
  int pixel_step = 1, colour_step = 1;  // channels, where channels are pixels
  bool is_logit = false, invert = false;
};

// How an output is shown that is `port`, as the options say or as its kind wants it. Throws `bad-input` for what it has not.
Presentation presentation_of(const PortPicture& port, const FrameOptions& options, bool has_frame);

class Presenter {
 public:
  Presenter(const Network& network, ValueId value) : network_(network), value_(value) {}

  // Fits the picture into `space` of the target, and adds to `started` which shader has to be finished before
  // set_uniforms().
  void prepare(const Presentation& presentation, const Rect& space, std::vector<Shader*>& started);
  // `crop`: the part of the frame that the picture is of.
  void set_uniforms(const Presentation& presentation, const Crop& crop, bool mirror) const;

  void draw(GLuint frame) const;  // to the framebuffer that is bound
  int draw_calls() const;

 private:
  const Network& network_;
  ValueId value_;
  Shader shader_;
  std::string kind_;  // its defines
  GLuint texture_ = 0;
  Rect part_;  // of the target
  bool reads_frame_ = false;
};

}  // namespace fragnet
