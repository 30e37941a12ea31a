// Between a tensor's elements in row-major order and the texels of its layout, on the host.
#pragma once

#include <span>
#include <vector>

#include "plan/layout.hpp"

namespace fragnet {

// For a layout of one layer.
std::vector<float> texels_of(const Layout& layout, std::span<const float> elements);
// layers[i]: the texels of layer i.
std::vector<float> elements_of(const Layout& layout, const std::vector<std::vector<float>>& layers);

}  // namespace fragnet
