// A folder with a model.json and the files that it names, as a graph.
#pragma once

#include <filesystem>

#include "graph/graph.hpp"
#include "import/import_model.hpp"

namespace fragnet {

// `asked` for what the model leaves open.
Graph read_model_folder(const std::filesystem::path& folder, const InputShapes& asked = {});

}  // namespace fragnet
