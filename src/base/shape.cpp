#include "base/shape.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace fragnet {

bool is_closed(const Shape& shape) {
  return std::none_of(shape.begin(), shape.end(), [](int extent) { return extent < 0; });
}

int64_t element_count(const Shape& shape, const std::string& what) {
  if (shape.size() > max_rank) fail(code::bad_shape, what, ": rank ", shape.size(), " is above ", max_rank);
  int64_t count = 1;
  for (int extent : shape) {
    if (extent < 0) fail(code::bad_shape, what, ": the shape ", to_string(shape), " has an open extent");
    count *= extent;
    if (count > max_elements) {
      fail(code::too_large, what, ": the shape ", to_string(shape), " has more than ", max_elements,
           " elements");
    }
  }
  return count;
}

std::string to_string(const Shape& shape) {
  std::string out = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i) out += ", ";
    out += shape[i] < 0 ? "?" : std::to_string(shape[i]);
  }
  return out + "]";
}

std::vector<int64_t> strides_of(const Shape& shape) {
  std::vector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

Shape broadcast_shape(const Shape& a, const Shape& b, const std::string& what) {
  Shape out(std::max(a.size(), b.size()), 1);
  for (size_t i = 0; i < out.size(); ++i) {  // i counts from the innermost extent
    const int extent_a = i < a.size() ? a[a.size() - 1 - i] : 1;
    const int extent_b = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (extent_a != extent_b && extent_a != 1 && extent_b != 1) {
      fail(code::bad_shape, what, ": the shapes ", to_string(a), " and ", to_string(b),
           " cannot be broadcast");
    }
    out[out.size() - 1 - i] = extent_a == 1 ? extent_b : extent_a;
  }
  return out;
}

}  // namespace fragnet
