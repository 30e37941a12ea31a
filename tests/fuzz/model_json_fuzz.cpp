// A model.json of any bytes is read, or refused with an Error.
#include "base/error.hpp"
#include "formats/model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    fragnet::parse_model({reinterpret_cast<const char*>(data), size});
  } catch (const fragnet::Error&) {
  }
  return 0;
}
