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
constexpr double clearly_faster = 0.85;

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
    transpose->output[0] -= (rows - picture[1]) * transpose->window.stride[0];
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

Tuner::Tuner(const Graph& graph, const Device& device, Precision precision, const Tuning& known,
             double budget_ms)
    : device_(device), precision_(precision), budget_ms_(budget_ms) {
  device_.limits.busy_fragments = 0;  // a trial is one layer and nothing else
  std::map<std::string, int64_t> most_macs;
  for (const Node& node : graph.nodes) {
    int64_t& most = most_macs[kind_of_layer(graph, node)];
    most = std::max(most, count_macs(graph, node));
  }
  most_macs.erase("");
  for (const auto& [kind, shape] : known) most_macs.erase(kind);
  std::map<std::string, Layer> chosen;
  for (const Node& node : graph.nodes) {
    const auto most = most_macs.find(kind_of_layer(graph, node));
    const int64_t macs = count_macs(graph, node);
    if (most == most_macs.end() || macs == 0 || 2 * macs < most->second) continue;
    const Tensor& kernel = *input_value(graph, node, node.pictures).constant;
    Shape picture = input_value(graph, node, 0).shape;
    Layer& layer = chosen[most->first];
    if (!layer.picture.empty() && picture[1] * picture[2] <= layer.picture[1] * layer.picture[2]) continue;
    picture[0] = 1;
    picture[3] = 0;
    for (int i = 0; i < node.pictures; ++i) picture[3] += input_value(graph, node, i).shape[3];
    layer = {most->first, node.op, picture, kernel.shape, kernel.encoding, macs};
  }
  for (const auto& [kind, layer] : chosen) layers_.push_back(layer);
  std::sort(layers_.begin(), layers_.end(), [](const Layer& a, const Layer& b) { return a.macs > b.macs; });
  // All kinds with the first shapes, then the others.
  for (const BlockShape& shape : block_shapes()) {
    for (const Layer& layer : layers_) trials_.push_back({layer.kind, shape});
  }
}

void Tuner::begin(const Trial& trial) {
  const Layer& layer = *std::find_if(layers_.begin(), layers_.end(),
                                     [&](const Layer& each) { return each.kind == trial.kind; });
  network_ = std::make_unique<Network>(
      graph_of_layer(layer.op, layer.picture, layer.kernel, layer.encoding, layer.macs),
      NetworkOptions{.precision = precision_, .tuning = {{"", trial.shape}}, .learns = false}, device_);
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
  return std::min({took, run(runs), run(runs)}) / runs;
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

Tuning Tuner::choose(const std::vector<Trial>& trials, const BlockShape& guess) {
  std::map<std::string, const Trial*> best, guessed;
  for (const Trial& trial : trials) {
    if (trial.ms < 0) continue;
    if (trial.shape == guess) guessed[trial.kind] = &trial;
    const Trial*& fastest = best[trial.kind];
    if (!fastest || trial.ms < fastest->ms) fastest = &trial;
  }
  Tuning tuning;
  for (const auto& [kind, fastest] : best) {
    const auto other = guessed.find(kind);
    const bool is_clear = other == guessed.end() || fastest->ms <= clearly_faster * other->second->ms;
    tuning[kind] = is_clear ? fastest->shape : guess;
  }
  return tuning;
}

Tuning Tuner::result() const {
  return choose(trials_, best_guess(device_.limits));
}

}  // namespace fragnet
