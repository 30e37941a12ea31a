#include "runtime/tuner.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "base/error.hpp"
#include "graph/builder.hpp"

namespace fragnet {
namespace {

constexpr int64_t macs_of_trial = 8'000'000;  // a layer with more work is tried on a lower picture
constexpr double measured_ms = 4;             // at least, with as many runs as that takes
constexpr double clearly_faster = 0.95;

double now_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

// Weights of that shape as the file has them; which numbers they are takes no time.
Tensor weights_like(const Shape& shape, Encoding encoding) {
  const auto bytes = std::make_shared<std::vector<uint8_t>>(static_cast<size_t>(element_count(shape)) *
                                                            static_cast<size_t>(bytes_of(encoding)));
  return {.shape = shape, .encoding = encoding, .scale = 0.01, .bytes = *bytes, .owner = bytes};
}

// The layer on a picture low enough for a short trial; rows go in steps of eight, so that strides and phases fit.
Graph graph_of_layer(Op op, Shape picture, const Shape& kernel, Encoding encoding, int64_t macs) {
  const int rows = picture[1];
  if (macs > macs_of_trial) {
    picture[1] = std::min(rows, std::max<int>(8, static_cast<int>(rows * macs_of_trial / macs) / 8 * 8));
  }
  if (auto* transpose = std::get_if<Conv2dTranspose>(&op)) {
    transpose->output[0] = transpose->output[0] / rows * picture[1];
    transpose->slices = 1;
  } else {
    std::get<Conv2d>(op).slices = 1;
  }
  GraphBuilder builder;
  const ValueId x = builder.add_input("x", DType::float32, picture);
  const ValueId k = builder.add_constant("k", weights_like(kernel, encoding));
  builder.add_output("y", builder.add("trial", op, {x, k}));
  return builder.finish();
}

}  // namespace

Tuner::Tuner(const Graph& graph, const Device& device, Precision precision, double budget_ms)
    : device_(device), precision_(precision), budget_ms_(budget_ms) {
  device_.limits.busy_fragments = 0;  // a trial is one layer and nothing else
  std::map<std::string, Layer> heaviest;
  for (const Node& node : graph.nodes) {
    const std::string kind = kind_of_layer(graph, node);
    const int64_t macs = count_macs(graph, node);
    if (kind.empty() || macs <= heaviest[kind].macs) continue;
    const Tensor& kernel = *input_value(graph, node, node.pictures).constant;
    Shape picture = input_value(graph, node, 0).shape;
    picture[0] = 1;
    picture[3] = 0;
    for (int i = 0; i < node.pictures; ++i) picture[3] += input_value(graph, node, i).shape[3];
    heaviest[kind] = {kind, node.op, picture, kernel.shape, kernel.encoding, macs};
  }
  for (const auto& [kind, layer] : heaviest) {
    if (layer.macs > 0) layers_.push_back(layer);
  }
  std::ranges::sort(layers_, [](const Layer& a, const Layer& b) { return a.macs > b.macs; });
  // All kinds with the first shapes, then the others.
  for (const BlockShape& shape : block_shapes()) {
    for (const Layer& layer : layers_) trials_.push_back({layer.kind, shape});
  }
}

void Tuner::begin(const Trial& trial) {
  const Layer& layer = *std::ranges::find(layers_, trial.kind, &Layer::kind);
  network_ = std::make_unique<Network>(
      graph_of_layer(layer.op, layer.picture, layer.kernel, layer.encoding, layer.macs),
      NetworkOptions{.precision = precision_, .tuning = {{"", trial.shape}}}, device_);
}

double Tuner::time(Network& network) {
  const auto run = [&](int runs) {
    const double started = now_ms();
    for (int i = 0; i < runs; ++i) network.run();
    network.wait_for_device();
    return now_ms() - started;
  };
  run(1);
  int runs = 1;
  double took = run(runs);
  while (took < measured_ms && runs < 1024) took = run(runs *= 4);
  return took / runs;
}

Tuner::Progress Tuner::advance() {
  const int total = static_cast<int>(trials_.size());
  if (spent_ms_ >= budget_ms_) next_ = trials_.size();
  if (next_ == trials_.size()) {
    network_ = nullptr;
    return {total, total, true};
  }
  Trial& trial = trials_[next_];
  const double started = now_ms();
  bool is_done = false;
  try {
    if (!network_) {
      began_ms_ = started;
      begin(trial);
    } else if (network_->poll().phase == LoadProgress::Phase::ready) {
      trial.ms = time(*network_);
      is_done = true;
    }
  } catch (const Error& error) {
    if (error.code() == code::context_lost) throw;
    is_done = true;  // a shape that this device cannot do is none to choose
  }
  if (is_done) {
    network_ = nullptr;
    ++next_;
    spent_ms_ += now_ms() - began_ms_;
  } else if (spent_ms_ + now_ms() - began_ms_ > budget_ms_) {
    next_ = trials_.size();  // compiling alone takes what was left
  }
  return {static_cast<int>(next_), total, false};
}

Tuning Tuner::result() const {
  Tuning tuning;
  for (const Layer& layer : layers_) {
    double guess_ms = -1, best_ms = -1;
    BlockShape best;
    for (const Trial& trial : trials_) {
      if (trial.kind != layer.kind || trial.ms < 0) continue;
      if (trial.shape == block_shapes().front()) guess_ms = trial.ms;
      if (best_ms < 0 || trial.ms < best_ms) {
        best_ms = trial.ms;
        best = trial.shape;
      }
    }
    if (best_ms >= 0 && (guess_ms < 0 || best_ms < clearly_faster * guess_ms)) tuning[layer.kind] = best;
  }
  return tuning;
}

}  // namespace fragnet
