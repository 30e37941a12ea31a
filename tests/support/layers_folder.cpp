#include "support/layers_folder.hpp"

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "import/import_model.hpp"

namespace fragnet {
namespace {

std::vector<uint8_t> bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(code::file_failed, path, " cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// An array (count, height, width, channels), cut into pictures of a batch of one.
std::vector<HostTensor> pictures_of_file(const std::string& path) {
  const Tensor array = parse_npy(bytes_of_file(path));
  const std::vector<float> values = to_floats(array);
  Shape shape = array.shape;
  shape[0] = 1;
  const auto size = static_cast<std::ptrdiff_t>(element_count(shape));
  std::vector<HostTensor> pictures;
  for (auto at = values.begin(); at != values.end(); at += size) pictures.push_back({shape, {at, at + size}});
  return pictures;
}

}  // namespace

LayersFolder read_autoencoder(const std::string& name) {
  const std::string folder = MODELS_FOLDER "/autoencoder/" + name + "/";
  const std::vector<uint8_t> json = bytes_of_file(folder + "layers.json");
  ModelFile model = parse_model({reinterpret_cast<const char*>(json.data()), json.size()});
  Weights weights;
  for (WeightGroup& group : model.groups) {
    const std::string file = folder + group.paths.at(0);
    read_weights(group, std::make_shared<const std::vector<uint8_t>>(bytes_of_file(file)), weights);
  }
  LayersFolder result{.graph = import_model(model, weights, choose_input_shapes(model_inputs(model), {})),
                      .inputs = pictures_of_file(folder + "golden_input.npy")};
  result.outputs.resize(result.inputs.size());
  for (const Port& port : result.graph.outputs) {
    const std::vector<HostTensor> golden = pictures_of_file(folder + "golden_" + port.name + ".npy");
    for (size_t i = 0; i < golden.size(); ++i) result.outputs.at(i).push_back(golden[i]);
  }
  return result;
}

}  // namespace fragnet
