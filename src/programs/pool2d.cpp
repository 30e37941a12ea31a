#include "programs/draft.hpp"

namespace fragnet {

void write_pool2d(Draft& draft, const Pool2d& op) {
  draft.file = "pool2d.frag";
  bind_pictures(draft, 1);
  define_window(draft, op.window);
  define(draft, "MAXIMUM", op.kind == PoolKind::max);
}

}  // namespace fragnet
