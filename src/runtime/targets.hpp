// How many render targets a device really draws to at once, found out by drawing.
//
// What a driver says is not enough. MAX_DRAW_BUFFERS is 8 on iPhones and iPads, whose pixels have 512 bits for all targets
// together (256 before A11): eight of 32-bit floats are refused, eight of 16-bit floats are not. Some Adrenos (735, 830, 840)
// are reported to accept a target of 32-bit floats, and leave zeros in it. Adreno 530 links no program of several outputs.
// Mali-G71 and older render to no floats at all.
#pragma once

#include "runtime/texture.hpp"

namespace fragnet {

struct Targets {
  int count = -1;  // 8, 4, 2 or 1; 0: none is right; -1: not tried
  // What hinders more: the driver says so; it does not, but numbers came out wrong or no program linked; a network failed.
  enum class Fault { refused, wrong, failed } fault = Fault::refused;
};

// Of texture arrays of this format, whose layers are the targets, `most` at most: framebuffers are complete, and known
// numbers that a shader draws are there when they are read back. Leaves no GL errors. Waits for the device.
Targets try_targets(TextureFormat format, int most);

}  // namespace fragnet
