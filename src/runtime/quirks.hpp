// What is known of kinds of devices by the name of their renderer, and why. All else that Fragnet knows of a device it asks or
// tries (device.cpp).
#pragma once

#include <string>

namespace fragnet {

struct Quirks {
  bool is_software = false;  // renders on the processor
  bool is_mobile = false;    // slow with floats of 32 bits
  bool by_sampler = false;   // see DeviceLimits, as the next two
  int square = 0;
  bool small_bodies = false;
};
Quirks quirks_of(const std::string& renderer);

// Phones and tablets say of their textures more than they keep.
inline constexpr int largest_texture_of_phone = 4096;

}  // namespace fragnet
