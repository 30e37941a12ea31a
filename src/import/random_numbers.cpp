#include "import/random_numbers.hpp"

#include <cmath>
#include <numbers>

namespace fragnet {

// SplitMix64: https://prng.di.unimi.it/splitmix64.c
uint64_t RandomNumbers::next() {
  state_ += 0x9E3779B97F4A7C15u;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

double RandomNumbers::uniform() {
  return static_cast<double>(next() >> 40) * 0x1p-24;
}

// Box and Muller's.
double RandomNumbers::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

// FNV-1a
uint64_t seed_of(std::string_view name) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char letter : name) hash = (hash ^ static_cast<uint8_t>(letter)) * 0x100000001B3u;
  return hash;
}

}  // namespace fragnet
