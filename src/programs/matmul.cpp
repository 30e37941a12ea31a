#include "programs/draft.hpp"

namespace fragnet {

void write_matmul(Draft& draft, const MatMul& op) {
  draft.file = "matmul.frag";
  bind_pictures(draft, 2);
  const Picture& a = draft.layout_of(0).picture;
  define(draft, "TRANSPOSE_A", op.transpose_a);
  define(draft, "TRANSPOSE_B", op.transpose_b);
  define(draft, "DEPTH", op.transpose_a ? a.w : a.c);
}

}  // namespace fragnet
