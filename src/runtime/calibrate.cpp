#include "runtime/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace fragnet {
namespace {

// Numbers beyond count as this one. It lies far beyond what networks hold; nearer to zero wide codes are the finer, the
// smaller it is: three digits at 0.01.
constexpr float wide_reach = 1 << 20;
constexpr float wide_zero = wide_codes / 2.0f, wide_scale = wide_reach / (wide_zero * wide_zero);

float decoded(uint32_t code) {
  const float d = static_cast<float>(code) - wide_zero;
  return wide_scale * d * std::abs(d);
}

uint32_t packed(float scale, int zero) {
  uint32_t bits = 0;
  std::memcpy(&bits, &scale, sizeof bits);
  // Rounded up, so that the ends stay within reach.
  return ((bits + 255u) & ~255u) | static_cast<uint32_t>(zero);
}

uint32_t packed(const ChannelRange& range, int codes) {
  // Other pictures reach farther than those that were learned from; two bytes have the codes for much more.
  const double margin = codes == byte_codes ? 0.25 : 4;
  const double span = double{range.greatest} - range.least;
  if (span == 0) return 0;
  const double below = range.least < 0 ? std::sqrt(margin * span - range.least) : 0;
  const double above = range.greatest > 0 ? std::sqrt(margin * span + range.greatest) : 0;
  constexpr int last = 255;
  int zero = static_cast<int>(std::lround(last * below / (below + above)));
  // A side that has numbers has codes.
  if (below > 0) zero = std::max(zero, 1);
  if (above > 0) zero = std::min(zero, last - 1);
  const double step = std::max(zero > 0 ? below / zero : 0, zero < last ? above / (last - zero) : 0);
  const double code = step * byte_codes / codes;  // the zero is in 256ths of all
  return packed(static_cast<float>(code * code), zero);
}

}  // namespace

LearnedRanges nothing_learned(const Plan& plan) {
  LearnedRanges learned(plan.places.size());
  for (size_t i = 0; i < plan.places.size(); ++i) {
    const bool has_ranges = plan.places[i] && plan.places[i]->layout.range >= 0;
    if (has_ranges) learned[i].resize(static_cast<size_t>(plan.places[i]->layout.quads()) * 4);
  }
  return learned;
}

void observe(const Layout& layout, int layer, const std::vector<uint32_t>& texels,
             std::vector<ChannelRange>& ranges) {
  const Picture& picture = layout.picture;
  const Block& block = layout.block;
  const int phases = block.step_w * block.step_h;
  const int in_block_x = layer % block.w, in_block_y = layer / block.w % block.h;
  const int in_block_q = layer / (block.w * block.h);
  for (int tile = 0; tile < picture.n * layout.groups * phases; ++tile) {
    const int quad = tile / phases % layout.groups * block.q + in_block_q;
    if (quad >= layout.quads()) continue;
    const int phase_x = tile % block.step_w, phase_y = tile % phases / block.step_w;
    const auto [left, top] = corner_of_tile(layout, tile);
    for (int row = 0; row < layout.tile_h; ++row) {
      if ((row * block.h + in_block_y) * block.step_h + phase_y >= picture.h) break;
      for (int column = 0; column < layout.tile_w; ++column) {
        if ((column * block.w + in_block_x) * block.step_w + phase_x >= picture.w) break;
        const auto texel = static_cast<size_t>(top + row) * static_cast<size_t>(layout.width) +
                           static_cast<size_t>(left + column);
        for (size_t c = 0; c < 4; ++c) {
          const float value = decoded(texels[texel * 4 + c]);
          ChannelRange& range = ranges[static_cast<size_t>(quad) * 4 + c];
          range.least = std::min(range.least, value);
          range.greatest = std::max(range.greatest, value);
        }
      }
    }
  }
}

int rows_of_ranges(const Plan& plan) {
  return std::max(1, (plan.range_texels + ranges_width - 1) / ranges_width);
}

std::vector<uint32_t> wide_ranges(const Plan& plan) {
  constexpr int zero = 128;  // 256ths
  return std::vector<uint32_t>(static_cast<size_t>(rows_of_ranges(plan)) * ranges_width * 4,
                               packed(wide_scale, zero));
}

std::vector<uint32_t> narrow_ranges(const Plan& plan, const LearnedRanges& learned, int codes) {
  std::vector<uint32_t> words(static_cast<size_t>(rows_of_ranges(plan)) * ranges_width * 4);
  for (size_t value = 0; value < learned.size(); ++value) {
    if (learned[value].empty()) continue;
    uint32_t* word =
        words.data() + static_cast<size_t>(plan.place_of(static_cast<ValueId>(value)).layout.range) * 4;
    // Other pictures wake channels that these left asleep: two bytes reach as far in each as the widest does.
    ChannelRange widest;
    for (const ChannelRange& range : learned[value])
      widest = {std::min(widest.least, range.least), std::max(widest.greatest, range.greatest)};
    for (const ChannelRange& range : learned[value])
      *word++ = packed(codes == byte_codes ? range : widest, codes);
  }
  return words;
}

}  // namespace fragnet
