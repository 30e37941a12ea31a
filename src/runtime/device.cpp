#include "runtime/device.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "runtime/draw_rectangle.hpp"
#include "runtime/gl.hpp"
#include "runtime/quirks.hpp"

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

// Viewports are only promised as large as renderbuffers, and a larger one is cut down without a word.
int largest_viewport() {
  GLint said[2] = {2048, 2048}, taken[4] = {};
  glGetIntegerv(GL_MAX_VIEWPORT_DIMS, said);
  glViewport(0, 0, said[0], said[1]);
  glGetIntegerv(GL_VIEWPORT, taken);
  return std::max(1, std::min({said[0], said[1], taken[2], taken[3]}));
}

Targets& targets_of(Device& device, Precision precision) {
  return precision == Precision::fp32   ? device.fp32
         : precision == Precision::fp16 ? device.fp16
                                        : device.rgba8;
}
const Targets& targets_of(const Device& device, Precision precision) {
  return targets_of(const_cast<Device&>(device), precision);
}

void try_precision(Device& device, Precision precision) {
  Targets& targets = targets_of(device, precision);
  if (targets.count >= 0) return;
  const TextureFormat format = precision == Precision::fp32   ? TextureFormat::rgba32f
                               : precision == Precision::fp16 ? TextureFormat::rgba16f
                                                              : TextureFormat::rgba32ui;
  targets = try_targets(format, device.limits.draw_buffers);
}

// One ladder for probe() and create(). A draw of two targets of 32-bit floats is no better than one of four of 16 bits.
std::vector<Tier> ladder_of(const Device& device) {
  using enum Precision;
  if (device.is_phone) return {{fp16, 8}, {fp16, 4}, {fp16, 1}, {fp32, 8}, {fp32, 1}, {rgba8, 1}};
  return {{fp32, 8}, {fp32, 4}, {fp16, 8}, {fp16, 4}, {fp16, 1}, {fp32, 1}, {rgba8, 4}, {rgba8, 1}};
}

// What has not been tried does not hold.
std::optional<Tier> find_tier(Precision wanted, const Device& device) {
  for (const Tier& step : ladder_of(device)) {
    if (wanted != Precision::automatic && wanted != step.precision) continue;
    const int count = targets_of(device, step.precision).count;
    if (count >= (wanted == Precision::automatic ? step.targets : 1)) return Tier{step.precision, count};
  }
  return std::nullopt;
}

std::optional<Tier> find_tier_trying(Precision wanted, Device& device) {
  for (const Tier& step : ladder_of(device)) {
    if (wanted != Precision::automatic && wanted != step.precision) continue;
    try_precision(device, step.precision);
    if (targets_of(device, step.precision).count >= (wanted == Precision::automatic ? step.targets : 1))
      break;
  }
  return find_tier(wanted, device);
}

std::string words_of(Precision precision) {
  return precision == Precision::fp32   ? "32-bit floats"
         : precision == Precision::fp16 ? "16-bit floats"
                                        : "integers";
}

// What keeps the device from more of it.
std::string fault_of(Precision precision, const Targets& targets) {
  constexpr const char* words[] = {"it does not render to ", "it draws wrong numbers into ",
                                   "this model failed with "};
  const char* fault = words[static_cast<int>(targets.fault)];
  if (targets.count == 0) return text(fault, "textures of ", words_of(precision));
  return text(fault, "more than ", targets.count, targets.count > 1 ? " textures of " : " texture of ",
              words_of(precision), " at once");
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

Device query_device(std::optional<Precision> wanted, bool is_phone) {
  Device device;
  device.renderer = renderer_name();
  const Quirks quirks = quirks_of(device.renderer);
  device.is_phone = is_phone || quirks.is_mobile;
  device.limits.texture_size = get_integer(GL_MAX_TEXTURE_SIZE);
  if (device.is_phone)
    device.limits.texture_size = std::min(device.limits.texture_size, largest_texture_of_phone);
  device.limits.draw_buffers =
      std::min(get_integer(GL_MAX_DRAW_BUFFERS), get_integer(GL_MAX_COLOR_ATTACHMENTS));
  device.limits.texture_units = get_integer(GL_MAX_TEXTURE_IMAGE_UNITS);
  device.uniform_alignment = std::max(16, get_integer(GL_UNIFORM_BUFFER_OFFSET_ALIGNMENT));
  device.limits.by_sampler = quirks.by_sampler;
  device.limits.square = quirks.square;
  device.limits.busy_fragments = quirks.is_software ? 0 : 2048;
  device.limits.small_bodies = quirks.small_bodies;
  drawing.is_doubled = quirks.is_software;
  drawing.most = std::min(2048, std::max(1, largest_viewport() / (drawing.is_doubled ? 2 : 1)));
  // Without these no floats can be rendered to, and with them perhaps.
  if (!has_extension("EXT_color_buffer_float")) {
    device.fp32.count = 0;
    if (!has_extension("EXT_color_buffer_half_float")) device.fp16.count = 0;
  }
  device.parallel_compile = has_extension("KHR_parallel_shader_compile");
  device.timer_queries =
      has_extension("EXT_disjoint_timer_query_webgl2") || has_extension("EXT_disjoint_timer_query");
  if (!wanted || !find_tier_trying(*wanted, device)) {
    using enum Precision;
    for (const Precision each : {fp32, fp16, rgba8}) try_precision(device, each);
  }
  return device;
}

Tier choose_tier(Precision wanted, const Device& device) {
  if (const auto found = find_tier(wanted, device)) return *found;
  const auto best = find_tier(Precision::automatic, device);
  if (!best)
    fail(code::no_float_targets, "this device (", device.renderer,
         ") renders to no texture that a feature map can lie in");
  fail(code::no_float_targets, "the precision \"", to_string(wanted), "\" cannot be had on this device (",
       device.renderer, "): ", fault_of(wanted, targets_of(device, wanted)), "; the precision \"",
       to_string(best->precision), "\" would work");
}

std::string reason_of(const Tier& tier, const Device& device) {
  using enum Precision;
  const bool has_floats = device.fp32.count > 0 || device.fp16.count > 0;
  const bool are_refused =
      device.fp32.fault == Targets::Fault::refused && device.fp16.fault == Targets::Fault::refused;
  if (tier.precision == rgba8 && !has_floats && are_refused) {
    return "this device cannot render to floating-point textures, so feature maps have eight bits, with "
           "ranges that are "
           "learned when a model is loaded";
  }
  std::string reason;
  const auto add = [&](const std::string& fault) { reason += (reason.empty() ? "" : "; ") + fault; };
  if (tier.precision == fp16 && device.is_phone)
    add("on phones 16-bit floats come first, they take half the time and memory");
  for (const Precision each : {fp32, fp16, rgba8}) {
    const Targets& targets = targets_of(device, each);
    const bool is_above = each < tier.precision && !(device.is_phone && each == fp32);
    if ((is_above || each == tier.precision) && targets.count >= 0 && targets.count < 8)
      add(fault_of(each, targets));
  }
  return reason;
}

bool step_down(Device& device, Precision wanted, const Tier& failed) {
  Targets& targets = targets_of(device, failed.precision);
  targets = {.count = failed.targets / 2, .fault = Targets::Fault::failed};
  return find_tier_trying(wanted, device).has_value();
}

}  // namespace fragnet
