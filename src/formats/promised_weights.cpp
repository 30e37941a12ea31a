// The weights that a manifest promises, before their files have come.
#include <algorithm>

#include "formats/model.hpp"

namespace fragnet {
namespace {

constexpr int64_t largest_tensor = int64_t{64} << 20, most_zeros = int64_t{64} << 10;  // bytes

}  // namespace

std::optional<Weights> promised_weights(const std::vector<WeightGroup>& groups,
                                        std::span<const std::shared_ptr<std::vector<uint8_t>>> arrived) {
  int64_t most = 0;
  for (const WeightGroup& group : groups) {
    if (group.has_text || group.is_npy) return std::nullopt;
    for (const WeightSpec& spec : group.weights)
      most = std::max(most, element_count(spec.shape) * bytes_of(spec.encoding));
  }
  if (most > largest_tensor) return std::nullopt;
  // Kernels are for the device, and an import does not look at them: memory that nobody touches costs a page nothing, and
  // megabytes of zeros a tenth of a second.
  const std::shared_ptr<uint8_t[]> unknown(new uint8_t[static_cast<size_t>(most)]);
  std::fill_n(unknown.get(), std::min(most, most_zeros), uint8_t{0});
  Weights weights;
  for (size_t i = 0; i < groups.size(); ++i) {
    size_t at = 0;
    for (const WeightSpec& spec : groups[i].weights) {
      const auto size = static_cast<size_t>(element_count(spec.shape) * bytes_of(spec.encoding));
      const bool has_arrived = at + size <= arrived[i]->size();
      const bool is_looked_at = size > 0 && (spec.dtype == DType::int32 || spec.shape.empty());
      if (is_looked_at && !has_arrived) return std::nullopt;
      Tensor& tensor = weights[spec.name] = {.dtype = spec.dtype,
                                             .shape = spec.shape,
                                             .encoding = spec.encoding,
                                             .min = spec.min,
                                             .scale = spec.scale,
                                             .bytes = {unknown.get(), size},
                                             .owner = unknown};
      if (has_arrived) {
        tensor.bytes = std::span(*arrived[i]).subspan(at, size);
        tensor.owner = arrived[i];
      }
      at += size;
    }
  }
  return weights;
}

}  // namespace fragnet
