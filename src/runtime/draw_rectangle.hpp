// Has the program in use compute a rectangle of the target.
#pragma once

#include <algorithm>

#include "runtime/gl.hpp"

namespace fragnet {

// Texels on a side. Every device has a viewport twice as large.
inline constexpr int most_drawn_at_once = 2048;

// How many draws a rectangle takes.
constexpr int draws_of_rectangle(int width, int height) {
  constexpr int most = most_drawn_at_once;
  return ((width + most - 1) / most) * ((height + most - 1) / most);
}

// In texels; the rest of the target stays as it is. The scissor test is to be on.
//
// The triangle (glsl/whole_target.vert) covers half of a viewport twice as wide and high as the rectangle, and all of the
// rectangle; scissors cut the rest away. A viewport of the rectangle's own size wants a triangle that reaches out of it,
// which Mesa's llvmpipe clips into several, and it computes twice what lies along their seams: half as much again of a
// small target.
inline void draw_rectangle(int x, int y, int width, int height) {
  constexpr int most = most_drawn_at_once;
  for (int top = 0; top < height; top += most) {
    for (int left = 0; left < width; left += most) {
      const int w = std::min(most, width - left), h = std::min(most, height - top);
      glViewport(x + left, y + top, 2 * w, 2 * h);
      glScissor(x + left, y + top, w, h);
      glDrawArrays(GL_TRIANGLES, 0, 3);
    }
  }
}

}  // namespace fragnet
