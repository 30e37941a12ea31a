// A GL context: natively an off-screen one of EGL, on the web the canvas's.
#pragma once

#include <memory>

namespace fragnet {

// Current, and in the state that Fragnet works in (gl_state.hpp), when it is built and after make_current().
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
  // For others to use; make_current() has to be called before anything else.
  void release() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// While it lives nobody else uses the context.
class ContextTurn {
 public:
  explicit ContextTurn(const Context& context) : context_(context) { context.make_current(); }
  ~ContextTurn() { context_.release(); }
  ContextTurn(const ContextTurn&) = delete;
  ContextTurn& operator=(const ContextTurn&) = delete;

 private:
  const Context& context_;
};

}  // namespace fragnet
