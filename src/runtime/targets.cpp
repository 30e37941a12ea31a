#include "runtime/targets.hpp"

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "programs/shader_library.hpp"
#include "runtime/draw_rectangle.hpp"
#include "runtime/shader.hpp"

namespace fragnet {
namespace {

constexpr int side = 4;  // texels of the square that is drawn

// How far the numbers reach, and how exact they are to be: beyond what half floats hold, and well within it.
struct Reach {
  float scale, tolerance;
};
Reach reach_of(TextureFormat format) {
  return format == TextureFormat::rgba16f ? Reach{100, 2e-3f} : Reach{1e6f, 1e-5f};
}

// Component c of a texel, as glsl/self_test.frag draws it.
float known_number(int layer, int x, int c, float scale) {
  const auto k = static_cast<float>(1 + x + 16 * layer);
  const float numbers[] = {k / 3, -k * scale, k / scale, k};
  return numbers[c];
}

bool is_complete() {
  return glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
}

bool draws_right(const Framebuffer& framebuffer, TextureFormat format, int targets) {
  const bool are_integers = format == TextureFormat::rgba32ui;
  const Reach reach = reach_of(format);
  try {
    const std::string count = std::to_string(targets);
    Shader shader(shader_text("self_test.frag",
                              {{"LAYERS", count},
                               {"REPEAT_LAYERS(M)", "REPEAT_" + count + "(M)"},
                               {"RANGED", are_integers ? "1" : "0"},
                               {"HAS_RANGES", "0"},
                               {"SCALED", "0"}},
                              {}),
                  {});
    shader.start();
    shader.finish();
    shader.set_uniform("scale", reach.scale);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.id());
    draw_rectangle(0, 0, side, side);
    for (int layer = 0; layer < targets; ++layer) {
      std::vector<float> texels(static_cast<size_t>(side) * 4);
      glReadBuffer(GL_COLOR_ATTACHMENT0 + static_cast<GLenum>(layer));
      read_texels(are_integers, side, 1, texels.data());
      for (int i = 0; i < side * 4; ++i) {
        const float want = known_number(layer, i / 4, i % 4, reach.scale);
        // Not the other way round: what is no number is not right either.
        if (!(std::abs(texels[static_cast<size_t>(i)] - want) <= reach.tolerance * std::abs(want)))
          return false;
      }
    }
    return true;
  } catch (const Error&) {
    return false;  // a driver that links no such program
  }
}

}  // namespace

Targets try_targets(TextureFormat format, int most) {
  Targets found{.count = 0};
  clear_gl_errors();
  {
    const Texture texture = Texture::array(format, side, side, 8);
    for (int count = 8; count > 0 && found.count == 0; count /= 2) {
      if (count > most) continue;
      const Framebuffer framebuffer = Framebuffer::unchecked(texture, 0, count);
      if (!is_complete()) continue;
      if (draws_right(framebuffer, format, count)) {
        found.count = count;
      } else {
        found.fault = Targets::Fault::wrong;
      }
    }
  }
  clear_gl_errors();
  return found;
}

}  // namespace fragnet
