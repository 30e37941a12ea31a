#include "video/frame_options.hpp"

#include "base/error.hpp"

namespace fragnet {

Augmentation augmentation_of(const std::string& name) {
  if (name == "none") return Augmentation::none;
  if (name == "classic") return Augmentation::classic;
  if (name == "paper") return Augmentation::paper;
  fail(code::bad_input, "the augmentation \"", name,
       "\" is not known: it is \"none\", \"classic\" or \"paper\"");
}

View view_of(const std::string& name) {
  if (name == "output") return View::output;
  if (name == "input") return View::input;
  if (name == "both") return View::both;
  fail(code::bad_input, "the view \"", name, "\" is not known: it is \"output\", \"input\" or \"both\"");
}

}  // namespace fragnet
