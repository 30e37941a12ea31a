#include "formats/json_access.hpp"

#include <cmath>

#include "base/error.hpp"

namespace fragnet {
namespace {

// Follows the parser: refuses deep nesting and notes the order of keys.
class ParseWatcher {
 public:
  ParseWatcher(const std::string& what, KeyOrder* order) : what_(what), order_(order) {}

  bool operator()(int, Json::parse_event_t event, const Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        if (path_.size() >= max_json_depth) {
          fail(code::bad_json, what_, " nests deeper than ", max_json_depth, " levels");
        }
        path_.emplace_back();
        if (auto* keys = watched()) keys->clear();
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        path_.pop_back();
        break;
      case Json::parse_event_t::key:
        path_.back() = parsed.get_ref<const std::string&>();
        if (auto* keys = watched()) keys->push_back(path_.back());
        break;
      case Json::parse_event_t::value:
        break;
    }
    return true;
  }

 private:
  // The list for the innermost object, if its path is one that `order` asks for.
  std::vector<std::string>* watched() {
    if (!order_ || path_.size() > 4) return nullptr;
    std::string joined;
    for (size_t i = 0; i + 1 < path_.size(); ++i) joined += (i ? "/" : "") + path_[i];
    const auto found = order_->find(joined);
    return found == order_->end() ? nullptr : &found->second;
  }

  const std::string& what_;
  KeyOrder* order_;
  std::vector<std::string> path_;  // one entry for each open object (its current key) or array ("")
};

}  // namespace

Json parse_json(std::string_view json_text, const std::string& what, KeyOrder* order) {
  if (json_text.size() > max_json_bytes) {
    fail(code::too_large, what, " has ", json_text.size(), " bytes, the limit is ", max_json_bytes);
  }
  const size_t first = json_text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos) fail(code::bad_json, what, " is empty");
  if (json_text[first] == '<') {
    fail(code::bad_json, "the address returned a web page instead of ", what,
         ": hosts answer so when a file is not there (404)");
  }
  ParseWatcher watcher(what, order);
  const Json::parser_callback_t watch = [&watcher](int depth, Json::parse_event_t event, Json& parsed) {
    return watcher(depth, event, parsed);
  };
  try {
    return Json::parse(json_text.begin(), json_text.end(), watch);
  } catch (const Json::parse_error& error) {
    if (error.byte > json_text.size()) {
      fail(code::bad_json, what, " is cut short: the JSON still goes on where the text ends, at byte ",
           json_text.size());
    }
    fail(code::bad_json, what, " is not JSON: the mistake is at byte ", error.byte);
  } catch (const Json::exception&) {
    fail(code::bad_json, what, " holds a number beyond the range of a double");
  }
}

const Json* find_member(const Json& json, std::initializer_list<const char*> names) {
  if (!json.is_object()) return nullptr;
  for (const char* name : names) {
    const auto found = json.find(name);
    if (found != json.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

Json* find_member(Json& json, std::initializer_list<const char*> names) {
  return const_cast<Json*>(find_member(std::as_const(json), names));
}

std::optional<int64_t> as_integer(const Json& json) {
  if (json.is_number_unsigned()) {
    const uint64_t value = json.get<uint64_t>();
    if (value > static_cast<uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<int64_t>(value);
  }
  if (json.is_number_integer()) return json.get<int64_t>();
  if (json.is_number_float()) {
    const double value = json.get<double>();
    if (!(std::abs(value) < 9007199254740992.0) || std::trunc(value) != value) return std::nullopt;
    return static_cast<int64_t>(value);
  }
  if (!json.is_string()) return std::nullopt;
  const std::string& digits = json.get_ref<const std::string&>();
  const bool negative = !digits.empty() && digits[0] == '-';
  if (digits.size() == (negative ? 1u : 0u)) return std::nullopt;
  int64_t value = 0;  // kept negative, since INT64_MIN has no positive twin
  for (size_t i = negative ? 1 : 0; i < digits.size(); ++i) {
    if (digits[i] < '0' || digits[i] > '9') return std::nullopt;
    const int digit = digits[i] - '0';
    if (value < (INT64_MIN + digit) / 10) return std::nullopt;
    value = value * 10 - digit;
  }
  if (negative) return value;
  if (value == INT64_MIN) return std::nullopt;
  return -value;
}

std::string kind_of(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string:
      return "text";
    case Json::value_t::boolean:
      return "true or false";
    default:
      return "a number";
  }
}

std::string in_quotes(std::string_view name) {
  constexpr size_t longest = 80;
  if (name.size() <= longest) return '"' + std::string(name) + '"';
  size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
    --end;  // not inside a UTF-8 character
  return '"' + std::string(name.substr(0, end)) + "…\"";
}

}  // namespace fragnet
