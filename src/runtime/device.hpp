// What the current GL context can do.
#pragma once

#include <optional>
#include <string>

#include "plan/plan.hpp"
#include "runtime/targets.hpp"

namespace fragnet {

// Of the feature maps: floats of 32 or 16 bits, or bytes with a range for each channel.
enum class Precision { automatic, fp32, fp16, rgba8 };
Precision precision_of(const std::string& name);  // "auto", "fp32", "fp16", "rgba8"; throws `bad-input`
std::string to_string(Precision precision);

struct Device {
  DeviceLimits
      limits;  // draw_buffers: what the driver says; a network has what `targets` says of its precision
  std::string renderer;
  bool is_phone = false;
  Targets fp32, fp16, rgba8;      // of the textures of feature maps: floats of 32 and 16 bits, integers
  bool parallel_compile = false;  // a program can be asked whether it is ready
  bool timer_queries = false;
  int uniform_alignment = 256;  // bytes, of what is bound of a uniform buffer
};

// Tries targets until it is known what `wanted` means; all of them where nothing is said. `is_phone`: as far as a page can
// tell; some renderers say so themselves.
Device query_device(std::optional<Precision> wanted = {}, bool is_phone = false);

// A step of the ladder: the precision of feature maps, and how many targets of it one draw has.
struct Tier {
  Precision precision = Precision::fp32;
  int targets = 1;
};

// What `wanted` means on this device: the first step that holds. Throws `no-float-targets` with what the device lacks.
Tier choose_tier(Precision wanted, const Device& device);

// Why it is not a higher one, in a sentence; "" where it is the highest.
std::string reason_of(const Tier& tier, const Device& device);

// Takes from the device what came out not to hold after all, so that choose_tier() gives the next lower step. Returns whether
// there is one.
bool step_down(Device& device, Precision wanted, const Tier& failed);

}  // namespace fragnet
