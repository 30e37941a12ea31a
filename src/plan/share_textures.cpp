#include <algorithm>
#include <bit>

#include "plan/plan.hpp"

namespace fragnet {
namespace {

// The steps between which a value needs its place, both included.
struct Lifetime {
  int first = 0, last = 0;
  bool overlaps(const Lifetime& other) const { return first <= other.last && other.first <= last; }
};

TextureSize size_of(const Layout& layout) {
  // The height that strips come to is a power of two like most sides, lest llvmpipe compiles what reads them twice.
  const int height =
      static_cast<int>(layout.gap > 0 ? std::bit_ceil(static_cast<unsigned>(layout.height)) : layout.height);
  return {layout.width, height, layout.layers(), layout.range >= 0};
}

bool fits(const TextureSize& texture, const TextureSize& wanted) {
  return texture.width >= wanted.width && texture.height >= wanted.height &&
         texture.layers >= wanted.layers && texture.has_ranges == wanted.has_ranges;
}

// What no step makes, inputs and constants, is there all the time; an output from its step on.
std::vector<Lifetime> lifetimes_of(const Graph& graph, const Plan& plan) {
  const int end = static_cast<int>(plan.steps.size());
  std::vector<Lifetime> lifetimes(graph.values.size(), Lifetime{0, end});
  const auto node_of = [&](int step) -> const Node& {
    return graph.nodes[static_cast<size_t>(plan.steps[static_cast<size_t>(step)].node)];
  };
  for (int i = 0; i < end; ++i) lifetimes[static_cast<size_t>(node_of(i).output)] = {i, i};
  for (int i = 0; i < end; ++i) {
    for (ValueId input : node_of(i).inputs) {
      Lifetime& lifetime = lifetimes[static_cast<size_t>(input)];
      lifetime.last = std::max(lifetime.last, i);
    }
  }
  for (const Port& port : graph.outputs) lifetimes[static_cast<size_t>(port.value)].last = end;
  return lifetimes;
}

}  // namespace

// The largest first, since the smaller ones fit into what those leave free: each into the smallest texture that is free
// while it lives.
void share_textures(const Graph& graph, Plan& plan) {
  const std::vector<Lifetime> lifetimes = lifetimes_of(graph, plan);
  const auto wanted_by = [&](size_t value) { return size_of(plan.places[value]->layout); };
  std::vector<std::pair<int64_t, size_t>> values;  // less its texels, value
  for (size_t i = 0; i < plan.places.size(); ++i) {
    if (plan.places[i]) values.emplace_back(-wanted_by(i).texels(), i);
  }
  std::sort(values.begin(), values.end());
  std::vector<std::vector<Lifetime>> taken;  // by texture
  for (const auto& [less_texels, value] : values) {
    const TextureSize wanted = wanted_by(value);
    const Lifetime& lifetime = lifetimes[value];
    size_t best = plan.textures.size();
    for (size_t i = 0; i < plan.textures.size(); ++i) {
      const bool is_free = std::none_of(taken[i].begin(), taken[i].end(),
                                        [&](const Lifetime& other) { return other.overlaps(lifetime); });
      if (!is_free || !fits(plan.textures[i], wanted)) continue;
      if (best == plan.textures.size() || plan.textures[i].texels() < plan.textures[best].texels()) best = i;
    }
    if (best == plan.textures.size()) {
      plan.textures.push_back(wanted);
      taken.emplace_back();
    }
    taken[best].push_back(lifetime);
    plan.places[value]->texture = static_cast<int>(best);
  }
}

}  // namespace fragnet
