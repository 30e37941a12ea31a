// The weights that a manifest promises, before their files have come.
#include <algorithm>

#include "formats/model.hpp"

namespace fragnet {
namespace {

constexpr int64_t largest_tensor = int64_t{64} << 20;  // bytes

}  // namespace

std::optional<Weights> promised_weights(const std::vector<WeightGroup>& groups) {
  int64_t most = 0;
  for (const WeightGroup& group : groups) {
    if (group.has_text || group.is_npy) return std::nullopt;
    for (const WeightSpec& spec : group.weights)
      most = std::max(most, element_count(spec.shape) * bytes_of(spec.encoding));
  }
  if (most > largest_tensor) return std::nullopt;
  const auto zeros = std::make_shared<const std::vector<uint8_t>>(static_cast<size_t>(most));
  Weights weights;
  for (const WeightGroup& group : groups) {
    for (const WeightSpec& spec : group.weights) {
      const auto bytes = static_cast<size_t>(element_count(spec.shape) * bytes_of(spec.encoding));
      weights[spec.name] = {.dtype = spec.dtype,
                            .shape = spec.shape,
                            .encoding = spec.encoding,
                            .min = spec.min,
                            .scale = spec.scale,
                            .bytes = {zeros->data(), bytes},
                            .owner = zeros};
    }
  }
  return weights;
}

}  // namespace fragnet
