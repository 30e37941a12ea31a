#include "cli/model_folder.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.hpp"

namespace fragnet {

std::vector<uint8_t> read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(code::file_failed, "the file \"", path, "\" cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string read_text(const std::string& path) {
  const std::vector<uint8_t> bytes = read_bytes(path);
  return {bytes.begin(), bytes.end()};
}

std::vector<float> read_floats(const std::string& path) {
  const std::vector<uint8_t> bytes = read_bytes(path);
  if (bytes.size() % sizeof(float) != 0) {
    fail(code::file_failed, "the file \"", path, "\" has ", bytes.size(),
         " bytes, which is no whole number of floats");
  }
  std::vector<float> values(bytes.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

void write_floats(const std::string& path, const std::vector<float>& values) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(float)));
  if (!file) fail(code::file_failed, "the file \"", path, "\" cannot be written");
}

LoadedModel load_model(const std::string& path) {
  namespace fs = std::filesystem;
  fs::path json = path;
  if (fs::is_directory(json)) json /= fs::exists(json / "layers.json") ? "layers.json" : "model.json";
  LoadedModel model{.file = parse_model(read_text(json.string()))};
  for (WeightGroup& group : model.file.groups) {
    auto bytes = std::make_shared<std::vector<uint8_t>>();
    for (const std::string& name : group.paths) {
      const fs::path shard = json.parent_path() / name;
      if (!fs::exists(shard)) {
        fail(code::missing_shard, "the model needs the file \"", name, "\", which is not in ",
             json.parent_path().string());
      }
      const std::vector<uint8_t> part = read_bytes(shard.string());
      bytes->insert(bytes->end(), part.begin(), part.end());
    }
    read_weights(group, bytes, model.weights);
  }
  if (model.file.name.empty()) model.file.name = fs::absolute(json).parent_path().filename().string();
  return model;
}

}  // namespace fragnet
