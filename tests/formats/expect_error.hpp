// A failure is a code for programs and a sentence for people: tests look at both.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string_view>

#include "base/error.hpp"

namespace fragnet {

template <class Action>
void expect_error(std::string_view code, const std::string& part_of_message, Action action) {
  try {
    action();
    ADD_FAILURE() << "no error, expected " << code << ": " << part_of_message;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(part_of_message));
  }
}

}  // namespace fragnet
