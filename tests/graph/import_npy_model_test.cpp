// Chains of PyTorch's layers, against plain loops and against PyTorch.
#include "graph/tf_graph.hpp"
#include "support/layers_folder.hpp"

namespace fragnet {
namespace {

struct NpyCase {
  NpyTopology topology{.input = {4, 5, 2}};
  Weights weights;

  NpyCase& add(NpyLayer layer) {
    topology.outputs = {layer.name};
    topology.layers.push_back(std::move(layer));
    return *this;
  }
  NpyCase& array(const std::string& name, const Shape& shape) {
    weights[name] = encoded(random_tensor(shape, static_cast<uint32_t>(weights.size() + 1)));
    return *this;
  }
  Graph import() const {
    return import_npy_model(topology, weights, choose_input_shapes(npy_model_inputs(topology), {}));
  }
};

void expect_refused(const NpyCase& model, std::string_view code, const std::string& sentence) {
  try {
    model.import();
    ADD_FAILURE() << "no error, wanted: " << sentence;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(sentence));
  }
}

// PyTorch's definition, with kernel (O, I, kh, kw): out[o, y, x] = b[o] + Σ in[i, y·s - p + ky, x·s - p + kx] · k[o, i, ky, kx].
TEST(ImportNpyModel, ConvolvesAsPyTorchDoes) {
  NpyCase model;
  model.array("k", {3, 2, 3, 2}).array("b", {3});
  model.add({.name = "conv", .op = "conv2d", .kernel = "k", .bias = "b", .stride = 2, .padding = 1});
  const HostTensor x = random_tensor({1, 4, 5, 2}, 9);
  const HostTensor got = reference_run(model.import(), {x}).at(0);
  ASSERT_EQ(got.shape, (Shape{1, 2, 3, 3}));
  const std::vector<float> k = to_floats(model.weights.at("k")), b = to_floats(model.weights.at("b"));
  for (int y = 0, at = 0; y < 2; ++y) {
    for (int column = 0; column < 3; ++column) {
      for (int o = 0; o < 3; ++o, ++at) {
        double sum = b[static_cast<size_t>(o)];
        for (int i = 0; i < 2; ++i) {
          for (int ky = 0; ky < 3; ++ky) {
            for (int kx = 0; kx < 2; ++kx) {
              const int from_y = 2 * y - 1 + ky, from_x = 2 * column - 1 + kx;
              if (from_y < 0 || from_y >= 4 || from_x < 0 || from_x >= 5) continue;
              sum += double{x.values[static_cast<size_t>((from_y * 5 + from_x) * 2 + i)]} *
                     k[static_cast<size_t>(((o * 2 + i) * 3 + ky) * 2 + kx)];
            }
          }
        }
        EXPECT_NEAR(got.values[static_cast<size_t>(at)], sum, 1e-5) << at;
      }
    }
  }
}

// With kernel (I, O, kh, kw): every input pixel adds in[i, y, x] · k[i, o, ky, kx] to out[o, y·s - p + ky, x·s - p + kx].
TEST(ImportNpyModel, ConvolvesTransposedAsPyTorchDoes) {
  NpyCase model;
  model.array("k", {2, 3, 4, 3});
  model.add({.name = "up",
             .op = "conv2d_transpose",
             .kernel = "k",
             .stride = 2,
             .padding = 1,
             .output_padding = 1});
  const HostTensor x = random_tensor({1, 4, 5, 2}, 9);
  const HostTensor got = reference_run(model.import(), {x}).at(0);
  constexpr int height = 3 * 2 - 2 + 4 + 1, width = 4 * 2 - 2 + 3 + 1;
  ASSERT_EQ(got.shape, (Shape{1, height, width, 3}));
  const std::vector<float> k = to_floats(model.weights.at("k"));
  std::vector<double> want(got.values.size());
  for (int y = 0; y < 4; ++y) {
    for (int column = 0; column < 5; ++column) {
      for (int i = 0; i < 2; ++i) {
        for (int o = 0; o < 3; ++o) {
          for (int ky = 0; ky < 4; ++ky) {
            for (int kx = 0; kx < 3; ++kx) {
              const int to_y = 2 * y - 1 + ky, to_x = 2 * column - 1 + kx;
              if (to_y < 0 || to_y >= height || to_x < 0 || to_x >= width) continue;
              want[static_cast<size_t>((to_y * width + to_x) * 3 + o)] +=
                  double{x.values[static_cast<size_t>((y * 5 + column) * 2 + i)]} *
                  k[static_cast<size_t>(((i * 3 + o) * 4 + ky) * 3 + kx)];
            }
          }
        }
      }
    }
  }
  for (size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got.values[i], want[i], 1e-5) << i;
}

TEST(ImportNpyModel, EnlargesToTheNearestPixelAndActivates) {
  NpyCase model;
  model.array("k", {2, 2, 1, 1});
  model.add({.name = "twice", .op = "upsample_nearest", .factor = 2});
  model.add({.name = "conv", .op = "conv2d", .kernel = "k", .activation = "leaky_relu"});
  model.topology.outputs = {"conv", "twice"};
  const HostTensor x = random_tensor({1, 4, 5, 2}, 9);
  const std::vector<HostTensor> got = reference_run(model.import(), {x});
  ASSERT_EQ(got.at(1).shape, (Shape{1, 8, 10, 2}));
  const std::vector<float> k = to_floats(model.weights.at("k"));
  for (size_t pixel = 0; pixel < 80; ++pixel) {
    const size_t from = pixel / 10 / 2 * 5 + pixel % 10 / 2;
    for (size_t o = 0; o < 2; ++o) {
      EXPECT_EQ(got[1].values[pixel * 2 + o], x.values[from * 2 + o]);
      const float sum = x.values[from * 2] * k[o * 2] + x.values[from * 2 + 1] * k[o * 2 + 1];
      EXPECT_NEAR(got[0].values[pixel * 2 + o], sum > 0 ? sum : 0.01f * sum, 1e-6);
    }
  }
}

class ShippedAutoencoder : public testing::TestWithParam<const char*> {};

TEST_P(ShippedAutoencoder, IsWhatPyTorchTrained) {
  const LayersFolder folder = read_autoencoder(GetParam());
  for (size_t i = 0; i < folder.inputs.size(); ++i) {
    const std::vector<HostTensor> got = reference_run(folder.graph, {folder.inputs[i]});
    for (size_t k = 0; k < got.size(); ++k) {
      EXPECT_EQ(difference(got[k], folder.outputs[i].at(k), 1e-4), "") << folder.graph.outputs[k].name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(ImportNpyModel, ShippedAutoencoder, testing::Values("transposed", "nearest"),
                         [](const auto& model) { return std::string(model.param); });

TEST(ImportNpyModel, RefusesWhatDoesNotFit) {
  const NpyLayer conv{.name = "conv", .op = "conv2d", .kernel = "k"};
  expect_refused(NpyCase().add({.name = "x", .op = "lstm"}), code::unsupported_op,
                 "layer \"x\": the operation \"lstm\" is not supported");
  expect_refused(NpyCase().add({.name = "x", .op = "conv2d"}), code::bad_weights,
                 "layer \"x\" has no kernel");
  expect_refused(NpyCase().array("k", {3, 2, 3}).add(conv), code::bad_shape,
                 "layer \"conv\": \"k\" must hold float32 of rank 4, it has float32 of the shape [3, 2, 3]");
  expect_refused(NpyCase().array("k", {3, 7, 3, 3}).add(conv), code::bad_shape,
                 "layer \"conv\": the kernel wants 7 input channels, the input has 2");
  expect_refused(NpyCase().array("k", {3, 2, 6, 6}).add(conv), code::bad_shape,
                 "the kernel spans 6×6 pixels");
  NpyLayer still = conv;
  still.stride = 0;
  expect_refused(NpyCase().array("k", {3, 2, 3, 3}).add(still), code::bad_shape, "the stride 0×0");
  NpyCase whole;
  whole.weights["k"] = make_tensor({1, 2, 1, 1}, std::vector<int32_t>{1, 2});
  expect_refused(whole.add(conv), code::bad_shape, "it has int32 of the shape [1, 2, 1, 1]");
  NpyLayer biased = conv;
  biased.bias = "b";
  expect_refused(NpyCase().array("k", {3, 2, 1, 1}).array("b", {2}).add(biased), code::bad_shape,
                 "layer \"conv\": \"b\" has the shape [2], the kernel makes 3 channels");
  NpyLayer odd = conv;
  odd.activation = "swoosh";
  expect_refused(NpyCase().array("k", {3, 2, 1, 1}).add(odd), code::unsupported_op,
                 "layer \"conv\": the activation \"swoosh\" is not supported");
  expect_refused(NpyCase().array("k", {2, 2, 1, 1}).add(conv).add(conv), code::bad_topology,
                 "two layers are called \"conv\"");
  NpyCase elsewhere = NpyCase().array("k", {2, 2, 1, 1}).add(conv);
  elsewhere.topology.outputs = {"nowhere"};
  expect_refused(elsewhere, code::bad_topology, "the output \"nowhere\" is no layer");
  expect_refused(NpyCase().add({.name = "up", .op = "upsample_nearest", .factor = 0}), code::bad_shape,
                 "layer \"up\"");
  expect_refused(NpyCase().add({.name = "up", .op = "upsample_nearest", .factor = 65536}), code::too_large,
                 "layer \"up\"");
  NpyLayer up{.name = "up", .op = "conv2d_transpose", .kernel = "k", .padding = 100};
  expect_refused(NpyCase().array("k", {2, 2, 3, 3}).add(up), code::bad_shape, "layer \"up\"");
}

}  // namespace
}  // namespace fragnet
