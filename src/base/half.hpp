// IEEE 754 half floats, as TensorFlow.js stores them and as GPUs read them.
#pragma once

#include <cstdint>

namespace fragnet {

float half_to_float(uint16_t half);
uint16_t float_to_half(float value);  // rounds to nearest even; overflow becomes infinity

}  // namespace fragnet
