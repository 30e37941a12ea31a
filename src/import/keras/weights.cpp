#include "import/keras/weights.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace fragnet {
namespace {

// Many weights share an ending only where layers in many nested models share a name. Such a file must qualify
// them.
constexpr size_t max_candidates = 64;

std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts(1);
  for (char letter : name) {
    if (letter == '/') {
      parts.emplace_back();
    } else {
      parts.back() += letter;
    }
  }
  return parts;
}

bool is_number(const std::string& part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The name without what only some exporters add.
std::string plain_name(const std::string& written) {
  std::string name = written;
  const size_t colon = name.rfind(':');
  if (colon != std::string::npos && is_number(name.substr(colon + 1))) name.resize(colon);
  std::vector<std::string> parts = parts_of(name);
  if (!is_number(parts.back())) return name;
  // A .keras archive counts a layer's weights, and names folders after the members of Python objects.
  name.clear();
  for (const std::string& part : parts) {
    if (part == "vars" || part == "_layer_checkpoint_dependencies") continue;
    if (!name.empty()) name += '/';
    name += part.substr(part.rfind('_', 0) == 0 ? 1 : 0);
  }
  return name;
}

bool ends_with_part(const std::string& name, const std::string& ending) {
  return name.size() > ending.size() && name[name.size() - ending.size() - 1] == '/' &&
         name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
}

size_t depth_of(const std::string& name) {
  return static_cast<size_t>(std::count(name.begin(), name.end(), '/'));
}

std::string last_part(const std::string& name) {
  const size_t slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

// Of the candidates that fit, the one with the fewest parts; -1 where none fits. `rival` is another one as
// short.
template <class Fits>
int shortest(const KerasWeights& weights, const std::map<std::string, std::vector<int>>& index,
             const std::string& key, Fits fits, int& rival) {
  int best = -1;
  const auto found = index.find(key);
  if (found == index.end() || found->second.size() > max_candidates) return best;
  for (int candidate : found->second) {
    const std::string name = plain_name(weights.list[static_cast<size_t>(candidate)].name);
    if (!fits(name)) continue;
    if (best >= 0) {
      const size_t depth = depth_of(name);
      const size_t best_depth = depth_of(plain_name(weights.list[static_cast<size_t>(best)].name));
      if (depth > best_depth) continue;
      rival = depth == best_depth ? best : -1;
    }
    best = candidate;
  }
  return best;
}

}  // namespace

KerasWeights index_weights(const Weights& weights) {
  KerasWeights index;
  for (const auto& [written, tensor] : weights) {
    const int id = static_cast<int>(index.list.size());
    index.list.push_back({written, &tensor});
    const std::string name = plain_name(written);
    index.by_name.emplace(name, id);
    const std::vector<std::string> parts = parts_of(name);
    const size_t count = parts.size();
    if (count >= 2) index.by_ending[parts[count - 2] + '/' + parts[count - 1]].push_back(id);
    if (count >= 3) index.by_ending_without_cell[parts[count - 3] + '/' + parts[count - 1]].push_back(id);
  }
  return index;
}

NumberedName numbered(const std::string& name) {
  NumberedName parts{.base = name};
  for (;;) {
    const size_t line = parts.base.rfind('_');
    if (line == std::string::npos || line == 0) return parts;
    const std::string number = parts.base.substr(line + 1);
    if (!is_number(number) || number.size() > 8) return parts;
    parts.numbers.insert(parts.numbers.begin(), std::stoi(number));
    parts.base.resize(line);
  }
}

void note_order(KerasWeights& weights, std::vector<std::string> layers) {
  std::map<std::vector<int>, std::string> by_number;
  for (std::string& layer : layers) by_number.emplace(numbered(layer).numbers, std::move(layer));
  if (by_number.size() != layers.size()) return;
  size_t index = 0;
  for (const auto& [numbers, layer] : by_number) weights.order[layer] = {index++, layers.size()};
}

void note_owners(KerasWeights& weights) {
  for (const KerasWeight& weight : weights.list) {
    const std::vector<std::string> parts = parts_of(plain_name(weight.name));
    if (parts.size() < 2) continue;
    const std::string& owner = parts[parts.size() - 2];
    const NumberedName name = numbered(owner);
    const auto [found, is_new] = weights.owners[name.base + '/' + parts.back()].emplace(name.numbers, owner);
    if (!is_new) found->second.clear();  // two of one name: nobody knows which comes first
  }
}

std::string name_in_order(const KerasWeights& weights, const std::string& layer,
                          std::initializer_list<const char*> names) {
  const auto place = weights.order.find(layer);
  if (place == weights.order.end()) return "";
  for (const char* name : names) {
    const auto owners = weights.owners.find(numbered(layer).base + '/' + name);
    if (owners == weights.owners.end() || owners->second.size() != place->second.count) continue;
    return std::next(owners->second.begin(), static_cast<std::ptrdiff_t>(place->second.index))->second;
  }
  return "";
}

const KerasWeight& find_weight(const KerasWeights& weights, const std::vector<std::string>& path,
                               std::initializer_list<const char*> names, int position,
                               const std::string& where) {
  const std::string& layer = path.back();
  int found = -1, rival = -1;
  // The more of the path a name repeats, the surer it is: two nested models may both have a layer "dense".
  const auto look_up = [&](const std::string& weight) {
    const std::string key = last_part(layer) + '/' + weight;
    for (size_t first = 0; first < path.size() && found < 0; ++first) {
      std::string ending;
      for (size_t i = first; i < path.size(); ++i) ending += path[i] + '/';
      ending += weight;
      const auto exact = weights.by_name.find(ending);
      if (exact != weights.by_name.end()) {
        found = exact->second;
      } else {
        found = shortest(
            weights, weights.by_ending, key,
            [&](const std::string& name) { return ends_with_part(name, ending); }, rival);
      }
    }
    if (found >= 0) return;
    found = shortest(
        weights, weights.by_ending_without_cell, key,
        [&](const std::string& name) {
          const std::string shortened =
              parts_of(name).size() < 3 ? name
                                        : name.substr(0, name.rfind('/', name.rfind('/') - 1)) + '/' + weight;
          return shortened == layer + '/' + weight || ends_with_part(shortened, layer + '/' + weight);
        },
        rival);
  };
  for (const char* name : names) {
    if (found < 0) look_up(name);
  }
  if (found < 0) look_up(std::to_string(position));

  if (found < 0) {
    fail(code::bad_weights, where, ": its weight \"", layer, '/', *names.begin(), "\" is not among the ",
         weights.list.size(), " weights of the file");
  }
  if (rival >= 0) {
    fail(code::bad_weights, where, ": both \"", weights.list[static_cast<size_t>(found)].name, "\" and \"",
         weights.list[static_cast<size_t>(rival)].name, "\" could be its weight \"", *names.begin(), '"');
  }
  return weights.list[static_cast<size_t>(found)];
}

}  // namespace fragnet
