// The weights manifest, and the bytes that it describes.
#include <cstring>

#include "expect_error.hpp"
#include "formats/model.hpp"

namespace fragnet {
namespace {

using testing::ElementsAre;

std::vector<WeightGroup> parse_manifest(const std::string& manifest) {
  return parse_model(R"({"modelTopology": {"node": [{"name": "x", "op": "NoOp"}]}, "weightsManifest": )" +
                     manifest + "}")
      .groups;
}

// One group of two files with the given weights.
WeightGroup parse_group(const std::string& weights) {
  return parse_manifest(R"([{"paths": ["a.bin", "b.bin"], "weights": [)" + weights + "]}]").at(0);
}

// A weight called w.
std::string weight(const std::string& dtype, const std::string& shape,
                   const std::string& quantization = "null") {
  return R"({"name": "w", "dtype": ")" + dtype + R"(", "shape": )" + shape + R"(, "quantization": )" +
         quantization + "}";
}

template <class... T>
std::shared_ptr<const std::vector<uint8_t>> bytes_of_all(T... values) {
  auto bytes = std::make_shared<std::vector<uint8_t>>();
  [[maybe_unused]] const auto append = [&](auto value) {
    const auto* first = reinterpret_cast<const uint8_t*>(&value);
    bytes->insert(bytes->end(), first, first + sizeof(value));
  };
  (append(values), ...);
  return bytes;
}

Weights read(WeightGroup group, std::shared_ptr<const std::vector<uint8_t>> bytes) {
  Weights weights;
  read_weights(group, std::move(bytes), weights);
  return weights;
}

constexpr uint8_t u8(int value) {
  return static_cast<uint8_t>(value);
}
constexpr uint16_t u16(int value) {
  return static_cast<uint16_t>(value);
}

TEST(Weights, CutsAGroupIntoTensorsThatShareItsBytes) {
  const WeightGroup group = parse_group(
      R"({"name": "b", "dtype": "bool", "shape": [3]}, {"name": "f", "dtype": "float32", "shape": [2, 1]},
         {"name": "i", "dtype": "int32", "shape": []}, {"name": "none", "dtype": "int32", "shape": [0, 4]})");
  EXPECT_THAT(group.paths, ElementsAre("a.bin", "b.bin"));
  EXPECT_EQ(group.bytes, 15);
  const auto bytes = bytes_of_all(u8(1), u8(0), u8(1), 0.5f, -2.0f, int32_t{-7});
  const Weights weights = read(group, bytes);
  ASSERT_EQ(weights.size(), 4u);
  EXPECT_EQ(weights.at("b").dtype, DType::boolean);
  EXPECT_THAT(to_ints(weights.at("b")), ElementsAre(1, 0, 1));
  EXPECT_EQ(weights.at("f").shape, (Shape{2, 1}));
  EXPECT_EQ(weights.at("f").bytes.data(), bytes->data() + 3);
  EXPECT_THAT(to_floats(weights.at("f")), ElementsAre(0.5f, -2.0f));
  EXPECT_THAT(to_ints(weights.at("i")), ElementsAre(-7));
  EXPECT_TRUE(weights.at("none").bytes.empty());
}

TEST(Weights, KeepsQuantisedCodesAndTheirRange) {
  const WeightGroup group = parse_group(
      R"({"name": "h", "dtype": "float32", "shape": [2], "quantization": {"dtype": "float16", "original_dtype": "float32"}},
         {"name": "q", "dtype": "float32", "shape": [2], "quantization": {"dtype": "uint8", "min": -1, "scale": 0.5}},
         {"name": "r", "dtype": "float32", "shape": [1], "quantization": {"dtype": "uint16", "min": 1.5, "scale": 2e-3}},
         {"name": "i", "dtype": "int32", "shape": [2], "quantization": {"dtype": "uint8", "min": -3.0, "scale": 0.99, "original_dtype": "int32"}})");
  EXPECT_EQ(group.bytes, 10);
  const Weights weights =
      read(group, bytes_of_all(u16(0x3C00), u16(0xC000), u8(0), u8(4), u16(1000), u8(0), u8(5)));
  EXPECT_EQ(weights.at("h").encoding, Encoding::float16);
  EXPECT_THAT(to_floats(weights.at("h")), ElementsAre(1, -2));
  EXPECT_EQ(weights.at("q").encoding, Encoding::uint8);
  EXPECT_THAT(to_floats(weights.at("q")), ElementsAre(-1, 1));
  EXPECT_THAT(to_floats(weights.at("r")), ElementsAre(3.5f));
  EXPECT_EQ(weights.at("i").dtype, DType::int32);
  EXPECT_THAT(to_ints(weights.at("i")), ElementsAre(-3, 2));
}

TEST(Weights, SkipsText) {
  const WeightGroup group =
      parse_group(R"({"name": "labels", "dtype": "string", "shape": [2]},)" + weight("float32", "[1]"));
  EXPECT_TRUE(group.has_text);
  EXPECT_EQ(group.bytes, 12);
  const Weights weights = read(group, bytes_of_all(uint32_t{3}, 'a', 'b', 'c', uint32_t{0}, 4.0f));
  ASSERT_EQ(weights.size(), 1u);
  EXPECT_THAT(to_floats(weights.at("w")), ElementsAre(4));
  expect_error(code::bad_weights, "have 12 bytes, the manifest wants at least 4294967299",
               [&] { read(group, bytes_of_all(uint32_t{0xFFFFFFFF}, uint32_t{0}, 4.0f)); });
  expect_error(code::bad_weights, "have 13 bytes, the manifest wants 12",
               [&] { read(group, bytes_of_all(uint32_t{0}, uint32_t{0}, 4.0f, 'x')); });
  expect_error(code::bad_weights, "at least 16",
               [&] { read(group, bytes_of_all(uint32_t{4}, 1.0f, uint32_t{0})); });
}

TEST(Weights, SaysWhichFilesAreTooShortOrTooLong) {
  const WeightGroup group = parse_group(weight("float32", "[2]"));
  expect_error(code::bad_weights, "the weight files \"a.bin\", \"b.bin\" have 4 bytes, the manifest wants 8",
               [&] { read(group, bytes_of_all(1.0f)); });
  expect_error(code::bad_weights, "have 12 bytes, the manifest wants 8",
               [&] { read(group, bytes_of_all(1.0f, 2.0f, 3.0f)); });
  expect_error(code::bad_weights, "have 0 bytes", [&] { read(group, bytes_of_all()); });
  WeightGroup sharded = group;
  sharded.paths = {"1", "2", "3", "4", "5", "6"};
  expect_error(code::bad_weights, "\"3\", \"4\" … \"6\" have 0 bytes",
               [&] { read(sharded, bytes_of_all()); });
}

TEST(Weights, NamesTheFirstNumberThatIsNotFinite) {
  const float infinity = std::numeric_limits<float>::infinity();
  expect_error(code::bad_value, "weight \"w\" is NaN or infinite at element 1 of its shape [3]", [&] {
    read(parse_group(weight("float32", "[3]")), bytes_of_all(1.0f, -infinity, std::nanf("")));
  });
  const WeightGroup halves = parse_group(weight("float32", "[2]", R"({"dtype": "float16"})"));
  expect_error(code::bad_value, "at element 1",
               [&] { read(halves, bytes_of_all(u16(0x7BFF), u16(0xFC00))); });
  EXPECT_EQ(read(parse_group(weight("int32", "[1]")), bytes_of_all(infinity)).size(), 1u);
  // Beyond the first block, and at an odd address.
  auto bytes = std::make_shared<std::vector<uint8_t>>(1 + 5000 * 4);
  std::memcpy(bytes->data() + 1 + 4321 * 4, &infinity, 4);
  const WeightGroup group =
      parse_group(R"({"name": "b", "dtype": "bool", "shape": [1]},)" + weight("float32", "[50, 100]"));
  expect_error(code::bad_value, "at element 4321 of its shape [50, 100]", [&] { read(group, bytes); });
}

TEST(Weights, LetsTheLaterOfTwoNamesakesWin) {
  const WeightGroup group = parse_group(weight("float32", "[1]") + "," + weight("int32", "[2]"));
  const Weights weights = read(group, bytes_of_all(1.0f, int32_t{5}, int32_t{6}));
  EXPECT_THAT(to_ints(weights.at("w")), ElementsAre(5, 6));
}

TEST(WeightsManifest, ReadsSeveralGroups) {
  const auto groups = parse_manifest(
      R"([{"paths": ["one"], "weights": []}, {"paths": ["sub/./two.bin", "./x"], "weights": [)" +
      weight("int32", "[2.0]") + R"(]}, {"weights": []}])");
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].bytes, 0);
  EXPECT_THAT(groups[1].paths, ElementsAre("sub/./two.bin", "./x"));
  EXPECT_EQ(groups[1].weights.at(0).shape, Shape{2});
}

