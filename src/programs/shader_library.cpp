#include "programs/shader_library.hpp"

#include <set>
#include <sstream>

#include "base/error.hpp"

namespace fragnet {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

void append(std::string_view name, const Texts& parts, std::set<std::string, std::less<>>& seen,
            std::string& out) {
  if (!seen.emplace(name).second) return;
  const auto part = parts.find(name);
  const auto file = shader_files().find(name);
  if (part == parts.end() && file == shader_files().end())
    fail(code::internal, "no shader is called \"", name, "\"");
  std::istringstream lines(part != parts.end() ? part->second : file->second);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view directive = "#include \"";
    if (line.compare(0, directive.size(), directive) == 0) {
      const size_t end = line.find('"', directive.size());
      append(line.substr(directive.size(), end - directive.size()), parts, seen, out);
    } else {
      out += line + '\n';
    }
  }
}

}  // namespace

std::string shader_text(std::string_view file, const std::vector<Define>& defines, const Texts& parts) {
  Texts all = parts;
  std::string& text_of_defines = all["defines"];
  for (const Define& define : defines)
    text_of_defines += "#define " + define.name + ' ' + define.value + '\n';
  std::set<std::string, std::less<>> seen;
  std::string out;
  // WebGL wants #version on the very first line, before the template's own heading.
  append("include/prelude.glsl", all, seen, out);
  append(file, all, seen, out);
  return out;
}

}  // namespace fragnet
