// Options as fragnet.js writes them, which has checked them: what is missing has its default.
#pragma once

#include <optional>
#include <string>

#include "formats/json_access.hpp"
#include "import/input_shapes.hpp"
#include "plan/plan.hpp"
#include "ports/ports.hpp"
#include "video/frame_options.hpp"

namespace fragnet {

std::string text_option(const Json& options, const char* name, const char* fallback);
double number_option(const Json& options, const char* name, double fallback);
bool flag_option(const Json& options, const char* name);

// {"conv2d 4×4/2 uint8": [4, 2], …}: what was found out on this device, perhaps on another day.
Tuning tuning_option(const Json& options);
Json json_of(const Tuning& tuning);

// {"inputShapes": {"photo": [1, 256, 256, 3]}}. Throws `bad-input`.
InputShapes shapes_option(const Json& options);

// What draw() is asked for: augmentation, ranges, output …
FrameOptions frame_options_of(const Json& options);

}  // namespace fragnet
