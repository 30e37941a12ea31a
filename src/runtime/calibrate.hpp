// How the ranges of an 8-bit network's channels are learned: from pictures like those it will see, which it is run on once
// with its feature maps in full precision.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/plan.hpp"
#include "ports/ports.hpp"

namespace fragnet {

// What one channel has been seen to hold, and zero.
struct ChannelRange {
  float least = 0, greatest = 0;
};

// By value, its quads one after the other, four channels each; empty where the plan gives a value no ranges.
using LearnedRanges = std::vector<std::vector<ChannelRange>>;
LearnedRanges nothing_learned(const Plan& plan);

// How many codes a number may have: in a byte; in two, where one is not good enough; and while ranges are being learned.
inline constexpr int byte_codes = 1 << 8, two_byte_codes = 1 << 16, wide_codes = 1 << 24;

// Adds what one layer of the value's texture holds, wide codes: layout.width × layout.height texels of four.
void observe(const Layout& layout, int layer, const std::vector<uint32_t>& texels,
             std::vector<ChannelRange>& ranges);

// The texture of all ranges (glsl/include/texel.glsl), ranges_width texels wide, four words each: for wide codes, and for
// narrow ones that reach a little farther than what was learned.
int rows_of_ranges(const Plan& plan);
std::vector<uint32_t> wide_ranges(const Plan& plan);
std::vector<uint32_t> narrow_ranges(const Plan& plan, const LearnedRanges& learned, int codes);

// The pictures, the same every time: soft blobs, dark and bright, as an augmentation makes them; the grain and the hard edges
// that a camera sees. Any one of them alone costs ten decibels, more than these win nothing. Others follow, of the four
// kinds in turn. Elements of a picture of this size, row-major, from range.low (black) to range.high (white).
inline constexpr int calibration_frames = 4;
std::vector<float> calibration_frame(int index, const Picture& size, const Range& range);

// The same for an input that is no picture: normal numbers, of which nearly all lie within normal_reach.
inline constexpr float normal_reach = 4;
std::vector<float> calibration_numbers(int index, int64_t count);

}  // namespace fragnet
