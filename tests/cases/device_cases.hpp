// Devices smaller than the native one, and the step of the ladder where Fragnet stops on each.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "runtime/device.hpp"
#include "support/gl_lies.hpp"

namespace fragnet {

struct DeviceCase {
  std::string name;
  Lies lies;
  Precision precision;
  int targets;
  std::string reason;  // part of it
};

inline std::ostream& operator<<(std::ostream& out, const DeviceCase& device) {
  return out << device.name;
}

inline std::vector<DeviceCase> device_cases() {
  using enum Precision;
  return {
      {"five_hundred_and_twelve_bits_a_pixel",
       {.bits_per_pixel = 512},
       fp32,
       4,
       "more than 4 textures of 32-bit floats"},
      {"two_hundred_and_fifty_six_bits_a_pixel",
       {.bits_per_pixel = 256},
       fp16,
       4,
       "more than 2 textures of 32-bit floats"},
      {"one_hundred_and_twenty_eight_bits_a_pixel",
       {.bits_per_pixel = 128},
       fp16,
       2,
       "more than 1 texture of 32-bit floats"},
      {"four_targets_2048_texels_16_units",
       {.draw_buffers = 4, .texture_size = 2048, .texture_units = 16},
       fp32,
       4,
       "more than 4 textures of 32-bit floats"},
      {"halves_only",
       {.bits_per_pixel = 512, .has_no_floats = true},
       fp16,
       8,
       "does not render to textures of 32-bit floats"},
      {"no_floats",
       {.has_no_floats = true, .has_no_halves = true},
       rgba8,
       8,
       "cannot render to floating-point textures"},
      {"no_floats_256_bits",
       {.bits_per_pixel = 256, .has_no_floats = true, .has_no_halves = true},
       rgba8,
       2,
       "cannot render to floating-point textures"},
      {"floats_that_hold_zeros",
       {.floats_hold_zeros = true},
       fp16,
       8,
       "draws wrong numbers into textures of 32-bit floats"},
      {"programs_with_one_output",
       {.has_single_outputs = true},
       fp16,
       1,
       "draws wrong numbers into more than 1 texture"},
      {"no_parallel_compile_and_no_timers",
       {.has_no_parallel_compile = true, .has_no_timers = true},
       fp32,
       8,
       ""},
      {"viewports_of_2048", {.viewport = 2048}, fp32, 8, ""},
      {"viewports_of_16", {.viewport = 16}, fp32, 8, ""},
  };
}

}  // namespace fragnet
