// Private to find_ports(): the way from an input to the first layer, and from an output back to the last.
#pragma once

#include <optional>

#include "graph/graph.hpp"
#include "ports/ports.hpp"

namespace fragnet {

// y = factor × x + offset, of the numbers of all channels their mean.
struct Affine {
  double factor = 1, offset = 0;
  bool is_identity() const { return factor == 1 && offset == 0; }
};

// What is done to each number of an input before a layer mixes several.
struct WayIn {
  std::optional<PortLayout> layout;  // that the operations on it know
  Affine affine;
  int layer = -1;  // the first convolution, as an index into Graph::nodes
};
WayIn way_in(const Graph& graph, ValueId input);

// What is done to the numbers of an output behind the last layer. `bounds` are those of the output, where an operation has
// some; `last` is that operation (tanh, a clip …), or the layer or sum at which the way ends.
struct WayOut {
  std::optional<PortLayout> layout;
  std::optional<Range> bounds;
  const Op* last = nullptr;
  ValueId from = -1;            // what `last` makes
  bool moves_channels = false;  // into pixels, by reshaping
  bool is_input = false;        // it ends at an input: nothing is computed
};
WayOut way_out(const Graph& graph, ValueId output);

}  // namespace fragnet
