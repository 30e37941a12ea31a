#include "runtime/device.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "runtime/gl.hpp"

#ifdef __EMSCRIPTEN__
#include <emscripten/html5.h>
#endif

namespace fragnet {
namespace {

int get_integer(GLenum name) {
  GLint value = 0;
  glGetIntegerv(name, &value);
  return value;
}

bool has_extension(const char* name) {
#ifdef __EMSCRIPTEN__
  return emscripten_webgl_enable_extension(emscripten_webgl_get_current_context(), name);
#else
  const int count = get_integer(GL_NUM_EXTENSIONS);
  for (int i = 0; i < count; ++i) {
    // Natively the names begin with "GL_".
    const auto* extension =
        reinterpret_cast<const char*>(glGetStringi(GL_EXTENSIONS, static_cast<GLuint>(i)));
    if (std::strcmp(extension + 3, name) == 0) return true;
  }
  return false;
#endif
}

std::string renderer_name() {
  GLenum name = GL_RENDERER;
#ifdef __EMSCRIPTEN__
  constexpr GLenum unmasked_renderer = 0x9246;
  if (has_extension("WEBGL_debug_renderer_info")) name = unmasked_renderer;
#endif
  const auto* renderer = reinterpret_cast<const char*>(glGetString(name));
  return renderer ? renderer : "unknown";
}

// Rendering on the processor: Mesa's, Chromium's, Windows'.
bool is_software(const std::string& renderer) {
  for (const char* name : {"llvmpipe", "softpipe", "SwiftShader", "Basic Render"}) {
    if (renderer.find(name) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

Precision precision_of(const std::string& name) {
  if (name == "auto") return Precision::automatic;
  if (name == "fp32") return Precision::fp32;
  if (name == "fp16") return Precision::fp16;
  if (name == "rgba8") return Precision::rgba8;
  fail(code::bad_input, "the precision \"", name,
       "\" is not known: it is \"auto\", \"fp32\", \"fp16\" or \"rgba8\"");
}

std::string to_string(Precision precision) {
  switch (precision) {
    case Precision::automatic:
      return "auto";
    case Precision::fp32:
      return "fp32";
    case Precision::fp16:
      return "fp16";
    case Precision::rgba8:
      return "rgba8";
  }
  return "?";
}

Device query_device() {
  Device device;
  device.limits.texture_size = get_integer(GL_MAX_TEXTURE_SIZE);
  device.limits.draw_buffers =
      std::min(get_integer(GL_MAX_DRAW_BUFFERS), get_integer(GL_MAX_COLOR_ATTACHMENTS));
  device.limits.texture_units = get_integer(GL_MAX_TEXTURE_IMAGE_UNITS);
  device.uniform_alignment = std::max(16, get_integer(GL_UNIFORM_BUFFER_OFFSET_ALIGNMENT));
  device.renderer = renderer_name();
  const bool is_llvmpipe = device.renderer.find("llvmpipe") != std::string::npos;
  device.limits.by_sampler = is_llvmpipe;
  device.limits.square = is_llvmpipe ? 64 : 0;
  device.limits.busy_fragments = is_software(device.renderer) ? 0 : 2048;
  device.float_targets = has_extension("EXT_color_buffer_float");
  device.half_targets = has_extension("EXT_color_buffer_half_float") || device.float_targets;
  device.parallel_compile = has_extension("KHR_parallel_shader_compile");
  device.timer_queries =
      has_extension("EXT_disjoint_timer_query_webgl2") || has_extension("EXT_disjoint_timer_query");
  return device;
}

std::string tier_of(const Device& device) {
  return to_string(choose_precision(Precision::automatic, device));
}

Precision choose_precision(Precision wanted, const Device& device) {
  const Precision best = device.float_targets  ? Precision::fp32
                         : device.half_targets ? Precision::fp16
                                               : Precision::rgba8;
  if (wanted == Precision::automatic) return best;
  if (wanted == Precision::rgba8 || (wanted == Precision::fp16 && device.half_targets)) return wanted;
  if (wanted == Precision::fp32 && device.float_targets) return wanted;
  fail(code::no_float_targets, "the precision \"", to_string(wanted), "\" wants ",
       wanted == Precision::fp32 ? "32" : "16", "-bit floating-point textures, to which this device (",
       device.renderer, ") cannot render; the precision \"", to_string(best), "\" would work");
}

}  // namespace fragnet
