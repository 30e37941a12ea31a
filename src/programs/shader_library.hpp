// The shader files of glsl/, embedded at build time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fragnet {

// By path relative to glsl/. Made by scripts/embed_shaders.cmake.
const std::map<std::string, std::string, std::less<>>& shader_files();

struct Define {
  std::string name, value;
};

// A template with its includes resolved (each file once), the defines after the prelude, and `parts`: texts
// that the program generates, included by their names.
std::string shader_text(std::string_view file, const std::vector<Define>& defines,
                        const std::map<std::string, std::string, std::less<>>& parts);

}  // namespace fragnet
