// Compiling is a pure function from a graph to what a device is to run; compile.cpp is where the pipeline can be read. Its
// end, make_program(), is called a step at a time by who runs the network: texts of programs take long enough that a page,
// which must not stop, wants them one by one.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "plan/plan.hpp"
#include "ports/ports.hpp"
#include "programs/program.hpp"

namespace fragnet {

using CompileOptions = PlanOptions;

// An input or output of the model.
struct NetworkPort {
  std::string name;
  Shape shape;  // as the model declares it
  DType dtype = DType::float32;
  ValueId value = -1;      // of the compiled graph
  bool is_turned = false;  // the model has the channels first, the value has them last
};

struct Compiled {
  std::vector<NetworkPort> inputs, outputs;
  Ports ports;  // what those are to people
  Graph graph;  // lowered: each node is one that a shader computes
  Plan plan;
  DeviceLimits limits;  // that it was compiled for
};

// `source` is as an importer made it. Throws `unsupported-op`, `too-large`.
Compiled compile(Graph source, const DeviceLimits& limits, const CompileOptions& options = {});

}  // namespace fragnet
