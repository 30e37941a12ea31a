// Every tensor seen as a batch of pictures, which is how it lies in a texture.
#pragma once

#include <cstdint>

#include "base/shape.hpp"

namespace fragnet {

struct Picture {
  int n = 1, h = 1, w = 1, c = 1;
  bool operator==(const Picture&) const = default;
};

// The last four extents are N, H, W, C; a lower rank is filled with ones on the left, the leading extents of
// a higher rank are multiplied into N. Row-major order stays as it is. The shape is closed.
Picture as_picture(const Shape& shape);
Shape shape_of(const Picture& picture);

inline int quads_of(int channels) {
  return (channels + 3) / 4;
}

}  // namespace fragnet
