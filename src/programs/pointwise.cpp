#include "programs/draft.hpp"

namespace fragnet {

void write_pointwise(Draft& draft) {
  draft.file = "pointwise.frag";
  bind_pictures(draft, 1);
  define(draft, "LOAD(n, y, x, q)",
         fetch_broadcast("picture0", "PICTURE0", draft.layout_of(0).picture, draft.output().picture));
}

}  // namespace fragnet
