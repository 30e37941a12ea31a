// A GL program: a fragment shader, to be drawn over a rectangle of the target (draw_rectangle.hpp).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/gl.hpp"

namespace fragnet {

class Shader {
 public:
  Shader() = default;
  // The samplers read texture units 0, 1 … in this order.
  Shader(std::string fragment, std::vector<std::string> samplers);
  ~Shader();
  Shader(Shader&& other) noexcept { *this = std::move(other); }
  Shader& operator=(Shader&& other) noexcept;

  // Hands the text to the driver and returns; nothing waits. Nothing where that was done before, as with finish().
  void start();
  // Whether asking for the result would not wait; always true where the driver cannot tell.
  bool is_compiled(bool parallel_compile) const;
  // Waits for the driver, then sets the samplers. Throws `shader-failed` with the lines around the fault.
  void finish();

  bool is_finished() const { return is_finished_; }

  // Of a finished shader; nothing where the text has no such uniform.
  void set_uniform(const char* name, float value) const;

  GLuint id() const { return program_; }
  const std::string& fragment() const { return fragment_; }
  const std::vector<std::string>& samplers() const { return samplers_; }

 private:
  std::string fragment_;
  std::vector<std::string> samplers_;
  GLuint program_ = 0, vertex_shader_ = 0, fragment_shader_ = 0;
  bool is_finished_ = false;
};

}  // namespace fragnet
