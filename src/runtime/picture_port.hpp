// Which input of a network takes a frame, and in which numbers.
#pragma once

#include "graph/graph.hpp"

namespace fragnet {

struct Range {
  float low = 0, high = 1;  // the numbers for black and white
  bool operator==(const Range&) const = default;
};

// The first input that is one picture of one, three or four channels, as an index into Graph::inputs; -1: there is none.
int picture_input(const Graph& graph);

// Networks do not say which numbers mean black and white. One that ends in tanh paints and reads -1 … 1; the
// others are taken to use 0 … 1.
Range guess_range(const Graph& graph);

}  // namespace fragnet
