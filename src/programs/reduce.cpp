#include <algorithm>

#include "programs/draft.hpp"

namespace fragnet {
namespace {

struct Rule {
  const char *start, *step, *better;  // `better` only where the place is wanted
};

Rule rule_of(ReduceKind kind) {
  switch (kind) {
    case ReduceKind::sum:
    case ReduceKind::mean:
      return {"0.0", "((a) + (b))", nullptr};
    case ReduceKind::max:
      return {"-INFINITE", "max(a, b)", nullptr};
    case ReduceKind::min:
      return {"INFINITE", "min(a, b)", nullptr};
    case ReduceKind::product:
      return {"1.0", "((a) * (b))", nullptr};
    case ReduceKind::any:
      return {"0.0", "pw_logical_or(a, b)", nullptr};
    case ReduceKind::all:
      return {"1.0", "pw_logical_and(a, b)", nullptr};
    case ReduceKind::argmax:
      return {"-INFINITE", nullptr, "greaterThan(v, best)"};
    case ReduceKind::argmin:
      return {"INFINITE", nullptr, "lessThan(v, best)"};
  }
  return {};
}

}  // namespace

void write_reduce(Draft& draft, const Reduce& op) {
  draft.file = "reduce.frag";
  bind_pictures(draft, 1);
  const Picture& in = draft.layout_of(0).picture;
  const auto over = [&](int axis) { return std::count(op.axes.begin(), op.axes.end(), axis) > 0; };
  const char* const names[] = {"OVER_N", "OVER_H", "OVER_W", "OVER_C"};
  const int extents[] = {in.n, in.h, in.w, in.c};
  int64_t count = 1;
  for (int axis = 0; axis < 4; ++axis) {
    define(draft, names[axis], over(axis) ? "true" : "false");
    if (over(axis)) count *= extents[axis];
  }
  const Rule rule = rule_of(op.kind);
  define(draft, "START", rule.start);
  define(draft, "FIND_PLACE", rule.better != nullptr);
  if (rule.better) {
    define(draft, "BETTER(v, best)", rule.better);
  } else {
    define(draft, "STEP(a, b)", rule.step);
  }
  define(draft, "QUADS", "quads_of(PICTURE0)");
  define(draft, "TAIL", in.c % 4 == 0 ? 4 : in.c % 4);
  define(draft, "FACTOR", glsl_float(op.kind == ReduceKind::mean ? 1.0f / static_cast<float>(count) : 1.0f));
}

}  // namespace fragnet
