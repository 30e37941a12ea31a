#include "support/model_folder.hpp"

#include <fstream>
#include <iterator>
#include <memory>

#include "formats/model.hpp"

namespace fragnet {
namespace {

std::vector<uint8_t> bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

Graph read_model_folder(const std::filesystem::path& folder, const InputShapes& asked) {
  const std::vector<uint8_t> json = bytes_of(folder / "model.json");
  const ModelFile model = parse_model({reinterpret_cast<const char*>(json.data()), json.size()});
  Weights weights;
  for (WeightGroup group : model.groups) {
    auto bytes = std::make_shared<std::vector<uint8_t>>();
    for (const std::string& path : group.paths) {
      const std::vector<uint8_t> shard = bytes_of(folder / path);
      bytes->insert(bytes->end(), shard.begin(), shard.end());
    }
    read_weights(group, bytes, weights);
  }
  return import_model(model, weights, choose_input_shapes(model_inputs(model), asked));
}

}  // namespace fragnet
