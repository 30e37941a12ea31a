#include <cmath>
#include <cstdio>

#include "base/error.hpp"
#include "programs/draft.hpp"

namespace fragnet {
namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

Program finished(Draft& draft) {
  draft.declarations +=
      text("layout(std140) uniform Sizes { ivec4 sizes[", draft.program.sizes.size(), "]; };\n");
  draft.program.fragment = shader_text(draft.file, draft.defines, {{"tensors", draft.declarations}});
  return std::move(draft.program);
}

}  // namespace

int shift_of(int power) {
  int shift = 0;
  while ((1 << shift) < power) ++shift;
  return shift;
}

std::string glsl_float(float value) {
  if (std::isnan(value)) return "uintBitsToFloat(0x7fc00000u)";
  if (std::isinf(value)) return value > 0 ? "uintBitsToFloat(0x7f800000u)" : "uintBitsToFloat(0xff800000u)";
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.9g", static_cast<double>(value));
  std::string number = digits;
  if (number.find_first_of(".e") == std::string::npos) number += ".0";
  return value < 0 ? "(" + number + ")" : number;
}

std::string glsl_shifts(const Block& b) {
  const auto pair = [](int x, int y) { return text("ivec2(", shift_of(x), ", ", shift_of(y), ")"); };
  return text(pair(b.step_w, b.step_h), ", ", pair(b.w, b.h), ", ", shift_of(b.q));
}

std::string glsl_layout(const Layout& l) {
  const Picture& p = l.picture;
  return text("Layout(ivec4(", p.n, ", ", p.h, ", ", p.w, ", ", p.c, "), ", l.groups, ", ",
              1 << l.column_shift, ", ivec2(", l.tile_w, ", ", l.tile_h, "), ivec2(", l.strip_rows, ", ",
              l.gap, "), ", glsl_shifts(l.block), ", ", l.range >= 0 ? "true, " : "false, ", l.range, ")");
}

void define_texels(const Plan& plan, bool has_ranges, std::vector<Define>& defines) {
  defines.push_back({"RANGED", plan.is_ranged ? "1" : "0"});
  defines.push_back({"SCALED", "0"});
  defines.push_back({"HAS_RANGES", has_ranges ? "1" : "0"});
  defines.push_back({"BY_SAMPLER", plan.by_sampler ? "1" : "0"});
  defines.push_back({"RANGES_WIDTH", std::to_string(ranges_width)});
}

std::string scaled(const std::string& fragment) {
  const std::string plain = "#define SCALED 0";
  std::string text = fragment;
  const size_t at = text.find(plain);
  if (at == std::string::npos) fail(code::internal, "a shader without scales is to have some");
  text[at + plain.size() - 1] = '1';
  return text;
}

Program make_magnitude_program(const Graph& graph, const Plan& plan, const Step& step,
                               const DeviceLimits& limits) {
  const Node& node = graph.nodes[static_cast<size_t>(step.node)];
  Draft draft{.graph = graph,
              .plan = plan,
              .step = step,
              .node = node,
              .limits = limits,
              .extent = Extent::layer,
              .file = "magnitude.frag"};
  define(draft, "SIZES_ARE_UNIFORMS", 1);
  define(draft, "PARTS", magnitude_parts);
  bind_tensor(draft, "picture0", "PICTURE0", node.output);
  define_texels(plan, draft.program.reads_ranges, draft.defines);
  return finished(draft);
}

Program make_program(const Graph& graph, const Plan& plan, const Step& step, const DeviceLimits& limits,
                     Extent extent) {
  Draft draft{.graph = graph,
              .plan = plan,
              .step = step,
              .node = graph.nodes[static_cast<size_t>(step.node)],
              .limits = limits,
              .extent = extent};
  if (extent == Extent::layer) define(draft, "SIZES_ARE_UNIFORMS", 1);
  define(draft, "LAYERS", draft.block().layers());
  define_bound(draft, "FIRST_LAYER", 0);
  define_layout(draft, "OUTPUT", draft.output());
  std::visit(Overloaded{
                 [&](const Conv2d& op) { write_conv2d(draft, op); },
                 [&](const Conv2dTranspose& op) { write_conv2d_transpose(draft, op); },
                 [&](const DepthwiseConv2d& op) { write_depthwise_conv2d(draft, op); },
                 [&](const MatMul& op) { write_matmul(draft, op); },
                 [&](const Pool2d& op) { write_pool2d(draft, op); },
                 [&](const Resize& op) { write_resize(draft, op); },
                 [&](const Reduce& op) { write_reduce(draft, op); },
                 [&](const Concat& op) { write_concat(draft, op); },
                 [&](const Rearrange& op) { write_rearrange(draft, op); },
                 [&](const Pointwise&) { write_pointwise(draft); },
                 [&](const auto&) {
                   fail(code::internal, draft.where(), ": no program computes ", name_of(draft.node.op));
                 },
             },
             draft.node.op);
  write_epilogue(draft);
  define_texels(plan, draft.program.reads_ranges, draft.defines);
  const size_t units =
      draft.program.tensors.size() + draft.program.images.size() + (draft.program.reads_ranges ? 1 : 0);
  if (units > static_cast<size_t>(limits.texture_units)) {
    fail(code::too_large, draft.where(), ": it reads ", units, " textures at once, this device allows ",
         limits.texture_units);
  }
  return finished(draft);
}

}  // namespace fragnet
