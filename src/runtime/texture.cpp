#include "runtime/texture.hpp"

#include <array>

#include "base/error.hpp"

namespace fragnet {
namespace {

GLenum internal_format(TextureFormat format) {
  switch (format) {
    case TextureFormat::rgba32f:
      return GL_RGBA32F;
    case TextureFormat::rgba16f:
      return GL_RGBA16F;
    case TextureFormat::rgba8:
      return GL_RGBA8;
    case TextureFormat::rgb10_a2:
      return GL_RGB10_A2;
    case TextureFormat::rgba32ui:
      return GL_RGBA32UI;
    case TextureFormat::rgba16ui:
      return GL_RGBA16UI;
    case TextureFormat::rgba8ui:
      return GL_RGBA8UI;
  }
  return GL_RGBA8;
}

void set_sampling(GLenum target, bool linear) {
  const GLint filter = linear ? GL_LINEAR : GL_NEAREST;
  glTexParameteri(target, GL_TEXTURE_MIN_FILTER, filter);
  glTexParameteri(target, GL_TEXTURE_MAG_FILTER, filter);
  glTexParameteri(target, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(target, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

}  // namespace

int bytes_per_texel(TextureFormat format) {
  switch (format) {
    case TextureFormat::rgba32f:
    case TextureFormat::rgba32ui:
      return 16;
    case TextureFormat::rgba16f:
    case TextureFormat::rgba16ui:
      return 8;
    case TextureFormat::rgba8:
    case TextureFormat::rgb10_a2:
    case TextureFormat::rgba8ui:
      return 4;
  }
  return 16;
}

void clear_gl_errors() {
  // A lost context answers with an error for ever.
  for (int i = 0; i < 16 && glGetError() != GL_NO_ERROR; ++i) continue;
}

void check_gl_memory(const std::string& what, bool is_alone) {
  GLenum found = GL_NO_ERROR;  // all are taken, so that none looks like one of what is made next
  for (GLenum error; (error = glGetError()) != GL_NO_ERROR;) {
    if (error == context_lost_webgl) fail(code::context_lost, "the browser took the GPU context away");
    if (is_alone || error == GL_OUT_OF_MEMORY) found = error;
  }
  if (found != GL_NO_ERROR)
    fail(code::out_of_memory, "the device has no room for ", what, " (GL error ", found, ")");
}

Texture::~Texture() {
  if (id_) glDeleteTextures(1, &id_);
}

Texture& Texture::operator=(Texture&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(target_, other.target_);
  std::swap(format_, other.format_);
  std::swap(width_, other.width_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

Texture Texture::flat(TextureFormat format, int width, int height, bool linear) {
  Texture texture;
  texture.format_ = format;
  texture.width_ = width;
  glGenTextures(1, &texture.id_);
  glBindTexture(GL_TEXTURE_2D, texture.id_);
  glTexStorage2D(GL_TEXTURE_2D, 1, internal_format(format), width, height);
  set_sampling(GL_TEXTURE_2D, linear);
  texture.bytes_ = int64_t{width} * height * bytes_per_texel(format);
  return texture;
}

Texture Texture::array(TextureFormat format, int width, int height, int layers) {
  Texture texture;
  texture.target_ = GL_TEXTURE_2D_ARRAY;
  texture.format_ = format;
  glGenTextures(1, &texture.id_);
  glBindTexture(GL_TEXTURE_2D_ARRAY, texture.id_);
  glTexStorage3D(GL_TEXTURE_2D_ARRAY, 1, internal_format(format), width, height, layers);
  set_sampling(GL_TEXTURE_2D_ARRAY, false);
  texture.bytes_ = int64_t{width} * height * layers * bytes_per_texel(format);
  return texture;
}

Texture Texture::for_uploads() {
  Texture texture;
  texture.format_ = TextureFormat::rgba8;
  glGenTextures(1, &texture.id_);
  glBindTexture(GL_TEXTURE_2D, texture.id_);
  set_sampling(GL_TEXTURE_2D, false);
  return texture;
}

void Texture::upload(int width, int height, const float* texels) {
  const bool is_integer = format_ == TextureFormat::rgba32ui;
  const GLenum format = is_integer ? GL_RGBA_INTEGER : GL_RGBA,
               type = is_integer ? GL_UNSIGNED_INT : GL_FLOAT;
  glBindTexture(target_, id_);
  if (target_ == GL_TEXTURE_2D) {
    glTexSubImage2D(target_, 0, 0, 0, width, height, format, type, texels);
  } else {
    glTexSubImage3D(target_, 0, 0, 0, 0, width, height, 1, format, type, texels);
  }
}

void Texture::upload_rows(int first, int rows, const uint32_t* words) {
  const bool is_integer = format_ == TextureFormat::rgba32ui;
  glBindTexture(target_, id_);
  glTexSubImage2D(target_, 0, 0, first, width_, rows, is_integer ? GL_RGBA_INTEGER : GL_RGBA,
                  is_integer ? GL_UNSIGNED_INT : GL_FLOAT, words);
}

void read_texels(bool are_integers, int width, int height, float* texels) {
  glReadPixels(0, 0, width, height, are_integers ? GL_RGBA_INTEGER : GL_RGBA,
               are_integers ? GL_UNSIGNED_INT : GL_FLOAT, texels);
}

Framebuffer::~Framebuffer() {
  if (id_) glDeleteFramebuffers(1, &id_);
}

Framebuffer& Framebuffer::operator=(Framebuffer&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

Framebuffer Framebuffer::unchecked(const Texture& texture, int first_layer, int layers) {
  return Framebuffer(texture, first_layer, layers);
}

Framebuffer Framebuffer::of(const Texture& texture, int first_layer, int layers) {
  Framebuffer framebuffer(texture, first_layer, layers);
  framebuffer.check();
  return framebuffer;
}

void Framebuffer::check() const {
  glBindFramebuffer(GL_FRAMEBUFFER, id_);
  const GLenum status = glCheckFramebufferStatus(GL_FRAMEBUFFER);
  if (status == GL_FRAMEBUFFER_COMPLETE) return;
  fail(code::out_of_memory, "the device does not accept the framebuffer of a feature map (status ", status,
       ")");
}

Framebuffer::Framebuffer(const Texture& texture, int first_layer, int layers) {
  glGenFramebuffers(1, &id_);
  glBindFramebuffer(GL_FRAMEBUFFER, id_);
  std::array<GLenum, 8> attachments{};
  for (int i = 0; i < layers; ++i) {
    const GLenum attachment = GL_COLOR_ATTACHMENT0 + static_cast<GLenum>(i);
    attachments[static_cast<size_t>(i)] = attachment;
    if (texture.target() == GL_TEXTURE_2D) {
      glFramebufferTexture2D(GL_FRAMEBUFFER, attachment, GL_TEXTURE_2D, texture.id(), 0);
    } else {
      glFramebufferTextureLayer(GL_FRAMEBUFFER, attachment, texture.id(), 0, first_layer + i);
    }
  }
  glDrawBuffers(layers, attachments.data());
}

}  // namespace fragnet
