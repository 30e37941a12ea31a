// NumPy arrays.
#include <cstring>

#include "expect_error.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

using testing::ElementsAre;

std::vector<uint8_t> with_header(const std::string& header, const std::vector<uint8_t>& elements,
                                 int version = 1) {
  std::string start = "\x93NUMPY";
  start += static_cast<char>(version);
  start += '\0';
  const size_t length_bytes = version == 1 ? 2 : 4;
  for (size_t i = 0; i < length_bytes; ++i) start += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  start += header;
  std::vector<uint8_t> file(start.begin(), start.end());
  file.insert(file.end(), elements.begin(), elements.end());
  return file;
}

template <class T>
std::vector<uint8_t> bytes_of_all(const std::vector<T>& values) {
  std::vector<uint8_t> bytes(values.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

template <class T>
Tensor parse(const std::string& descr, const std::string& shape, const std::vector<T>& values,
             const char* fortran = "False") {
  return parse_npy(with_header(
      "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }   \n",
      bytes_of_all(values)));
}

TEST(Npy, ReadsEveryElementType) {
  EXPECT_THAT(to_floats(parse<float>("<f4", "(3,)", {1, -2, 0.5f})), ElementsAre(1, -2, 0.5f));
  EXPECT_THAT(to_floats(parse<uint16_t>("<f2", "(2,)", {0x3C00, 0xC000})), ElementsAre(1, -2));
  EXPECT_THAT(to_floats(parse<double>("<f8", "(2,)", {0.25, 1e-300})), ElementsAre(0.25f, 0));
  EXPECT_THAT(to_ints(parse<int32_t>("<i4", "(2,)", {-1, 7})), ElementsAre(-1, 7));
  EXPECT_THAT(to_ints(parse<int64_t>("<i8", "(2,)", {INT32_MIN, INT32_MAX})),
              ElementsAre(INT32_MIN, INT32_MAX));
  EXPECT_THAT(to_ints(parse<uint8_t>("|u1", "(2,)", {0, 255})), ElementsAre(0, 255));
  const Tensor flags = parse<uint8_t>("|b1", "(2,)", {1, 0});
  EXPECT_EQ(flags.dtype, DType::boolean);
  EXPECT_THAT(to_ints(flags), ElementsAre(1, 0));
  EXPECT_EQ(parse<uint8_t>("|u1", "(1,)", {3}).dtype, DType::int32);
}

TEST(Npy, ReadsScalarsAndEmptyArrays) {
  EXPECT_EQ(parse<float>("<f4", "()", {4}).shape, Shape{});
  EXPECT_EQ(parse<float>("<f4", "(2, 0, 3)", {}).shape, (Shape{2, 0, 3}));
  EXPECT_THAT(to_floats(parse<float>("<f4", "(2, 0, 3)", {}, "True")), testing::IsEmpty());
}

TEST(Npy, PutsFortranOrderIntoRowMajorOrder) {
  const Tensor tensor = parse<int32_t>("<i4", "(2, 3)", {11, 21, 12, 22, 13, 23}, "True");
  EXPECT_EQ(tensor.shape, (Shape{2, 3}));
  EXPECT_THAT(to_ints(tensor), ElementsAre(11, 12, 13, 21, 22, 23));
  EXPECT_THAT(to_ints(parse<uint8_t>("|u1", "(2, 1, 2, 2)", {0, 4, 2, 6, 1, 5, 3, 7}, "True")),
              ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(to_floats(parse<double>("<f8", "(2, 2)", {1, 3, 2, 4}, "True")), ElementsAre(1, 2, 3, 4));
}

TEST(Npy, ReadsLaterVersionsOfTheFormat) {
  for (const int version : {2, 3}) {
    const auto file = with_header(R"({"shape": (1,), "descr": "<f4", "fortran_order": False})",
                                  bytes_of_all<float>({9}), version);
    EXPECT_THAT(to_floats(parse_npy(file)), ElementsAre(9)) << version;
  }
}

TEST(Npy, RefusesBrokenFiles) {
  const auto refuses = [](const std::string& why, const std::vector<uint8_t>& file) {
    expect_error(code::bad_array, why, [&] { parse_npy(file); });
  };
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}";
  refuses("no .npy file", {});
  refuses("no .npy file", {'P', 'K', 3, 4});
  refuses("cut short inside its header", {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
  refuses("cut short inside its header", {0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, 1, 0});
  refuses("format version 9", with_header(good, {}, 9));
  refuses("its header wants", {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 200, 0, '{'});
  refuses("has 4 bytes of elements, its shape [2] of <f4 wants 8", with_header(good, {0, 0, 0, 0}));
  refuses("has 9 bytes of elements", with_header(good, std::vector<uint8_t>(9)));
  const auto refuses_header = [&](const std::string& why, const std::string& header) {
    refuses(why, with_header(header, {}));
  };
  refuses_header("of type \">f4\"", "{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}");
  refuses_header("records are not supported",
                 "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,)}");
  refuses_header("lacks descr", "{'descr': '<f4', 'fortran_order': False}");
  refuses_header("neither True nor False", "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}");
  refuses_header("no list of whole numbers", "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}");
  refuses_header("an extent above",
                 "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}");
  refuses_header("rank 9", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}");
  refuses_header("unknown entry \"x\"", "{'x': '<f4'}");
  refuses_header("ends inside a text", "{'descr");
  refuses_header("where { was expected", "");
  refuses_header("where } was expected", "{'descr': '<f4' 'shape': (2,)}");
  expect_error(code::too_large, "more than", [&] {
    parse_npy(with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (100000, 100000)}", {}));
  });
}

TEST(Npy, RefusesNumbersThatDoNotFit) {
  expect_error(code::bad_array, "element 1 of the .npy file is 2147483648, beyond int32", [] {
    parse<int64_t>("<i8", "(2,)", {0, 2147483648});
  });
  expect_error(code::bad_array, "beyond float32", [] { parse<double>("<f8", "(1,)", {1e300}); });
}

}  // namespace
}  // namespace fragnet
