#include "support/gl_lies.hpp"

#include <GLES3/gl3.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <dlfcn.h>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace fragnet {
namespace {

struct State {
  Lies lies;
  bool is_lying = false;
  GLenum error = GL_NO_ERROR;  // ours, which the driver does not know
  std::map<GLuint, GLenum> formats;
  std::set<GLuint> unlinked;
};
State state;

// The driver's own function of that name.
template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

void refuse(GLenum error) {
  if (state.error == GL_NO_ERROR) state.error = error;
}

GLint get(GLenum name) {
  GLint value = 0;
  real<decltype(glGetIntegerv)>("glGetIntegerv")(name, &value);
  return value;
}

int bits_of(GLenum format) {
  switch (format) {
    case GL_RGBA32F:
    case GL_RGBA32UI:
      return 128;
    case GL_RGBA16F:
      return 64;
    default:
      return 32;
  }
}

// The formats of the textures that the bound framebuffer draws to; 0 where there is none.
std::array<GLenum, 8> targets_of_framebuffer() {
  std::array<GLenum, 8> targets{};
  if (get(GL_DRAW_FRAMEBUFFER_BINDING) == 0) return targets;
  for (GLenum i = 0; i < targets.size(); ++i) {
    GLint kind = GL_NONE, name = 0;
    glGetFramebufferAttachmentParameteriv(GL_DRAW_FRAMEBUFFER, GL_COLOR_ATTACHMENT0 + i,
                                          GL_FRAMEBUFFER_ATTACHMENT_OBJECT_TYPE, &kind);
    if (kind != GL_TEXTURE) continue;
    glGetFramebufferAttachmentParameteriv(GL_DRAW_FRAMEBUFFER, GL_COLOR_ATTACHMENT0 + i,
                                          GL_FRAMEBUFFER_ATTACHMENT_OBJECT_NAME, &name);
    targets[i] = state.formats[static_cast<GLuint>(name)];
  }
  return targets;
}

bool is_refused(const std::array<GLenum, 8>& targets) {
  int bits = 0;
  for (const GLenum format : targets) {
    if (format == GL_NONE) continue;
    bits += bits_of(format);
    if (format == GL_RGBA32F && state.lies.has_no_floats) return true;
    if (format == GL_RGBA16F && state.lies.has_no_halves) return true;
  }
  return state.lies.bits_per_pixel > 0 && bits > state.lies.bits_per_pixel;
}

bool is_too_large(GLsizei width, GLsizei height) {
  return state.is_lying && state.lies.texture_size > 0 && std::max(width, height) > state.lies.texture_size;
}

void remember_format(GLenum binding, GLenum format) {
  state.formats[static_cast<GLuint>(get(binding))] = format;
}

}  // namespace

LyingDevice::LyingDevice(const Lies& lies) {
  state.lies = lies;
  state.is_lying = true;
}
LyingDevice::~LyingDevice() {
  drawing = usual_;
  state.is_lying = false;
  state.error = GL_NO_ERROR;
  state.unlinked.clear();
}

}  // namespace fragnet

// ---- What Fragnet and its tests call ---------------------------------------------------------------------------------------
using fragnet::get;
using fragnet::real;
using fragnet::refuse;
using fragnet::state;

