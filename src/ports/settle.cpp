#include "ports/settle.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace fragnet {
namespace {

// Pictures less their mean, in units of their deviation: about what ImageNet's means and deviations make of 0 … 1.
constexpr Range standardised{-2, 2.4f};
constexpr Range known[] = {{0, 1}, {-1, 1}, standardised, {0, 255}};

const char* const from_picture = "of a calibration picture";

float span_of(const Range& range) {
  return range.high - range.low;
}

// The numbers below which lie hundredths of all; `sorted` is not empty.
float quantile(const std::vector<float>& sorted, double part) {
  return sorted[static_cast<size_t>(part * static_cast<double>(sorted.size() - 1))];
}

std::vector<float> sorted(std::vector<float> numbers) {
  // What is no number is no measure.
  std::erase_if(numbers, [](float x) { return !std::isfinite(x); });
  if (numbers.empty()) numbers.push_back(0);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// How far the output, read in `range`, lies from the picture that went in: the mean over the output's pixels and colours.
double distance(const PortPicture& in, const std::vector<float>& picture, const PortPicture& out,
                const std::vector<float>& numbers, const Range& range) {
  double sum = 0;
  int64_t count = 0;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int from = (y * in.height / out.height * in.width + x * in.width / out.width) * in.channels;
      const int pixel = y * out.width + x;
      for (int c = 0; c < std::min(out.channels, 3); ++c, ++count) {
        const int at =
            out.layout == PortLayout::nchw ? c * out.height * out.width + pixel : pixel * out.channels + c;
        const double level = (double{numbers[static_cast<size_t>(at)]} - range.low) / span_of(range);
        sum += std::abs(level - picture[static_cast<size_t>(from + std::min(c, in.channels - 1))]);
      }
    }
  }
  return sum / static_cast<double>(std::max<int64_t>(count, 1));
}

// `slack`: how far beyond the range numbers may lie, as a part of it.
bool fits(const std::vector<float>& numbers, const Range& range, float slack) {
  const float span = span_of(range), low = quantile(numbers, 0.01), high = quantile(numbers, 0.99);
  return low >= range.low - slack * span && high <= range.high + slack * span && high - low >= 0.2f * span;
}

// Which of the trials shows what the network was made for. A picture comes out most like it went in where both are read
// rightly; a probability that is the same everywhere tells that the picture was not understood.
size_t best_of(const Ports& ports, const std::vector<float>& picture, const std::vector<Trial>& trials,
               std::string& why) {
  const PortPicture& in = ports.inputs[static_cast<size_t>(ports.frame_input)];
  const PortPicture& out = ports.outputs[static_cast<size_t>(ports.shown_output)];
  const auto shown = static_cast<size_t>(ports.shown_output);
  size_t best = 0;
  if (out.kind == in.kind) {
    std::vector<double> distances;
    for (const Trial& trial : trials) {
      const Range& range = out.is_guessed ? trial.range : out.range;
      distances.push_back(
          trial.range == standardised ? INFINITY : distance(in, picture, out, trial.outputs[shown], range));
    }
    const auto least = std::min_element(distances.begin(), distances.end());
    constexpr double clearly = 0.75;
    if (*least >= clearly * distances[0] || *least > 0.2) return 0;
    best = static_cast<size_t>(least - distances.begin());
    why = "in which a calibration picture comes out most like it went in";
  } else if (out.kind == PortKind::mask && !out.is_logit) {
    std::vector<float> spreads;
    for (const Trial& trial : trials) {
      const std::vector<float> numbers = sorted(trial.outputs[shown]);
      spreads.push_back(quantile(numbers, 0.99) - quantile(numbers, 0.01));
    }
    const auto first =
        std::find_if(spreads.begin(), spreads.end(), [](float spread) { return spread > 0.2f; });
    if (spreads[0] > 0.02f || first == spreads.end()) return 0;
    best = static_cast<size_t>(first - spreads.begin());
    why = "in which the network sees something in a calibration picture";
  }
  return best;
}

// Of a number for each channel, or of colours whose range nothing says.
void level(PortPicture& out, const std::vector<float>& numbers) {
  out.range = {quantile(numbers, 0.005), quantile(numbers, 0.995)};
  if (span_of(out.range) <= 0) out.range.high = out.range.low + 1;
  out.why = text("Levelled: the numbers ", from_picture);
}