TEST(WeightsManifest, RefusesClaimsAboveTwoGibibytes) {
  // 10 GB in one weight, 3 GiB in three, and a product that overflows 64 bits.
  expect_error(code::too_large, "claims 10000000000 bytes",
               [] { parse_group(weight("float32", "[50000, 50000]")); });
  const std::string gibibyte = weight("float32", "[268435456]");
  expect_error(code::too_large, "claims 3221225472 bytes of weights, the limit is 2147483648 (2 GiB)", [&] {
    parse_manifest(R"([{"paths": ["a"], "weights": [)" + gibibyte + "," + gibibyte +
                   R"(]}, {"paths": ["b"], "weights": [)" + gibibyte + "]}]");
  });
  expect_error(code::too_large, "claims more than 9223372036854775807 bytes", [] {
    parse_group(weight("float32", "[2147483647, 2147483647, 2147483647]") + "," + weight("float32", "[1]"));
  });
  expect_error(code::too_large, "elements", [] { parse_group(weight("bool", "[2147483647]")); });
  EXPECT_EQ(parse_group(weight("float32", "[0, 2147483647, 2147483647]")).bytes, 0);
}

TEST(WeightsManifest, RefusesShapesThatAreNone) {
  expect_error(code::bad_weights, "weight \"w\" has a shape with the extent -1",
               [] { parse_group(weight("float32", "[-1]")); });
  expect_error(code::bad_weights, "the extent 2147483648",
               [] { parse_group(weight("float32", "[2147483648]")); });
  expect_error(code::bad_weights, "an extent of its shape is null",
               [] { parse_group(weight("float32", "[null]")); });
  expect_error(code::bad_weights, "not a whole number", [] { parse_group(weight("float32", "[1.5]")); });
  expect_error(code::bad_weights, "rank 9", [] { parse_group(weight("float32", "[1,1,1,1,1,1,1,1,1]")); });
  expect_error(code::bad_weights, "has no shape", [] { parse_group(weight("float32", "4")); });
}

