// A GL buffer of uniforms that moves, never copies, and is deleted with its owner.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/gl.hpp"

namespace fragnet {

class UniformBuffer {
 public:
  UniformBuffer() = default;
  ~UniformBuffer() {
    if (id_) glDeleteBuffers(1, &id_);
  }
  UniformBuffer(UniformBuffer&& other) noexcept { *this = std::move(other); }
  UniformBuffer& operator=(UniformBuffer&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  static UniformBuffer of(const std::vector<uint8_t>& bytes) {
    UniformBuffer buffer;
    glGenBuffers(1, &buffer.id_);
    buffer.upload(bytes);
    return buffer;
  }
  void upload(const std::vector<uint8_t>& bytes) const {
    glBindBuffer(GL_UNIFORM_BUFFER, id_);
    glBufferData(GL_UNIFORM_BUFFER, static_cast<GLsizeiptr>(bytes.size()), bytes.data(), GL_STATIC_DRAW);
  }
  GLuint id() const { return id_; }

 private:
  GLuint id_ = 0;
};

}  // namespace fragnet
