#include "runtime/measure_ports.hpp"

namespace fragnet {
namespace {

constexpr int room = 2;  // the calibration picture that is most like what a camera sees

}  // namespace

PortMeasurement::PortMeasurement(Network& network)
    : network_(network), ranges_(ranges_to_try(network.ports())) {}

bool PortMeasurement::advance() {
  if (trials_.size() == ranges_.size()) return true;
  Trial trial{.range = ranges_[trials_.size()]};
  network_.write_calibration_frame(room, trial.range);
  network_.run();
  for (size_t i = 0; i < network_.outputs().size(); ++i)
    trial.outputs.push_back(network_.read_output(static_cast<int>(i)));
  trials_.push_back(std::move(trial));
  if (trials_.size() < ranges_.size()) return false;

  std::vector<float> picture;
  const int input = network_.ports().frame_input;
  if (input >= 0) {
    const Layout& layout = network_.layout_of(network_.inputs()[static_cast<size_t>(input)].value);
    picture = calibration_frame(room, layout.picture, {});
  }
  settle(network_.ports(), picture, trials_);
  return true;
}

}  // namespace fragnet
