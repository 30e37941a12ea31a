// The extents of a tensor, outermost first. Pictures are N, H, W, C.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fragnet {

// An extent of -1 is open (known only when the model is given its input). Rank 0 is a scalar.
using Shape = std::vector<int>;

// A truth for each of several things. (The library's own vector of bits has code of its own for everything.)
using Flags = std::vector<uint8_t>;

inline constexpr int open_extent = -1;
inline constexpr int max_rank = 8;
// No tensor of a picture network comes near this many elements; a file that claims more is refused
// (`too-large`).
inline constexpr int64_t max_elements = int64_t{1} << 29;

bool is_closed(const Shape& shape);  // no open extent

// The product of the extents. Throws `bad-shape` for a negative extent or a rank above max_rank, `too-large`
// beyond max_elements. `what` opens the message.
int64_t element_count(const Shape& shape, const std::string& what = "a tensor");

// "[1, 256, 256, 3]", an open extent as "?".
std::string to_string(const Shape& shape);

// Row-major strides in elements.
std::vector<int64_t> strides_of(const Shape& shape);

// NumPy's broadcast of two closed shapes. Throws `bad-shape`.
Shape broadcast_shape(const Shape& a, const Shape& b, const std::string& what);

}  // namespace fragnet
