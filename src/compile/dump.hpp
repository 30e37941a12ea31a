// The pipeline as text, for people and for tests.
#pragma once

#include <string>

#include "compile/compile.hpp"

namespace fragnet {

// The network behind the stage of this name: "import", "ports", any pass (each time that it runs), "plan" or "programs".
// Throws `bad-input` with all names for another.
std::string dump_after(const std::string& stage, Graph source, const DeviceLimits& limits,
                       const CompileOptions& options = {});

}  // namespace fragnet
