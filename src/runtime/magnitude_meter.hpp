// How great the numbers of feature maps are: found on the device, of which a few bytes are read back.
#pragma once

#include <vector>

#include "programs/program.hpp"
#include "runtime/device.hpp"
#include "runtime/shader.hpp"
#include "runtime/texture.hpp"
#include "runtime/uniform_buffer.hpp"

namespace fragnet {

class MagnitudeMeter {
 public:
  MagnitudeMeter() = default;
  // Compiles while the caller goes on. The graph's constants need not be there.
  MagnitudeMeter(const Graph& graph, const Plan& plan, const Device& device);

  // Measures what the texture holds of the step's result, into a slot: one of slots().
  static constexpr int slots() { return 256; }
  void measure(int step, const Texture& texture, int slot);

  // Of the first slots: the exponent of the greatest number, as -3 for 1/8; `infinite` where it is that or no number, and
  // `nothing` where all are zero. Waits for the device.
  static constexpr int infinite = 128, nothing = -127;
  std::vector<int> read(int count) const;

 private:
  struct Slice {
    GLintptr offset = 0;
    GLsizeiptr bytes = 0;
  };
  Shader shader_;
  UniformBuffer sizes_;
  std::vector<Slice> slices_;  // by step
  Texture target_;
  Framebuffer framebuffer_;
};

}  // namespace fragnet
