#include "runtime/draw_rectangle.hpp"

#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "runtime/shader.hpp"
#include "runtime/texture.hpp"
#include "support/gl_fixture.hpp"

namespace fragnet {
namespace {

// Of a target of that size every texel of the rectangle is drawn once, and none around it: each drawing adds 1.
void expect_drawn(const Drawing& wanted, int target_width, int target_height, int x, int y, int width,
                  int height) {
  SCOPED_TRACE(text(width, "×", height, " texels at ", x, ", ", y));
  native_device();
  const Texture texture = Texture::flat(TextureFormat::rgba32f, target_width, target_height);
  const Framebuffer framebuffer = Framebuffer::of(texture, 0, 1);
  Shader shader(
      "#version 300 es\nprecision highp float;\nout vec4 result;\nvoid main() { result = vec4(1.0); }\n", {});
  shader.start();
  shader.finish();
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.id());
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, 0, target_width, target_height);
  glClearColor(0, 0, 0, 0);
  glClear(GL_COLOR_BUFFER_BIT);
  glUseProgram(shader.id());
  glEnable(GL_BLEND);
  glBlendFunc(GL_ONE, GL_ONE);
  const Drawing usual = std::exchange(drawing, wanted);
  draw_rectangle(x, y, width, height);
  drawing = usual;
  glDisable(GL_BLEND);
  std::vector<float> texels(static_cast<size_t>(target_width) * static_cast<size_t>(target_height) * 4);
  read_texels(false, target_width, target_height, texels.data());
  int wrong = 0;
  for (int row = 0; row < target_height; ++row) {
    for (int column = 0; column < target_width; ++column) {
      const bool is_within = column >= x && column < x + width && row >= y && row < y + height;
      const float value = texels[static_cast<size_t>(row * target_width + column) * 4];
      if (value != (is_within ? 1.0f : 0.0f)) ++wrong;
    }
  }
  EXPECT_EQ(wrong, 0) << "texels";
}

class DrawRectangle : public testing::TestWithParam<bool> {};

TEST_P(DrawRectangle, CoversItsTexelsAndNoOthers) {
  const Drawing wanted{.is_doubled = GetParam()};
  expect_drawn(wanted, 1, 1, 0, 0, 1, 1);
  expect_drawn(wanted, 64, 64, 0, 0, 64, 64);
  expect_drawn(wanted, 64, 72, 0, 64, 16, 8);
  expect_drawn(wanted, 33, 17, 5, 3, 21, 13);
  expect_drawn(wanted, 300, 9, 0, 0, 300, 9);
}

TEST_P(DrawRectangle, IsDrawnInPartsWhereNoViewportIsLargeEnough) {
  const Drawing wanted{.is_doubled = GetParam()};
  expect_drawn(wanted, 2100, 3, 7, 1, 2090, 1);
  expect_drawn(wanted, 4, 4100, 1, 2, 3, 4097);
  expect_drawn({.most = 7, .is_doubled = GetParam()}, 33, 17, 5, 3, 21, 13);
}
INSTANTIATE_TEST_SUITE_P(Triangles, DrawRectangle, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& drawing) {
                           return drawing.param ? "DoublesTheViewport" : "ReachesOutOfTheViewport";
                         });

}  // namespace
}  // namespace fragnet
