// What the tests of operations on the device share: a case of a table is a test of its own.
#pragma once

#include <string>

#include "cases/op_case.hpp"
#include "gtest/gtest.h"
#include "support/gl_fixture.hpp"
#include "support/graph_case.hpp"

namespace fragnet {

class OnDevice : public testing::TestWithParam<OpCase> {};

template <class Case>
std::string case_name_of(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

inline testing::AssertionResult device_agrees(const OpCase& op_case,
                                              WeightStorage storage = WeightStorage::float32) {
  const GraphCase built = graph_of(op_case, storage);
  return device_agrees(built.graph, built.inputs);
}

// Every `step`-th case that has weights.
inline std::vector<OpCase> weighted_cases(const std::vector<OpCase>& cases, size_t step) {
  std::vector<OpCase> chosen;
  for (size_t i = 0; i < cases.size(); i += step) {
    if (cases[i].constants > 0) chosen.push_back(cases[i]);
  }
  return chosen;
}

}  // namespace fragnet
