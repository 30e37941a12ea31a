#include "video/presenter.hpp"

#include <algorithm>
#include <cmath>

#include "programs/program.hpp"
#include "runtime/draw_rectangle.hpp"
#include "video/picture_shader.hpp"

namespace fragnet {
namespace {

// As large as fits, in the middle, in the picture's proportions.
Rect fitted(const Picture& picture, const Rect& space) {
  const float scale = std::min(static_cast<float>(space.width) / static_cast<float>(picture.w),
                               static_cast<float>(space.height) / static_cast<float>(picture.h));
  const int width = static_cast<int>(std::lround(static_cast<float>(picture.w) * scale));
  const int height = static_cast<int>(std::lround(static_cast<float>(picture.h) * scale));
  return {space.x + (space.width - width) / 2, space.y + (space.height - height) / 2, width, height};
}

}  // namespace

void Presenter::prepare(const Rect& space, std::vector<Shader*>& started) {
  const Layout& layout = network_.layout_of(value_);
  const Picture& picture = layout.picture;
  part_ = fitted(picture, space);
  texture_ = network_.texture_of(value_).id();
  const bool shows_texels = part_.width == picture.w && part_.height == picture.h;
  if (shader_.id() && is_exact_ == shows_texels) return;
  is_exact_ = shows_texels;
  const std::string tensors =
      "uniform TENSOR picture0;\nconst Layout PICTURE0 = " + glsl_layout(layout) + ";\n";
  shader_ = start_compiling(network_, "present.frag",
                            {{"CHANNELS", std::to_string(picture.c)}, {"EXACT", is_exact_ ? "1" : "0"}},
                            {"picture0"}, tensors);
  started.push_back(&shader_);
}

void Presenter::set_uniforms(const Range& range) const {
  glUseProgram(shader_.id());
  set_uniform(shader_, "window", static_cast<float>(part_.x), static_cast<float>(part_.y),
              static_cast<float>(part_.width), static_cast<float>(part_.height));
  set_uniform(shader_, "range", range.low, range.high);
}

void Presenter::draw() const {
  glUseProgram(shader_.id());
  bind_texture(GL_TEXTURE_2D_ARRAY, texture_);
  draw_rectangle(part_.x, part_.y, part_.width, part_.height);
}

int Presenter::draw_calls() const {
  return draws_of_rectangle(part_.width, part_.height);
}

}  // namespace fragnet
