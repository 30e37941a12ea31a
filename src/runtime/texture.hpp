// A GL texture that moves, never copies, and is deleted with its owner.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "runtime/gl.hpp"

namespace fragnet {

enum class TextureFormat { rgba32f, rgba16f, rgba8, rgb10_a2, rgba32ui, rgba16ui, rgba8ui };
int bytes_per_texel(TextureFormat format);

inline constexpr GLenum context_lost_webgl = 0x9242;  // glGetError, once

// Forgets the errors that others left behind, so that they do not look like those of the textures made next.
void clear_gl_errors();
// Throws `out-of-memory` or `context-lost` if anything since then failed; `what` was being made. Asked only while a network
// is made, never in a frame. Errors of other kinds count only where nothing else has used the device meanwhile.
void check_gl_memory(const std::string& what, bool is_alone = true);

class Texture {
 public:
  Texture() = default;
  ~Texture();
  Texture(Texture&& other) noexcept { *this = std::move(other); }
  Texture& operator=(Texture&& other) noexcept;

  // These keep their size for life; texels are fetched, not filtered, unless `linear`.
  static Texture flat(TextureFormat format, int width, int height, bool linear = false);
  static Texture array(TextureFormat format, int width, int height, int layers);
  // A flat one without storage: glTexImage2D gives it that, RGBA of eight bits, of whatever size is uploaded.
  static Texture for_uploads();

  // Four floats a texel, row by row from the first row; into layer 0 of an array. Their bits where texels are integers.
  void upload(int width, int height, const float* texels);
  // Rows from `first` on of a flat texture of 32-bit floats or integers, four words a texel.
  void upload_rows(int first, int rows, const uint32_t* words);

  GLuint id() const { return id_; }
  GLenum target() const { return target_; }
  int64_t bytes() const { return bytes_; }

 private:
  GLuint id_ = 0;
  GLenum target_ = GL_TEXTURE_2D;
  TextureFormat format_ = TextureFormat::rgba32f;
  int width_ = 0;
  int64_t bytes_ = 0;
};

// A framebuffer whose colour attachments are the first layers of a texture.
class Framebuffer {
 public:
  Framebuffer() = default;
  ~Framebuffer();
  Framebuffer(Framebuffer&& other) noexcept { *this = std::move(other); }
  Framebuffer& operator=(Framebuffer&& other) noexcept;

  // Throws as check() does.
  static Framebuffer of(const Texture& texture, int first_layer, int layers);
  // The same without asking the driver, which in a browser answers only when it has done all else that it has to do.
  static Framebuffer unchecked(const Texture& texture, int first_layer, int layers);
  // Throws `out-of-memory` where the driver says that it is incomplete.
  void check() const;
  GLuint id() const { return id_; }

 private:
  Framebuffer(const Texture& texture, int first_layer, int layers);

  GLuint id_ = 0;
};

// Of the framebuffer that is bound, from its first texel on, four floats a texel: their bits where it has integers.
void read_texels(bool are_integers, int width, int height, float* texels);

}  // namespace fragnet