void settle_picture(PortPicture& out, const PortPicture* frame, const std::vector<float>& numbers) {
  if (fits(numbers, out.range, 0.2f)) {
    out.why = text(frame ? "As the input" : "As most", "; those ", from_picture, " lie there");
    return;
  }
  const float middle = quantile(numbers, 0.5), low = quantile(numbers, 0.01), high = quantile(numbers, 0.99);
  const bool is_as_large = frame && out.height == frame->height && out.width == frame->width;
  if (is_as_large && low < 0 && high > 0 && std::abs(middle) < 0.2f * (high - low)) {
    const float reach = std::max(-quantile(numbers, 0.001), quantile(numbers, 0.999));
    out.kind = PortKind::residual;
    out.range = {-reach, reach};
    out.why = text("Small numbers round zero, ", from_picture);
    return;
  }
  for (const Range& range : known) {
    if (range == standardised || !fits(numbers, range, 0.1f)) continue;
    out.range = range;
    out.why = text("The numbers ", from_picture, " lie there");
    return;
  }
  level(out, numbers);
}

void settle_output(PortPicture& out, const PortPicture* frame, const std::vector<float>& numbers) {
  switch (out.kind) {
    case PortKind::colour:
    case PortKind::grey:
      settle_picture(out, frame, numbers);
      break;
    case PortKind::subpixel:
      if (fits(numbers, out.range, 0.2f)) break;
      if (out.channels > 4) {  // twelve classes have as many channels as 2×2 pixels of three colours
        out.kind = PortKind::classes;
        out.factor = 1;
        out.why = text("Numbers far from a picture's, ", from_picture, ": a score for each class");
      } else {
        level(out, numbers);
      }
      break;
    case PortKind::mask:
      if (out.is_logit && quantile(numbers, 0.01) > -0.05f * quantile(numbers, 0.99)) {
        out.kind = PortKind::grey;
        out.is_logit = false;
        level(out, numbers);
      } else if (!out.is_logit && quantile(numbers, 0.5) > 0.9f && quantile(numbers, 0.01) < 0.7f) {
        out.kind = PortKind::lines;
        out.range = {0, 1};
        out.why = text("White with some dark places, ", from_picture, ": something drawn");
      }
      break;
    case PortKind::features:
    case PortKind::vector:
      level(out, numbers);
      break;
    case PortKind::classes:
    case PortKind::lines:
    case PortKind::residual:
    case PortKind::map:
      break;
  }
}

}  // namespace

std::vector<Range> ranges_to_try(const Ports& ports) {
  const bool has_guess = std::any_of(ports.outputs.begin(), ports.outputs.end(),
                                     [](const PortPicture& port) { return port.is_guessed; });
  if (ports.frame_input < 0) return has_guess ? std::vector<Range>{{}} : std::vector<Range>{};
  const PortPicture& in = ports.inputs[static_cast<size_t>(ports.frame_input)];
  // Only what comes out as it went in, or as a probability, tells one range from another: see best_of().
  const PortPicture& out = ports.outputs[static_cast<size_t>(ports.shown_output)];
  const bool can_tell = out.kind == in.kind || (out.kind == PortKind::mask && !out.is_logit);
  if (in.is_guessed && can_tell) return {std::begin(known), std::end(known)};
  return has_guess ? std::vector<Range>{in.range} : std::vector<Range>{};
}

void settle(Ports& ports, const std::vector<float>& picture, const std::vector<Trial>& trials) {
  PortPicture* frame =
      ports.frame_input < 0 ? nullptr : &ports.inputs[static_cast<size_t>(ports.frame_input)];
  size_t best = 0;
  if (frame && frame->is_guessed && trials.size() > 1) {
    std::string why;
    best = best_of(ports, picture, trials, why);
    const Range& range = trials[best].range;
    for (PortPicture& out : ports.outputs) {
      const bool is_painted = out.is_picture() || out.kind == PortKind::subpixel;
      if (out.is_guessed && is_painted && out.range == frame->range) out.range = range;
    }
    for (PortPicture& in : ports.inputs) {
      if (!in.is_picture() || !in.is_guessed || why.empty()) continue;
      in.range = range;
      in.why = text("The range of several, ", why);
    }
  }
  for (size_t i = 0; i < ports.outputs.size(); ++i) {
    if (ports.outputs[i].is_guessed) settle_output(ports.outputs[i], frame, sorted(trials[best].outputs[i]));
  }
}

}  // namespace fragnet
