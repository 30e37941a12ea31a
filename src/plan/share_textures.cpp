#include <algorithm>
#include <limits>

#include "plan/plan.hpp"

namespace fragnet {
namespace {

constexpr int forever = std::numeric_limits<int>::max();

TextureSize size_of(const Layout& layout) {
  return {layout.width, layout.height, layout.layers(), layout.range >= 0};
}

bool fits(const TextureSize& texture, const TextureSize& wanted) {
  return texture.width >= wanted.width && texture.height >= wanted.height &&
         texture.layers >= wanted.layers && texture.has_ranges == wanted.has_ranges;
}

// The step after which nobody reads a value. Inputs, outputs and constants stay.
std::vector<int> last_uses(const Graph& graph, const Plan& plan) {
  std::vector<int> last(graph.values.size(), -1);
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    for (ValueId input : graph.nodes[static_cast<size_t>(plan.steps[i].node)].inputs) {
      last[static_cast<size_t>(input)] = static_cast<int>(i);
    }
  }
  for (const Port& port : graph.inputs) last[static_cast<size_t>(port.value)] = forever;
  for (const Port& port : graph.outputs) last[static_cast<size_t>(port.value)] = forever;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].constant) last[i] = forever;
  }
  return last;
}

}  // namespace

void share_textures(const Graph& graph, Plan& plan) {
  const std::vector<int> last = last_uses(graph, plan);
  const auto new_texture = [&](const TextureSize& size) {
    plan.textures.push_back(size);
    return static_cast<int>(plan.textures.size()) - 1;
  };
  // What no step makes has a texture to itself.
  std::vector<bool> is_made(graph.values.size(), false);
  for (const Step& step : plan.steps)
    is_made[static_cast<size_t>(graph.nodes[static_cast<size_t>(step.node)].output)] = true;
  for (size_t i = 0; i < plan.places.size(); ++i) {
    if (plan.places[i] && !is_made[i]) plan.places[i]->texture = new_texture(size_of(plan.places[i]->layout));
  }
  std::vector<int> free_textures;
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const Node& node = graph.nodes[static_cast<size_t>(plan.steps[i].node)];
    Place& place = *plan.places[static_cast<size_t>(node.output)];
    const TextureSize wanted = size_of(place.layout);
    // The smallest free texture that is large enough. An output keeps its texture, so it takes one of its own
    // size.
    auto best = free_textures.end();
    if (last[static_cast<size_t>(node.output)] != forever) {
      for (auto it = free_textures.begin(); it != free_textures.end(); ++it) {
        const TextureSize& size = plan.textures[static_cast<size_t>(*it)];
        const bool is_smaller =
            best == free_textures.end() || size.texels() < plan.textures[static_cast<size_t>(*best)].texels();
        if (fits(size, wanted) && is_smaller) best = it;
      }
    }
    if (best != free_textures.end()) {
      place.texture = *best;
      free_textures.erase(best);
    } else {
      place.texture = new_texture(wanted);
    }
    std::vector<ValueId> done = node.inputs;
    done.push_back(node.output);  // a result that nobody reads
    std::sort(done.begin(), done.end());
    done.erase(std::unique(done.begin(), done.end()), done.end());
    for (ValueId value : done) {
      const std::optional<Place>& used = plan.places[static_cast<size_t>(value)];
      if (used && last[static_cast<size_t>(value)] <= static_cast<int>(i))
        free_textures.push_back(used->texture);
    }
  }
}

}  // namespace fragnet
