// Cuts the bytes of a weight group into tensors.
#include <cstring>

#include "base/error.hpp"
#include "formats/json_access.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

[[noreturn]] void fail_length(const WeightGroup& group, size_t got, const std::string& wanted) {
  constexpr size_t listed = 4;
  std::string files;
  for (size_t i = 0; i < group.paths.size() && i < listed; ++i)
    files += (i ? ", " : "") + in_quotes(group.paths[i]);
  if (group.paths.size() > listed) files += text(" … ", in_quotes(group.paths.back()));
  fail(code::bad_weights, "the weight file", group.paths.size() > 1 ? "s " : " ", files,
       group.paths.size() > 1 ? " have " : " has ", got, " bytes, the manifest wants ", wanted);
}

uint32_t read_uint32(const uint8_t* at) {
  uint32_t value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

// The index of the first NaN or infinity, or -1. `exponent` masks the bits that are all ones in both.
template <class Bits>
int64_t find_not_finite(std::span<const uint8_t> bytes, Bits exponent) {
  const size_t count = bytes.size() / sizeof(Bits);
  const auto is_bad = [&](size_t index) {
    Bits bits;
    std::memcpy(&bits, bytes.data() + index * sizeof(Bits), sizeof(Bits));
    return (bits & exponent) == exponent;
  };
  constexpr size_t block = 1024;  // looked through without a branch, so that compilers use vectors
  for (size_t start = 0; start < count; start += block) {
    const size_t end = std::min(start + block, count);
    bool any = false;
    for (size_t i = start; i < end; ++i) any |= is_bad(i);
    if (!any) continue;
    for (size_t i = start; i < end; ++i) {
      if (is_bad(i)) return static_cast<int64_t>(i);
    }
  }
  return -1;
}

void add_weight(const std::string& name, Tensor tensor, Weights& weights) {
  int64_t index = -1;
  if (tensor.encoding == Encoding::float32) index = find_not_finite<uint32_t>(tensor.bytes, 0x7F800000u);
  if (tensor.encoding == Encoding::float16) index = find_not_finite<uint16_t>(tensor.bytes, 0x7C00u);
  if (index >= 0) {
    fail(code::bad_value, "weight ", in_quotes(name), " is NaN or infinite at element ", index,
         " of its shape ", to_string(tensor.shape));
  }
  // As in TensorFlow.js, the later of two namesakes stays.
  weights.insert_or_assign(name, std::move(tensor));
}

void read_npy(WeightGroup& group, const std::vector<uint8_t>& bytes, Weights& weights) {
  WeightSpec& spec = group.weights.front();
  Tensor tensor;
  try {
    tensor = parse_npy(bytes);
  } catch (const Error& error) {
    fail(error.code(), "the weight file ", in_quotes(group.paths.front()), ": ", error.what());
  }
  group.bytes = static_cast<int64_t>(bytes.size());
  spec.dtype = tensor.dtype;
  spec.shape = tensor.shape;
  spec.encoding = tensor.encoding;
  add_weight(spec.name, std::move(tensor), weights);
}

}  // namespace

void read_weights(WeightGroup& group, std::shared_ptr<const std::vector<uint8_t>> bytes, Weights& weights) {
  const std::vector<uint8_t>& all = *bytes;
  if (group.is_npy) return read_npy(group, all, weights);
  const size_t wanted = static_cast<size_t>(group.bytes);
  if (group.has_text ? all.size() < wanted : all.size() != wanted) {
    fail_length(group, all.size(), text(group.has_text ? "at least " : "", wanted));
  }
  size_t at = 0;
  for (const WeightSpec& spec : group.weights) {
    const int64_t count = element_count(spec.shape, "weight " + in_quotes(spec.name));
    if (spec.is_text) {  // each element is its length and its bytes
      for (int64_t i = 0; i < count; ++i) {
        if (all.size() - at < 4) fail_length(group, all.size(), "more");
        const uint32_t length = read_uint32(all.data() + at);
        at += 4;
        if (all.size() - at < length)
          fail_length(group, all.size(), text("at least ", at + uint64_t{length}));
        at += length;
      }
      continue;
    }
    const size_t size = static_cast<size_t>(count) * static_cast<size_t>(bytes_of(spec.encoding));
    if (all.size() - at < size) fail_length(group, all.size(), text("at least ", at + size));
    Tensor tensor{.dtype = spec.dtype,
                  .shape = spec.shape,
                  .encoding = spec.encoding,
                  .min = spec.min,
                  .scale = spec.scale,
                  .bytes = {all.data() + at, size},
                  .owner = bytes};
    add_weight(spec.name, std::move(tensor), weights);
    at += size;
  }
  if (at != all.size()) fail_length(group, all.size(), text(at));
}

}  // namespace fragnet
