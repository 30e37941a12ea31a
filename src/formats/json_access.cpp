#include "formats/json_access.hpp"

#include <cmath>

#include "base/error.hpp"

namespace fragnet {
namespace {

// Takes what the parser reads, one piece after the other, and builds the value: refuses deep nesting and notes
// the order of keys. (Json::parse() could call back, but brings a second parser along that does not.)
class JsonBuilder {
 public:
  JsonBuilder(const std::string& what, size_t bytes, KeyOrder* order)
      : what_(what), bytes_(bytes), order_(order) {}

  Json take() { return std::move(root_); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(int64_t value) { return add(value); }
  bool number_unsigned(uint64_t value) { return add(value); }
  bool number_float(double value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }  // text has none
  bool start_object(size_t) { return open(Json::value_t::object); }
  bool start_array(size_t) { return open(Json::value_t::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (auto* keys = path_.back().keys) keys->push_back(name);
    path_.back().key = std::move(name);
    return true;
  }

  bool parse_error(size_t position, const std::string&, const Json::exception& error) {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) {
      fail(code::bad_json, what_, " holds a number beyond the range of a double");
    }
    if (position > bytes_) {
      fail(code::bad_json, what_, " is cut short: the JSON still goes on where the text ends, at byte ",
           bytes_);
    }
    fail(code::bad_json, what_, " is not JSON: the mistake is at byte ", position);
  }

 private:
  // An object or array that is not yet complete.
  struct Open {
    Json* json;
    std::vector<std::string>* keys;  // where the order of its keys is noted
    std::string key;                 // the current one of an object, "" of an array
  };

  bool add(Json value) {
    place(std::move(value));
    return true;
  }

  Json& place(Json&& value) {
    if (path_.empty()) return root_ = std::move(value);
    Open& parent = path_.back();
    Json& slot = parent.json->is_object() ? (*parent.json)[parent.key] : parent.json->emplace_back(nullptr);
    return slot = std::move(value);
  }

  bool open(Json::value_t type) {
    if (path_.size() >= max_json_depth) {
      fail(code::bad_json, what_, " nests deeper than ", max_json_depth, " levels");
    }
    std::vector<std::string>* keys = list_of_keys();
    if (keys) keys->clear();
    path_.push_back({&place(Json(type)), keys, ""});
    return true;
  }

  bool close() {
    path_.pop_back();
    return true;
  }

  // The list for the object that begins here, if its path is one that `order` asks for.
  std::vector<std::string>* list_of_keys() {
    if (!order_ || path_.size() > 3) return nullptr;
    std::string joined;
    for (size_t i = 0; i < path_.size(); ++i) joined += (i ? "/" : "") + path_[i].key;
    const auto found = order_->find(joined);
    return found == order_->end() ? nullptr : &found->second;
  }

  const std::string& what_;
  size_t bytes_;
  KeyOrder* order_;
  Json root_;
  std::vector<Open> path_;
};

}  // namespace

void fail_on_json_type() {
  fail(code::internal, "a JSON value is of another type than was taken for granted");
}

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
  JsonBuilder builder(what, json_text.size(), order);
  Json::sax_parse(json_text.begin(), json_text.end(), &builder);
  return builder.take();
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
