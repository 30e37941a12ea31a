// The shipped autoencoders as shaders: every layer gives what PyTorch gives.
#include "support/gl_cases.hpp"
#include "support/layers_folder.hpp"

namespace fragnet {
namespace {

class Autoencoder : public testing::TestWithParam<const char*> {};

TEST_P(Autoencoder, GivesWhatPyTorchGivesLayerByLayer) {
  const LayersFolder folder = read_autoencoder(GetParam());
  ASSERT_FALSE(folder.inputs.empty());
  for (size_t i = 0; i < folder.inputs.size(); ++i) {
    const std::vector<HostTensor> got = run_on_device(folder.graph, {folder.inputs[i]});
    ASSERT_EQ(got.size(), folder.outputs[i].size());
    for (size_t k = 0; k < got.size(); ++k) {
      EXPECT_EQ(difference(got[k], folder.outputs[i][k], 1e-4), "")
          << folder.graph.outputs[k].name << " of picture " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, Autoencoder, testing::Values("transposed", "nearest"),
                         [](const auto& model) { return std::string(model.param); });

}  // namespace
}  // namespace fragnet
