#include "passes/passes.hpp"

namespace fragnet {

std::span<const Pass> passes() {
  static constexpr Pass list[] = {
      {"turn_ports", turn_ports},
      {"drop_unused_nodes", drop_unused_nodes},
      {"drop_identities", drop_identities},
      {"cancel_transposes", cancel_transposes},
      {"fuse_dilation", fuse_dilation},
      {"fuse_padding", fuse_padding},
      {"lower_batches", lower_batches},
      {"lower_gather", lower_gather},
      {"lower_movement", lower_movement},
      {"lower_to_pictures", lower_to_pictures},
      {"lower_softmax", lower_softmax},
      {"lower_select", lower_select},
      {"lower_matmul", lower_matmul},
      {"drop_identities", drop_identities},
      {"fuse_reshapes", fuse_reshapes},
      {"scale_sums", scale_sums},
      {"split_reductions", split_reductions},
      {"hoist_activations", hoist_activations},
      {"fuse_concat", fuse_concat},
      {"split_sums", split_sums},
      {"lower_concat", lower_concat},
      {"lower_pointwise", lower_pointwise},
      {"fuse_pointwise", fuse_pointwise},
      {"drop_unused_nodes", drop_unused_nodes},
  };
  return list;
}

Graph run_passes(Graph graph, const PassOptions& options) {
  for (const Pass& pass : passes()) {
    pass.run(graph, options);
    verify(graph, pass.name);
  }
  verify_lowered(graph);
  return graph;
}

}  // namespace fragnet
