// What lives on the device, to see that nothing is left behind.
#pragma once

#include <string>

#include "base/text.hpp"
#include "runtime/gl.hpp"

namespace fragnet {

// "3 textures, 1 buffers, …": of the names that drivers give, which are small numbers.
inline std::string gl_objects() {
  constexpr GLuint names = 4096;
  int textures = 0, buffers = 0, framebuffers = 0, programs = 0, shaders = 0;
  for (GLuint name = 1; name < names; ++name) {
    textures += glIsTexture(name);
    buffers += glIsBuffer(name);
    framebuffers += glIsFramebuffer(name);
    programs += glIsProgram(name);
    shaders += glIsShader(name);
  }
  return text(textures, " textures, ", buffers, " buffers, ", framebuffers, " framebuffers, ", programs,
              " programs, ", shaders, " shaders");
}

}  // namespace fragnet
