// Sentences and shader texts, put together from characters and numbers.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fragnet {

// One argument of text(). It only points at characters, and every call of text() hands its arguments to the
// same function: a stream would be shorter to write, and a quarter of the web page's program.
class TextPart {
 public:
  TextPart(const char* characters) : kind_(Kind::characters), characters_(characters) {}
  TextPart(const std::string& string) : kind_(Kind::string), string_(&string) {}
  TextPart(const std::string_view& view) : kind_(Kind::view), view_(&view) {}
  TextPart(char letter) : kind_(Kind::letter), letter_(letter) {}
  TextPart(std::integral auto number) : kind_(Kind::integer), integer_(static_cast<int64_t>(number)) {}
  TextPart(double number) : kind_(Kind::real), real_(number) {}

  void append_to(std::string& out) const;

 private:
  enum class Kind { characters, string, view, letter, integer, real };
  Kind kind_;
  union {
    const char* characters_;
    const std::string* string_;
    const std::string_view* view_;
    char letter_;
    int64_t integer_;
    double real_;
  };
};

std::string text_of(std::initializer_list<TextPart> parts);

// Writes its arguments one after the other: text("wants ", 512, " channels"). Six digits of a double.
template <class... Parts>
std::string text(const Parts&... parts) {
  return text_of({TextPart(parts)...});
}

// Cuts the first line off `rest`, and returns it without its end.
std::string_view take_line(std::string_view& rest);

}  // namespace fragnet
