#include "runtime/magnitude_meter.hpp"

#include <algorithm>

#include "runtime/draw_rectangle.hpp"

namespace fragnet {

MagnitudeMeter::MagnitudeMeter(const Graph& graph, const Plan& plan, const Device& device) {
  if (plan.steps.empty()) return;
  std::vector<uint8_t> sizes;
  const auto alignment = static_cast<size_t>(device.uniform_alignment);
  for (const Step& step : plan.steps) {
    const Program program = make_magnitude_program(graph, plan, step, device.limits);
    if (slices_.empty()) shader_ = Shader(program.fragment, {program.tensors[0].sampler});
    const auto* bytes = reinterpret_cast<const uint8_t*>(program.sizes.data());
    const size_t count = program.sizes.size() * sizeof program.sizes[0];
    slices_.push_back({static_cast<GLintptr>(sizes.size()), static_cast<GLsizeiptr>(count)});
    sizes.insert(sizes.end(), bytes, bytes + count);
    sizes.resize((sizes.size() + alignment - 1) / alignment * alignment);
  }
  shader_.start();
  sizes_ = UniformBuffer::of(sizes);
  target_ = Texture::flat(TextureFormat::rgba8, magnitude_parts, slots());
  framebuffer_ = Framebuffer::unchecked(target_, 0, 1);
}

void MagnitudeMeter::measure(int step, const Texture& texture, int slot) {
  shader_.finish();
  const Slice& slice = slices_[static_cast<size_t>(step)];
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(texture.target(), texture.id());
  glUseProgram(shader_.id());
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.id());
  glBindBufferRange(GL_UNIFORM_BUFFER, 0, sizes_.id(), slice.offset, slice.bytes);
  draw_rectangle(0, slot, magnitude_parts, 1);
}

std::vector<int> MagnitudeMeter::read(int count) const {
  std::vector<uint8_t> texels(static_cast<size_t>(count) * magnitude_parts * 4);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.id());
  glReadPixels(0, 0, magnitude_parts, count, GL_RGBA, GL_UNSIGNED_BYTE, texels.data());
  std::vector<int> exponents;
  constexpr int bias = 127;
  for (auto row = texels.begin(); row != texels.end(); row += magnitude_parts * 4)
    exponents.push_back(*std::max_element(row, row + magnitude_parts * 4) - bias);
  // All four channels of a texel say the same.
  return exponents;
}

}  // namespace fragnet