TEST(WeightsManifest, RefusesTypesByName) {
  expect_error(code::bad_weights, "weight \"w\" has the dtype \"complex64\"",
               [] { parse_group(weight("complex64", "[1]")); });
  expect_error(code::bad_weights, "\"int4\"",
               [] { parse_group(weight("float32", "[1]", R"({"dtype": "int4"})")); });
  expect_error(code::bad_weights, "without a scale",
               [] { parse_group(weight("float32", "[1]", R"({"dtype": "uint8", "min": 0})")); });
  expect_error(code::bad_weights, "without a min", [] {
    parse_group(weight("float32", "[1]", R"({"dtype": "uint8", "min": "0", "scale": 1})"));
  });
  expect_error(code::bad_weights, "only float32 and int32",
               [] { parse_group(weight("bool", "[1]", R"({"dtype": "uint8"})")); });
  expect_error(code::bad_weights, "stored as float16",
               [] { parse_group(weight("int32", "[1]", R"({"dtype": "float16"})")); });
  expect_error(code::bad_value, "its range is not finite", [] {
    parse_group(weight("float32", "[1]", R"({"dtype": "uint8", "min": 0, "scale": 1e38})"));
  });
}

TEST(WeightsManifest, KeepsPathsInsideTheFolder) {
  for (const char* path : {"", "/etc/passwd", "//host/x", "../x", "a/../x", "a/..", "http://host/x",
                           "data:,x", "a\\x", "%2e%2E/x", ".%2e/x", "a\\nb"}) {
    expect_error(code::bad_weights, "the weights manifest names the file", [&] {
      parse_manifest(R"([{"paths": [")" + (std::string(path) == "a\\x" ? "a\\\\x" : std::string(path)) +
                     R"("], "weights": []}])");
    });
  }
  for (const char* path : {"./x.bin", "a/b/c.bin", "..x", "x..", "...", "a/b:c", "group1-shard1of1"}) {
    EXPECT_EQ(
        parse_manifest(R"([{"paths": [")" + std::string(path) + R"("], "weights": []}])").at(0).paths.at(0),
        path);
  }
}

