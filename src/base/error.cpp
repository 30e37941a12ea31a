#include "base/error.hpp"

namespace fragnet {

Error::Error(std::string_view code, const std::string& message) : std::runtime_error(message), code_(code) {}

void throw_error(std::string_view code, std::initializer_list<TextPart> message) {
  throw Error(code, text_of(message));
}

}  // namespace fragnet
