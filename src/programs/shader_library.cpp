#include "programs/shader_library.hpp"

#include <set>

#include "base/error.hpp"

namespace fragnet {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

void append(std::string_view name, const Texts& parts, std::set<std::string, std::less<>>& seen,
            std::string& out) {
  if (!seen.emplace(name).second) return;
  const auto part = parts.find(name);
  std::string_view lines = part != parts.end() ? std::string_view(part->second) : shader_file(name);
  while (!lines.empty()) {
    const std::string_view line = take_line(lines);
    constexpr std::string_view directive = "#include \"";
    if (line.compare(0, directive.size(), directive) == 0) {
      const size_t end = line.find('"', directive.size());
      append(line.substr(directive.size(), end - directive.size()), parts, seen, out);
    } else {
      out += text(line, '\n');
    }
  }
}

}  // namespace

std::string_view shader_file(std::string_view path) {
  for (const ShaderFile& file : shader_files()) {
    if (file.path == path) return file.text;
  }
  fail(code::internal, "no shader is called \"", path, "\"");
}

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
