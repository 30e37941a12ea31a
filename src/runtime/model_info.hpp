// What there is to say about a loaded model.
#pragma once

#include <string>

#include "formats/model.hpp"
#include "runtime/network.hpp"

namespace fragnet {

struct WeightTotals {
  int64_t parameters = 0;  // elements of the float weights
  int64_t bytes = 0;       // of the weight files
};
WeightTotals weight_totals(const ModelFile& model);

// `info` of the public API: format, name, inputs, outputs, frameInput, shownOutput, parameters, weightBytes, warnings;
// layers: those of the file, and what of the work they are; steps: what runs, each with the numbers of its layers.
Json describe(const ModelFile& model, const Network& network);
// The inputs and outputs of that: name, shape, dtype, picture; of an input fill, what it holds that nobody writes.
Json describe_inputs(const Network& network);
Json describe_outputs(const Network& network);

}  // namespace fragnet
