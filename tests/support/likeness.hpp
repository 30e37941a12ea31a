// How near numbers of fewer bits come to the right ones.
#pragma once

#include <vector>

#include "support/host_tensor.hpp"

namespace fragnet {

// Of the output that is worst. Both figures are relative to the largest magnitude of the reference.
struct Likeness {
  double decibels = 0;  // the peak signal-to-noise ratio
  double furthest = 0;  // the largest difference
};

// Infinities and NaNs among `got` are differences without end. Fails the running test where the two differ in shape, or where
// the reference is all zero, as nothing would be compared then.
Likeness likeness(const std::vector<HostTensor>& got, const std::vector<HostTensor>& want);

}  // namespace fragnet
