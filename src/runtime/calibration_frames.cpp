#include <algorithm>
#include <cmath>
#include <cstdint>

#include "runtime/calibrate.hpp"

namespace fragnet {
namespace {

// 0 … 1, the same everywhere.
float random_at(int x, int y, uint32_t seed) {
  uint32_t h =
      static_cast<uint32_t>(x) * 0x9E3779B1u ^ static_cast<uint32_t>(y) * 0x85EBCA77u ^ seed * 0xC2B2AE3Du;
  h = (h ^ h >> 15) * 0x2C1B3C6Du;
  h = (h ^ h >> 12) * 0x297A2D39u;
  return static_cast<float>((h ^ h >> 15) >> 8) / static_cast<float>(1 << 24);
}

// Random numbers on a lattice, smoothly joined: blobs about one unit wide, 0 … 1.
float blobs(float x, float y, uint32_t seed) {
  const float left = std::floor(x), top = std::floor(y);
  const auto smooth = [](float t) { return t * t * (3 - 2 * t); };
  const float tx = smooth(x - left), ty = smooth(y - top);
  const auto at = [&](int dx, int dy) {
    return random_at(static_cast<int>(left) + dx, static_cast<int>(top) + dy, seed);
  };
  const auto mix = [](float a, float b, float t) { return a + (b - a) * t; };
  return mix(mix(at(0, 0), at(1, 0), tx), mix(at(0, 1), at(1, 1), tx), ty);
}

// Blobs of every size, half as strong at half the width: about what a camera sees.
float scene(float x, float y, uint32_t seed) {
  float sum = 0, weight = 0.5f, whole = 0;
  for (float scale = 3; scale < 100; scale *= 2, weight /= 2) {
    sum += weight * blobs(x * scale, y * scale, seed + static_cast<uint32_t>(scale));
    whole += weight;
  }
  return sum / whole;
}

float contrast(float value, float by) {
  return std::clamp((value - 0.5f) * by + 0.5f, 0.0f, 1.0f);
}

// x and y: 0 … 1 across the picture.
float brightness(int index, float x, float y, uint32_t seed) {
  switch (index % calibration_frames) {
    case 0:  // what an augmentation leaves of a dark room
      return 0.45f * std::pow(blobs(x * 4, y * 4, seed), 2.0f);
    case 1:  // and of a bright one
      return 1 - 0.45f * std::pow(blobs(x * 4, y * 4, seed), 2.0f);
    case 2:  // the room itself
      return contrast(scene(x, y, seed), 2);
    default:  // black and white with hard edges, and some grain
      return contrast(blobs(x * 6, y * 6, seed), 40) * 0.9f + 0.1f * scene(x, y, seed);
  }
}

}  // namespace

std::vector<float> calibration_numbers(int index, int64_t count) {
  std::vector<float> numbers(static_cast<size_t>(count));
  for (size_t i = 0; i < numbers.size(); ++i) {
    // Twelve of them are nearly a normal one.
    float sum = -6;
    for (int k = 0; k < 12; ++k) sum += random_at(static_cast<int>(i), k, static_cast<uint32_t>(index) * 16);
    numbers[i] = sum;
  }
  return numbers;
}

std::vector<float> calibration_frame(int index, const Picture& size, const Range& range) {
  std::vector<float> elements;
  elements.reserve(static_cast<size_t>(size.h) * static_cast<size_t>(size.w) * static_cast<size_t>(size.c));
  const auto seed = static_cast<uint32_t>(index) * 16;
  for (int row = 0; row < size.h; ++row) {
    for (int column = 0; column < size.w; ++column) {
      const float x = (static_cast<float>(column) + 0.5f) / static_cast<float>(size.w);
      const float y = (static_cast<float>(row) + 0.5f) / static_cast<float>(size.h);
      const float grey = brightness(index, x, y, seed);
      for (int c = 0; c < size.c; ++c) {
        // Colours lean on the brightness; a fourth channel is white, as in a frame.
        const float own = c == 0 ? grey : brightness(index, x, y, seed + static_cast<uint32_t>(c));
        const float value = c == 3 ? 1.0f : 0.6f * grey + 0.4f * own;
        elements.push_back(range.low + (range.high - range.low) * value);
      }
    }
  }
  return elements;
}

}  // namespace fragnet
