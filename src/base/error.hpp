// The one error that Fragnet throws: a short fixed code for programs, and a sentence for people that says
// what was expected, what came, and where.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace fragnet {

// The codes that callers may compare with. They are part of the public API (`FragnetError.code`).
namespace code {
inline constexpr std::string_view bad_json = "bad-json";          // not JSON at all, or cut short
inline constexpr std::string_view bad_topology = "bad-topology";  // JSON, but not a model
inline constexpr std::string_view bad_weights = "bad-weights";  // a manifest or shard that contradicts itself
inline constexpr std::string_view missing_shard =
    "missing-shard";                                        // a file that the manifest names is not there
inline constexpr std::string_view bad_shape = "bad-shape";  // shapes that disagree
inline constexpr std::string_view bad_value = "bad-value";  // NaN or infinity where a number is needed
inline constexpr std::string_view bad_array = "bad-array";  // a .npy file that cannot be read
inline constexpr std::string_view bad_input = "bad-input";  // the caller's arrays or options do not fit
inline constexpr std::string_view unsupported_op = "unsupported-op";  // an operation Fragnet does not know
inline constexpr std::string_view too_large = "too-large";            // beyond the device's or our own limits
inline constexpr std::string_view no_webgl2 = "no-webgl2";            // the device has no WebGL2 / GLES 3
inline constexpr std::string_view no_float_targets =
    "no-float-targets";                                             // the device cannot render to floats
inline constexpr std::string_view shader_failed = "shader-failed";  // the driver refused a shader
inline constexpr std::string_view out_of_memory = "out-of-memory";
inline constexpr std::string_view context_lost = "context-lost";
inline constexpr std::string_view no_model = "no-model";        // asked to run before a model was loaded
inline constexpr std::string_view file_failed = "file-failed";  // a file could not be read or written
inline constexpr std::string_view internal = "internal";        // a broken promise of our own
}  // namespace code

class Error : public std::runtime_error {
 public:
  Error(std::string_view code, const std::string& message);
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

[[noreturn]] void throw_error(std::string_view code, std::initializer_list<TextPart> message);

// Throws an Error whose message is text(parts...).
template <class... Parts>
[[noreturn]] void fail(std::string_view code, const Parts&... parts) {
  throw_error(code, {TextPart(parts)...});
}

}  // namespace fragnet
