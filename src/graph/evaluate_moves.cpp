// Movements of constant elements.
#include <cstring>

#include "base/error.hpp"
#include "graph/evaluate.hpp"
#include "graph/rearrange.hpp"

namespace fragnet {
namespace {

// A tensor of the same kind as `like`, its bytes to be filled in.
Tensor blank(const Tensor& like, const Shape& shape, std::vector<uint8_t>& bytes,
             std::shared_ptr<const void> owner) {
  Tensor tensor = like;
  tensor.shape = shape;
  tensor.bytes = bytes;
  tensor.owner = std::move(owner);
  return tensor;
}

std::shared_ptr<std::vector<uint8_t>> room_for(const Tensor& like, const Shape& shape) {
  const int64_t bytes = element_count(shape) * bytes_of(like.encoding);
  return std::make_shared<std::vector<uint8_t>>(static_cast<size_t>(bytes));
}

// The same numbers as float32 or int32.
Tensor decoded(const Tensor& x, DType dtype) {
  if (dtype == DType::float32) return make_tensor(x.shape, to_floats(x));
  return make_tensor(x.shape, to_ints(x), dtype);
}

// True if no element of the result is padding.
bool reads_input_alone(const Rearrange& op) {
  for (const Rearrange::Extent& extent : op.extents) {
    const int64_t end = extent.start + (int64_t{extent.count} - 1) * extent.step;
    if (std::min<int64_t>(extent.start, end) < 0 || std::max<int64_t>(extent.start, end) >= extent.limit)
      return false;
  }
  return true;
}

int32_t to_int(float value) {
  if (!(value > -2147483904.0f && value < 2147483648.0f)) {
    fail(code::bad_value, "the padding value ", value, " does not fit an int32");
  }
  return static_cast<int32_t>(value);
}

// Where position c of an extent reads, in elements of the input; nothing where the padding lies.
std::optional<int64_t> source_of(const Rearrange::Extent& extent, int64_t c, PadKind pad) {
  const int64_t p = source_position(c * extent.step + extent.start, extent.limit, pad);
  return p < 0 ? std::nullopt : std::optional(p * extent.stride);
}

// Writes `count` words (elements as they are encoded), the product of the extents' counts.
template <class Word>
void move_words(const Rearrange& op, const uint8_t* from, uint8_t* to, int64_t count, Word padding) {
  if (count == 0) return;
  const std::vector<Rearrange::Extent> outer(op.extents.begin(),
                                             op.extents.end() - (op.extents.empty() ? 0 : 1));
  const Rearrange::Extent line = op.extents.empty() ? Rearrange::Extent{} : op.extents.back();
  std::vector<int> position(outer.size(), 0);
  for (int64_t k = 0; k < count; k += line.count) {
    std::optional<int64_t> first = 0;
    for (size_t i = 0; first && i < outer.size(); ++i) {
      const std::optional<int64_t> part = source_of(outer[i], position[i], op.pad);
      first = part ? std::optional(*first + *part) : std::nullopt;
    }
    for (int c = 0; c < line.count; ++c) {
      const std::optional<int64_t> last = source_of(line, c, op.pad);
      Word word = padding;
      if (first && last) std::memcpy(&word, from + (*first + *last) * int64_t{sizeof(Word)}, sizeof(Word));
      std::memcpy(to, &word, sizeof(Word));
      to += sizeof(Word);
    }
    for (size_t i = outer.size(); i-- > 0;) {
      if (++position[i] < outer[i].count) break;
      position[i] = 0;
    }
  }
}

}  // namespace

Tensor evaluate_reshape(const Tensor& x, const Shape& shape) {
  Tensor tensor = x;
  tensor.shape = shape;
  return tensor;
}

Tensor evaluate_rearrange(const Rearrange& op, const Tensor& x, const Shape& shape) {
  const int64_t count = element_count(shape);
  const std::string fault = fault_of(op, element_count(x.shape), count);
  if (!fault.empty()) fail(code::internal, "rearrange: ", fault);
  const bool needs_value = op.pad == PadKind::constant && !reads_input_alone(op);
  const Tensor from = needs_value ? decoded(x, x.dtype) : x;
  auto bytes = room_for(from, shape);
  switch (bytes_of(from.encoding)) {
    case 1:
      move_words<uint8_t>(op, from.bytes.data(), bytes->data(), count, 0);
      break;
    case 2:
      move_words<uint16_t>(op, from.bytes.data(), bytes->data(), count, 0);
      break;
    default: {
      uint32_t padding = 0;
      if (needs_value && from.encoding == Encoding::float32) {
        std::memcpy(&padding, &op.value, sizeof(padding));
      } else if (needs_value) {
        padding = static_cast<uint32_t>(to_int(op.value));
      }
      move_words<uint32_t>(op, from.bytes.data(), bytes->data(), count, padding);
    }
  }
  return blank(from, shape, *bytes, bytes);
}

Tensor evaluate_gather(const Gather& op, const Tensor& x, const Shape& shape) {
  const size_t axis = static_cast<size_t>(op.axis);
  const size_t run = static_cast<size_t>(strides_of(x.shape)[axis] * bytes_of(x.encoding));
  const size_t extent = static_cast<size_t>(x.shape[axis]);
  auto bytes = room_for(x, shape);
  if (bytes->empty()) return blank(x, shape, *bytes, bytes);
  uint8_t* to = bytes->data();
  for (size_t outer = 0; outer < x.bytes.size() / (run * extent); ++outer) {
    for (int index : op.indices) {
      std::memcpy(to, x.bytes.data() + (outer * extent + static_cast<size_t>(index)) * run, run);
      to += run;
    }
  }
  return blank(x, shape, *bytes, bytes);
}

Tensor evaluate_concat(const Concat& op, const std::vector<Tensor>& inputs, const ValueType& result) {
  const bool same = std::all_of(inputs.begin(), inputs.end(), [&](const Tensor& x) {
    const Tensor& first = inputs[0];
    return x.dtype == first.dtype && x.encoding == first.encoding && x.min == first.min &&
           x.scale == first.scale;
  });
  std::vector<Tensor> parts;
  for (const Tensor& x : inputs) parts.push_back(same ? x : decoded(x, result.dtype));

  auto bytes = room_for(parts[0], result.shape);
  int64_t outer_count = 1;
  for (int i = 0; i < op.axis; ++i) outer_count *= result.shape[static_cast<size_t>(i)];
  size_t offset = 0;
  for (int64_t outer = 0; outer < outer_count; ++outer) {
    for (const Tensor& part : parts) {
      const size_t run = part.bytes.size() / static_cast<size_t>(outer_count);
      if (run > 0) {
        std::memcpy(bytes->data() + offset, part.bytes.data() + static_cast<size_t>(outer) * run, run);
      }
      offset += run;
    }
  }
  return blank(parts[0], result.shape, *bytes, bytes);
}

}  // namespace fragnet
