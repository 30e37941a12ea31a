// The rgba8 tier: how a network learns the ranges of its feature maps, and when it has to learn them anew.
#include <algorithm>

#include "runtime/network.hpp"

namespace fragnet {

void Network::write_calibration_frame(int frame, const Range& range) {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (ports_.fills[i].kind != InputFill::Kind::frame) continue;
    const bool is_main = static_cast<int>(i) == ports_.frame_input;
    const Layout& layout = layout_of(inputs_[i].value);
    upload_elements(inputs_[i].value,
                    calibration_frame(frame, layout.picture, is_main ? range : ports_.inputs[i].range));
    if (frames_to_learn_ == 0 || is_learning()) continue;
    has_new_inputs_ = true;
    is_unexpected_[i] = is_main && range != frame_range_;
  }
}

void Network::learn_next_frame() {
  if (frames_learned_ == 0) {
    begin_learning();
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (ports_.fills[i].kind != InputFill::Kind::frame)
        upload_elements(inputs_[i].value, numbers_of(ports_.fills[i], element_count(inputs_[i].shape)));
    }
  }
  write_calibration_frame(frames_learned_, frame_range_);
  run_and_observe();
  if (++frames_learned_ < frames_to_learn_) return;
  frame_ranges_ = narrow_ranges(plan_, learned_);
  use_ranges(frame_ranges_);
  uses_frame_ranges_ = true;
  is_unexpected_.assign(inputs_.size(), false);
}

void Network::expect_frames(const Range& range) {
  if (frames_to_learn_ == 0) return;
  is_unexpected_[static_cast<size_t>(picture_)] = false;
  has_new_inputs_ = false;
  if (range != frame_range_) {
    frame_range_ = range;
    frames_learned_ = 0;
    while (is_learning()) learn_next_frame();
  } else if (!uses_frame_ranges_) {
    use_ranges(frame_ranges_);
    uses_frame_ranges_ = true;
  }
}

void Network::learn_from_inputs() {
  has_new_inputs_ = false;
  if (std::count(is_unexpected_.begin(), is_unexpected_.end(), true) > 0) {
    begin_learning();
    run_and_observe();
    use_ranges(narrow_ranges(plan_, learned_));
    uses_frame_ranges_ = false;
  } else if (!uses_frame_ranges_) {
    use_ranges(frame_ranges_);
    uses_frame_ranges_ = true;
  }
}

bool Network::is_expected(int input, std::span<const float> values) const {
  if (picture_ < 0) return false;
  const InputFill& fill = ports_.fills[static_cast<size_t>(input)];
  if (fill.kind != InputFill::Kind::frame) {
    const std::vector<float> expected = numbers_of(fill, static_cast<int64_t>(values.size()));
    return std::equal(values.begin(), values.end(), expected.begin());
  }
  const Range& range = input == picture_ ? frame_range_ : ports_.inputs[static_cast<size_t>(input)].range;
  const float low = std::min(range.low, range.high), high = std::max(range.low, range.high),
              slack = (high - low) / 20;
  return std::all_of(values.begin(), values.end(),
                     [&](float v) { return v >= low - slack && v <= high + slack; });
}

void Network::begin_learning() {
  ranges_.upload_rows(0, rows_of_ranges(plan_), wide_ranges(plan_).data());
  set_wide(true);
  learned_ = nothing_learned(plan_);
}

void Network::run_and_observe() {
  std::vector<uint32_t> texels;
  for (const Draw& draw : draws_) {
    execute(draw);
    const Layout& layout = layout_of(draw.output);
    if (layout.range < 0) continue;
    // Now, not after the run: other values take the texture over.
    texels.resize(static_cast<size_t>(layout.width) * static_cast<size_t>(layout.height) * 4);
    for (int layer = 0; layer < layout.layers(); ++layer) {
      glReadBuffer(GL_COLOR_ATTACHMENT0 + static_cast<GLenum>(layer));
      glReadPixels(0, 0, layout.width, layout.height, GL_RGBA_INTEGER, GL_UNSIGNED_INT, texels.data());
      observe(layout, layer, texels, learned_[static_cast<size_t>(draw.output)]);
    }
  }
}

void Network::use_ranges(const std::vector<uint32_t>& words) {
  ranges_.upload_rows(0, rows_of_ranges(plan_), words.data());
  learned_.clear();
  set_wide(false);
}

void Network::set_wide(bool wide) {
  if (wide != is_wide_) {
    is_wide_ = wide;
    // All of the one kind go before any of the other is made.
    framebuffers_.clear();
    for (size_t i = 0; i < textures_.size(); ++i) {
      if (plan_.textures[i].has_ranges) textures_[i] = {};
    }
    clear_gl_errors();
    for (size_t i = 0; i < textures_.size(); ++i) {
      const TextureSize& size = plan_.textures[i];
      const TextureFormat format = wide ? TextureFormat::rgba32ui : TextureFormat::rgba8ui;
      if (size.has_ranges) textures_[i] = Texture::array(format, size.width, size.height, size.layers);
    }
    check_gl_memory("the network's feature maps");
    for (Draw& draw : draws_) {
      framebuffers_.push_back(Framebuffer::of(texture_of(draw.output), 0, layout_of(draw.output).layers()));
      draw.pass.framebuffer = framebuffers_.back().id();
      for (size_t i = 0; i < draw.tensors.size(); ++i)
        draw.bindings[i].texture = texture_of(draw.tensors[i]).id();
    }
  }
  for (const Shader& shader : shaders_) shader.set_uniform("codes", wide ? wide_codes : narrow_codes);
}

}  // namespace fragnet
