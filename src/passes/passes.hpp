// Graph → better graph. Each pass is one rewrite in one file; run_passes.cpp lists them in order.
#pragma once

#include "graph/graph.hpp"
#include "ports/ports.hpp"

namespace fragnet {

// Runs them all and checks the graph after each. Afterwards every value is a picture (rank 4), and every node
// is one that a shader computes: Conv2d, DepthwiseConv2d, Conv2dTranspose, MatMul, Reduce, Pool2d, Resize,
// Concat of two, Rearrange, or Pointwise, each with an epilogue. Throws `unsupported-op`, `too-large`.
// busy_fragments: how many fragments at a time keep the device busy.
Graph run_passes(Graph graph, int busy_fragments = 0);

// Before the passes: gives inputs and outputs that are pictures in another order (N, C, H, W; or H, W without channels) a
// value of the shape N, H, W, C, which is how video comes in and a canvas shows it. Says which have had the channels
// first: their elements must be turned by whoever writes or reads them. `ports` are those of the graph.
struct TurnedPorts {
  std::vector<bool> inputs, outputs;
};
TurnedPorts turn_ports(Graph& graph, const Ports& ports);

void drop_unused_nodes(Graph& graph);  // what no output needs
void drop_identities(Graph& graph);    // nodes that change nothing
void cancel_transposes(Graph& graph);  // the pairs around channels-first layers
void fuse_dilation(Graph& graph);   // SpaceToBatch → convolution → BatchToSpace is a dilated convolution
void fuse_padding(Graph& graph);    // Pad with zeros → convolution
void lower_batches(Graph& graph);   // other SpaceToBatch, BatchToSpace → Pad, Reshape, Transpose, Slice
void lower_gather(Graph& graph);    // Gather → Slices and Concat
void lower_movement(Graph& graph);  // Transpose, Slice, Pad, Tile → Rearrange
void lower_to_pictures(Graph& graph);  // every shape → N, H, W, C
void lower_softmax(Graph& graph);      // → maximum, exp, sum, division
void lower_select(Graph& graph);       // → the sum of what is kept of either branch
void lower_matmul(Graph& graph);       // by constant weights → 1×1 convolution
void fuse_reshapes(Graph& graph);      // into the Rearrange before or after; the others become one
void scale_sums(Graph& graph);         // a long sum → a mean, and a multiplication where it is read
void split_reductions(Graph& graph);   // a large sum over both H and W → two
void hoist_activations(Graph& graph);  // activation(concat(a, b)) → concat(activation(a), activation(b))
void fuse_concat(Graph& graph);        // into the convolutions that read it
void split_sums(Graph& graph,
                int busy_fragments);  // over many channels for few results → slices, and their sum
void lower_concat(Graph& graph);      // longer lists → chains of two
void lower_pointwise(Graph& graph);   // Unary, Binary → Pointwise
void fuse_pointwise(Graph& graph);    // into the epilogue of the node before

}  // namespace fragnet
