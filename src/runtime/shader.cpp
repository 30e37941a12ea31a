#include "runtime/shader.hpp"

#include <cstdlib>
#include <utility>

#include "base/error.hpp"
#include "programs/shader_library.hpp"

namespace fragnet {
namespace {

GLuint start_compiling(GLenum type, const std::string& source) {
  const GLuint shader = glCreateShader(type);
  const char* characters = source.c_str();
  glShaderSource(shader, 1, &characters, nullptr);
  glCompileShader(shader);
  return shader;
}

// The lines around the first one that the log names ("0:123: …").
std::string numbered_lines(const std::string& source, const std::string& log) {
  const size_t colon = log.find("0:");
  const int fault = colon == std::string::npos ? 0 : std::atoi(log.c_str() + colon + 2);
  std::string_view lines = source;
  std::string out;
  for (int number = 1; !lines.empty(); ++number) {
    const std::string_view line = take_line(lines);
    if (std::abs(number - fault) <= 4) out += text(number == fault ? "> " : "  ", number, "  ", line, '\n');
  }
  return out;
}

std::string log_of_shader(GLuint shader) {
  char log[2048] = "";
  glGetShaderInfoLog(shader, sizeof log, nullptr, log);
  return log;
}

std::string log_of_program(GLuint program) {
  char log[2048] = "";
  glGetProgramInfoLog(program, sizeof log, nullptr, log);
  return log;
}

}  // namespace

Shader::Shader(std::string fragment, std::vector<std::string> samplers)
    : fragment_(std::move(fragment)), samplers_(std::move(samplers)), program_(glCreateProgram()) {}

void Shader::start() {
  if (vertex_shader_ || is_finished_) return;
  vertex_shader_ = start_compiling(GL_VERTEX_SHADER, std::string(shader_file("whole_target.vert")));
  fragment_shader_ = start_compiling(GL_FRAGMENT_SHADER, fragment_);
  glAttachShader(program_, vertex_shader_);
  glAttachShader(program_, fragment_shader_);
  glLinkProgram(program_);
}

Shader::~Shader() {
  if (vertex_shader_) glDeleteShader(vertex_shader_);
  if (fragment_shader_) glDeleteShader(fragment_shader_);
  if (program_) glDeleteProgram(program_);
}

Shader& Shader::operator=(Shader&& other) noexcept {
  std::swap(fragment_, other.fragment_);
  std::swap(samplers_, other.samplers_);
  std::swap(program_, other.program_);
  std::swap(vertex_shader_, other.vertex_shader_);
  std::swap(fragment_shader_, other.fragment_shader_);
  std::swap(is_finished_, other.is_finished_);
  return *this;
}

bool Shader::is_compiled(bool parallel_compile) const {
  if (!parallel_compile || is_finished_) return true;
  GLint done = GL_TRUE;
  glGetProgramiv(program_, gl_completion_status, &done);
  return done != 0;
}

void Shader::finish() {
  if (is_finished_) return;
  GLint linked = GL_FALSE;
  glGetProgramiv(program_, GL_LINK_STATUS, &linked);
  if (!linked) {
    const std::string log = log_of_shader(fragment_shader_);
    fail(code::shader_failed, "the driver refused a shader: ", log.empty() ? log_of_program(program_) : log,
         "\n", numbered_lines(fragment_, log));
  }
  glUseProgram(program_);
  for (size_t unit = 0; unit < samplers_.size(); ++unit) {
    glUniform1i(glGetUniformLocation(program_, samplers_[unit].c_str()), static_cast<GLint>(unit));
  }
  // The program keeps what it needs.
  glDeleteShader(std::exchange(vertex_shader_, 0));
  glDeleteShader(std::exchange(fragment_shader_, 0));
  is_finished_ = true;
}

void Shader::set_uniform(const char* name, float value) const {
  glUseProgram(program_);
  glUniform1f(glGetUniformLocation(program_, name), value);
}

}  // namespace fragnet
