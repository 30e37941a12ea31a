// Private to find_ports(): what the first layer of a network tells of its input.
#pragma once

#include <optional>

#include "graph/graph.hpp"
#include "ports/ports.hpp"

namespace fragnet {

// A batch norm behind the first convolution knows the mean and variance of what that made of the pictures in training. Which of
// some ranges gives just those? `layer`: of a convolution, an index into Graph::nodes. Nullopt where there is no batch norm,
// or no range is clearly the nearest.
std::optional<Range> range_by_statistics(const Graph& graph, int layer);

}  // namespace fragnet
