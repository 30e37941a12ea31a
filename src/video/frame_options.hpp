// How a frame becomes the network's input, and what of it is shown.
#pragma once

#include <string>

#include "runtime/picture_port.hpp"

namespace fragnet {

// none     the frame, resampled to the input's size
// classic  grey, 16×16, three binomial blurs, enlarged bilinearly: bright and dark places, no detail
// paper    grey, reduced 24 times by area, enlarged bicubically (Akten, Learning to See)
enum class Augmentation { none, classic, paper };
enum class View { output, input, both };

struct PixelSize {
  int width = 0, height = 0;
  bool operator==(const PixelSize&) const = default;
};

struct FrameOptions {
  Augmentation augmentation = Augmentation::none;
  float brightness = 0;  // added, in units of white
  float contrast = 1;    // multiplies around mid-grey
  bool is_range_given = false;
  Range range;  // used where is_range_given, else what the network seems to want
  bool mirror = false;
  View view = View::output;
  bool operator==(const FrameOptions&) const = default;
};

// Throw `bad-input` for an unknown word.
Augmentation augmentation_of(const std::string& name);
View view_of(const std::string& name);

}  // namespace fragnet
