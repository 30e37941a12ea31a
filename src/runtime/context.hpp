// A GL context: natively an off-screen one of EGL, on the web the canvas's.
#pragma once

#include <memory>

namespace fragnet {

// Makes the context current when it is built and when make_current() is called.
class Context {
 public:
#ifdef __EMSCRIPTEN__
  explicit Context(int handle);  // from GL.registerContext; the page keeps the canvas
#else
  Context();  // throws `no-webgl2` where there is no OpenGL ES 3
#endif
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  void make_current() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fragnet
