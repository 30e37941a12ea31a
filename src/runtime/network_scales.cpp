// The fp16 tier: half floats end at 65504, and lose digits below 2^-14. A network whose feature maps stay well within is left
// as it is. Any other gets programs that store number / 2^k, with a k for each feature map (glsl/include/texel.glsl).
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/text.hpp"
#include "runtime/network.hpp"

namespace fragnet {
namespace {

// Exponents of the greatest number that a feature map stores. Between the first two all is well: other pictures may still
// bring eight times as much. What lies outside is moved to where they may bring more: 100,000 is stored as 390, 1e-7 as
// 0.05.
constexpr int least = -8, greatest = 12, of_great = 8, of_small = -4;
// What is stored as the greatest half float may be any number from there on, and zero any below the smallest.
constexpr int greatest_half = 15, step_up = 14, step_down = -20;
// 2^k and 2^-k are floats.
constexpr int largest_k = 110, smallest_k = -60;

// By how much the k is to grow.
int change_of(int exponent) {
  if (exponent == MagnitudeMeter::nothing) return step_down;
  if (exponent >= greatest_half) return step_up;
  if (exponent > greatest) return exponent - of_great;
  return exponent < least ? exponent - of_small : 0;
}

}  // namespace

float Network::unit_of(ValueId value) const {
  return std::ldexp(1.0f, exponents_[static_cast<size_t>(value)]);
}

// Runs. Returns whether what the feature maps store is within half floats; then so is what the outputs hold. Else there are
// programs on their way that know of scales, or ready where the network already runs, and it is to be called again.
bool Network::fit_halves() {
  if (!is_within_halves()) {
    if (!is_scaled_) {
      begin_scales();
      return false;
    }
    find_scales();
  }
  return true;
}

bool Network::is_within_halves() {
  std::vector<int> steps;  // that slots of the meter hold
  bool is_within = true;
  const auto read = [&] {
    for (int exponent : meter_.read(static_cast<int>(steps.size()))) is_within &= change_of(exponent) == 0;
    steps.clear();
  };
  for (size_t i = 0; i < draws_.size(); ++i) {
    execute(draws_[i]);
    if (graph_.values[static_cast<size_t>(draws_[i].output)].dtype != DType::float32) continue;
    meter_.measure(static_cast<int>(i), texture_of(draws_[i].output), static_cast<int>(steps.size()));
    steps.push_back(static_cast<int>(i));
    if (static_cast<int>(steps.size()) == MagnitudeMeter::slots()) read();
  }
  if (!steps.empty()) read();
  return is_within;
}

// From the first to the last, as each reads what those before it store.
void Network::find_scales() {
  for (size_t i = 0; i < draws_.size(); ++i) {
    const Draw& draw = draws_[i];
    const Value& value = graph_.values[static_cast<size_t>(draw.output)];
    int& k = exponents_[static_cast<size_t>(draw.output)];
    execute(draw);
    if (value.dtype != DType::float32) continue;
    for (const int before = k;;) {
      meter_.measure(static_cast<int>(i), texture_of(draw.output), 0);
      const int exponent = meter_.read(1)[0], change = change_of(exponent);
      if (change == 0) break;
      const bool is_found = exponent != MagnitudeMeter::nothing && exponent < greatest_half;
      const bool has_more = k + change >= smallest_k && k + change <= largest_k;
      if (!has_more) {
        // All zero, or infinite whatever the scale.
        if (change > 0) {
          exceeds_halves_ = true;
          warn(text("layer \"", value.name, "\": some of its numbers are infinite or no numbers at all"));
        }
        k = change > 0 ? 0 : before;
      } else {
        k += change;
      }
      upload_scales();
      execute(draw);
      if (!has_more || (is_found && change < 0)) break;
    }
  }
}

void Network::begin_scales() {
  is_scaled_ = true;
  for (auto& cached : shaders_) {
    if (cached) cached = cache_->shader(scaled(cached->shader.fragment()), cached->shader.samplers());
  }
  fences_.clear();
  if (stage_ == Stage::learning) {  // of a load
    redone_ += compiled_ + warmed_;
    has_drawn_.assign(shaders_.size(), false);
    started_ = compiled_ = warmed_ = ready_ = 0;
    start_shaders(needed_);
    stage_ = Stage::working;
    return;
  }
  // A run waits for those that it cannot do without.
  const int end = stage_ == Stage::ready ? static_cast<int>(shaders_.size()) : needed_;
  const auto first = shaders_.begin(), last = first + end;
  for (auto cached = first; cached != last; ++cached)
    if (*cached) (*cached)->shader.start();
  for (auto cached = first; cached != last; ++cached)
    if (*cached) (*cached)->shader.finish();
  has_drawn_.assign(shaders_.size(), false);
  started_ = compiled_ = warmed_ = ready_ = end;
}

void Network::upload_scales() {
  for (const ScalePlace& place : scale_places_) {
    const float scale = unit_of(place.value);
    std::memcpy(sizes_.data() + place.offset, &scale, sizeof scale);
  }
  uniforms_.upload(sizes_);
}

}  // namespace fragnet
