// The shipped autoencoders, and what PyTorch makes of some pictures with them.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "support/host_tensor.hpp"

namespace fragnet {

struct LayersFolder {
  Graph graph;
  std::vector<HostTensor> inputs;                // pictures
  std::vector<std::vector<HostTensor>> outputs;  // of each picture: each of the graph's outputs
};

// models/autoencoder/NAME
LayersFolder read_autoencoder(const std::string& name);

}  // namespace fragnet
