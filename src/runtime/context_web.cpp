#include <emscripten/html5.h>

#include "base/error.hpp"
#include "runtime/context.hpp"
#include "runtime/gl_state.hpp"

namespace fragnet {

struct Context::State {
  EMSCRIPTEN_WEBGL_CONTEXT_HANDLE handle = 0;
  GlState gl;
};

Context::Context(int handle) : state_(std::make_unique<State>()) {
  state_->handle = handle;
  make_current();
}

Context::~Context() = default;

void Context::make_current() const {
  if (emscripten_webgl_make_context_current(state_->handle) != EMSCRIPTEN_RESULT_SUCCESS) {
    fail(code::no_webgl2, "the canvas has no WebGL2 context");
  }
  state_->gl.claim();
}

void Context::release() const {
  state_->gl.release();
}

}  // namespace fragnet
