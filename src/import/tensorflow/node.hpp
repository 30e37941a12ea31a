// A TensorFlow node while it is being imported: its attributes and constant operands, read with their
// defaults and checked.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/model.hpp"
#include "graph/builder.hpp"

namespace fragnet {

struct TfNode;

// So many numbers may the operations of one model make that are not in its files.
inline constexpr int64_t max_made_elements = int64_t{1} << 26;

// What a node makes: `name:0`, `name:1` …
using TfResults = std::vector<ValueId>;
// A result of a branch that is not taken, and of all that needs one.
inline constexpr ValueId dead_value = -1;

// Functions of the model's library: runs the one of this name.
class TfFunctions {
 public:
  virtual ~TfFunctions() = default;
  virtual TfResults call(const TfNode& node, const std::string& function,
                         const std::vector<ValueId>& arguments) = 0;
};

struct TfNode {
  const NodeDef& def;
  std::vector<ValueId> inputs;  // without control inputs; `name:i` is resolved already
  std::string where;            // `layer "up_3"`, opens every message
  GraphBuilder& builder;
  const Weights& weights;
  int64_t& elements_left;  // that add_constant() may still make for this model
  TfFunctions& functions;
  int kind = 0;  // the operation's, see TfOp

  const Shape& shape(size_t input) const { return builder.shape(inputs[input]); }
  ValueId add(Op op, std::vector<ValueId> operands) const {
    return builder.add(def.name, std::move(op), std::move(operands));
  }
};

struct TfOp {
  const char* name;  // TensorFlow's
  size_t inputs;     // at least
  TfResults (*import)(const TfNode&);
  int kind = 0;  // a UnaryKind, BinaryKind … for the function that imports all of them
};

// ---- Attributes ----
// An attribute that is missing has its default; one of another kind throws `bad-topology`.

int64_t integer_of(const TfNode& node, const char* name, int64_t fallback);
double number_of(const TfNode& node, const char* name, double fallback);
bool flag_of(const TfNode& node, const char* name, bool fallback);
std::string text_of(const TfNode& node, const char* name, const std::string& fallback);
std::string word_of(const TfNode& node, const char* name, const std::string& fallback);  // in capitals
std::vector<int64_t> integers_of(const TfNode& node, const char* name);                  // empty if missing
std::vector<std::string> words_of(const TfNode& node, const char* name);                 // in capitals
// nullopt if missing or not a type of numbers
std::optional<DType> dtype_of(const TfNode& node, const char* name);
// `data_format` is NCHW. Other formats than NHWC and NCHW throw `unsupported-op`.
bool is_channels_first(const TfNode& node);

// ---- Constant operands ----
// `what` names the operand in messages: "axis". An operand that is not a constant throws `unsupported-op`.

std::vector<int32_t> ints_of(const TfNode& node, size_t input, const char* what);
int32_t int_of(const TfNode& node, size_t input, const char* what);  // exactly one, else `bad-shape`
// A list that has `length` numbers, else `bad-shape`.
std::vector<int32_t> ints_of(const TfNode& node, size_t input, const char* what, size_t length);
// A list of extents; negative ones throw `bad-shape`.
Shape extents_of(const TfNode& node, size_t input, const char* what);
// Pairs (before, after), one for each of `count` extents, none negative.
std::vector<std::array<int, 2>> margins_of(const TfNode& node, size_t input, const char* what, size_t count);

// `axis` counted from the front, of a tensor of `rank` extents. Throws `bad-shape`.
int axis_of(const TfNode& node, int64_t axis, size_t rank);

// ---- What handlers share ----

// Before that many numbers are made. Throws `too-large`.
void take_elements(const TfNode& node, const Shape& shape);
ValueId add_constant(const TfNode& node, Shape shape, std::vector<int32_t> values);
ValueId add_constant(const TfNode& node, Shape shape, std::vector<float> values);
// One number of this type, rank 0.
ValueId add_scalar(const TfNode& node, DType dtype, int value);

// These give the value itself where there is nothing to do.
ValueId reshaped(const TfNode& node, ValueId value, const Shape& shape);
ValueId transposed(const TfNode& node, ValueId value, const std::vector<int>& order);
// `shape` must be one that the value's shape broadcasts to. Throws `bad-shape`.
ValueId broadcast_to(const TfNode& node, ValueId value, const Shape& shape);

// (…, C, H, W) → (…, H, W, C) and back, for ranks 3 and 4; other ranks stay as they are.
ValueId to_channels_last(const TfNode& node, ValueId value);
ValueId to_channels_first(const TfNode& node, ValueId value);

}  // namespace fragnet
