#include <optional>

#include "passes/passes.hpp"

namespace fragnet {
namespace {

// WebGL2 promises 16 textures a fragment shader; one is kept for the constants of the channels.
constexpr size_t max_inputs = 15;

struct Candidate {
  int input = 0;  // of the pointwise node
  int maker = -1;
  int rank = 0;  // a node that computes most is the best to join
};

int rank_of(const Op& op) {
  if (std::holds_alternative<Pointwise>(op)) return 0;
  const bool is_convolution = std::holds_alternative<Conv2d>(op) ||
                              std::holds_alternative<Conv2dTranspose>(op) ||
                              std::holds_alternative<DepthwiseConv2d>(op);
  return is_convolution ? 2 : 1;
}

// Exchanges the loaded tensor with the operand of the first step.
void load_operand_instead(Node& node) {
  PointwiseStep& step = node.epilogue.front();
  std::swap(node.inputs[0], node.inputs[static_cast<size_t>(step.operand)]);
  step.operand_first = !step.operand_first;
}

// Appends the work of `next`, which loads the output of `node`, to `node`.
void join(Node& node, const Node& next) {
  const int offset = static_cast<int>(node.inputs.size()) - 1;
  node.inputs.insert(node.inputs.end(), next.inputs.begin() + 1, next.inputs.end());
  for (PointwiseStep step : next.epilogue) {
    if (step.operand >= 0) step.operand += offset;
    node.epilogue.push_back(step);
  }
  node.output = next.output;
  add_sources(node, next.sources);
}

}  // namespace

void fuse_pointwise(Graph& graph, const PassOptions&) {
  const std::vector<int> uses = use_counts(graph);
  std::vector<int> maker = makers(graph);
  Flags joined(graph.nodes.size(), false);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    if (!std::holds_alternative<Pointwise>(node.op) || node.epilogue.empty()) continue;
    std::optional<Candidate> best;
    const auto consider = [&](int input) {
      const size_t value = static_cast<size_t>(node.inputs[static_cast<size_t>(input)]);
      const int before = maker[value];
      if (before < 0 || uses[value] != 1) return;
      if (graph.values[value].shape != graph.values[static_cast<size_t>(node.output)].shape) return;
      const Node& source = graph.nodes[static_cast<size_t>(before)];
      if (source.inputs.size() + node.inputs.size() - 1 > max_inputs) return;
      const Candidate candidate{input, before, rank_of(source.op)};
      if (!best || candidate.rank > best->rank || (candidate.rank == best->rank && before > best->maker)) {
        best = candidate;
      }
    };
    consider(0);
    const PointwiseStep& first = node.epilogue.front();
    // Only a single use of the operand can change places with the loaded tensor.
    if (first.operand > 0 && node.epilogue.size() == 1) consider(first.operand);
    if (!best) continue;
    if (best->input != 0) load_operand_instead(node);
    // The maker moves down to this place, where all operands are known; nobody in between reads it.
    Node source = std::move(graph.nodes[static_cast<size_t>(best->maker)]);
    joined[static_cast<size_t>(best->maker)] = true;
    join(source, node);
    node = std::move(source);
    maker[static_cast<size_t>(node.output)] = static_cast<int>(i);
  }
  std::vector<Node> kept;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!joined[i]) kept.push_back(std::move(graph.nodes[i]));
  }
  graph.nodes = std::move(kept);
}

}  // namespace fragnet
