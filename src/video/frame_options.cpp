#include "video/frame_options.hpp"

#include "base/error.hpp"
#include "base/named.hpp"

namespace fragnet {
namespace {

constexpr Named<Augmentation> augmentations[] = {
    {"none", Augmentation::none}, {"classic", Augmentation::classic}, {"paper", Augmentation::paper}};
constexpr Named<View> views[] = {{"output", View::output}, {"input", View::input}, {"both", View::both}};
constexpr Named<Show> shows[] = {{"auto", Show::automatic},    {"picture", Show::picture},
                                 {"mask", Show::mask},         {"overlay", Show::overlay},
                                 {"cutout", Show::cutout},     {"classes", Show::classes},
                                 {"subpixel", Show::subpixel}, {"channel", Show::channel}};

template <class Table>
auto value_in(const Table& table, const char* what, const std::string& name) {
  const auto* value = find_named(table, name);
  if (value) return *value;
  std::string known;
  for (const auto& entry : table) known += text(known.empty() ? "" : ", ", '"', entry.name, '"');
  fail(code::bad_input, "the ", what, " \"", name, "\" is not known: it is one of ", known);
}

}  // namespace

Augmentation augmentation_of(const std::string& name) {
  return value_in(augmentations, "augmentation", name);
}

View view_of(const std::string& name) {
  return value_in(views, "view", name);
}

Show show_of(const std::string& name) {
  return value_in(shows, "way to show an output", name);
}

}  // namespace fragnet
