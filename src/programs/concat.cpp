#include "programs/draft.hpp"

namespace fragnet {

void write_concat(Draft& draft, const Concat& op) {
  draft.file = "concat.frag";
  bind_pictures(draft, 2);
  const Picture& first = draft.layout_of(0).picture;
  const int extents[] = {first.n, first.h, first.w, first.c};
  define(draft, "AXIS", op.axis);
  define(draft, "SPLIT", extents[op.axis]);
}

}  // namespace fragnet
