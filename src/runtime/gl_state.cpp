#include "runtime/gl_state.hpp"

namespace fragnet {
namespace {

constexpr GLenum off[] = {GL_BLEND,           GL_CULL_FACE,
                          GL_DEPTH_TEST,      GL_STENCIL_TEST,
                          GL_DITHER,          GL_SAMPLE_ALPHA_TO_COVERAGE,
                          GL_SAMPLE_COVERAGE, GL_RASTERIZER_DISCARD};
constexpr GLenum zero_in_pixel_stores[] = {
    GL_UNPACK_ROW_LENGTH,  GL_UNPACK_SKIP_ROWS, GL_UNPACK_SKIP_PIXELS, GL_UNPACK_IMAGE_HEIGHT,
    GL_UNPACK_SKIP_IMAGES, GL_PACK_ROW_LENGTH,  GL_PACK_SKIP_ROWS,     GL_PACK_SKIP_PIXELS};
constexpr GLuint units = 16;  // more than any program reads on a device that has only what WebGL2 promises

}  // namespace

GlState::~GlState() {
  if (vertex_array_) glDeleteVertexArrays(1, &vertex_array_);
}

void GlState::claim() {
  if (!vertex_array_) {
    // Programs cannot be changed while one's varyings are being recorded.
    GLboolean is_recording = GL_FALSE, is_paused = GL_FALSE;
    glGetBooleanv(GL_TRANSFORM_FEEDBACK_ACTIVE, &is_recording);
    glGetBooleanv(GL_TRANSFORM_FEEDBACK_PAUSED, &is_paused);
    if (is_recording && !is_paused) glPauseTransformFeedback();
    glGenVertexArrays(1, &vertex_array_);
  }
  for (const GLenum capability : off) glDisable(capability);
  glEnable(GL_SCISSOR_TEST);  // for all that is drawn
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
  glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  for (const GLenum name : zero_in_pixel_stores) glPixelStorei(name, 0);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  for (GLuint unit = 0; unit < units; ++unit) glBindSampler(unit, 0);
#ifdef __EMSCRIPTEN__
  constexpr GLenum unpack_flip_y = 0x9240, unpack_premultiply_alpha = 0x9241, unpack_colorspace = 0x9243;
  constexpr GLint browser_default = 0x9244;
  glPixelStorei(unpack_flip_y, 0);
  glPixelStorei(unpack_premultiply_alpha, 0);
  glPixelStorei(unpack_colorspace, browser_default);
  // Of the canvas.
  constexpr GLenum back = GL_BACK;
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDrawBuffers(1, &back);
#endif
}

void GlState::release() const {
  glDisable(GL_SCISSOR_TEST);
  glEnable(GL_DITHER);
  glUseProgram(0);
  glBindVertexArray(0);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glActiveTexture(GL_TEXTURE0);
}

}  // namespace fragnet
