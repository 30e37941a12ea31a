// Has the program in use compute a rectangle of the target.
#pragma once

#include <algorithm>

#include "runtime/gl.hpp"

namespace fragnet {

// How a device is best given a rectangle, see draw_rectangle().
struct Drawing {
  int most = 2048;          // texels on a side that one draw may have
  bool is_doubled = false;  // by a viewport twice as large
};

// Of the current context, like all that is drawn with; query_device() finds it out.
inline Drawing drawing;

// How many draws a rectangle takes.
inline int draws_of_rectangle(int width, int height) {
  const int most = drawing.most;
  return ((width + most - 1) / most) * ((height + most - 1) / most);
}

// In texels; the rest of the target stays as it is. The scissor test is to be on.
//
// A triangle covers the viewport (glsl/whole_target.vert): it reaches out of it to the right and to the top, so that the
// viewport is no larger than the target, more than which no device promises. But what reaches out has to be clipped, which
// Mesa's llvmpipe does into several triangles, and it computes twice what lies along their seams: half as much again of a
// small target. Such a device draws another triangle, vertices 3 to 5: half of a viewport twice as wide and high as the
// rectangle, which is all of the rectangle. Scissors cut the rest away.
inline void draw_rectangle(int x, int y, int width, int height) {
  const int most = drawing.most, times = drawing.is_doubled ? 2 : 1;
  for (int top = 0; top < height; top += most) {
    for (int left = 0; left < width; left += most) {
      const int w = std::min(most, width - left), h = std::min(most, height - top);
      glViewport(x + left, y + top, times * w, times * h);
      glScissor(x + left, y + top, w, h);
      glDrawArrays(GL_TRIANGLES, drawing.is_doubled ? 3 : 0, 3);
    }
  }
}

}  // namespace fragnet
