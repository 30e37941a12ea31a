#include "runtime/tensor_texels.hpp"

namespace fragnet {
namespace {

// Calls visit(element index, layer, index into that layer's floats) for every element in row-major order.
template <class Visit>
void for_each_element(const Layout& layout, Visit visit) {
  const Picture& p = layout.picture;
  size_t element = 0;
  for (int n = 0; n < p.n; ++n) {
    for (int y = 0; y < p.h; ++y) {
      for (int x = 0; x < p.w; ++x) {
        for (int c = 0; c < p.c; ++c, ++element) {
          const Texel texel = texel_of(layout, n, y, x, c);
          visit(element, static_cast<size_t>(texel.layer),
                (static_cast<size_t>(texel.y) * static_cast<size_t>(layout.width) +
                 static_cast<size_t>(texel.x)) *
                        4 +
                    static_cast<size_t>(texel.component));
        }
      }
    }
  }
}

}  // namespace

std::vector<float> texels_of(const Layout& layout, std::span<const float> elements) {
  std::vector<float> texels(static_cast<size_t>(layout.width) * static_cast<size_t>(layout.height) * 4);
  for_each_element(layout, [&](size_t element, size_t, size_t at) { texels[at] = elements[element]; });
  return texels;
}

std::vector<float> elements_of(const Layout& layout, const std::vector<std::vector<float>>& layers) {
  const Picture& p = layout.picture;
  std::vector<float> elements(static_cast<size_t>(p.n) * static_cast<size_t>(p.h) * static_cast<size_t>(p.w) *
                              static_cast<size_t>(p.c));
  for_each_element(layout,
                   [&](size_t element, size_t layer, size_t at) { elements[element] = layers[layer][at]; });
  return elements;
}

}  // namespace fragnet
