#include "plan/raster_cost.hpp"

#include <algorithm>

namespace fragnet {
namespace {

constexpr int square = 64, stamp = 4, most_processors = 16;

int divide_up(int a, int b) {
  return (a + b - 1) / b;
}

}  // namespace

int busy_processors(int width, int height) {
  if (std::min(width, height) < stamp) return 0;
  return std::min(most_processors, divide_up(width, square) * divide_up(height, square));
}

int stamps_of(int width, int height) {
  return divide_up(width, stamp) * divide_up(height, stamp);
}

}  // namespace fragnet
