// Published networks, where the folder of test data is there: models with what TensorFlow.js makes of one input, and the
// generators of pix2pix, whose weights were not published, with weights of our own.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "support/host_tensor.hpp"

namespace fragnet {

struct PublishedModel {
  Graph graph;
  std::vector<HostTensor> inputs, outputs;  // by port of the graph; of a generator there are none
};

const std::vector<const char*>& zoo_names();
bool has_zoo_model(const std::string& name);  // says so where it is not there
PublishedModel zoo_model(const std::string& name);

const std::vector<const char*>& generator_names();  // the folders' names
bool has_generator(const std::string& name);
// He's normal kernels, and the batch norms near one; `gain`: how many times greater the kernel of each encoder's layer is. With
// a gain, no batch norm has ever seen what it is to normalise, and feature maps grow from layer to layer; the last kernel
// makes a picture of that.
PublishedModel generator(const std::string& name, double gain = 1);

// A picture in low … high that is none of those that ranges are learned from: waves.
HostTensor smooth_picture(const Shape& shape, float turn, float low = -0.9f, float high = 0.9f);

}  // namespace fragnet
