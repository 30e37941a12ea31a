// Tables of constants by name. A std::map would be filled at run time, by code that is longer than the table.
#pragma once

#include <iterator>
#include <string_view>

namespace fragnet {

template <class T>
struct Named {
  const char* name;
  T value;
};

// The value of this name in an array of Named, or nullptr.
template <class Table>
auto find_named(const Table& table, std::string_view name) -> decltype(&std::begin(table)->value) {
  for (const auto& entry : table) {
    if (name == entry.name) return &entry.value;
  }
  return nullptr;
}

// The name of this value, which the table has.
template <class Table, class T>
const char* name_in(const Table& table, const T& value) {
  const auto* entry = std::begin(table);
  while (entry->value != value) ++entry;
  return entry->name;
}

}  // namespace fragnet
