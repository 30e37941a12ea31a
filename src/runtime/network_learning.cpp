// What is stored of feature maps is learned from pictures like those that the network will see: when, and from which. Bytes
// learn ranges (network_ranges.cpp), half floats whether they need scales (network_scales.cpp); full floats nothing.
#include <algorithm>

#include "runtime/network.hpp"

namespace fragnet {

void Network::learn_next_frame() {
  if (plan_.is_ranged) {
    learn_ranges(frames_learned_++);
  } else {
    // Black and white, with hard edges, and in its other inputs numbers of both signs.
    write_calibration(calibration_frames - 1);
    if (!fit_halves()) return;  // again, once there are programs that know of scales
    ++frames_learned_;
  }
  if (!is_learning()) is_unexpected_.assign(inputs_.size(), false);
}

void Network::write_calibration_frame(int frame, const Range& range) {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (ports_.fills[i].kind != InputFill::Kind::frame) continue;
    const bool is_main = static_cast<int>(i) == picture_;
    const Layout& layout = layout_of(inputs_[i].value);
    upload_elements(inputs_[i].value,
                    calibration_frame(frame, layout.picture, is_main ? range : ports_.inputs[i].range));
    if (frames_to_learn_ == 0 || is_learning()) continue;
    has_new_inputs_ = true;
    is_unexpected_[i] = is_main && range != frame_range_;
  }
}

// Inputs that take no frames have what the user is going to have, and numbers of both signs, as sliders may bring.
void Network::write_calibration(int frame) {
  write_calibration_frame(frame, frame_range_);
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const bool takes_frames = ports_.fills[i].kind == InputFill::Kind::frame;
    const Range range = static_cast<int>(i) == picture_ ? frame_range_ : ports_.inputs[i].range;
    learned_inputs_[i] =
        takes_frames ? Range{std::min({range.low, range.high, 0.0f}), std::max({range.low, range.high, 0.0f})}
                     : Range{-normal_reach, normal_reach};
    if (takes_frames) continue;
    const int64_t count = element_count(inputs_[i].shape);
    const bool is_own =
        frame == 0 || inputs_[i].dtype != DType::float32;  // of whole numbers only those are safe
    upload_elements(inputs_[i].value,
                    is_own ? numbers_of(ports_.fills[i], count) : calibration_numbers(frame, count));
  }
}

void Network::note_input(int input, std::span<const float> values) {
  if (frames_to_learn_ == 0 || values.empty()) return;
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  const Range written{std::min(0.0f, *least), std::max(0.0f, *greatest)};
  Range& learned = learned_inputs_[static_cast<size_t>(input)];
  const float slack = (learned.high - learned.low) / 20;
  const bool is_unexpected = written.low < learned.low - slack || written.high > learned.high + slack;
  is_unexpected_[static_cast<size_t>(input)] = is_unexpected;
  has_new_inputs_ = true;
  // Scales keep a distance that ranges do not.
  if (is_unexpected && !plan_.is_ranged)
    learned = {std::min(learned.low, written.low), std::max(learned.high, written.high)};
}

void Network::expect_frames(const Range& range) {
  if (frames_to_learn_ == 0 || picture_ < 0) return;
  is_unexpected_[static_cast<size_t>(picture_)] = false;
  // What other inputs were written with counts for halves, which need not learn it again.
  const bool has_others = std::count(is_unexpected_.begin(), is_unexpected_.end(), true) > 0;
  has_new_inputs_ = has_new_inputs_ && has_others && !plan_.is_ranged;
  if (range != frame_range_) {
    frame_range_ = range;
    frames_learned_ = 0;
    while (is_learning()) learn_next_frame();
  } else if (plan_.is_ranged && !uses_frame_ranges_) {
    use_ranges(frame_ranges_, narrow_codes_);
    uses_frame_ranges_ = true;
  }
}

void Network::learn_from_inputs() {
  has_new_inputs_ = false;
  const bool is_unexpected = std::count(is_unexpected_.begin(), is_unexpected_.end(), true) > 0;
  if (is_unexpected && plan_.is_ranged) {
    learn_ranges_from_inputs();
  } else if (is_unexpected) {
    if (!fit_halves()) fit_halves();
  } else if (plan_.is_ranged && !uses_frame_ranges_) {
    use_ranges(frame_ranges_, narrow_codes_);
    uses_frame_ranges_ = true;
  }
}

void Network::warn(std::string sentence) {
  if (std::find(warnings_.begin(), warnings_.end(), sentence) == warnings_.end())
    warnings_.push_back(std::move(sentence));
}

}  // namespace fragnet
