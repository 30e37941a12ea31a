// A tensor on its way to the canvas: fitted into a part of it.
#pragma once

#include <vector>

#include "runtime/network.hpp"
#include "runtime/shader.hpp"
#include "video/frame_options.hpp"

namespace fragnet {

struct Rect {
  int x = 0, y = 0, width = 0, height = 0;
};

class Presenter {
 public:
  Presenter(const Network& network, ValueId value) : network_(network), value_(value) {}

  // Fits the picture into `space` of the target, and adds to `started` which shader has to be finished before
  // set_uniforms().
  void prepare(const Rect& space, std::vector<Shader*>& started);
  void set_uniforms(const Range& range) const;

  void draw() const;  // to the framebuffer that is bound
  int draw_calls() const;

 private:
  const Network& network_;
  ValueId value_;
  Shader shader_;
  GLuint texture_ = 0;
  Rect part_;              // of the target
  bool is_exact_ = false;  // a pixel a texel
};

}  // namespace fragnet
