#include "video/picture_shader.hpp"

#include "programs/program.hpp"
#include "runtime/draw_rectangle.hpp"

namespace fragnet {

Shader start_compiling(const Network& network, const char* file, std::vector<Define> defines,
                       std::vector<std::string> samplers, const std::string& tensors) {
  define_texels(network.plan(), false, defines);  // inputs and outputs have no ranges
  Shader shader(shader_text(file, defines, {{"tensors", tensors}}), std::move(samplers));
  shader.start();
  return shader;
}

void set_uniform(const Shader& shader, const char* name, float a, float b, float c, float d) {
  glUniform4f(glGetUniformLocation(shader.id(), name), a, b, c, d);
}

void set_uniform(const Shader& shader, const char* name, float a, float b) {
  glUniform2f(glGetUniformLocation(shader.id(), name), a, b);
}

void bind_texture(GLenum target, GLuint texture) {
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(target, texture);
}

void draw_whole(const Shader& shader, GLuint framebuffer, int width, int height) {
  glUseProgram(shader.id());
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  draw_rectangle(0, 0, width, height);
}

}  // namespace fragnet
