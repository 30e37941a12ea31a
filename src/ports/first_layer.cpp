#include "ports/first_layer.hpp"

#include <algorithm>
#include <cmath>

namespace fragnet {
namespace {

// Of pictures from 0 to 1, about: ImageNet's mean and deviation, how alike neighbours are, and two colours of one pixel.
constexpr double mean = 0.45, deviation = 0.27, likeness_of_neighbours = 0.95, likeness_of_colours = 0.93;
constexpr int most_taps = 9 * 9 * 4;  // of a kernel, for each channel it makes

struct Moments {
  double mean = 0, variance = 0;
};

// What one channel of a convolution makes of such pictures in the range. kernel: (kh, kw, in, out)
Moments moments_of(const std::vector<float>& kernel, const Shape& shape, int out, const Range& range) {
  const int width = shape[1], in = shape[2], outputs = shape[3], taps = shape[0] * width * in;
  const double span = double{range.high} - range.low;
  const auto weight = [&](int tap) { return double{kernel[static_cast<size_t>(tap * outputs + out)]}; };
  Moments moments;
  for (int a = 0; a < taps; ++a) {
    moments.mean += weight(a) * (range.low + span * mean);
    for (int b = 0; b < taps; ++b) {
      const int pixel_a = a / in, pixel_b = b / in;
      const double steps = std::hypot(pixel_a / width - pixel_b / width, pixel_a % width - pixel_b % width);
      const double likeness =
          std::pow(likeness_of_neighbours, steps) * (a % in == b % in ? 1 : likeness_of_colours);
      moments.variance += weight(a) * weight(b) * likeness * span * span * deviation * deviation;
    }
  }
  return moments;
}

// The value that a batch norm has statistics of: the convolution's result, or that with its bias.
const ChannelStatistics* statistics_behind(const Graph& graph, ValueId value, std::vector<float>& bias) {
  const auto found = graph.statistics.find(value);
  if (found != graph.statistics.end()) return &found->second;
  for (const Node& node : graph.nodes) {
    const auto* binary = std::get_if<Binary>(&node.op);
    if (!binary || binary->kind != BinaryKind::add || node.inputs[0] != value) continue;
    const Value& added = graph.values[static_cast<size_t>(node.inputs[1])];
    const auto behind = graph.statistics.find(node.output);
    if (!added.constant || behind == graph.statistics.end()) continue;
    bias = to_floats(*added.constant);
    return &behind->second;
  }
  return nullptr;
}

}  // namespace

std::optional<Range> range_by_statistics(const Graph& graph, int layer) {
  const Node& node = graph.nodes[static_cast<size_t>(layer)];
  const Value& kernel = graph.values[static_cast<size_t>(node.inputs[1])];
  if (!std::holds_alternative<Conv2d>(node.op) || !kernel.constant) return std::nullopt;
  const Shape& shape = kernel.shape;
  std::vector<float> bias;
  const ChannelStatistics* seen = statistics_behind(graph, node.output, bias);
  const auto channels = static_cast<size_t>(shape[3]);
  if (!seen || seen->mean.size() != channels || seen->variance.size() != channels ||
      shape[0] * shape[1] * shape[2] > most_taps || (!bias.empty() && bias.size() != channels))
    return std::nullopt;
  // A batch norm that was never trained has seen nothing.
  const auto is = [](float wanted) { return [wanted](float x) { return x == wanted; }; };
  if (std::all_of(seen->mean.begin(), seen->mean.end(), is(0)) &&
      std::all_of(seen->variance.begin(), seen->variance.end(), is(1)))
    return std::nullopt;

  constexpr Range ranges[] = {{0, 1}, {-1, 1}, {-2, 2.4f}, {0, 255}};
  constexpr size_t most_channels = 64;
  const std::vector<float> weights = to_floats(*kernel.constant);
  std::vector<std::pair<double, Range>> distances;
  for (const Range& range : ranges) {
    std::vector<double> by_channel;
    for (size_t c = 0; c < std::min(channels, most_channels); ++c) {
      const Moments made = moments_of(weights, shape, static_cast<int>(c), range);
      const double wanted = std::max(double{seen->variance[c]}, 1e-8);
      const double offset = bias.empty() ? 0 : double{bias[c]};
      by_channel.push_back(std::abs(std::log(std::max(made.variance, 1e-8) / wanted)) / 2 +
                           std::abs(made.mean + offset - seen->mean[c]) / std::sqrt(wanted));
    }
    // The middle one: what a channel without contrast says is mostly noise.
    const auto middle = by_channel.begin() + static_cast<std::ptrdiff_t>(by_channel.size() / 2);
    std::nth_element(by_channel.begin(), middle, by_channel.end());
    distances.emplace_back(*middle, range);
  }
  std::sort(distances.begin(), distances.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  constexpr double near = 0.7, clearly = 0.6;
  if (!(distances[0].first < near && distances[0].first < clearly * distances[1].first)) return std::nullopt;
  return distances[0].second;
}

}  // namespace fragnet
