#include "support/likeness.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace fragnet {

Likeness likeness(const std::vector<HostTensor>& got, const std::vector<HostTensor>& want) {
  EXPECT_EQ(got.size(), want.size());
  Likeness worst{.decibels = std::numeric_limits<double>::infinity()};
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].values.size(), want[i].values.size());
    double largest = 0, furthest = 0, squares = 0;
    for (size_t k = 0; k < got[i].values.size(); ++k) {
      const double value = want[i].values[k];
      double difference = std::abs(got[i].values[k] - value);
      if (!std::isfinite(difference)) difference = std::numeric_limits<double>::infinity();
      largest = std::max(largest, std::abs(value));
      furthest = std::max(furthest, difference);
      squares += difference * difference;
    }
    EXPECT_GT(largest, 0) << "nothing is compared";
    const double mean = squares / static_cast<double>(got[i].values.size());
    worst.decibels = std::min(worst.decibels, 10 * std::log10(largest * largest / mean));
    worst.furthest = std::max(worst.furthest, furthest / largest);
  }
  return worst;
}

}  // namespace fragnet