extern "C" {

void glGetIntegerv(GLenum name, GLint* value) {
  real<decltype(glGetIntegerv)>("glGetIntegerv")(name, value);
  if (!state.is_lying) return;
  const auto at_most = [&](int limit) {
    if (limit > 0) *value = std::min(*value, limit);
  };
  if (name == GL_MAX_DRAW_BUFFERS || name == GL_MAX_COLOR_ATTACHMENTS) at_most(state.lies.draw_buffers);
  if (name == GL_MAX_TEXTURE_SIZE) at_most(state.lies.texture_size);
  if (name == GL_MAX_TEXTURE_IMAGE_UNITS) at_most(state.lies.texture_units);
}

const GLubyte* glGetStringi(GLenum name, GLuint index) {
  const GLubyte* text = real<decltype(glGetStringi)>("glGetStringi")(name, index);
  if (!state.is_lying || name != GL_EXTENSIONS) return text;
  const std::string_view extension = reinterpret_cast<const char*>(text);
  const fragnet::Lies& lies = state.lies;
  const bool is_hidden = (lies.has_no_floats && extension == "GL_EXT_color_buffer_float") ||
                         (lies.has_no_halves && extension == "GL_EXT_color_buffer_half_float") ||
                         (lies.has_no_parallel_compile && extension == "GL_KHR_parallel_shader_compile") ||
                         (lies.has_no_timers && extension == "GL_EXT_disjoint_timer_query");
  return is_hidden ? reinterpret_cast<const GLubyte*>("GL_hidden") : text;
}

GLenum glGetError() {
  if (state.error != GL_NO_ERROR) return std::exchange(state.error, GLenum{GL_NO_ERROR});
  return real<decltype(glGetError)>("glGetError")();
}

void glTexStorage2D(GLenum target, GLsizei levels, GLenum format, GLsizei width, GLsizei height) {
  if (fragnet::is_too_large(width, height)) return refuse(GL_INVALID_VALUE);
  real<decltype(glTexStorage2D)>("glTexStorage2D")(target, levels, format, width, height);
  fragnet::remember_format(GL_TEXTURE_BINDING_2D, format);
}

void glTexStorage3D(GLenum target, GLsizei levels, GLenum format, GLsizei width, GLsizei height,
                    GLsizei depth) {
  if (fragnet::is_too_large(width, height)) return refuse(GL_INVALID_VALUE);
  real<decltype(glTexStorage3D)>("glTexStorage3D")(target, levels, format, width, height, depth);
  fragnet::remember_format(GL_TEXTURE_BINDING_2D_ARRAY, format);
}

GLenum glCheckFramebufferStatus(GLenum target) {
  if (state.is_lying && fragnet::is_refused(fragnet::targets_of_framebuffer()))
    return GL_FRAMEBUFFER_UNSUPPORTED;
  return real<decltype(glCheckFramebufferStatus)>("glCheckFramebufferStatus")(target);
}

void glFramebufferTextureLayer(GLenum target, GLenum attachment, GLuint texture, GLint level, GLint layer) {
  const int limit = state.is_lying ? state.lies.draw_buffers : 0;
  if (limit > 0 && attachment >= GL_COLOR_ATTACHMENT0 + static_cast<GLenum>(limit))
    return refuse(GL_INVALID_OPERATION);
  real<decltype(glFramebufferTextureLayer)>("glFramebufferTextureLayer")(target, attachment, texture, level,
                                                                         layer);
}

void glViewport(GLint x, GLint y, GLsizei width, GLsizei height) {
  const int limit = state.is_lying ? state.lies.viewport : 0;
  if (limit > 0) {
    width = std::min(width, limit);
    height = std::min(height, limit);
  }
  real<decltype(glViewport)>("glViewport")(x, y, width, height);
}

void glActiveTexture(GLenum unit) {
  const int limit = state.is_lying ? state.lies.texture_units : 0;
  if (limit > 0 && unit >= GL_TEXTURE0 + static_cast<GLenum>(limit)) return refuse(GL_INVALID_ENUM);
  real<decltype(glActiveTexture)>("glActiveTexture")(unit);
}

void glLinkProgram(GLuint program) {
  real<decltype(glLinkProgram)>("glLinkProgram")(program);
  state.unlinked.erase(program);
  if (state.is_lying && state.lies.has_single_outputs && glGetFragDataLocation(program, "result[1]") > 0)
    state.unlinked.insert(program);
}

void glGetProgramiv(GLuint program, GLenum name, GLint* value) {
  real<decltype(glGetProgramiv)>("glGetProgramiv")(program, name, value);
  if (name == GL_LINK_STATUS && state.is_lying && state.unlinked.count(program) > 0) *value = GL_FALSE;
}

void glUseProgram(GLuint program) {
  if (state.is_lying && state.unlinked.count(program) > 0) return refuse(GL_INVALID_OPERATION);
  real<decltype(glUseProgram)>("glUseProgram")(program);
}

void glDrawArrays(GLenum mode, GLint first, GLsizei count) {
  const auto draw = real<decltype(glDrawArrays)>("glDrawArrays");
  if (!state.is_lying) return draw(mode, first, count);
  const std::array<GLenum, 8> targets = fragnet::targets_of_framebuffer();
  if (fragnet::is_refused(targets)) return refuse(GL_INVALID_FRAMEBUFFER_OPERATION);
  draw(mode, first, count);
  if (!state.lies.floats_hold_zeros) return;
  constexpr GLfloat zeros[4] = {};
  for (GLint i = 0; i < 8; ++i) {
    if (targets[static_cast<size_t>(i)] == GL_RGBA32F) glClearBufferfv(GL_COLOR, i, zeros);
  }
}

}  // extern "C"
