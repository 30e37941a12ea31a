// A model.json or layers.json of any bytes, with weights of zeros, becomes a plan for a device, or is refused with an
// Error. A .npy file has the shape that its name says: "4x1x3x3.npy".
#include <cstdlib>
#include <memory>

#include "base/error.hpp"
#include "compile/compile.hpp"
#include "formats/model.hpp"
#include "graph/graph.hpp"
#include "import/import_model.hpp"

namespace {

constexpr int64_t most_weight_bytes = 1 << 20;
constexpr fragnet::DeviceLimits limits{.texture_size = 4096, .draw_buffers = 8, .texture_units = 16};

fragnet::Tensor array_named(const std::string& name) {
  fragnet::Shape shape;
  int64_t elements = 1;
  for (const char* at = name.c_str(); *at >= '0' && *at <= '9';) {
    char* end = nullptr;
    shape.push_back(static_cast<int>(std::strtoul(at, &end, 10) % 64));
    elements *= shape.back();
    at = *end == 'x' ? end + 1 : end;
    if (shape.size() == 5 || elements > most_weight_bytes) break;
  }
  if (elements > most_weight_bytes)
    fragnet::fail(fragnet::code::too_large, "more weights than this test wants");
  return fragnet::make_tensor(shape, std::vector<float>(static_cast<size_t>(elements)));
}

fragnet::Weights zero_weights(const fragnet::ModelFile& model) {
  fragnet::Weights weights;
  int64_t bytes_left = most_weight_bytes;
  for (fragnet::WeightGroup group : model.groups) {
    if (group.is_npy) weights[group.weights[0].name] = array_named(group.paths[0]);
    if (group.is_npy) continue;
    bytes_left -= group.bytes;
    if (bytes_left < 0) fragnet::fail(fragnet::code::too_large, "more weights than this test wants");
    const auto bytes =
        std::make_shared<const std::vector<uint8_t>>(static_cast<size_t>(group.bytes), uint8_t{0});
    read_weights(group, bytes, weights);
  }
  return weights;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const fragnet::ModelFile model = fragnet::parse_model({reinterpret_cast<const char*>(data), size});
    const fragnet::Weights weights = zero_weights(model);
    const fragnet::InputShapes shapes = fragnet::choose_input_shapes(fragnet::model_inputs(model), {});
    fragnet::Graph graph = fragnet::import_model(model, weights, shapes);
    fragnet::verify(graph, "the import");
    fragnet::compile(std::move(graph), limits);
  } catch (const fragnet::Error& error) {
    if (error.code() == fragnet::code::internal) throw;  // a promise of our own that this model breaks
  }
  return 0;
}
