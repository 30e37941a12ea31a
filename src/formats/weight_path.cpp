#include "formats/weight_path.hpp"

#include "base/error.hpp"
#include "formats/json_access.hpp"

namespace fragnet {

void check_weight_path(const std::string& path, const std::string& who) {
  const auto refuse = [&](const char* why) {
    fail(code::bad_weights, who, " names the file ", in_quotes(path), ": ", why);
  };
  if (path.empty()) refuse("a path cannot be empty");
  if (path[0] == '/') refuse("only paths relative to it are allowed");
  for (const char letter : path) {
    if (static_cast<unsigned char>(letter) < 0x20) refuse("a path cannot hold control characters");
    if (letter == '\\') refuse("a path cannot hold a backslash");
  }
  const size_t colon = path.find(':');
  if (colon != std::string::npos && colon < path.find('/')) refuse("only paths relative to it are allowed");
  // Segments of two dots climb out of the folder; a URL may also spell a dot as %2e.
  int dots = 0, others = 0;
  for (size_t i = 0; i <= path.size(); ++i) {
    if (i == path.size() || path[i] == '/') {
      if (dots == 2 && others == 0) refuse("it leaves the model's folder");
      dots = others = 0;
    } else if (path.compare(i, 3, "%2e") == 0 || path.compare(i, 3, "%2E") == 0) {
      ++dots, i += 2;
    } else {
      ++(path[i] == '.' ? dots : others);
    }
  }
}

}  // namespace fragnet
