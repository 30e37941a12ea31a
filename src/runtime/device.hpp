// What the current GL context can do.
#pragma once

#include <string>

#include "plan/plan.hpp"

namespace fragnet {

// Of the feature maps: floats of 32 or 16 bits, or bytes with a range for each channel.
enum class Precision { automatic, fp32, fp16, rgba8 };
Precision precision_of(const std::string& name);  // "auto", "fp32", "fp16", "rgba8"; throws `bad-input`
std::string to_string(Precision precision);

struct Device {
  DeviceLimits limits;
  std::string renderer;
  bool float_targets = false;     // RGBA32F can be rendered to
  bool half_targets = false;      // RGBA16F can be rendered to
  bool parallel_compile = false;  // a program can be asked whether it is ready
  bool timer_queries = false;
  int uniform_alignment = 256;  // bytes, of what is bound of a uniform buffer
};

Device query_device();

// "fp32", "fp16" or "rgba8": the best that the device does.
std::string tier_of(const Device& device);

// What `wanted` means on this device. Throws `no-float-targets` with what the device lacks.
Precision choose_precision(Precision wanted, const Device& device);

}  // namespace fragnet
