// The slow truth about a frame's way to a network's input: pictures of doubles, plain loops.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace fragnet {

using Colour = std::array<double, 3>;  // red, green, blue; 0 … 1

struct HostPicture {
  int width = 0, height = 0;
  std::vector<Colour> pixels;  // row by row from the top
  const Colour& at(int x, int y) const { return pixels[static_cast<size_t>(y * width + x)]; }
  const Colour& clamped(int x, int y) const;  // the border repeated
};

// The largest part in the middle with the proportions of width × height, each pixel the average of the area
// that it covers.
HostPicture reduced(const HostPicture& frame, int width, int height, double proportion);

HostPicture grey(const HostPicture& picture);  // by ITU-R BT.601
HostPicture mirrored(const HostPicture& picture);
HostPicture blurred(const HostPicture& picture);  // 1-2-1 both ways
HostPicture enlarged_bilinearly(const HostPicture& picture, int width, int height);
HostPicture enlarged_bicubically(const HostPicture& picture, int width, int height);  // Keys, a = -1/2
HostPicture toned(const HostPicture& picture, double contrast, double brightness,
                  double grain = 0);  // around mid-grey, with a noise of each pixel's place; clamped

}  // namespace fragnet
