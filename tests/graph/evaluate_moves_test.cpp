#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/evaluated.hpp"

namespace fragnet {
namespace {

using testing::ElementsAre;

// ---- Movement
// ----------------------------------------------------------------------------------------------------------

TEST(EvaluateMoves, PutsElementsInTheirPlaces) {
  const Tensor x = ints({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(to_ints(must(Transpose{{1, 0}}, {x})), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(to_ints(must(Slice{{0, 2}, {2, 2}, {1, -2}}, {x})), ElementsAre(3, 1, 6, 4));
  EXPECT_THAT(to_ints(must(Concat{1}, {x, ints({2, 1}, {7, 8})})), ElementsAre(1, 2, 3, 7, 4, 5, 6, 8));
  EXPECT_THAT(to_ints(must(Concat{0}, {int_list({}), int_list({7})})), ElementsAre(7));
  EXPECT_THAT(to_ints(must(Pad{PadKind::constant, {{{0, 1}, {1, 0}}}, 9}, {x})),
              ElementsAre(9, 1, 2, 3, 9, 4, 5, 6, 9, 9, 9, 9));
  EXPECT_THAT(to_ints(must(Pad{PadKind::reflect, {{{1, 0}, {2, 1}}}}, {x})),
              ElementsAre(6, 5, 4, 5, 6, 5, 3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5));
  EXPECT_THAT(to_ints(must(Pad{PadKind::symmetric, {{{0, 0}, {2, 1}}}}, {x})),
              ElementsAre(2, 1, 1, 2, 3, 3, 5, 4, 4, 5, 6, 6));
  EXPECT_THAT(to_ints(must(Tile{{2, 2}}, {ints({1, 2}, {1, 2})})), ElementsAre(1, 2, 1, 2, 1, 2, 1, 2));
  EXPECT_THAT(to_ints(must(Gather{1, {2, 0, 2}}, {x})), ElementsAre(3, 1, 3, 6, 4, 6));
  EXPECT_THAT(to_ints(must(Gather{0, {}}, {int_list({1, 2})})), ElementsAre());
}

TEST(EvaluateMoves, AgreesWithTheReference) {
  const Shape shape{2, 3, 4, 5};
  const std::vector<Op> movements{Transpose{{3, 1, 0, 2}},
                                  Slice{{1, 0, 3, 4}, {1, 2, 2, 3}, {1, 2, -3, -2}},
                                  Pad{PadKind::constant, {{{1, 0}, {0, 2}, {3, 1}, {0, 0}}}, 2.5f},
                                  Pad{PadKind::reflect, {{{1, 0}, {2, 2}, {3, 1}, {0, 4}}}},
                                  Pad{PadKind::symmetric, {{{2, 0}, {3, 2}, {4, 1}, {0, 5}}}},
                                  Tile{{2, 1, 3, 2}},
                                  Gather{2, {3, 1, 1, 0, 2}},
                                  Reshape{{6, 20}}};
  const HostTensor plain = random_tensor(shape, 7);
  for (const Tensor& x :
       {encoded(plain), encoded_as_float16(plain), encoded_as_uint8(plain), encoded_as_uint16(plain)}) {
    for (const Op& op : movements) {
      SCOPED_TRACE(name_of(op));
      EXPECT_EQ(difference(decoded(must(op, {x})), reference(op, {decoded(x)}), 0), "");
    }
    const Op concat = Concat{2};
    EXPECT_EQ(difference(decoded(must(concat, {x, x})), reference(concat, {decoded(x), decoded(x)}), 0), "");
    EXPECT_EQ(
        difference(decoded(must(concat, {x, encoded(plain)})), reference(concat, {decoded(x), plain}), 0),
        "");
  }
}

TEST(EvaluateMoves, KeepsTheEncodingOfWhatOnlyMoves) {
  const Tensor x = encoded_as_uint8(random_tensor({3, 4}, 1));
  for (const Op& op :
       std::vector<Op>{Reshape{{12}}, Transpose{{1, 0}}, Slice{{0, 1}, {3, 2}, {1, 1}}, Tile{{2, 1}},
                       Gather{0, {1}}, Pad{PadKind::reflect, {{{1, 1}, {1, 1}}}}}) {
    const Tensor moved = must(op, {x});
    EXPECT_EQ(moved.encoding, Encoding::uint8) << name_of(op);
    EXPECT_EQ(moved.scale, x.scale);
    EXPECT_EQ(moved.min, x.min);
  }
  EXPECT_EQ(must(Reshape{{12}}, {x}).bytes.data(), x.bytes.data());
  EXPECT_EQ(must(Concat{0}, {x, x}).encoding, Encoding::uint8);
  // A padding value has no code of its own, and codes of two scales do not mix.
  EXPECT_EQ(must(Pad{PadKind::constant, {{{1, 1}, {1, 1}}}}, {x}).encoding, Encoding::float32);
  EXPECT_EQ(must(Concat{0}, {x, encoded_as_uint8(random_tensor({3, 4}, 2))}).encoding, Encoding::float32);
}

TEST(EvaluateMoves, PadsQuantisedIntegersWithWholeNumbers) {
  Tensor x = encoded_as_uint8({{2}, {10, 265}});
  x.dtype = DType::int32;
  EXPECT_THAT(to_ints(must(Pad{PadKind::constant, {{{1, 0}}}, 7}, {x})), ElementsAre(7, 10, 265));
  EXPECT_THROW(must(Pad{PadKind::constant, {{{1, 0}}}, 3e9f}, {x}), Error);
}

TEST(EvaluateMoves, FollowsARearrange) {
  const Tensor x = int_list({1, 2, 3, 4, 5, 6});
  const auto moved = [&](const Rearrange& op, const Shape& shape) {
    return to_ints(*evaluate(op, {x}, {DType::int32, shape}));
  };
  EXPECT_THAT(moved({.extents = {{3, 1, 0, 3, 1}, {2, 1, 0, 2, 3}}}, {6}), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(moved({.extents = {{4, 2, -1, 6, 1}}, .value = 9}, {2, 2}), ElementsAre(9, 2, 4, 6));
  EXPECT_THAT(moved({.extents = {{4, -1, 1, 6, 1}}, .pad = PadKind::symmetric}, {4}),
              ElementsAre(2, 1, 1, 2));
  EXPECT_THROW(moved({.extents = {{4, 2, 0, 7, 1}}}, {4}), Error);
}

TEST(EvaluateMoves, TakesKernelsOfAnySizeWithoutDecodingThem) {
  const Tensor large = zeros({1001, 3, 1000});
  for (const Op& op : std::vector<Op>{Reshape{{3003, 1000}}, Transpose{{2, 0, 1}},
                                      Slice{{0, 0, 0}, {1001, 2, 1000}, {1, 2, 1}}}) {
    const std::optional<Tensor> moved = evaluated(op, {large});
    ASSERT_TRUE(moved) << name_of(op);
    EXPECT_EQ(moved->encoding, Encoding::uint8);
  }
}

}  // namespace
}  // namespace fragnet
