// What the inputs and outputs of a network are to people: pictures in numbers of some range, masks, classes, vectors. Files
// say none of it; the network's own operations do, and each fact is told with its reason.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace fragnet {

struct Range {
  float low = 0, high = 1;  // the numbers for black and white
  bool operator==(const Range&) const = default;
};

// How a tensor is read as a picture: N, H, W, C; N, C, H, W; H, W behind extents of 1; or no picture at all.
enum class PortLayout { nhwc, nchw, hw, vector };

enum class PortKind {
  colour,    // three channels, or four of which the last does not count
  grey,      // one channel
  mask,      // one channel, or two of which the second counts: numbers to be read as probabilities
  classes,   // a channel for each class, or one channel with the number of a class
  subpixel,  // r × r channels for each channel of a picture that is r times as large
  lines,     // one channel: something drawn on paper
  residual,  // one or three channels round zero, to be added to a picture
  features,  // channels of which one at a time can be shown
  vector,    // numbers without a place
  map,       // an input with places that is no picture: a feature map, a state
};

struct PortPicture {
  int height = 1, width = 1, channels = 1;
  PortLayout layout = PortLayout::nhwc;
  PortKind kind = PortKind::features;
  Range range;     // of colour, grey, subpixel, residual, lines, features and vectors; 0 … 1 for masks
  int factor = 1;  // of a subpixel output: r
  bool is_logit = false;    // of a mask: becomes a probability by a sigmoid or softmax
  bool is_guessed = false;  // no operation says so; what pictures become may say more
  std::string why;          // a sentence
  bool is_picture() const { return kind == PortKind::colour || kind == PortKind::grey; }
};

// What an input holds that nobody writes.
struct InputFill {
  enum class Kind { frame, constant, seeded };
  Kind kind = Kind::constant;
  float value = 0;  // of a constant
  int seed = 1;     // of normal numbers
};

struct Ports {
  std::vector<PortPicture> inputs, outputs;
  std::vector<InputFill> fills;  // by input
  int frame_input = -1;          // the picture that a frame goes into; -1: there is none
  int shown_output = 0;          // the one that is most of a picture
};

// Of a graph as an importer made it.
Ports find_ports(const Graph& source);

std::string to_string(PortLayout layout);
std::string to_string(PortKind kind);
std::string to_string(const InputFill& fill);  // a sentence

// What a fill that is not the frame holds.
std::vector<float> numbers_of(const InputFill& fill, int64_t count);

}  // namespace fragnet
