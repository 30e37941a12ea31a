// What a model file says, uninterpreted: bytes in, plain data out. Nothing here knows what a network means.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/tensor.hpp"
#include "formats/json.hpp"

namespace fragnet {

// One entry of a TFJS weights manifest.
struct WeightSpec {
  std::string name;
  DType dtype = DType::float32;
  Shape shape;
  Encoding encoding = Encoding::float32;
  double min = 0, scale = 1;  // of affine encodings
  bool is_text = false;       // dtype "string": its bytes are skipped, it has no tensor
};

// What the weights of a group may need.
inline constexpr int64_t max_group_bytes = int64_t{2} << 30;

// Weights that lie one after the other in the concatenation of some files; or one .npy file, which says itself what it
// holds: then there is one weight, of which all but the name is known once it is read.
struct WeightGroup {
  std::vector<std::string> paths;  // relative to the model's file
  std::vector<WeightSpec> weights;
  int64_t bytes = 0;      // what the weights need in all
  bool has_text = false;  // then `bytes` is only a lower bound
  bool is_npy = false;
};

// An attribute of a graph-model node, in one form for all JSON dialects. Lists of flags are 0 and 1, lists of
// types are names
// ("DT_FLOAT"), and an empty list is a std::vector<int64_t> whatever it would hold. A type that is no number
// to us stays a name ("DT_STRING"). A Tensor is a constant that stands in its node instead of in the weights.
using Attribute = std::variant<bool, int64_t, double, std::string, DType, Shape, std::vector<int64_t>,
                               std::vector<double>, std::vector<std::string>, Tensor>;

struct NodeDef {
  std::string name, op;
  std::vector<std::string> inputs;  // "name", "name:1" or "^control", as written
  std::map<std::string, Attribute> attributes;
};

struct SignatureEntry {
  std::string name;    // what TensorFlow.js calls it
  std::string tensor;  // "node" or "node:1"
  std::optional<Shape> shape;
};

// A function that nodes of control flow call.
struct FunctionDef {
  size_t arguments = 0;              // the first of the nodes stand for them
  std::vector<NodeDef> nodes;        // their inputs are written as those of the graph
  std::vector<std::string> results;  // "node" or "node:1"
};

// A TFJS graph-model: TensorFlow nodes.
struct GraphTopology {
  std::vector<NodeDef> nodes;  // as written, not sorted
  std::map<std::string, FunctionDef> functions;
  std::vector<SignatureEntry> inputs, outputs;  // empty where the file has no signature
};

// One tensor that a Keras layer takes: output `tensor` of the `call`-th use of `layer`.
struct LayerRef {
  std::string layer;
  int call = 0, tensor = 0;
};

struct LayerDef {
  std::string class_name, name;
  // An object, without the members `layers`, `input_layers` and `output_layers`. Keras 3's spellings are
  // turned into Keras 2's: `batch_shape` is `batch_input_shape`, and a dtype policy is its name.
  Json config;
  std::vector<std::vector<LayerRef>> calls;  // one list of inputs for each use of the layer
  // For Model, Functional and Sequential:
  std::vector<LayerDef> layers;
  std::vector<LayerRef> inputs, outputs;  // empty for Sequential
};

// A TFJS layers-model: Keras layers. The root is a Model, Functional or Sequential.
struct LayersTopology {
  LayerDef root;
  int keras_version =
      0;  // 2 or 3, by which some names mean other functions; TensorFlow.js is 2; 0 is not said
};

// A layers.json: PyTorch's layers, each on the result of the one before.
struct LayersJson {
  Json input_shape;                  // height, width, channels, as written
  std::vector<LayerDef> layers;      // the class is "conv2d", "conv2d_transpose" or "upsample_nearest"
  std::vector<std::string> outputs;  // names of layers
};

struct ModelFile {
  std::string format;  // "graph-model" | "layers-model" | "fragnet-npy"
  std::string name;    // "" where the file has none
  float grain = 0;     // 0 … 1: of its input's noise, that it was trained with
  std::variant<GraphTopology, LayersTopology, LayersJson> topology;
  std::vector<WeightGroup> groups;
};

// Reads a model.json (every dialect of the graph-model and layers-model formats, wrapped or bare topology) or a
// layers.json. Throws `bad-json`, `bad-topology`, `bad-weights`, `too-large`.
ModelFile parse_model(std::string_view text);

// The same in two steps, for who must not stop for long: the JSON, and what it means.
struct ModelJson {
  Json file;
  std::map<std::string, std::vector<std::string>> order;  // of some objects' keys, by path
};
ModelJson parse_model_json(std::string_view text);
ModelFile parse_model(ModelJson json);

// One TensorFlow node {name, op, input, attr}, as a layer of Keras's holds it. Throws `bad-topology`, `too-large`.
NodeDef parse_node(const Json& json);

// Cuts the bytes of one group (its files one after the other) into tensors that share them. Throws
// `bad-weights` when the bytes are fewer or more than the manifest needs, `bad-value` for NaN or infinite
// weights, `bad-array` as parse_npy(); `weights` gains the tensors, a .npy file's group what is known of it now.
void read_weights(WeightGroup& group, std::shared_ptr<const std::vector<uint8_t>> bytes, Weights& weights);

// The tensors that the manifest promises: what can be planned and compiled while the files are on their way. `arrived`: the
// bytes of each group that are there, to which others may be added without moving them. Of tensors that are not, the codes
// of small ones are zero; what larger ones say is of no account. None as long as whole numbers are missing, since they are
// sizes and axes, or a number that stands alone; where only the files say what they hold (texts, .npy); and where a tensor
// is as large as no picture network's.
std::optional<Weights> promised_weights(const std::vector<WeightGroup>& groups,
                                        std::span<const std::shared_ptr<std::vector<uint8_t>>> arrived);

// Reads a NumPy .npy file: little-endian f4, f2, f8, i4, i8, u1, b1 in C or Fortran order. Throws
// `bad-array`.
Tensor parse_npy(std::vector<uint8_t> bytes);

}  // namespace fragnet
