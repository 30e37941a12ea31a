// Rearrange is the one description of a movement of elements: what the other movers become, and what may be
// one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/ops.hpp"

namespace fragnet {

// Reshape, Transpose, Slice, Pad and Tile of an input of this shape as a Rearrange with one extent (Tile:
// two) for each of the input's, which may be more than a node's six; nullopt for other operations. The
// operation is legal for the input.
std::optional<Rearrange> as_rearrange(const Op& op, const Shape& input);

// "" for a Rearrange of `input_elements` elements to `output_elements` that reads nothing but the input's
// elements and mirrors at most once, else what is wrong with it.
std::string fault_of(const Rearrange& op, int64_t input_elements, int64_t output_elements);

// The position from which p reads in an extent of `limit`: p itself, its mirror image, or -1 for the
// padding's value.
inline int64_t source_position(int64_t p, int64_t limit, PadKind pad) {
  if (p >= 0 && p < limit) return p;
  if (pad == PadKind::constant) return -1;
  const int64_t edge = pad == PadKind::reflect ? 0 : 1;  // symmetric repeats the pixel on the edge
  return p < 0 ? -p - edge : 2 * limit - 2 + edge - p;
}

}  // namespace fragnet
