// Shapes, reductions, pixels and single elements, as graph-models spell them.
#include "import/tensorflow/tf_graph.hpp"

namespace fragnet {
namespace {

// ---- Shapes ----

TEST(TfOps, ShapesAndTurns) {
  TfGraph squeeze;
  squeeze.count("x", {1, 2, 1}).add("y", "Squeeze", {"x"}, {{"squeeze_dims", Ints{-1}}});
  EXPECT_EQ(squeeze.known().shape, (Shape{1, 2}));
  TfGraph all;
  all.count("x", {1, 2, 1}).add("y", "Squeeze", {"x"}, {{"squeeze_dims", Ints{}}});
  EXPECT_EQ(all.known().shape, Shape{2});
  TfGraph expand;
  expand.count("x", {2, 3}).number("axis", -1).add("y", "ExpandDims", {"x", "axis"});
  EXPECT_EQ(expand.known().shape, (Shape{2, 3, 1}));
  TfGraph turn;
  turn.count("x", {2, 3}).ints("order", {1, 0}).ints("axes", {-1}).add("t", "Transpose", {"x", "order"});
  turn.add("y", "ReverseV2", {"t", "axes"});
  EXPECT_EQ(to_floats(turn.known()), (std::vector<float>{3, 0, 4, 1, 5, 2}));
  TfGraph tile;
  tile.count("x", {1, 2}).ints("repeats", {2, 1}).ints("shape", {2, 2, 2}).add("t", "Tile", {"x", "repeats"});
  tile.add("y", "BroadcastTo", {"t", "shape"});
  EXPECT_EQ(to_floats(tile.known()), (std::vector<float>{0, 1, 0, 1, 0, 1, 0, 1}));
  TfGraph odd;
  odd.count("x", {2, 3}).ints("shape", {4, -1}).add("y", "Reshape", {"x", "shape"});
  odd.expect_error(code::bad_shape, "layer \"y\": the input [2, 3] cannot be reshaped to [4, ?]");
  TfGraph narrow;
  narrow.count("x", {2, 3}).ints("shape", {1, 3}).add("y", "BroadcastTo", {"x", "shape"});
  narrow.expect_error(code::bad_shape, "layer \"y\": the shape [2, 3] cannot be broadcast to [1, 3]");
}

TEST(TfOps, Reduces) {
  TfGraph mean;
  mean.count("x", {2, 2, 2}).ints("axes", {-1, 0}).add("y", "Mean", {"x", "axes"}, {{"keep_dims", true}});
  EXPECT_EQ(mean.known().shape, (Shape{1, 2, 1}));
  EXPECT_EQ(to_floats(mean.known()), (std::vector<float>{2.5f, 4.5f}));
  TfGraph nothing;
  nothing.count("x", {2}).ints("axes", {}).add("y", "Sum", {"x", "axes"});
  EXPECT_EQ(to_floats(nothing.known()), (std::vector<float>{0, 1}));
  TfGraph best;
  best.count("x", {2, 3}).number("axis", 1).add("y", "ArgMax", {"x", "axis"});
  EXPECT_EQ(to_ints(best.known()), (std::vector<int32_t>{2, 2}));
  TfGraph beyond;
  beyond.count("x", {2, 3}).ints("axes", {2}).add("y", "Max", {"x", "axes"});
  beyond.expect_error(code::bad_shape, "layer \"y\": Max along axis 2 of a tensor of rank 2");
}

TEST(TfOps, TurnsChannelsIntoPixels) {
  TfGraph tf;
  tf.count("x", {1, 1, 2, 4}).add("y", "DepthToSpace", {"x"}, {{"block_size", int64_t{2}}});
  EXPECT_EQ(tf.known().shape, (Shape{1, 2, 4, 1}));
  EXPECT_EQ(to_floats(tf.known()), (std::vector<float>{0, 1, 4, 5, 2, 3, 6, 7}));
  TfGraph first;
  first.count("x", {1, 4, 1, 2});
  first.add("y", "DepthToSpace", {"x"}, {{"block_size", int64_t{2}}, {"data_format", std::string("NCHW")}});
  EXPECT_EQ(first.known().shape, (Shape{1, 1, 2, 4}));
  EXPECT_EQ(to_floats(first.known()), (std::vector<float>{0, 2, 1, 3, 4, 6, 5, 7}));
  for (const char* format : {"NHWC", "NCHW"}) {
    const Attributes attributes{{"block_size", int64_t{2}}, {"data_format", std::string(format)}};
    TfGraph both;
    both.count("x", {1, 8, 2, 8}).add("deep", "SpaceToDepth", {"x"}, attributes);
    both.add("y", "DepthToSpace", {"deep"}, attributes).count("z", {1, 8, 2, 8});
    both.topology.outputs = {{"y", "y", std::nullopt}};
    EXPECT_EQ(to_floats(both.known()), to_floats(both.weights["z"])) << format;
  }
  TfGraph odd;
  odd.count("x", {1, 1, 2, 6}).add("y", "DepthToSpace", {"x"}, {{"block_size", int64_t{2}}});
  odd.expect_error(code::bad_shape, "wants a multiple of 4 channels, the input has 6");
}

TEST(TfOps, DealsPixelsOutToBatches) {
  // One block size acts on the height alone.
  TfGraph rows;
  rows.input("x", {1, 3, 2, 1})
      .ints("block", {2})
      .constant("margins", make_tensor({1, 2}, std::vector<int32_t>{1, 0}));
  rows.add("y", "SpaceToBatchND", {"x", "block", "margins"});
  const HostTensor dealt = rows.run({{{1, 3, 2, 1}, {1, 2, 3, 4, 5, 6}}})[0];
  EXPECT_EQ(dealt.shape, (Shape{2, 2, 2, 1}));
  EXPECT_EQ(dealt.values, (std::vector<float>{0, 0, 3, 4, 1, 2, 5, 6}));

  // A line of sound, and back.
  TfGraph line;
  line.input("x", {1, 4, 2})
      .ints("block", {2})
      .constant("none", make_tensor({1, 2}, std::vector<int32_t>{0, 0}));
  line.add("dealt", "SpaceToBatchND", {"x", "block", "none"})
      .add("y", "BatchToSpaceND", {"dealt", "block", "none"});
  line.topology.outputs = {{"dealt", "dealt", std::nullopt}, {"y", "y", std::nullopt}};
  const HostTensor x{{1, 4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}};
  const std::vector<HostTensor> results = line.run({x});
  EXPECT_EQ(results[0].shape, (Shape{2, 2, 2}));
  EXPECT_EQ(results[0].values, (std::vector<float>{1, 2, 5, 6, 3, 4, 7, 8}));
  EXPECT_EQ(results[1].values, x.values);

  TfGraph cube;
  cube.input("x", {1, 2, 2, 2, 1}).ints("block", {2, 2, 2});
  cube.constant("none", make_tensor({3, 2}, std::vector<int32_t>(6, 0)))
      .add("y", "SpaceToBatchND", {"x", "block", "none"});
  cube.expect_error(code::unsupported_op, "SpaceToBatchND with 3 block sizes");
}

TEST(TfOps, Resizes) {
  TfGraph tf;
  tf.input("x", {1, 2, 2, 1}).ints("size", {4, 6});
  tf.add("y", "ResizeNearestNeighbor", {"x", "size"}, {{"half_pixel_centers", true}});
  tf.add("z", "ResizeBilinear", {"x", "size"}, {{"align_corners", true}});
  const Graph graph = tf.import();
  const Resize nearest = std::get<Resize>(graph.nodes[0].op), bilinear = std::get<Resize>(graph.nodes[1].op);
  EXPECT_TRUE(nearest.kind == ResizeKind::nearest && nearest.half_pixel_centers && !nearest.align_corners);
  EXPECT_TRUE(bilinear.kind == ResizeKind::bilinear && !bilinear.half_pixel_centers &&
              bilinear.align_corners);
  EXPECT_EQ(nearest.output, (std::array<int, 2>{4, 6}));
}

// ---- Elements ----

TEST(TfOps, ComputesElementByElement) {
  TfGraph clip;
  clip.count("x", {4}).number("low", 1.0f).number("high", 2.0f).add("y", "ClipByValue", {"x", "low", "high"});
  EXPECT_EQ(to_floats(clip.known()), (std::vector<float>{1, 1, 2, 2}));
  TfGraph safe;
  safe.count("x", {3})
      .constant("d", make_tensor({3}, std::vector<float>{0, 0, 4}))
      .add("y", "DivNoNan", {"x", "d"});
  EXPECT_EQ(to_floats(safe.known()), (std::vector<float>{0, 0, 0.5f}));
  TfGraph sum;
  sum.count("a", {2}).count("b", {2}).count("c", {2}).add("y", "AddN", {"a", "b", "c"});
  EXPECT_EQ(to_floats(sum.known()), (std::vector<float>{0, 3}));
  TfGraph rows;
  rows.constant("which", make_tensor({2}, std::vector<int32_t>{1, 0}, DType::boolean));
  rows.count("a", {2, 2}).constant("b", make_tensor({2, 2}, std::vector<float>{9, 9, 9, 9}));
  rows.add("y", "Select", {"which", "a", "b"});
  EXPECT_EQ(to_floats(rows.known()), (std::vector<float>{0, 1, 9, 9}));
  TfGraph leaky;
  leaky.number("x", -10.0f).add("y", "LeakyRelu", {"x"});
  EXPECT_FLOAT_EQ(to_floats(leaky.known())[0], -2);
  TfGraph elu;
  elu.number("x", -1.0f).add("y", "Elu", {"x"});
  EXPECT_NEAR(to_floats(elu.known())[0], -0.6321206, 1e-6);
  TfGraph soft;
  soft.constant("x", make_tensor({1, 2}, std::vector<float>{0, 0})).add("y", "Softmax", {"x"});
  EXPECT_EQ(to_floats(soft.known()), (std::vector<float>{0.5f, 0.5f}));
}

TEST(TfOps, NamesAnAttributeOfTheWrongKind) {
  TfGraph tf;
  tf.input("x", {2}).add("y", "LeakyRelu", {"x"}, {{"alpha", std::string("steep")}});
  tf.expect_error(code::bad_topology, "layer \"y\": its attribute \"alpha\" is not a number");
}

}  // namespace
}  // namespace fragnet
