// A weights manifest (the input up to its first zero byte) and the bytes of its files (the rest, shared out
// among the groups): read and decoded, or refused with an Error.
#include <algorithm>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "formats/model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const uint8_t* const end = data + size;
  const uint8_t* const cut = std::find(data, end, uint8_t{0});
  const std::string model =
      R"({"modelTopology": {"node": [{"name": "x", "op": "NoOp"}]}, "weightsManifest": )" +
      std::string(data, cut) + "}";
  const uint8_t* rest = cut == end ? end : cut + 1;
  try {
    fragnet::Weights weights;
    for (fragnet::WeightGroup& group : fragnet::parse_model(model).groups) {
      // What the manifest asks for where there is as much; text may take the rest.
      const int64_t left = end - rest;
      const int64_t taken = group.has_text ? left : std::min(group.bytes, left);
      read_weights(group, std::make_shared<const std::vector<uint8_t>>(rest, rest + taken), weights);
      rest += taken;
    }
    for (const auto& [name, tensor] : weights) {
      fragnet::to_floats(tensor);
      fragnet::to_ints(tensor);
    }
  } catch (const fragnet::Error&) {
  }
  return 0;
}
