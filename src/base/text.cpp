#include "base/text.hpp"

#include <cstdio>

namespace fragnet {

void TextPart::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::characters:
      out += characters_;
      return;
    case Kind::string:
      out += *string_;
      return;
    case Kind::view:
      out += *view_;
      return;
    case Kind::letter:
      out += letter_;
      return;
    case Kind::integer:
      out += std::to_string(integer_);
      return;
    case Kind::real:
      char digits[32];
      std::snprintf(digits, sizeof digits, "%g", real_);
      out += digits;
      return;
  }
}

std::string text_of(std::initializer_list<TextPart> parts) {
  std::string out;
  for (const TextPart& part : parts) part.append_to(out);
  return out;
}

std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

}  // namespace fragnet
