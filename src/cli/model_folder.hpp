// Reads a model folder from the disk.
#pragma once

#include <string>

#include "formats/model.hpp"
#include "graph/graph.hpp"

namespace fragnet {

std::string read_text(const std::string& path);
std::vector<uint8_t> read_bytes(const std::string& path);  // both throw `file-failed`
std::vector<float> read_floats(const std::string& path);
void write_floats(const std::string& path, const std::vector<float>& values);

struct LoadedModel {
  ModelFile file;
  Weights weights;
};

// `path` is a folder with a model.json, or the JSON file itself. Throws `missing-shard` and what the parsers
// throw.
LoadedModel load_model(const std::string& path);

}  // namespace fragnet
