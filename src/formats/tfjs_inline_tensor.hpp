// Constants that stand inside the nodes of a graph-model, and the protobuf spellings they share with other
// attributes. Private to formats/.
#pragma once

#include "formats/json_access.hpp"
#include "formats/model.hpp"

namespace fragnet {

// A TensorProto; nullopt if it holds no data (its numbers are then a weight of the node's name) or is no
// number.
std::optional<Tensor> parse_inline_tensor(const Json& json, int64_t& inline_elements,
                                          const std::string& where);

std::string type_name_of(const Json& json, const std::string& where);  // 1, 101, "DT_FLOAT" → "DT_FLOAT"
std::optional<DType> dtype_of(const std::string& type_name);  // nullopt for text, complex numbers, handles
std::string parse_bytes(const Json& json, const std::string& where);  // base64 or byte codes
std::string decode_base64(const std::string& encoded);  // what is not base64 comes back as it is

}  // namespace fragnet
