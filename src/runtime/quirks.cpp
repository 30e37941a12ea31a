#include "runtime/quirks.hpp"

#include <algorithm>
#include <initializer_list>

namespace fragnet {
namespace {

bool names_one_of(const std::string& renderer, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return renderer.find(name) != std::string::npos; });
}

}  // namespace

Quirks quirks_of(const std::string& renderer) {
  Quirks quirks;
  // Mesa's, Chromium's and Windows' renderers on the processor have a few threads: a draw of any size keeps those busy, and each
  // draw costs little.
  quirks.is_software = names_one_of(renderer, {"llvmpipe", "softpipe", "SwiftShader", "Basic Render"});
  // GPUs of phones and tablets take twice as long for floats of 32 bits, and several get those wrong. Apple's have the same name
  // as those of its laptops, so a page has to say that it is on a phone.
  quirks.is_mobile = names_one_of(renderer, {"Adreno", "Mali", "PowerVR", "Xclipse"});
  // llvmpipe finds a texel through a sampler in half the instructions (glsl/include/fetch.glsl), and hands
  // a target out to its threads in squares of 64×64 texels (plan/raster_cost.hpp).
  quirks.by_sampler = names_one_of(renderer, {"llvmpipe"});
  quirks.square = quirks.by_sampler ? 64 : 0;
  // Direct3D's compiler of HLSL takes a second for what others compile at once, and unrolls what it can.
  quirks.small_bodies = names_one_of(renderer, {"Direct3D11", "D3D11"});
  return quirks;
}

}  // namespace fragnet
