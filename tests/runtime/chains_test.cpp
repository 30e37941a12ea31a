// What is fused, folded or moved about gives what its layers give one by one.
#include "cases/layout_chain_cases.hpp"
#include "cases/network_chain_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

class Chain : public testing::TestWithParam<ChainCase> {};

TEST_P(Chain, GivesWhatItsLayersGiveOneByOne) {
  const GraphCase built = graph_of(GetParam());
  EXPECT_TRUE(device_agrees(built.graph, built.inputs));
}

INSTANTIATE_TEST_SUITE_P(BatchNorm, Chain, testing::ValuesIn(batch_norm_cases()), case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Activation, Chain, testing::ValuesIn(activation_cases()), case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Concat, Chain, testing::ValuesIn(concat_chain_cases()), case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Padding, Chain, testing::ValuesIn(padding_cases()), case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Dilation, Chain, testing::ValuesIn(dilation_cases()), case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Movement, Chain, testing::ValuesIn(movement_chain_cases()), case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Normalisation, Chain, testing::ValuesIn(normalisation_cases()),
                         case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Attention, Chain, testing::ValuesIn(attention_cases()), case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Network, Chain, testing::ValuesIn(network_cases()), case_name_of<ChainCase>);

// Half-float targets with sums in full precision: each layer rounds its result to eleven bits.
class HalfPrecisionChain : public testing::TestWithParam<ChainCase> {};

TEST_P(HalfPrecisionChain, StaysCloseToTheReference) {
  const GraphCase built = graph_of(GetParam());
  EXPECT_TRUE(device_agrees(built.graph, built.inputs, 5e-3, Precision::fp16));
}

INSTANTIATE_TEST_SUITE_P(BatchNorm, HalfPrecisionChain, testing::ValuesIn(batch_norm_cases()),
                         case_name_of<ChainCase>);
INSTANTIATE_TEST_SUITE_P(Network, HalfPrecisionChain, testing::ValuesIn(network_cases()),
                         case_name_of<ChainCase>);

}  // namespace
}  // namespace fragnet
