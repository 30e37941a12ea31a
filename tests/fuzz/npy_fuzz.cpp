// A .npy file of any bytes is read, or refused with an Error; what is read can be decoded.
#include "base/error.hpp"
#include "formats/model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const fragnet::Tensor tensor = fragnet::parse_npy({data, data + size});
    fragnet::to_floats(tensor);
    fragnet::to_ints(tensor);
  } catch (const fragnet::Error&) {
  }
  return 0;
}
