#include "programs/draft.hpp"

#include "base/error.hpp"

namespace fragnet {

void define(Draft& draft, const std::string& name, int value) {
  define(draft, name, std::to_string(value));
}

void define(Draft& draft, const std::string& name, const std::string& value) {
  draft.defines.push_back({name, value});
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
  const Block& block = draft.output().block;
  define(draft, "BLOCK_W", block.w);
  define(draft, "OUTPUT_STEP", block.step_w);
  define(draft, "REPEAT_W(M)", text("REPEAT_", block.w, "(M)"));
  define(draft, "REPEAT_W_WITH(M, j)", text("REPEAT_WITH_", block.w, "(M, j)"));
  define(draft, "REPEAT_Q(M)", text("REPEAT_", block.q, "(M)"));
  define(draft, "REPEAT_LAYERS(M)", text("REPEAT_", block.layers(), "(M)"));
}

void bind_tensor(Draft& draft, const std::string& sampler, const std::string& layout, ValueId value) {
  draft.declarations += "uniform sampler2DArray " + sampler + ";\n";
  draft.declarations +=
      "const Layout " + layout + " = " + glsl_layout(draft.plan.place_of(value).layout) + ";\n";
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

std::vector<int> bind_parts(Draft& draft) {
  bind_pictures(draft, draft.node.pictures);
  std::vector<int> channels;
  std::string accumulate;
  int first_cell = 0;
  for (int i = 0; i < draft.node.pictures; ++i) {
    const Layout& layout = draft.layout_of(i);
    channels.push_back(layout.picture.c);
    accumulate +=
        text("accumulate(picture", i, ", PICTURE", i, ", ", layout.quads(), ", ", first_cell, ", place); ");
    first_cell += layout.quads();
  }
  define(draft, "ACCUMULATE_PICTURES", accumulate);
  return channels;
}

void bind_grid(Draft& draft, PackedWeights packed) {
  define(draft, "WEIGHT_CELLS", packed.cells);
  define(draft, "WEIGHT_FOLDS", packed.folds);
  define(draft, "WEIGHT_STRIPS", packed.strips);
  define(draft, "WEIGHT_STRIP_ROWS", packed.strip_rows);
  bind_image(draft, std::move(packed.image));
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
