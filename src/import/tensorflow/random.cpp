// Operations that sample. Their numbers are drawn once, when the graph is built: a picture does not flicker, and a model
// gives the same twice.
#include <cmath>

#include "base/error.hpp"
#include "import/random_numbers.hpp"
#include "import/tensorflow/table.hpp"

namespace fragnet {
namespace {

enum class Sample { normal, truncated_normal, uniform };

// By the node's seeds where it has any, which two nodes may share, else by its name. Stateless operations take theirs as an
// input.
RandomNumbers numbers_of(const TfNode& node, size_t seed_input = 0) {
  node.builder.warn(text(
      node.where, ": ", node.def.op,
      " draws numbers at random; they are drawn once, when the model is loaded, and the same each time"));
  std::array<int64_t, 2> seeds{integer_of(node, "seed", 0), integer_of(node, "seed2", 0)};
  if (seed_input > 0) {
    const std::vector<int32_t> given = ints_of(node, seed_input, "seed", 2);
    seeds = {given[0], given[1]};
  }
  if (seed_input == 0 && seeds[0] == 0 && seeds[1] == 0) return RandomNumbers(seed_of(node.def.name));
  return RandomNumbers(static_cast<uint64_t>(seeds[0]) * 0x9E3779B97F4A7C15u +
                       static_cast<uint64_t>(seeds[1]));
}

// inputs: extents (and the seed of stateless operations)
TfResults sample(const TfNode& node, size_t seed_input) {
  const Shape shape = extents_of(node, 0, "shape");
  RandomNumbers random = numbers_of(node, seed_input);
  const auto draw = [&] {
    const auto kind = static_cast<Sample>(node.kind);
    if (kind == Sample::uniform) return random.uniform();
    double number = random.normal();
    while (kind == Sample::truncated_normal && std::abs(number) > 2) number = random.normal();
    return number;
  };
  take_elements(node, shape);
  std::vector<float> numbers(static_cast<size_t>(element_count(shape)));
  for (float& number : numbers) number = static_cast<float>(draw());
  return {node.builder.add_constant(node.def.name, make_tensor(shape, std::move(numbers)))};
}

TfResults import_sample(const TfNode& node) {
  return sample(node, 0);
}

TfResults import_stateless_sample(const TfNode& node) {
  return sample(node, 1);
}

// inputs: extents, the lowest number, the number above the highest
TfResults import_uniform_int(const TfNode& node) {
  const Shape shape = extents_of(node, 0, "shape");
  const int64_t low = int_of(node, 1, "lowest number"), count = int_of(node, 2, "limit") - low;
  if (count < 1) fail(code::bad_value, node.where, ": RandomUniformInt of ", count, " numbers");
  RandomNumbers random = numbers_of(node);
  take_elements(node, shape);
  std::vector<int32_t> numbers(static_cast<size_t>(element_count(shape)));
  for (int32_t& number : numbers)
    number = static_cast<int32_t>(low + static_cast<int64_t>(random.next() % static_cast<uint64_t>(count)));
  return {node.builder.add_constant(node.def.name, make_tensor(shape, std::move(numbers)))};
}

}  // namespace

std::span<const TfOp> random_ops() {
  constexpr int normal = static_cast<int>(Sample::normal), uniform = static_cast<int>(Sample::uniform),
                truncated = static_cast<int>(Sample::truncated_normal);
  static constexpr TfOp ops[] = {
      {"RandomStandardNormal", 1, import_sample, normal},
      {"RandomUniform", 1, import_sample, uniform},
      {"RandomUniformInt", 3, import_uniform_int},
      {"StatelessRandomNormal", 2, import_stateless_sample, normal},
      {"StatelessRandomUniform", 2, import_stateless_sample, uniform},
      {"StatelessTruncatedNormal", 2, import_stateless_sample, truncated},
      {"TruncatedNormal", 1, import_sample, truncated},
  };
  return ops;
}

}  // namespace fragnet
