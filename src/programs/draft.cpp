#include "programs/draft.hpp"

#include <numeric>

#include "base/error.hpp"

namespace fragnet {
namespace {

// The bits of the float 1, which a scale is until it has been learned. (Emscripten 3.1.6 has no std::bit_cast yet.)
constexpr int bits_of_one = 0x3f800000;

template <class Item>
std::string list_of(int count, Item item) {
  std::string list = item(0);
  for (int i = 1; i < count; ++i) list += text(", ", item(i));
  return list;
}

// Whether layers of the kind read two pictures. Then those that read one run by the simple program of these, and find the
// second empty: so there is one less to compile. Both programs of a layer have their textures in the same units.
bool has_pairs(const Draft& draft) {
  for (const Node& node : draft.graph.nodes)
    if (node.op.index() == draft.node.op.index() && node.pictures == 2) return true;
  return false;
}

}  // namespace

void define(Draft& draft, const std::string& name, int value) {
  define(draft, name, std::to_string(value));
}

void define(Draft& draft, const std::string& name, const std::string& value) {
  draft.defines.push_back({name, value});
}

void define_bound(Draft& draft, const std::string& name, int value) {
  if (draft.extent == Extent::block) return define(draft, name, value);
  define(draft, name, add_sizes(draft, {value, 0, 0, 0}) + ".x");
}

void define_window(Draft& draft, const Window& window) {
  define(draft, "KERNEL_H", window.kernel[0]);
  define(draft, "KERNEL_W", window.kernel[1]);
  define(draft, "STRIDE_H", window.stride[0]);
  define(draft, "STRIDE_W", window.stride[1]);
  define(draft, "DILATION_H", window.dilation[0]);
  define(draft, "DILATION_W", window.dilation[1]);
  define(draft, "PAD_TOP", window.padding.top);
  define(draft, "PAD_LEFT", window.padding.left);
}

void define_block(Draft& draft) {
  const Block block = draft.block();
  define(draft, "BLOCK_W", block.w);
  define(draft, "OUTPUT_STEP", block.step_w);
  define(draft, "REPEAT_W_WITH(M, i)", text("REPEAT_WITH_", block.w, "(M, i)"));
  define(draft, "REPEAT_W_WITHIN(M, i, j)", text("REPEAT_WITHIN_", block.w, "(M, i, j)"));
  define(draft, "REPEAT_Q(M)", text("REPEAT_", block.q, "(M)"));
  define(draft, "REPEAT_Q_WITH(M, i)", text("REPEAT_WITH_", block.q, "(M, i)"));
  define(draft, "REPEAT_LAYERS(M)", text("REPEAT_", block.layers(), "(M)"));
  define(draft, "ZEROS", list_of(block.layers(), [](int) { return "vec4(0.0)"; }));
}

std::string add_sizes(Draft& draft, const std::array<int32_t, 4>& sizes) {
  draft.program.sizes.push_back(sizes);
  return text("sizes[", draft.program.sizes.size() - 1, "]");
}

void define_layout(Draft& draft, const std::string& name, const Layout& layout) {
  const Picture& p = layout.picture;
  const std::string extent = add_sizes(draft, {p.n, p.h, p.w, p.c});
  const std::string grid =
      add_sizes(draft, {layout.groups, 1 << layout.column_shift, layout.tile_w, layout.tile_h});
  // Where no layout has strips, their arithmetic vanishes with these numbers.
  const std::string strip = draft.limits.square > 0
                                ? add_sizes(draft, {layout.strip_rows, layout.gap, 0, 0}) + ".xy"
                                : "ivec2(1, 0)";
  std::string ranges = "false, 0";
  if (layout.range >= 0) {
    const bool is_scale = !draft.plan.is_ranged;
    if (is_scale) draft.program.scales.push_back({draft.program.sizes.size(), layout.range});
    const int range = is_scale ? bits_of_one : layout.range;
    draft.program.reads_ranges |= !is_scale;
    ranges = "true, " + add_sizes(draft, {range, 0, 0, 0}) + ".x";
  }
  std::string shifts = glsl_shifts(layout.block);
  if (draft.extent == Extent::layer) {
    const Block& b = layout.block;
    const std::string pixels = add_sizes(draft, {b.step_w, b.step_h, b.w, b.h});
    shifts = pixels + ".xy, " + pixels + ".zw, " + add_sizes(draft, {b.q, 0, 0, 0}) + ".x";
  }
  define(draft, name,
         text("Layout(", extent, ", ", grid, ".x, ", grid, ".y, ", grid, ".zw, ", strip, ", ", shifts, ", ",
              ranges, ")"));
}

void bind_tensor(Draft& draft, const std::string& sampler, const std::string& layout, ValueId value,
                 bool is_empty) {
  draft.declarations += "uniform TENSOR " + sampler + ";\n";
  Layout seen = draft.plan.place_of(value).layout;
  if (is_empty) seen.picture.c = 0;
  define_layout(draft, layout, seen);
  draft.program.tensors.push_back({sampler, value});
}

void bind_image(Draft& draft, Image image) {
  draft.program.images.push_back(std::move(image));
}

void bind_pictures(Draft& draft, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    bind_tensor(draft, "picture" + number, "PICTURE" + number, draft.node.inputs[static_cast<size_t>(i)]);
  }
}