TEST(WeightsManifest, RefusesBrokenEntries) {
  expect_error(code::bad_weights, "an array was expected", [] { parse_manifest("{}"); });
  expect_error(code::bad_weights, "group 0 of the weights manifest has no list of weights",
               [] { parse_manifest("[{}]"); });
  expect_error(code::bad_weights, "group 0 of the weights manifest has no list of weights",
               [] { parse_manifest("[1]"); });
  expect_error(code::bad_weights, "weight 0 of the manifest has no name", [] { parse_group("{}"); });
  expect_error(code::bad_weights, "names no file",
               [] { parse_manifest(R"([{"weights": [)" + weight("bool", "[1]") + "]}]"); });
  expect_error(code::bad_weights, "not an array",
               [] { parse_manifest(R"([{"paths": "x", "weights": []}])"); });
  expect_error(code::bad_weights, "a path is a number",
               [] { parse_manifest(R"([{"paths": [1], "weights": []}])"); });
}

std::optional<Weights> promised(const WeightGroup& group, std::vector<uint8_t> arrived = {}) {
  const auto bytes = std::make_shared<std::vector<uint8_t>>(std::move(arrived));
  return promised_weights({group}, std::span(&bytes, 1));
}

TEST(PromisedWeights, AreWhatTheManifestSaysAndZeros) {
  const WeightGroup group = parse_group(
      R"({"name": "b", "dtype": "float32", "shape": [3], "quantization": {"dtype": "uint8", "min": -1, "scale": 0.5}},
         {"name": "f", "dtype": "float32", "shape": [2, 40]}, {"name": "none", "dtype": "int32", "shape": [0, 4]})");
  const std::optional<Weights> weights = promised(group);
  ASSERT_TRUE(weights);
  ASSERT_EQ(weights->size(), 3u);
  EXPECT_THAT(to_floats(weights->at("b")), ElementsAre(-1, -1, -1));
  EXPECT_EQ(weights->at("b").encoding, Encoding::uint8);
  EXPECT_EQ(to_floats(weights->at("f")), std::vector<float>(80));
  EXPECT_EQ(weights->at("none").shape, (Shape{0, 4}));
}

TEST(PromisedWeights, WaitForWholeNumbersAndForNumbersThatStandAlone) {
  const WeightGroup group = parse_group(
      R"({"name": "b", "dtype": "float32", "shape": [3], "quantization": {"dtype": "uint8", "min": 0, "scale": 1}},
         {"name": "size", "dtype": "int32", "shape": [1]}, {"name": "alone", "dtype": "float32", "shape": []},
         {"name": "f", "dtype": "float32", "shape": [2]})");
  const std::vector<uint8_t> bytes = {1, 2, 3, 4, 1, 0, 0, 0, 0, 128, 63, 9, 9};
  for (size_t count : {0, 3, 6, 7, 10}) {
    EXPECT_FALSE(promised(group, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)}))
        << count;
  }
  const std::optional<Weights> weights = promised(group, bytes);
  ASSERT_TRUE(weights);
  EXPECT_THAT(to_floats(weights->at("b")), ElementsAre(1, 2, 3));
  EXPECT_THAT(to_ints(weights->at("size")), ElementsAre(260));
  EXPECT_THAT(to_floats(weights->at("alone")), ElementsAre(1));
  EXPECT_THAT(to_floats(weights->at("f")), ElementsAre(0, 0));  // the rest of it is on its way
}

TEST(PromisedWeights, AreNoneWhereOnlyTheFilesKnow) {
  EXPECT_FALSE(promised(parse_group(weight("string", "[2]"))));
  EXPECT_FALSE(promised({.paths = {"w.npy"}, .weights = {{.name = "w"}}, .is_npy = true}));
}

TEST(PromisedWeights, AreNoneWhereATensorIsHuge) {
  EXPECT_TRUE(promised(parse_group(weight("float32", "[4096, 4096]"))));
  EXPECT_FALSE(promised(parse_group(weight("float32", "[4096, 4097]"))));
}

}  // namespace
}  // namespace fragnet
