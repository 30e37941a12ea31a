// Names of renderers as browsers and drivers give them.
#include "runtime/quirks.hpp"

#include <gtest/gtest.h>

namespace fragnet {
namespace {

TEST(Quirks, AreThoseOfTheRenderersName) {
  const Quirks llvmpipe = quirks_of("llvmpipe (LLVM 15.0.6, 256 bits)");
  EXPECT_TRUE(llvmpipe.is_software);
  EXPECT_TRUE(llvmpipe.by_sampler);
  EXPECT_EQ(llvmpipe.square, 64);
  const Quirks swift = quirks_of(
      "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)");
  EXPECT_TRUE(swift.is_software);
  EXPECT_FALSE(swift.by_sampler);
  EXPECT_EQ(swift.square, 0);
  EXPECT_FALSE(swift.is_mobile);
  const Quirks phone = quirks_of("ANGLE (Qualcomm, Adreno (TM) 735, OpenGL ES 3.2)");
  EXPECT_TRUE(phone.is_mobile);
  EXPECT_FALSE(phone.is_software);
  const Quirks windows = quirks_of("ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)");
  EXPECT_TRUE(windows.small_bodies);
  EXPECT_FALSE(windows.is_software);
  const Quirks other = quirks_of("Apple GPU");
  EXPECT_FALSE(other.is_software || other.is_mobile || other.by_sampler || other.small_bodies);
}

}  // namespace
}  // namespace fragnet
