// Random numbers that are the same everywhere and every time: the standard library's distributions are not.
#pragma once

#include <cstdint>
#include <string_view>

namespace fragnet {

class RandomNumbers {
 public:
  explicit RandomNumbers(uint64_t seed) : state_(seed) {}

  uint64_t next();
  double uniform();  // 0 ≤ x < 1, a multiple of 2⁻²⁴: exact as a float
  double normal();   // of mean 0 and deviation 1

 private:
  uint64_t state_;
};

// Another seed for every name.
uint64_t seed_of(std::string_view name);

}  // namespace fragnet
