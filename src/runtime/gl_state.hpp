// The state of a context that others use, too: what they leave behind there would change what Fragnet draws, uploads or reads.
#pragma once

#include "runtime/gl.hpp"

namespace fragnet {

class GlState {
 public:
  GlState() = default;
  ~GlState();
  GlState(const GlState&) = delete;
  GlState& operator=(const GlState&) = delete;

  // To be called of the current context before anything else is done, also before a frame: sets everything that matters, a
  // constant list of calls. Nothing is asked, since an answer takes a browser as long as a frame may.
  void claim();
  // When all is done: as a context is in the beginning, where claim() and Fragnet's draws have changed it. Who shares the
  // context sets its own state, as after anybody else.
  void release() const;

 private:
  GLuint vertex_array_ = 0;  // without arrays
};

}  // namespace fragnet
