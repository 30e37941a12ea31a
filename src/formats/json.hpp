// The JSON library, set up for files of strangers.
#pragma once

namespace fragnet {

// The library throws where a value is read as another type than it has. Fragnet asks for the type first (json_access.hpp), so
// that this is a fault of its own: `internal`. The library's sentences for each such place weigh kilobytes in the web
// page's program.
[[noreturn]] void fail_on_json_type();

}  // namespace fragnet

#define JSON_THROW_USER(exception) ::fragnet::fail_on_json_type()
#include <nlohmann/json.hpp>

namespace fragnet {

using Json = nlohmann::json;

}  // namespace fragnet
