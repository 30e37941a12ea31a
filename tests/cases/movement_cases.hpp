// Operations that only move elements.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "cases/op_case.hpp"

namespace fragnet {

inline std::string case_name(const std::string& what, const Shape& from, const std::vector<int>& numbers) {
  std::string name = what + "_" + name_of(from);
  for (int number : numbers) name += (number < 0 ? "_m" : "_") + std::to_string(std::abs(number));
  return name;
}

inline std::vector<OpCase> reshape_cases() {
  std::vector<OpCase> cases;
  const auto add = [&](const Shape& from, const Shape& to) {
    cases.push_back(
        {.name = "from_" + name_of(from) + "_to_" + name_of(to), .op = Reshape{to}, .inputs = {from}});
  };
  add({12}, {3, 4});
  add({1, 4, 3, 5}, {60});
  add({1, 4, 3, 5}, {1, 60});
  add({1, 4, 3, 5}, {1, 3, 4, 5});
  add({1, 4, 3, 5}, {1, 2, 6, 5});
  add({1, 4, 6, 3}, {1, 3, 4, 6});
  add({2, 4, 6, 3}, {6, 4, 6});
  add({1, 49}, {1, 7, 7, 1});
  add({1, 7 * 7 * 8}, {1, 7, 7, 8});
  add({1, 3136}, {1, 7, 7, 64});
  add({1, 4, 4, 12}, {1, 4, 4, 2, 2, 3});
  add({1, 4, 2, 3, 2, 5}, {1, 8, 6, 5});
  add({1, 5, 6, 7}, {1, 5, 1, 6, 7});
  add({1, 1, 1, 13}, {13});
  add({1}, {1, 1, 1, 1});
  add({5, 1, 7}, {7, 5});
  return cases;
}

inline std::vector<OpCase> transpose_cases() {
  std::vector<OpCase> cases;
  const auto add = [&](const Shape& from, const std::vector<int>& order) {
    cases.push_back({.name = case_name("of", from, order), .op = Transpose{order}, .inputs = {from}});
  };
  add({5, 7}, {1, 0});
  add({3, 4, 5}, {0, 2, 1});
  add({3, 4, 5}, {1, 0, 2});
  add({3, 4, 5}, {2, 1, 0});
  add({3, 4, 5}, {2, 0, 1});
  std::vector<int> order{0, 1, 2, 3};
  do {
    add({2, 3, 5, 6}, order);
  } while (std::next_permutation(order.begin(), order.end()));
  add({1, 3, 33, 17}, {0, 2, 3, 1});  // channels first and back
  add({1, 33, 17, 3}, {0, 3, 1, 2});
  add({2, 3, 2, 4, 5}, {0, 3, 1, 4, 2});
  add({1, 4, 3, 2, 2, 3}, {0, 1, 3, 2, 4, 5});  // pixel shuffle, in both layouts
  add({1, 3, 2, 2, 4, 5}, {0, 1, 4, 2, 5, 3});
  add({2, 3, 2, 3, 2, 3}, {5, 3, 1, 4, 2, 0});
  return cases;
}

inline std::vector<OpCase> concat_cases() {
  std::vector<OpCase> cases;
  // `extents`: what each input has along the axis.
  const auto add = [&](Shape shape, int axis, const std::vector<int>& extents) {
    OpCase op_case{.name = case_name("of", shape, {}) + "_along_" + std::to_string(axis), .op = Concat{axis}};
    for (int extent : extents) {
      shape[static_cast<size_t>(axis)] = extent;
      op_case.inputs.push_back(shape);
      op_case.name += "_" + std::to_string(extent);
    }
    cases.push_back(op_case);
  };
  for (int axis = 0; axis < 4; ++axis) {
    add({2, 4, 5, 3}, axis, {2, 3});
    add({2, 4, 5, 6}, axis, {1, 4, 3});
    add({2, 4, 5, 4}, axis, {4, 8, 4, 12});
    add({1, 3, 3, 5}, axis, {7, 1, 2, 5, 3});
  }
  add({1, 9, 7, 1}, 3, {1, 1});
  add({1, 9, 7, 1}, 3, {33, 13});
  add({1, 9, 7, 1}, 3, {4, 4, 4, 4, 4});
  add({7}, 0, {3, 5});
  add({3, 7}, 0, {2, 3});
  add({3, 7}, 1, {5, 2, 1});
  add({3, 4, 5}, 1, {4, 3});
  add({2, 2, 3, 2, 5}, 2, {1, 2});
  return cases;
}

inline std::vector<OpCase> slice_cases() {
  std::vector<OpCase> cases;
  const auto add = [&](const Shape& from, const Slice& slice) {
    std::vector<int> numbers;
    for (size_t i = 0; i < from.size(); ++i) {
      numbers.insert(numbers.end(), {slice.begin[i], slice.size[i], slice.stride[i]});
    }
    cases.push_back({.name = case_name("of", from, numbers), .op = slice, .inputs = {from}});
  };
  add({1, 6, 7, 5}, {{0, 0, 0, 0}, {1, 6, 7, 5}, {1, 1, 1, 1}});
  add({1, 6, 7, 5}, {{0, 1, 2, 0}, {1, 4, 3, 5}, {1, 1, 1, 1}});
  add({1, 6, 7, 5}, {{0, 0, 0, 1}, {1, 6, 7, 3}, {1, 1, 1, 1}});
  add({1, 6, 7, 8}, {{0, 0, 0, 4}, {1, 6, 7, 4}, {1, 1, 1, 1}});
  add({1, 6, 7, 13}, {{0, 0, 0, 5}, {1, 6, 7, 8}, {1, 1, 1, 1}});
  add({3, 4, 5, 6}, {{1, 0, 0, 0}, {2, 4, 5, 6}, {1, 1, 1, 1}});
  add({1, 6, 7, 5}, {{0, 0, 1, 0}, {1, 3, 3, 5}, {1, 2, 2, 1}});
  add({1, 6, 7, 9}, {{0, 0, 0, 1}, {1, 6, 7, 3}, {1, 1, 1, 3}});
  add({1, 6, 7, 5}, {{0, 5, 0, 0}, {1, 6, 7, 5}, {1, -1, 1, 1}});
  add({1, 6, 7, 3}, {{0, 0, 0, 2}, {1, 6, 7, 3}, {1, 1, 1, -1}});  // red for blue
  add({2, 6, 7, 5}, {{1, 5, 6, 4}, {2, 3, 3, 2}, {-1, -2, -3, -2}});
  add({1, 6, 7, 5}, {{0, 3, 4, 2}, {1, 1, 1, 1}, {1, 1, 1, 1}});
  add({13}, {{3}, {5}, {2}});
  add({5, 7}, {{1, 6}, {3, 7}, {1, -1}});
  add({3, 4, 5}, {{0, 1, 1}, {3, 2, 4}, {1, 2, 1}});
  add({2, 3, 2, 3, 2}, {{0, 1, 0, 0, 1}, {2, 2, 2, 2, 1}, {1, 1, 1, 2, 1}});
  return cases;
}

inline std::vector<OpCase> pad_cases() {
  std::vector<OpCase> cases;
  const auto add = [&](const Shape& from, const std::vector<std::array<int, 2>>& margins) {
    for (PadKind kind : {PadKind::constant, PadKind::reflect, PadKind::symmetric}) {
      std::vector<int> numbers;
      for (const std::array<int, 2>& margin : margins)
        numbers.insert(numbers.end(), margin.begin(), margin.end());
      const char* what = kind == PadKind::constant  ? "constant"
                         : kind == PadKind::reflect ? "reflect"
                                                    : "symmetric";
      const float value = kind == PadKind::constant && cases.size() % 2 == 0 ? -1.5f : 0.0f;
      cases.push_back({.name = case_name(what, from, numbers),
                       .op = Pad{.kind = kind, .margins = margins, .value = value},
                       .inputs = {from}});
    }
  };
  add({1, 5, 6, 3}, {{0, 0}, {1, 1}, {1, 1}, {0, 0}});
  add({1, 5, 6, 4}, {{0, 0}, {4, 0}, {0, 5}, {0, 0}});  // as far as reflection goes
  add({1, 5, 6, 5}, {{0, 0}, {0, 2}, {3, 1}, {0, 0}});
  add({1, 5, 6, 5}, {{0, 0}, {0, 0}, {0, 0}, {2, 3}});
  add({1, 5, 6, 8}, {{0, 0}, {0, 0}, {0, 0}, {4, 4}});
  add({3, 4, 5, 6}, {{1, 2}, {0, 0}, {0, 0}, {0, 0}});
  add({2, 3, 4, 5}, {{1, 0}, {2, 1}, {1, 3}, {2, 2}});
  add({7}, {{3, 2}});
  add({4, 5}, {{1, 2}, {3, 0}});
  add({3, 4, 5}, {{0, 1}, {2, 0}, {1, 1}});
  return cases;
}

inline std::vector<OpCase> tile_cases() {
  std::vector<OpCase> cases;
  const auto add = [&](const Shape& from, const std::vector<int>& repeats) {
    cases.push_back({.name = case_name("of", from, repeats), .op = Tile{repeats}, .inputs = {from}});
  };
  add({5}, {3});
  add({3, 4}, {2, 3});
  add({1, 1, 1, 5}, {1, 6, 7, 1});
  add({1, 3, 4, 1}, {1, 1, 1, 5});
  add({1, 3, 4, 3}, {1, 1, 1, 3});
  add({1, 3, 4, 8}, {1, 2, 1, 1});
  add({2, 3, 4, 5}, {2, 1, 3, 2});
  add({2, 3, 4}, {1, 2, 2});
  add({1, 3, 2, 2, 3}, {1, 2, 1, 2, 1});
  return cases;
}

inline std::vector<OpCase> gather_cases() {
  std::vector<OpCase> cases;
  const auto add = [&](const Shape& from, int axis, const std::vector<int>& indices) {
    cases.push_back({.name = case_name("of", from, indices) + "_along_" + std::to_string(axis),
                     .op = Gather{.axis = axis, .indices = indices},
                     .inputs = {from}});
  };
  add({7}, 0, {6, 0, 3});
  add({5, 6}, 0, {4, 4, 1});
  add({5, 6}, 1, {5, 3, 1, 0});
  add({3, 4, 5, 6}, 0, {2, 0});
  add({1, 4, 5, 6}, 1, {3, 3, 0, 1, 2});
  add({1, 4, 5, 6}, 2, {4, 0, 2});
  add({1, 4, 5, 3}, 3, {2, 1, 0});
  add({1, 4, 5, 13}, 3, {12, 0, 7, 7, 3, 1, 9});
  add({1, 4, 5, 6}, 3, {5});
  return cases;
}

inline std::vector<OpCase> space_to_batch_cases() {
  std::vector<OpCase> cases;
  const auto add = [&](const Shape& from, std::array<int, 2> block, const Margins& padding) {
    cases.push_back(
        {.name = case_name("of", from,
                           {block[0], block[1], padding.top, padding.bottom, padding.left, padding.right}),
         .op = SpaceToBatch{.block = block, .padding = padding},
         .inputs = {from}});
  };
  add({1, 4, 6, 3}, {2, 2}, {});
  add({1, 5, 6, 5}, {2, 3}, {1, 0, 2, 1});
  add({2, 3, 4, 4}, {3, 2}, {2, 1, 0, 2});
  add({1, 7, 9, 8}, {4, 4}, {4, 5, 4, 3});
  add({1, 4, 6, 13}, {1, 2}, {0, 0, 0, 0});
  add({1, 6, 5, 1}, {3, 1}, {0, 0, 1, 0});
  return cases;
}

inline std::vector<OpCase> batch_to_space_cases() {
  std::vector<OpCase> cases;
  const auto add = [&](const Shape& from, std::array<int, 2> block, const Margins& crop) {
    cases.push_back(
        {.name = case_name("of", from, {block[0], block[1], crop.top, crop.bottom, crop.left, crop.right}),
         .op = BatchToSpace{.block = block, .crop = crop},
         .inputs = {from}});
  };
  add({4, 2, 3, 3}, {2, 2}, {});
  add({6, 3, 3, 5}, {2, 3}, {1, 0, 2, 1});
  add({12, 2, 3, 4}, {3, 2}, {2, 1, 0, 2});
  add({16, 4, 4, 8}, {4, 4}, {4, 5, 4, 3});
  add({2, 4, 3, 13}, {1, 2}, {});
  add({3, 2, 6, 1}, {3, 1}, {0, 0, 1, 0});
  return cases;
}

}  // namespace fragnet
