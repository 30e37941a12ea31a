#include "support/reference_frame.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>

namespace fragnet {
namespace {

HostPicture made(int width, int height, const std::function<Colour(int x, int y)>& colour_at) {
  HostPicture picture{.width = width, .height = height};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) picture.pixels.push_back(colour_at(x, y));
  }
  return picture;
}

void add(Colour& sum, double weight, const Colour& colour) {
  for (size_t i = 0; i < 3; ++i) sum[i] += weight * colour[i];
}

// How much of the stretch from low to high lies in the unit from i on.
double overlap(double low, double high, int i) {
  return std::max(0.0, std::min(high, i + 1.0) - std::max(low, double(i)));
}

// The kernel that a tap at distance d from the point is weighted by.
HostPicture enlarged(const HostPicture& picture, int width, int height,
                     const std::function<double(double d)>& kernel) {
  return made(width, height, [&](int x, int y) {
    const double source_x = (x + 0.5) * picture.width / width - 0.5;
    const double source_y = (y + 0.5) * picture.height / height - 0.5;
    const int left = static_cast<int>(std::floor(source_x)) - 1,
              top = static_cast<int>(std::floor(source_y)) - 1;
    Colour sum{};
    for (int j = top; j < top + 4; ++j) {
      for (int i = left; i < left + 4; ++i) {
        add(sum, kernel(source_x - i) * kernel(source_y - j), picture.clamped(i, j));
      }
    }
    return sum;
  });
}

// -1 … 1, as glsl/include/input.glsl has it.
double noise_at(uint32_t x, uint32_t y) {
  uint32_t bits = x * 2654435769U ^ y * 3266489917U;
  bits = (bits ^ bits >> 15) * 2246822519U;
  bits = (bits ^ bits >> 13) * 3266489917U;
  return (bits >> 8) / 8388608.0 - 1;
}

}  // namespace

const Colour& HostPicture::clamped(int x, int y) const {
  return at(std::clamp(x, 0, width - 1), std::clamp(y, 0, height - 1));
}

HostPicture reduced(const HostPicture& frame, int width, int height, double proportion) {
  const double crop_height = std::min<double>(frame.height, frame.width / proportion);
  const double crop_width = crop_height * proportion;
  const double left = (frame.width - crop_width) / 2, top = (frame.height - crop_height) / 2;
  return made(width, height, [&](int x, int y) {
    const double x0 = left + x * crop_width / width, x1 = left + (x + 1) * crop_width / width;
    const double y0 = top + y * crop_height / height, y1 = top + (y + 1) * crop_height / height;
    Colour sum{};
    for (int j = 0; j < frame.height; ++j) {
      for (int i = 0; i < frame.width; ++i) add(sum, overlap(x0, x1, i) * overlap(y0, y1, j), frame.at(i, j));
    }
    for (double& value : sum) value /= (x1 - x0) * (y1 - y0);
    return sum;
  });
}

HostPicture grey(const HostPicture& picture) {
  return made(picture.width, picture.height, [&](int x, int y) {
    const Colour& c = picture.at(x, y);
    const double light = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
    return Colour{light, light, light};
  });
}

HostPicture mirrored(const HostPicture& picture) {
  return made(picture.width, picture.height,
              [&](int x, int y) { return picture.at(picture.width - 1 - x, y); });
}

HostPicture blurred(const HostPicture& picture) {
  return made(picture.width, picture.height, [&](int x, int y) {
    constexpr double weights[] = {0.25, 0.5, 0.25};
    Colour sum{};
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 3; ++i) add(sum, weights[i] * weights[j], picture.clamped(x + i - 1, y + j - 1));
    }
    return sum;
  });
}

HostPicture enlarged_bilinearly(const HostPicture& picture, int width, int height) {
  return enlarged(picture, width, height, [](double d) { return std::max(0.0, 1 - std::abs(d)); });
}

HostPicture enlarged_bicubically(const HostPicture& picture, int width, int height) {
  // R. Keys, Cubic convolution interpolation for digital image processing, 1981, equation 15
  return enlarged(picture, width, height, [](double distance) {
    const double d = std::abs(distance);
    if (d < 1) return 1.5 * d * d * d - 2.5 * d * d + 1;
    if (d < 2) return -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2;
    return 0.0;
  });
}

HostPicture toned(const HostPicture& picture, double contrast, double brightness, double grain) {
  return made(picture.width, picture.height, [&](int x, int y) {
    Colour colour = picture.at(x, y);
    const double shift =
        0.5 + brightness + grain * noise_at(static_cast<uint32_t>(x), static_cast<uint32_t>(y));
    for (double& value : colour) value = std::clamp((value - 0.5) * contrast + shift, 0.0, 1.0);
    return colour;
  });
}

}  // namespace fragnet
