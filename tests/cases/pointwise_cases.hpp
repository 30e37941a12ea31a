// Pairs of shapes that broadcast, and every kind of pointwise operation.
#pragma once

#include "cases/op_case.hpp"

namespace fragnet {

struct BroadcastCase {
  std::string name;
  Shape a, b;
};

inline std::ostream& operator<<(std::ostream& out, const BroadcastCase& c) {
  return out << c.name;
}

inline std::vector<BroadcastCase> broadcast_cases() {
  return {
      {"same_shape", {1, 5, 6, 3}, {1, 5, 6, 3}},
      {"same_shape_many_channels", {2, 3, 5, 13}, {2, 3, 5, 13}},
      {"scalar", {1, 5, 6, 3}, {}},
      {"one_element", {1, 5, 6, 7}, {1}},
      {"one_element_of_rank_4", {1, 5, 6, 5}, {1, 1, 1, 1}},
      {"per_channel_rank_1", {1, 5, 6, 7}, {7}},
      {"per_channel_rank_3", {2, 5, 6, 5}, {1, 1, 5}},
      {"per_channel_rank_4", {1, 5, 6, 8}, {1, 1, 1, 8}},
      {"per_pixel", {1, 5, 6, 7}, {1, 5, 6, 1}},
      {"per_pixel_without_batch", {2, 5, 6, 3}, {5, 6, 1}},
      {"per_row", {1, 5, 6, 3}, {1, 5, 1, 1}},
      {"per_column", {1, 5, 6, 3}, {1, 1, 6, 1}},
      {"per_row_and_channel", {1, 5, 6, 3}, {1, 5, 1, 3}},
      {"per_column_and_channel", {1, 5, 6, 5}, {1, 1, 6, 5}},
      {"per_batch", {3, 4, 5, 2}, {3, 1, 1, 1}},
      {"per_batch_and_channel", {3, 4, 5, 6}, {3, 1, 1, 6}},
      {"one_picture_for_all_batches", {3, 4, 5, 6}, {1, 4, 5, 6}},
      {"first_is_scalar", {}, {1, 4, 5, 3}},
      {"first_per_channel", {5}, {1, 4, 3, 5}},
      {"first_per_pixel", {1, 4, 5, 1}, {1, 4, 5, 6}},
      {"both_sides_row_and_column", {1, 5, 1, 3}, {1, 1, 6, 3}},
      {"both_sides_pixel_and_channel", {1, 5, 6, 1}, {1, 1, 1, 7}},
      {"both_sides_batch_and_channel", {2, 1, 1, 5}, {1, 4, 3, 1}},
      {"both_sides_of_unlike_rank", {5, 1, 3}, {2, 1, 4, 1}},
      {"rank_1", {13}, {13}},
      {"rank_2_per_column", {4, 7}, {7}},
      {"rank_2_outer", {4, 1}, {1, 7}},
      {"rank_3", {3, 4, 5}, {3, 1, 5}},
      {"rank_5_same_shape", {2, 3, 1, 4, 5}, {2, 3, 1, 4, 5}},
      {"rank_5_per_channel", {2, 3, 2, 4, 5}, {5}},
      {"rank_5_both_sides", {2, 3, 1, 4, 5}, {2, 3, 2, 1, 1}},
  };
}

inline std::vector<UnaryKind> unary_kinds() {
  std::vector<UnaryKind> kinds;
  for (int kind = 0; kind <= static_cast<int>(UnaryKind::is_nan); ++kind)
    kinds.push_back(static_cast<UnaryKind>(kind));
  return kinds;
}

inline std::vector<BinaryKind> binary_kinds() {
  std::vector<BinaryKind> kinds;
  for (int kind = 0; kind <= static_cast<int>(BinaryKind::keep_where_not); ++kind)
    kinds.push_back(static_cast<BinaryKind>(kind));
  return kinds;
}

}  // namespace fragnet
