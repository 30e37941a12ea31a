// Writing JSON: json_object({{"name", port.name}, {"shape", port.shape}}).
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/shape.hpp"
#include "formats/model.hpp"

namespace fragnet {

// One member. It only points at its value, until json_object() has taken it: what the library makes of nested
// braces builds and copies a value for each of them, and weighs kilobytes for each object in the web page's
// program.
class JsonMember {
 public:
  JsonMember(const char* name, std::nullptr_t) : name_(name), kind_(Kind::null) {}
  JsonMember(const char* name, const char* text) : name_(name), kind_(Kind::characters), characters_(text) {}
  JsonMember(const char* name, const std::string& text) : name_(name), kind_(Kind::string), string_(&text) {}
  JsonMember(const char* name, const Shape& shape) : name_(name), kind_(Kind::shape), shape_(&shape) {}
  JsonMember(const char* name, Json&& json) : name_(name), kind_(Kind::json), json_(&json) {}
  JsonMember(const char* name, std::integral auto number)
      : name_(name),
        kind_(std::same_as<decltype(number), bool> ? Kind::flag : Kind::integer),
        integer_(static_cast<int64_t>(number)) {}
  JsonMember(const char* name, double number) : name_(name), kind_(Kind::real), real_(number) {}

  const char* name() const { return name_; }
  Json take() const;

 private:
  enum class Kind { null, characters, string, shape, json, flag, integer, real };
  const char* name_;
  Kind kind_;
  union {
    const char* characters_;
    const std::string* string_;
    const Shape* shape_;
    Json* json_;
    int64_t integer_;
    double real_;
  };
};

Json json_object(std::initializer_list<JsonMember> members);

// As text, on one line; what is not UTF-8 is replaced.
std::string json_text(const Json& json);

}  // namespace fragnet
