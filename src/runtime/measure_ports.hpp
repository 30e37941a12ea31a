// Runs a network on a calibration picture, to find out about its ports what no operation says (ports/settle.hpp).
#pragma once

#include "ports/settle.hpp"
#include "runtime/network.hpp"

namespace fragnet {

class PortMeasurement {
 public:
  // For a network of which ranges_to_try() are some.
  explicit PortMeasurement(Network& network);

  // Runs the network once and reads its outputs, while there is something to try. Once all is tried, the network's ports
  // have changed, and its inputs are to be written anew. Returns whether that is so.
  bool advance();

 private:
  Network& network_;
  std::vector<Range> ranges_;
  std::vector<Trial> trials_;
};

}  // namespace fragnet
