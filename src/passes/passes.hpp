// Graph → better graph. Each pass is one rewrite in a file of its name; run_passes.cpp has the one list of them.
#pragma once

#include <span>

#include "graph/graph.hpp"
#include "ports/ports.hpp"

namespace fragnet {

// What a pass may ask for beside the graph.
struct PassOptions {
  const Ports* ports = nullptr;  // those of the graph; without them inputs and outputs stay as they are
  int busy_fragments = 0;        // so many fragments at a time keep the device busy
};

struct Pass {
  const char* name;
  void (*run)(Graph&, const PassOptions&);
};
std::span<const Pass> passes();  // in the order in which they run; some run twice

// Runs them all and checks the graph after each, and verify_lowered() in the end. Throws `unsupported-op`, `too-large`.
Graph run_passes(Graph graph, const PassOptions& options = {});

// What is legal once all passes have run: every value is a picture (rank 4), and every node is one that a shader
// computes: Conv2d, DepthwiseConv2d, Conv2dTranspose, MatMul, Reduce, Pool2d, Resize, Concat of two, Rearrange or
// Pointwise, each with an epilogue. Throws `internal`.
void verify_lowered(const Graph& graph);

// Gives inputs and outputs that are pictures in another order (N, C, H, W; or H, W without channels) a value of the shape
// N, H, W, C, which is how video comes in and a canvas shows it.
void turn_ports(Graph& graph, const PassOptions& options);
// Whether the model has the channels of that input or output first, and its value has them last: then who writes or reads
// the elements must turn them.
bool is_turned_input(const PortPicture& port);
bool is_turned_output(const PortPicture& port);

void drop_unused_nodes(Graph& graph, const PassOptions& = {});  // what no output needs
void drop_identities(Graph& graph, const PassOptions& = {});    // nodes that change nothing
void cancel_transposes(Graph& graph, const PassOptions& = {});  // the pairs around channels-first layers
void fuse_dilation(Graph& graph, const PassOptions& = {});  // SpaceToBatch → convolution → BatchToSpace
void fuse_padding(Graph& graph, const PassOptions& = {});   // Pad with zeros → convolution
void lower_batches(Graph& graph, const PassOptions& = {});  // other SpaceToBatch, BatchToSpace → Pad, Slice …
void lower_gather(Graph& graph, const PassOptions& = {});       // Gather → Slices and Concat
void lower_movement(Graph& graph, const PassOptions& = {});     // Transpose, Slice, Pad, Tile → Rearrange
void lower_to_pictures(Graph& graph, const PassOptions& = {});  // every shape → N, H, W, C
void lower_softmax(Graph& graph, const PassOptions& = {});      // → maximum, exp, sum, division
void lower_select(Graph& graph, const PassOptions& = {});      // → the sum of what is kept of either branch
void lower_matmul(Graph& graph, const PassOptions& = {});      // by constant weights → 1×1 convolution
void fuse_reshapes(Graph& graph, const PassOptions& = {});     // into the Rearrange before or after
void scale_sums(Graph& graph, const PassOptions& = {});        // a long sum → a mean, and a multiplication
void split_reductions(Graph& graph, const PassOptions& = {});  // a large sum over both H and W → two
void hoist_activations(Graph& graph,
                       const PassOptions& = {});          // relu(concat(a, b)) → concat(relu(a), relu(b))
void fuse_concat(Graph& graph, const PassOptions& = {});  // into the convolutions that read it
void split_sums(Graph& graph,
                const PassOptions&);  // over many channels for few results → slices, and their sum
void lower_concat(Graph& graph, const PassOptions& = {});     // longer lists → chains of two
void lower_pointwise(Graph& graph, const PassOptions& = {});  // Unary, Binary → Pointwise
void fuse_pointwise(Graph& graph, const PassOptions& = {});   // into the epilogue of the node before

}  // namespace fragnet
