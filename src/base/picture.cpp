#include "base/picture.hpp"

namespace fragnet {

Picture as_picture(const Shape& shape) {
  const size_t rank = shape.size();
  const auto from_end = [&](size_t i) { return i < rank ? shape[rank - 1 - i] : 1; };
  Picture picture{from_end(3), from_end(2), from_end(1), from_end(0)};
  for (size_t i = 4; i < rank; ++i) picture.n *= from_end(i);
  return picture;
}

Shape shape_of(const Picture& picture) {
  return {picture.n, picture.h, picture.w, picture.c};
}

}  // namespace fragnet
