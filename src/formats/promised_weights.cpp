// The weights that a manifest promises, before their files have come.
#include <algorithm>

#include "formats/model.hpp"

namespace fragnet {
namespace {

constexpr int64_t largest_tensor = int64_t{64} << 20, most_zeros = int64_t{64} << 10;  // bytes

}  // namespace

std::optional<Weights> promised_weights(const std::vector<WeightGroup>& groups) {
  int64_t most = 0;
  for (const WeightGroup& group : groups) {
    if (group.has_text || group.is_npy) return std::nullopt;
    for (const WeightSpec& spec : group.weights)
      most = std::max(most, element_count(spec.shape) * bytes_of(spec.encoding));
  }
  if (most > largest_tensor) return std::nullopt;
  // Zeros where an import looks, at sizes and other small numbers. Kernels are for the device: memory that nobody touches
  // costs a page nothing, and megabytes of zeros a tenth of a second.
  const std::shared_ptr<uint8_t[]> bytes(new uint8_t[static_cast<size_t>(most)]);
  std::fill_n(bytes.get(), std::min(most, most_zeros), uint8_t{0});
  Weights weights;
  for (const WeightGroup& group : groups) {
    for (const WeightSpec& spec : group.weights) {
      const auto size = static_cast<size_t>(element_count(spec.shape) * bytes_of(spec.encoding));
      weights[spec.name] = {.dtype = spec.dtype,
                            .shape = spec.shape,
                            .encoding = spec.encoding,
                            .min = spec.min,
                            .scale = spec.scale,
                            .bytes = {bytes.get(), size},
                            .owner = bytes};
    }
  }
  return weights;
}

}  // namespace fragnet
