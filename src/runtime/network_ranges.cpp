// The rgba8 tier: how a network learns the ranges of its feature maps' channels, and whether a byte a number is enough.
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "runtime/network.hpp"

namespace fragnet {
namespace {

// Of the greatest number of an output: what a byte a number may cost before two are taken, and where the user is told.
constexpr double most_of_bytes = 0.01, most_to_bear = 0.05;

TextureFormat format_of(int codes) {
  return codes == byte_codes       ? TextureFormat::rgba8ui
         : codes == two_byte_codes ? TextureFormat::rgba16ui
                                   : TextureFormat::rgba32ui;
}

// The greatest difference, over the greatest number of the output.
double difference_of(const std::vector<std::vector<float>>& got,
                     const std::vector<std::vector<float>>& want) {
  double worst = 0;
  for (size_t i = 0; i < want.size(); ++i) {
    double greatest = 0, furthest = 0;
    for (size_t k = 0; k < want[i].size(); ++k) {
      greatest = std::max(greatest, std::abs(double{want[i][k]}));
      furthest = std::max(furthest, std::abs(double{got[i][k]} - want[i][k]));
    }
    if (greatest > 0) worst = std::max(worst, furthest / greatest);
  }
  return worst;
}

}  // namespace

// The frames that ranges are learned from; one more, of hard edges, with which the outputs are read; and that one with
// codes of bytes, and where those are not good enough of two bytes.
void Network::learn_ranges(int frame) {
  constexpr int test = calibration_frames;
  if (frame == 0) begin_learning_ranges();
  if (frame <= test) {
    write_calibration(frame == test ? 2 * calibration_frames - 1 : frame);
    run_and_observe();
    if (frame < test) return;
    references_ = read_outputs();
    return;
  }
  narrow_codes_ = frame == test + 1 ? byte_codes : two_byte_codes;
  frame_ranges_ = narrow_ranges(plan_, learned_, narrow_codes_);
  use_ranges(frame_ranges_, narrow_codes_);
  uses_frame_ranges_ = true;
  for (const Draw& draw : draws_) execute(draw);
  const double error = difference_of(read_outputs(), references_);
  if (error > most_of_bytes && is_learning()) return;
  frames_learned_ = frames_to_learn_;
  references_.clear();
  learned_.clear();
  warn_of_bytes(error);
}

void Network::learn_ranges_from_inputs() {
  begin_learning_ranges();
  run_and_observe();
  const std::vector<std::vector<float>> want = read_outputs();
  double error = 0;
  for (;;) {
    use_ranges(narrow_ranges(plan_, learned_, narrow_codes_), narrow_codes_);
    for (const Draw& draw : draws_) execute(draw);
    error = difference_of(read_outputs(), want);
    if (error <= most_of_bytes || narrow_codes_ == two_byte_codes) break;
    narrow_codes_ = two_byte_codes;
  }
  uses_frame_ranges_ = false;
  warn_of_bytes(error);
}

void Network::warn_of_bytes(double error) {
  if (error <= most_to_bear) return;
  warn(text("the precision \"rgba8\" is not good enough for this network: its outputs are off by ",
            static_cast<int>(std::lround(100 * error)),
            " % of the greatest number; where the device can, use \"fp16\" or \"fp32\""));
}

void Network::begin_learning_ranges() {
  ranges_.upload_rows(0, rows_of_ranges(plan_), wide_ranges(plan_).data());
  set_codes(wide_codes);
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

std::vector<std::vector<float>> Network::read_outputs() {
  std::vector<std::vector<float>> outputs;
  for (size_t i = 0; i < outputs_.size(); ++i) outputs.push_back(read_output(static_cast<int>(i)));
  return outputs;
}

void Network::use_ranges(const std::vector<uint32_t>& words, int codes) {
  ranges_.upload_rows(0, rows_of_ranges(plan_), words.data());
  set_codes(codes);
}

void Network::set_codes(int codes) {
  if (codes != codes_) {
    codes_ = codes;
    // All of the one kind go before any of the other is made.
    framebuffers_.clear();
    for (size_t i = 0; i < textures_.size(); ++i) {
      if (plan_.textures[i].has_ranges) textures_[i] = {};
    }
    clear_gl_errors();
    for (size_t i = 0; i < textures_.size(); ++i) {
      const TextureSize& size = plan_.textures[i];
      if (size.has_ranges)
        textures_[i] = Texture::array(format_of(codes), size.width, size.height, size.layers);
    }
    check_gl_memory("the network's feature maps");
    for (Draw& draw : draws_) {
      framebuffers_.push_back(Framebuffer::of(texture_of(draw.output), 0, layout_of(draw.output).layers()));
      draw.pass.framebuffer = framebuffers_.back().id();
      for (size_t i = 0; i < draw.tensors.size(); ++i)
        draw.bindings[i].texture = texture_of(draw.tensors[i]).id();
    }
  }
  for (const auto& cached : shaders_)
    if (cached) cached->shader.set_uniform("codes", static_cast<float>(codes));
}

}  // namespace fragnet
