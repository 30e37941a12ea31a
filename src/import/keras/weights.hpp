// Which of a file's weights belong to a layer. Files name them in many ways, so one function looks them up by
// all:
//   conv2d_1/kernel                 as Keras and TensorFlow.js write them
//   autoencoder/decoder/up/kernel   with the names of the models that the layer is nested in, or of some of
//   them lstm_1/lstm_cell/kernel         with a part in between, which TensorFlow.js leaves out, too
//   conv2d_1/kernel:0               TensorFlow's output numbers
//   _layers/conv2d_1/vars/0         by position, in files from .keras archives
//   conv2d_4/kernel                 with another number, where all weights of such layers are there in order
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "formats/model.hpp"

namespace fragnet {

struct KerasWeight {
  std::string name;  // as the file writes it
  const Tensor* tensor = nullptr;
};

struct KerasWeights {
  std::vector<KerasWeight> list;
  // Indices into the list: by the whole name, by its last two parts, and by its last but two and last part.
  std::map<std::string, int> by_name;
  std::map<std::string, std::vector<int>> by_ending, by_ending_without_cell;
  // For weights that are called after other numbers: which of how many layers each layer is, in the order of their numbers;
  // and which layers, in that order, have a weight in the file ("conv2d/kernel" → conv2d_4, conv2d_5).
  struct Place {
    size_t index = 0, count = 0;
  };
  std::map<std::string, Place> order;
  std::map<std::string, std::map<std::vector<int>, std::string>> owners;
};

// "conv2d_10_1" is a "conv2d" with the numbers 10, 1.
struct NumberedName {
  std::string base;
  std::vector<int> numbers;
};
NumberedName numbered(const std::string& name);

void note_owners(KerasWeights& weights);
// These layers are of one class and one base name. Nothing is noted where two have the same numbers.
void note_order(KerasWeights& weights, std::vector<std::string> layers);

// What the file calls the layer by that order: the owner at its place, where there are as many owners as layers; else "".
std::string name_in_order(const KerasWeights& weights, const std::string& layer,
                          std::initializer_list<const char*> names);

// Keeps pointers into `weights`.
KerasWeights index_weights(const Weights& weights);

// `path`: the names of the models around the layer, outermost first, then the layer's. `names`: what the
// weight may be called. `position`: its number among the layer's weights. `where` opens the message. Throws
// `bad-weights` where none is found, or several that fit equally well.
const KerasWeight& find_weight(const KerasWeights& weights, const std::vector<std::string>& path,
                               std::initializer_list<const char*> names, int position,
                               const std::string& where);

}  // namespace fragnet
