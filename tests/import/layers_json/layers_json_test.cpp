// Chains of PyTorch's layers, against plain loops and against PyTorch.
#include <algorithm>

#include "import/import_model.hpp"
#include "import/tensorflow/tf_graph.hpp"
#include "support/layers_folder.hpp"

namespace fragnet {
namespace {

// A picture of 4×5 pixels and two channels, and layers one after the other.
struct NpyCase {
  std::string layers, outputs;
  Weights weights;

  // `more`: what else layers.json says of it.
  NpyCase& add(const std::string& name, const std::string& op, const std::string& more = "") {
    layers +=
        (layers.empty() ? "" : ", ") + text("{\"name\": \"", name, "\", \"op\": \"", op, '"', more, '}');
    outputs = '"' + name + '"';
    return *this;
  }
  NpyCase& array(const std::string& name, const Shape& shape) {
    weights[name] = encoded(random_tensor(shape, static_cast<uint32_t>(weights.size() + 1)));
    return *this;
  }
  Graph import() const {
    const ModelFile model = parse_model(R"({"format": "fragnet-npy", "input": [4, 5, 2], "layers": [)" +
                                        layers + R"(], "outputs": [)" + outputs + "]}");
    return import_model(model, weights, choose_input_shapes(model_inputs(model), {}));
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
  model.array("conv/kernel", {3, 2, 3, 2}).array("conv/bias", {3});
  model.add("conv", "conv2d", R"(, "kernel": "k.npy", "bias": "b.npy", "stride": 2, "padding": 1)");
  const HostTensor x = random_tensor({1, 4, 5, 2}, 9);
  const HostTensor got = reference_run(model.import(), {x}).at(0);
  ASSERT_EQ(got.shape, (Shape{1, 2, 3, 3}));
  const std::vector<float> k = to_floats(model.weights.at("conv/kernel")),
                           b = to_floats(model.weights.at("conv/bias"));
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
  model.array("up/kernel", {2, 3, 4, 3});
  model.add("up", "conv2d_transpose",
            R"(, "kernel": "k.npy", "stride": 2, "padding": 1, "output_padding": 1)");
  const HostTensor x = random_tensor({1, 4, 5, 2}, 9);
  const HostTensor got = reference_run(model.import(), {x}).at(0);
  constexpr int height = 3 * 2 - 2 + 4 + 1, width = 4 * 2 - 2 + 3 + 1;
  ASSERT_EQ(got.shape, (Shape{1, height, width, 3}));
  const std::vector<float> k = to_floats(model.weights.at("up/kernel"));
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
  model.array("conv/kernel", {2, 2, 1, 1});
  model.add("twice", "upsample_nearest", R"(, "factor": 2)");
  model.add("conv", "conv2d", R"(, "kernel": "k.npy", "activation": "relu")");
  model.outputs = R"("conv", "twice")";
  const HostTensor x = random_tensor({1, 4, 5, 2}, 9);
  const Graph graph = model.import();
  EXPECT_EQ(graph.outputs.at(0).name, "conv");
  EXPECT_EQ(graph.outputs.at(1).name, "twice");
  const std::vector<HostTensor> got = reference_run(graph, {x});
  ASSERT_EQ(got.at(1).shape, (Shape{1, 8, 10, 2}));
  const std::vector<float> k = to_floats(model.weights.at("conv/kernel"));
  for (size_t pixel = 0; pixel < 80; ++pixel) {
    const size_t from = pixel / 10 / 2 * 5 + pixel % 10 / 2;
    for (size_t o = 0; o < 2; ++o) {
      EXPECT_EQ(got[1].values[pixel * 2 + o], x.values[from * 2 + o]);
      const float sum = x.values[from * 2] * k[o * 2] + x.values[from * 2 + 1] * k[o * 2 + 1];
      EXPECT_NEAR(got[0].values[pixel * 2 + o], std::max(sum, 0.f), 1e-6);
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
  const std::string kernel = R"(, "kernel": "k.npy")";
  const auto conv = [&](const Shape& shape, const std::string& more = "") {
    return NpyCase().array("conv/kernel", shape).add("conv", "conv2d", kernel + more);
  };
  expect_refused(NpyCase().add("x", "lstm"), code::unsupported_op,
                 "layer \"x\": the layer class \"lstm\" is not supported");
  expect_refused(NpyCase().add("x", "conv2d"), code::bad_weights,
                 "layer \"x\": its weight \"x/kernel\" is not among the 0 weights");
  expect_refused(conv({3, 2, 3}), code::bad_shape, "layer \"conv\": ");
  expect_refused(conv({3, 7, 3, 3}), code::bad_shape,
                 "layer \"conv\": the kernel wants 7 input channels, the input has 2");
  expect_refused(conv({3, 2, 6, 6}), code::bad_shape, "the kernel spans 6×6 pixels");
  expect_refused(conv({3, 2, 3, 3}, R"(, "stride": 0)"), code::bad_topology,
                 "layer \"conv\": `stride` must be a whole number from 1 to 65536, it is 0");
  expect_refused(conv({3, 2, 3, 3}, R"(, "padding": "same")"), code::bad_topology,
                 "layer \"conv\": `padding` must be a whole number");
  NpyCase whole = NpyCase().add("conv", "conv2d", kernel);
  whole.weights["conv/kernel"] = make_tensor({1, 2, 1, 1}, std::vector<int32_t>{1, 2});
  expect_refused(whole, code::bad_weights, "the weight \"conv/kernel\" must be float32, it is int32");
  expect_refused(conv({3, 2, 1, 1}, R"(, "bias": "b.npy")").array("conv/bias", {2}), code::bad_shape,
                 "layer \"conv\": the weight \"conv/bias\" must have 3 elements, its shape is [2]");
  expect_refused(conv({3, 2, 1, 1}, R"(, "activation": "swoosh")"), code::unsupported_op,
                 "layer \"conv\": the activation \"swoosh\" is not supported");
  expect_refused(conv({2, 2, 1, 1}).add("conv", "conv2d", kernel), code::bad_topology,
                 "two layers with the name \"conv\"");
  NpyCase elsewhere = conv({2, 2, 1, 1});
  elsewhere.outputs = R"("nowhere")";
  expect_refused(elsewhere, code::bad_topology, "\"nowhere\", which is not a layer");
  expect_refused(NpyCase().add("up", "upsample_nearest", R"(, "factor": 0)"), code::bad_topology,
                 "layer \"up\"");
  expect_refused(NpyCase().add("up", "upsample_nearest", R"(, "factor": 65536)"), code::too_large,
                 "layer \"up\"");
  expect_refused(NpyCase()
                     .array("up/kernel", {2, 2, 3, 3})
                     .add("up", "conv2d_transpose", kernel + R"(, "padding": 100)"),
                 code::bad_shape, "layer \"up\"");
}

TEST(ImportNpyModel, KeepsGroupsOfChannelsApart) {
  NpyCase model;
  model.array("conv/kernel", {4, 1, 3, 3});
  model.add("conv", "conv2d", R"(, "kernel": "k.npy", "groups": 2)");
  const Graph graph = model.import();
  ASSERT_FALSE(graph.nodes.empty());
  EXPECT_EQ(name_of(graph.nodes.back().op), "depthwise_conv2d");
  NpyCase transposed;
  transposed.array("up/kernel", {2, 2, 2, 2});
  transposed.add("up", "conv2d_transpose", R"(, "kernel": "k.npy", "groups": 2)");
  expect_refused(transposed, code::unsupported_op, "layer \"up\": `groups` is 2");
}

}  // namespace
}  // namespace fragnet
