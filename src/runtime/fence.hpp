// Tells when the device has done what was asked of it so far, without waiting for it.
#pragma once

#include <utility>

#include "runtime/gl.hpp"

namespace fragnet {

class Fence {
 public:
  Fence() = default;  // passed
  ~Fence() {
    if (sync_) glDeleteSync(sync_);
  }
  Fence(Fence&& other) noexcept { *this = std::move(other); }
  Fence& operator=(Fence&& other) noexcept {
    std::swap(sync_, other.sync_);
    return *this;
  }
  static Fence behind_last_command() {
    Fence fence;
    fence.sync_ = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
    glFlush();
    return fence;
  }
  bool is_passed() const { return !sync_ || glClientWaitSync(sync_, 0, 0) != GL_TIMEOUT_EXPIRED; }

 private:
  GLsync sync_ = nullptr;
};

}  // namespace fragnet
