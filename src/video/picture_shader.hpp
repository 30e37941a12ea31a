// What the shaders of a frame have in common: how they are compiled for a network, given numbers, and drawn.
#pragma once

#include <string>
#include <vector>

#include "programs/shader_library.hpp"
#include "runtime/network.hpp"
#include "runtime/shader.hpp"

namespace fragnet {

// Hands the text to the driver; whoever wants to draw calls finish(). `tensors` declares those that it reads.
Shader start_compiling(const Network& network, const char* file, std::vector<Define> defines,
                       std::vector<std::string> samplers, const std::string& tensors = "");

// Of the program that is in use; nothing where it has no such uniform.
void set_uniform(const Shader& shader, const char* name, float a, float b, float c, float d);
void set_uniform(const Shader& shader, const char* name, float a, float b);

// Into texture unit 0.
void bind_texture(GLenum target, GLuint texture);

// Over the whole of a target that is as large.
void draw_whole(const Shader& shader, GLuint framebuffer, int width, int height);

}  // namespace fragnet
