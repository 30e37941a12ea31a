// One operation on inputs of given shapes: what the tables of this folder hold. Tests compare each with the
// reference, benchmarks time it.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "graph/ops.hpp"

namespace fragnet {

struct OpCase {
  std::string name;  // letters, digits and underscores; tells the cases of a table apart
  Op op;
  std::vector<Shape> inputs;  // in the order in which the operation takes them
  int constants = 0;          // so many of the last inputs are weights
};

inline std::ostream& operator<<(std::ostream& out, const OpCase& op_case) {
  return out << op_case.name;
}

// "2x3x5"; "scalar" for rank 0.
inline std::string name_of(const Shape& shape) {
  std::string name;
  for (int extent : shape) name += (name.empty() ? "" : "x") + std::to_string(extent);
  return name.empty() ? "scalar" : name;
}

inline void append(std::vector<OpCase>& to, const std::vector<OpCase>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace fragnet