void bind_grid(Draft& draft, const KernelView& kernel, GridOptions options, int slices) {
  bind_pictures(draft, draft.node.pictures);
  int pictures = draft.node.pictures;
  // Folded taps are as many inputs as the kernel then has.
  for (int i = 0; i < pictures; ++i)
    options.channels.push_back(pictures == 1 ? kernel.inputs : draft.layout_of(i).picture.c);
  // Beside what its operands, weights and constants may take.
  const bool has_room = draft.node.inputs.size() + 4 <= static_cast<size_t>(draft.limits.texture_units);
  if (pictures == 1 && has_room && has_pairs(draft)) {
    bind_tensor(draft, "picture1", "PICTURE1", draft.node.inputs[0], true);
    if (draft.extent == Extent::layer) ++pictures;
  }
  std::string accumulate, first_cell = "0";
  for (int i = 0; i < pictures; ++i) {
    accumulate += text("accumulate(picture", i, ", PICTURE", i, ", ", first_cell, ", place); ");
    first_cell += text(" + quads_of(PICTURE", i, ")");
  }
  define(draft, "ACCUMULATE_PICTURES", accumulate);
  define(draft, "SLICES", slices);
  define(draft, "ALL_CELLS", first_cell);
  options.output_quads = draft.output().groups * draft.output().block.q;
  options.format = draft.step.variant.weights;
  options.texture_size = draft.limits.texture_size;
  PackedWeights packed = pack_grid(kernel, options, draft.where());
  constexpr const char* names[] = {"FLOAT32", "FLOAT16", "UINT8"};
  define(draft, "WEIGHT_FORMAT", names[static_cast<size_t>(options.format)]);
  const std::string grid = add_sizes(draft, {packed.cells, packed.strip_rows, packed.rows, 0});
  define(draft, "WEIGHT_CELLS", grid + ".x");
  define(draft, "WEIGHT_STRIP_ROWS", grid + ".y");
  define(draft, "WEIGHT_ROWS", grid + ".z");
  define(draft, "WEIGHT_FOLDS", packed.folds);
  define(draft, "WEIGHT_STRIPS", packed.strips);
  define_bound(draft, "WEIGHT_H", options.taps.height());
  define_bound(draft, "WEIGHT_W", options.taps.width());
  define_bound(draft, "FIRST_KY", options.taps.first_y);
  define_bound(draft, "FIRST_KX", options.taps.first_x);
  bind_image(draft, std::move(packed.image));
}

int last_block_x(const Layout& layout) {
  return ((layout.tile_w - 1) * layout.block.w + 1) * layout.block.step_w - 1;
}

void define_taps(Draft& draft, const TapsOfRow& row) {
  const Block block = draft.block();
  // As many taps at once as divide the row and leave the shader moderate: software devices compile for seconds, and
  // some drivers give up, where a body grows further.
  constexpr int max_window = 18;
  const int max_products = draft.limits.small_bodies ? 16 : 40;
  const auto step_of = [&](int taps) {
    return taps == 1 ? row.pixel_distance : std::gcd(row.pixel_distance, row.tap_distance);
  };
  const auto window_of = [&](int taps) {
    return ((block.w - 1) * row.pixel_distance + (taps - 1) * row.tap_distance) / step_of(taps) + 1;
  };
  int taps = row.taps;
  while (taps > 1 &&
         (row.taps % taps != 0 || taps * block.w * block.q > max_products || window_of(taps) > max_window)) {
    --taps;
  }
  if (draft.extent == Extent::layer) taps = 1;
  if (row.are_folded) taps = row.taps;
  const int step = step_of(taps);
  const auto column = [&](const std::string& tap) {
    const std::string last = std::to_string(taps - 1);
    return text("(p) * ", row.pixel_distance / step, " + ",
                row.is_reversed ? "(" + last + " - " + tap + ")" : tap, " * ",
                taps == 1 ? 0 : row.tap_distance / step);
  };
  std::string input = "window[" + column("(t)") + "]";
  if (row.are_folded) {
    constexpr const char* zeros[] = {", 0.0, 0.0, 0.0", ", 0.0, 0.0", ", 0.0", ""};
    input = "vec4(";
    for (int t = 0; t < taps; ++t)
      input += (t > 0 ? ", window[" : "window[") + column(std::to_string(t)) + "].x";
    input += zeros[taps - 1] + std::string(")");
  }
  define(draft, "INPUT(p, t)", input);
  define(draft, "WINDOW", window_of(taps));
  define(draft, "COLUMN_STEP", step);
  const int width = draft.layout_of(0).picture.w;
  const auto load = [&](int i) {
    const int highest = row.highest - (taps - 1) * row.tap_distance + i * step;
    const bool is_inside = row.lowest + i * step >= 0 && highest < width && draft.extent == Extent::block;
    return text(is_inside ? "LOAD(" : "LOAD_PADDED(", i, ")");
  };
  define(draft, "LOAD_WINDOW", list_of(window_of(taps), load));
  if (row.are_folded) taps = 1;
  define(draft, "TAPS", taps);
  define(draft, "ROW_AT_ONCE", draft.extent == Extent::block && (row.are_folded || taps == row.taps));
  define(draft, "TAP_STEP", row.stride);
  define(draft, "TAP_EXISTS(kx)", row.may_miss ? "(kx) >= 0 && (kx) < WEIGHT_W" : "true");
  define(draft, "REPEAT_TAPS(M)", text("REPEAT_", taps, "(M)"));
}

std::string fetch_broadcast(const std::string& sampler, const std::string& layout, const Picture& from,
                            const Picture& to) {
  const auto index = [](const char* name, int extent, int wanted) {
    return extent == 1 && wanted != 1 ? std::string("0") : std::string(name);
  };
  const bool one_channel = from.c == 1 && to.c != 1;
  return text("fetch_quad(", sampler, ", ", layout, ", ", index("n", from.n, to.n), ", ",
              index("y", from.h, to.h), ", ", index("x", from.w, to.w), ", ", one_channel ? "0" : "q", ")",
              one_channel ? ".xxxx" : "");
}

}  // namespace fragnet
