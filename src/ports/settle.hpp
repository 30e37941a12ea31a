// What a network makes of a picture says what its operations do not: which numbers it wants, and which it paints in.
#pragma once

#include <vector>

#include "ports/ports.hpp"

namespace fragnet {

// The picture, from black to white in `range`, through the network: the numbers of its outputs.
struct Trial {
  Range range;
  std::vector<std::vector<float>> outputs;
};

// The ranges to try; one that does not matter where no frame goes in; none where nothing is guessed.
std::vector<Range> ranges_to_try(const Ports& ports);

// Chooses among the trials, and says of each port that was guessed what it is, and why. `picture`: what the frame's input was
// shown, 0 … 1, row-major, channels last.
void settle(Ports& ports, const std::vector<float>& picture, const std::vector<Trial>& trials);

}  // namespace fragnet
