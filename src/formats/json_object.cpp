#include "formats/json_object.hpp"

namespace fragnet {

Json JsonMember::take() const {
  switch (kind_) {
    case Kind::null:
      break;
    case Kind::characters:
      return std::string(characters_);
    case Kind::string:
      return *string_;
    case Kind::shape: {
      Json list = Json::array();
      for (const int extent : *shape_) list.push_back(int64_t{extent});
      return list;
    }
    case Kind::json:
      return std::move(*json_);
    case Kind::flag:
      return integer_ != 0;
    case Kind::integer:
      return integer_;
    case Kind::real:
      return real_;
  }
  return nullptr;
}

Json json_object(std::initializer_list<JsonMember> members) {
  Json object = Json::object();
  for (const JsonMember& member : members) object[member.name()] = member.take();
  return object;
}

std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fragnet
