// Parts of tensors and tensors of parts, as graph-models spell them.
#include "import/tensorflow/tf_graph.hpp"

namespace fragnet {
namespace {

// ---- StridedSlice ----

struct SliceCase {
  const char* python;  // of x = arange(24).reshape(2, 3, 4)
  std::vector<int32_t> begin, end, stride;
  std::map<std::string, int64_t> masks;
  Shape shape;
  std::vector<float> values;
};
void PrintTo(const SliceCase& it, std::ostream* out) {
  *out << it.python;
}

class TfStridedSlice : public testing::TestWithParam<SliceCase> {};

TEST_P(TfStridedSlice, TakesWhatPythonTakes) {
  const SliceCase& it = GetParam();
  TfGraph tf;
  tf.count("x", {2, 3, 4}).ints("begin", it.begin).ints("end", it.end).ints("stride", it.stride);
  Attributes masks;
  for (const auto& [name, mask] : it.masks) masks[name] = mask;
  tf.add("y", "StridedSlice", {"x", "begin", "end", "stride"}, masks);
  EXPECT_EQ(tf.known().shape, it.shape);
  EXPECT_EQ(to_floats(tf.known()), it.values);
}

INSTANTIATE_TEST_SUITE_P(
    Python, TfStridedSlice,
    testing::Values(
        SliceCase{"x[1:2, 0:1]", {1, 0}, {2, 1}, {1, 1}, {}, {1, 1, 4}, {12, 13, 14, 15}},
        SliceCase{"x[1:, :1, :2]",
                  {1, 9, 9},
                  {9, 1, 2},
                  {1, 1, 1},
                  {{"begin_mask", 6}, {"end_mask", 1}},
                  {1, 1, 2},
                  {12, 13}},
        SliceCase{
            "x[-1, 2, 1:3]", {-1, 2, 1}, {0, 3, 3}, {1, 1, 1}, {{"shrink_axis_mask", 3}}, {2}, {21, 22}},
        SliceCase{"x[:, 1, ::2]",
                  {9, 1, 9},
                  {9, 2, 9},
                  {1, 1, 2},
                  {{"begin_mask", 5}, {"end_mask", 5}, {"shrink_axis_mask", 2}},
                  {2, 2},
                  {4, 6, 16, 18}},
        SliceCase{"x[0, 0, ::-1]",
                  {0, 0, 0},
                  {1, 1, 0},
                  {1, 1, -1},
                  {{"begin_mask", 4}, {"end_mask", 4}, {"shrink_axis_mask", 3}},
                  {4},
                  {3, 2, 1, 0}},
        SliceCase{
            "x[0, 0, 3:0:-2]", {0, 0, 3}, {1, 1, 0}, {1, 1, -2}, {{"shrink_axis_mask", 3}}, {2}, {3, 1}},
        SliceCase{"x[..., 1]",
                  {0, 1},
                  {0, 2},
                  {1, 1},
                  {{"ellipsis_mask", 1}, {"shrink_axis_mask", 2}},
                  {2, 3},
                  {1, 5, 9, 13, 17, 21}},
        SliceCase{"x[1, ..., newaxis, 3:99]",
                  {1, 0, 0, 3},
                  {2, 0, 0, 99},
                  {1, 1, 1, 1},
                  {{"ellipsis_mask", 2}, {"new_axis_mask", 4}, {"shrink_axis_mask", 1}},
                  {3, 1, 1},
                  {15, 19, 23}},
        SliceCase{"x[newaxis, 0:1, ..., 0:1, 0:1]",
                  {0, 0, 0, 0, 0},
                  {0, 1, 0, 1, 1},
                  {1, 1, 1, 1, 1},
                  {{"ellipsis_mask", 4}, {"new_axis_mask", 1}},
                  {1, 1, 1, 1},
                  {0}}));

TEST(TfSlice, RefusesSlicesThatLeaveTheTensor) {
  TfGraph tf;
  tf.count("x", {2, 3}).ints("begin", {5}).ints("end", {6}).ints("stride", {1});
  tf.add("y", "StridedSlice", {"x", "begin", "end", "stride"}, {{"shrink_axis_mask", int64_t{1}}});
  tf.expect_error(code::bad_shape, "layer \"y\": StridedSlice takes index 5 of an axis with 2 elements");
  TfGraph still;
  still.count("x", {2, 3}).ints("begin", {0}).ints("end", {2}).ints("stride", {0});
  still.add("y", "StridedSlice", {"x", "begin", "end", "stride"});
  still.expect_error(code::bad_shape, "a stride of 0");
  TfGraph many;
  many.count("x", {2})
      .ints("list", {0, 0})
      .ints("one", {1, 1})
      .add("y", "StridedSlice", {"x", "list", "one", "one"});
  many.expect_error(code::bad_shape, "names 2 axes");
}

// ---- Parts and shapes ----

TEST(TfSlice, SplitsAndPacks) {
  TfGraph tf;
  tf.count("x", {2, 3})
      .number("axis", -1)
      .ints("sizes", {1, -1})
      .add("parts", "SplitV", {"x", "sizes", "axis"});
  tf.add("rows", "Unpack", {"parts:1"}, {{"axis", int64_t{1}}, {"num", int64_t{2}}});
  tf.add("y", "Pack", {"rows:1", "rows:0"}, {{"axis", int64_t{-1}}});
  EXPECT_EQ(to_floats(tf.known()), (std::vector<float>{2, 1, 5, 4}));
  TfGraph uneven;
  uneven.count("x", {2, 3}).number("axis", 1).add("y", "Split", {"axis", "x"}, {{"num_split", int64_t{2}}});
  uneven.expect_error(code::bad_shape, "Split of 3 elements into 2 equal parts");
  TfGraph none;
  none.count("x", {2, 3}).number("axis", 1).add("y", "Split", {"axis", "x"}, {{"num_split", int64_t{0}}});
  none.expect_error(code::bad_shape, "Split into 0 parts");
  TfGraph many;
  many.input("x", {100000}).add("y", "Unpack", {"x"});
  many.expect_error(code::bad_shape, "Unpack into 100000 parts");
}

TEST(TfSlice, JoinsAlongTheAxisOfBothConcats) {
  for (const bool axis_first : {false, true}) {
    TfGraph tf;
    tf.count("a", {1, 2}).count("b", {1, 1}).number("axis", -1);
    tf.add(
        "y", axis_first ? "Concat" : "ConcatV2",
        axis_first ? std::vector<std::string>{"axis", "a", "b"} : std::vector<std::string>{"a", "b", "axis"});
    EXPECT_EQ(to_floats(tf.known()), (std::vector<float>{0, 1, 0}));
  }
}

TEST(TfSlice, CutsPadsAndGathers) {
  TfGraph slice;
  slice.count("x", {2, 3})
      .ints("begin", {0, 1})
      .ints("size", {1, -1})
      .add("y", "Slice", {"x", "begin", "size"});
  EXPECT_EQ(to_floats(slice.known()), (std::vector<float>{1, 2}));
  TfGraph pad;
  pad.count("x", {2})
      .constant("margins", make_tensor({1, 2}, std::vector<int32_t>{1, 2}))
      .number("seven", 7.0f);
  pad.add("y", "PadV2", {"x", "margins", "seven"});
  EXPECT_EQ(to_floats(pad.known()), (std::vector<float>{7, 0, 1, 7, 7}));
  for (const bool symmetric : {false, true}) {
    TfGraph mirror;
    mirror.count("x", {3}).constant("margins", make_tensor({1, 2}, std::vector<int32_t>{2, 0}));
    mirror.add("y", "MirrorPad", {"x", "margins"},
               {{"mode", std::string(symmetric ? "SYMMETRIC" : "REFLECT")}});
    EXPECT_EQ(to_floats(mirror.known()),
              symmetric ? (std::vector<float>{1, 0, 0, 1, 2}) : (std::vector<float>{2, 1, 0, 1, 2}));
  }
  TfGraph gather;
  gather.count("x", {2, 3})
      .number("axis", 1)
      .constant("list", make_tensor({1, 2}, std::vector<int32_t>{2, 0}));
  gather.add("y", "GatherV2", {"x", "list", "axis"});
  EXPECT_EQ(gather.known().shape, (Shape{2, 1, 2}));
  EXPECT_EQ(to_floats(gather.known()), (std::vector<float>{2, 0, 5, 3}));
  TfGraph row;
  row.count("x", {2, 3}).number("index", 1).add("y", "Gather", {"x", "index"});
  EXPECT_EQ(row.known().shape, Shape{3});
  EXPECT_EQ(to_floats(row.known()), (std::vector<float>{3, 4, 5}));
}

}  // namespace
}  // namespace fragnet
