#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <array>

#include "base/error.hpp"
#include "runtime/context.hpp"
#include "runtime/gl_state.hpp"

namespace fragnet {

struct Context::State {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
  GlState gl;
};

namespace {

// Without a window system: Mesa's surfaceless platform, else the first device that the driver offers.
EGLDisplay open_display() {
  const auto get_display =
      reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  const auto query_devices =
      reinterpret_cast<PFNEGLQUERYDEVICESEXTPROC>(eglGetProcAddress("eglQueryDevicesEXT"));
  if (get_display) {
    if (query_devices) {
      std::array<EGLDeviceEXT, 8> devices{};
      EGLint count = 0;
      if (query_devices(static_cast<EGLint>(devices.size()), devices.data(), &count)) {
        for (EGLint i = 0; i < count; ++i) {
          EGLDisplay display = get_display(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<size_t>(i)], nullptr);
          if (display != EGL_NO_DISPLAY && eglInitialize(display, nullptr, nullptr)) return display;
        }
      }
    }
    EGLDisplay display = get_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    if (display != EGL_NO_DISPLAY && eglInitialize(display, nullptr, nullptr)) return display;
  }
  EGLDisplay display = eglGetDisplay(EGL_DEFAULT_DISPLAY);
  if (display != EGL_NO_DISPLAY && eglInitialize(display, nullptr, nullptr)) return display;
  fail(code::no_webgl2, "no OpenGL ES 3: EGL opens no display on this machine");
}

}  // namespace

Context::Context() : state_(std::make_unique<State>()) {
  state_->display = open_display();
  eglBindAPI(EGL_OPENGL_ES_API);
  const EGLint wanted[] = {EGL_RENDERABLE_TYPE, EGL_OPENGL_ES3_BIT, EGL_SURFACE_TYPE, EGL_PBUFFER_BIT,
                           EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  eglChooseConfig(state_->display, wanted, &config, 1, &count);
  const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 0, EGL_NONE};
  state_->context =
      eglCreateContext(state_->display, count > 0 ? config : EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, version);
  if (state_->context == EGL_NO_CONTEXT) {
    fail(code::no_webgl2, "no OpenGL ES 3: EGL makes no context (error ", eglGetError(), ")");
  }
  make_current();
}

Context::~Context() {
  const EGLDisplay display = state_->display;
  const EGLContext context = state_->context;
  state_ = nullptr;
  eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  eglDestroyContext(display, context);
  eglTerminate(display);
}

void Context::make_current() const {
  if (!eglMakeCurrent(state_->display, EGL_NO_SURFACE, EGL_NO_SURFACE, state_->context)) {
    fail(code::no_webgl2, "EGL cannot make its context current (error ", eglGetError(), ")");
  }
  state_->gl.claim();
}

void Context::release() const {
  state_->gl.release();
}

}  // namespace fragnet
