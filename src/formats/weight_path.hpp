// Where a model may keep its weights. Private to formats/.
#pragma once

#include <string>

namespace fragnet {

// A file beside or below the model's: a stranger's model must not reach anything else. Throws `bad-weights`; `who`
// opens the sentence.
void check_weight_path(const std::string& path, const std::string& who);

}  // namespace fragnet
