// NumPy's .npy files: "\x93NUMPY", two bytes of version, the length of the header, the header (a Python
// dictionary of three entries), then the elements.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "formats/json_access.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

struct Header {
  std::string descr;
  bool fortran_order = false;
  Shape shape;
};

// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } and nothing else that Python may write.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view header) : rest_(header) {}

  Header read() {
    Header header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string key = read_text();
      expect(':');
      if (key == "descr") {
        header.descr = read_text(), has_descr = true;
      } else if (key == "fortran_order") {
        header.fortran_order = read_bool(), has_order = true;
      } else if (key == "shape") {
        header.shape = read_shape(), has_shape = true;
      } else {
        fail(code::bad_array, "the header of the .npy file has the unknown entry ", in_quotes(key));
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (!has_descr || !has_order || !has_shape) {
      fail(code::bad_array, "the header of the .npy file lacks descr, fortran_order or shape");
    }
    return header;
  }

 private:
  void skip_space() {
    const size_t start = rest_.find_first_not_of(" \t\n");
    rest_.remove_prefix(start == std::string_view::npos ? rest_.size() : start);
  }

  bool take(char letter) {
    skip_space();
    if (rest_.empty() || rest_[0] != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char letter) {
    if (take(letter)) return;
    fail(code::bad_array, "the header of the .npy file has ", in_quotes(rest_.substr(0, 12)), " where ",
         letter, " was expected");
  }

  std::string read_text() {
    skip_space();
    const char quote = rest_.empty() ? '\0' : rest_[0];
    if (quote != '\'' && quote != '"') {
      fail(code::bad_array, "the header of the .npy file has ", in_quotes(rest_.substr(0, 12)),
           " where text was expected (records are not supported)");
    }
    const size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos)
      fail(code::bad_array, "the header of the .npy file ends inside a text");
    std::string word(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return word;
  }

  bool read_bool() {
    skip_space();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (rest_.substr(0, word.size()) != word) continue;
      rest_.remove_prefix(word.size());
      return value;
    }
    fail(code::bad_array, "the fortran_order of the .npy file is neither True nor False");
  }

  Shape read_shape() {
    Shape shape;
    expect('(');
    while (!take(')')) {
      skip_space();
      int64_t extent = 0;
      size_t digits = 0;
      while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') {
        extent = extent * 10 + (rest_[digits++] - '0');
        if (extent > std::numeric_limits<int>::max())
          fail(code::bad_array, "the .npy file has an extent above 2^31");
      }
      if (digits == 0) fail(code::bad_array, "the shape of the .npy file is no list of whole numbers");
      rest_.remove_prefix(digits);
      shape.push_back(static_cast<int>(extent));
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    if (shape.size() > max_rank)
      fail(code::bad_array, "the .npy file has rank ", shape.size(), ", above ", max_rank);
    return shape;
  }

  std::string_view rest_;
};

// Elements in Fortran order (the first extent runs fastest) put into row-major order.
std::vector<uint8_t> transposed(std::span<const uint8_t> data, const Shape& shape, size_t element_bytes) {
  std::vector<uint8_t> result(data.size());
  std::vector<size_t> strides(shape.size());
  size_t stride = element_bytes;
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    strides[axis] = stride;
    stride *= static_cast<size_t>(shape[axis]);
  }
  std::vector<int> index(shape.size(), 0);
  size_t from = 0;
  for (size_t to = 0; to < result.size(); to += element_bytes) {
    std::memcpy(result.data() + to, data.data() + from, element_bytes);
    for (size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * static_cast<size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return result;
}

template <class From>
From element(std::span<const uint8_t> data, size_t index) {
  From value;
  std::memcpy(&value, data.data() + index * sizeof(From), sizeof(From));
  return value;
}

Tensor narrowed_floats(const Shape& shape, std::span<const uint8_t> data) {
  std::vector<float> values(data.size() / sizeof(double));
  for (size_t i = 0; i < values.size(); ++i) {
    const double value = element<double>(data, i);
    if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) {
      fail(code::bad_array, "element ", i, " of the .npy file is ", value, ", beyond float32");
    }
    values[i] = static_cast<float>(value);
  }
  return make_tensor(shape, std::move(values));
}

