// Makes the native device a smaller one than it is, of the kinds that visitors come with: what it says, what it accepts, and
// what it draws. Stands between Fragnet and OpenGL (a program's own functions come before those of a library), so nothing in
// Fragnet knows of it.
#pragma once

#include "runtime/draw_rectangle.hpp"

namespace fragnet {

struct Lies {
  int bits_per_pixel =
      0;  // of all colour targets together; more is refused though draw_buffers says otherwise
  int draw_buffers = 0, texture_size = 0, texture_units = 0;
  int viewport = 0;  // larger ones are cut down without a word
  bool has_no_floats = false, has_no_halves = false;
  bool floats_hold_zeros = false;   // RGBA32F targets are accepted, and drawn to without an error
  bool has_single_outputs = false;  // programs of several do not link
  bool has_no_parallel_compile = false, has_no_timers = false;
};

// While it lives the device lies; one at a time. Networks do not outlive it.
class LyingDevice {
 public:
  explicit LyingDevice(const Lies& lies);
  ~LyingDevice();
  LyingDevice(const LyingDevice&) = delete;
  LyingDevice& operator=(const LyingDevice&) = delete;

 private:
  Drawing usual_ = drawing;
};

}  // namespace fragnet
