// How a frame becomes the network's input, and what of it is shown.
#pragma once

#include <optional>
#include <string>

#include "ports/ports.hpp"

namespace fragnet {

// none     the frame, resampled to the input's size
// classic  grey, 16×16, three binomial blurs, enlarged bilinearly: bright and dark places, no detail
// paper    grey, reduced 24 times by area, enlarged bicubically (Akten, Learning to See)
enum class Augmentation { none, classic, paper };
enum class View { output, input, both };

// How an output is shown; `automatic`: as its kind wants it.
// picture   its colours, or one channel in grey
// mask      how sure the network is, in grey
// overlay   classes or the mask in colour over the frame
// cutout    the frame where the mask or a class other than the first is, else black
// classes   the likeliest class of each pixel, in a colour of its own
// subpixel  channels as the pixels that they are, of a picture several times as large
// channel   one channel in grey
enum class Show { automatic, picture, mask, overlay, cutout, classes, subpixel, channel };

struct PixelSize {
  int width = 0, height = 0;
  bool is_said = false;  // by an element whose pixels may be more or fewer, such as a video
  bool operator==(const PixelSize& other) const { return width == other.width && height == other.height; }
};

struct FrameOptions {
  Augmentation augmentation = Augmentation::none;
  float brightness = 0;                            // added, in units of white
  float contrast = 1;                              // multiplies around mid-grey
  float grain = 0;                                 // of a noise that stands still, in units of white
  std::optional<Range> input_range, output_range;  // else what was found out about the network
  bool mirror = false;
  View view = View::output;
  int output = -1;   // of the network; -1: the one that is most of a picture
  int channel = -1;  // of the output; -1: as its kind wants it
  Show show = Show::automatic;
  bool invert = false;  // dark and bright exchanged
  bool operator==(const FrameOptions&) const = default;
};

// Throw `bad-input` for an unknown word.
Augmentation augmentation_of(const std::string& name);
View view_of(const std::string& name);
Show show_of(const std::string& name);

}  // namespace fragnet
