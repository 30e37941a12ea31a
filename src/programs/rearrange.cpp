#include "base/error.hpp"
#include "programs/draft.hpp"

namespace fragnet {

void write_rearrange(Draft& draft, const Rearrange& op) {
  draft.file = "rearrange.frag";
  bind_pictures(draft, 1);
  std::string extents;
  for (size_t i = op.extents.size(); i-- > 0;) {
    const Rearrange::Extent& e = op.extents[i];
    extents += text("EXTENT(", e.count, ", ", e.step, ", ", e.start, ", ", e.limit, ", ", e.stride, ") ");
  }
  define(draft, "EXTENTS", extents);
  define(draft, "MIRROR", op.pad != PadKind::constant);
  define(draft, "REPEATS_EDGE", op.pad == PadKind::symmetric);
  define(draft, "FILL", glsl_float(op.value));
}

}  // namespace fragnet
