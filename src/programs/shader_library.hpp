// The shader files of glsl/, embedded at build time.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fragnet {

struct ShaderFile {
  std::string_view path;  // relative to glsl/
  std::string_view text;
};

// Made by scripts/embed_shaders.cmake.
std::span<const ShaderFile> shader_files();

// The text of the file. Throws `internal` where there is none.
std::string_view shader_file(std::string_view path);

struct Define {
  std::string name, value;
};

// A template with its includes resolved (each file once), the defines after the prelude, and `parts`: texts
// that the program generates, included by their names.
std::string shader_text(std::string_view file, const std::vector<Define>& defines,
                        const std::map<std::string, std::string, std::less<>>& parts);

}  // namespace fragnet
