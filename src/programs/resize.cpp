#include "programs/draft.hpp"

namespace fragnet {

void write_resize(Draft& draft, const Resize& op) {
  draft.file = "resize.frag";
  bind_pictures(draft, 1);
  const Picture& in = draft.layout_of(0).picture;
  const auto scale = [&](int from, int to) {
    if (op.align_corners && to > 1) return static_cast<float>(from - 1) / static_cast<float>(to - 1);
    return static_cast<float>(from) / static_cast<float>(to);
  };
  define(draft, "SCALE_H", glsl_float(scale(in.h, op.output[0])));
  define(draft, "SCALE_W", glsl_float(scale(in.w, op.output[1])));
  define(draft, "BILINEAR", op.kind == ResizeKind::bilinear);
  define(draft, "ALIGN_CORNERS", op.align_corners);
  define(draft, "HALF_PIXEL_CENTERS", op.half_pixel_centers);
}

}  // namespace fragnet