Tensor narrowed_ints(const Shape& shape, std::span<const uint8_t> data) {
  std::vector<int32_t> values(data.size() / sizeof(int64_t));
  for (size_t i = 0; i < values.size(); ++i) {
    const int64_t value = element<int64_t>(data, i);
    if (value < INT32_MIN || value > INT32_MAX) {
      fail(code::bad_array, "element ", i, " of the .npy file is ", value, ", beyond int32");
    }
    values[i] = static_cast<int32_t>(value);
  }
  return make_tensor(shape, std::move(values));
}

struct ElementType {
  const char* descr;
  size_t bytes;
  DType dtype;
  Encoding encoding;  // of 8-byte types: what they are narrowed to
};
constexpr ElementType element_types[] = {
    {"<f4", 4, DType::float32, Encoding::float32}, {"<f2", 2, DType::float32, Encoding::float16},
    {"<f8", 8, DType::float32, Encoding::float32}, {"<i4", 4, DType::int32, Encoding::int32},
    {"<i8", 8, DType::int32, Encoding::int32},     {"|u1", 1, DType::int32, Encoding::uint8},
    {"<u1", 1, DType::int32, Encoding::uint8},     {"|b1", 1, DType::boolean, Encoding::boolean},
};

const ElementType& find_type(const std::string& descr) {
  for (const ElementType& type : element_types) {
    if (descr == type.descr) return type;
  }
  fail(code::bad_array, "the .npy file has elements of type ", in_quotes(descr),
       ", expected little-endian f4, f2, f8, i4, i8, u1 or b1");
}

}  // namespace

Tensor parse_npy(std::vector<uint8_t> bytes) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (all.substr(0, 6) != "\x93NUMPY")
    fail(code::bad_array, "this is no .npy file: it does not begin with \\x93NUMPY");
  if (all.size() < 10)
    fail(code::bad_array, "the .npy file is cut short inside its header, at byte ", all.size());
  const uint8_t version = bytes[6];
  if (version < 1 || version > 3)
    fail(code::bad_array, "the .npy file has format version ", int{version}, ", not 1 to 3");
  const size_t length_bytes = version == 1 ? 2 : 4;
  if (all.size() < 8 + length_bytes) fail(code::bad_array, "the .npy file is cut short inside its header");
  size_t header_bytes = 0;
  for (size_t i = length_bytes; i-- > 0;) header_bytes = header_bytes << 8 | bytes[8 + i];
  const size_t start = 8 + length_bytes;
  if (all.size() - start < header_bytes) {
    fail(code::bad_array, "the .npy file is cut short: its header wants ", header_bytes, " bytes, ",
         all.size() - start, " are there");
  }
  const Header header = HeaderReader(all.substr(start, header_bytes)).read();
  const ElementType& type = find_type(header.descr);
  const size_t count = static_cast<size_t>(element_count(header.shape, "the .npy file"));
  const size_t got = all.size() - start - header_bytes;
  if (got != count * type.bytes) {
    fail(code::bad_array, "the .npy file has ", got, " bytes of elements, its shape ",
         to_string(header.shape), " of ", header.descr, " wants ", count * type.bytes);
  }

  auto owner = std::make_shared<std::vector<uint8_t>>(std::move(bytes));
  std::span<const uint8_t> data(owner->data() + start + header_bytes, got);
  if (header.fortran_order && header.shape.size() > 1) {
    owner = std::make_shared<std::vector<uint8_t>>(transposed(data, header.shape, type.bytes));
    data = *owner;
  }
  if (header.descr == "<f8") return narrowed_floats(header.shape, data);
  if (header.descr == "<i8") return narrowed_ints(header.shape, data);
  Tensor tensor{.dtype = type.dtype, .shape = header.shape, .encoding = type.encoding};
  tensor.bytes = data;
  tensor.owner = std::move(owner);
  return tensor;
}

}  // namespace fragnet
