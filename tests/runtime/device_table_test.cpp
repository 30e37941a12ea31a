// Every device of the list × every published network: in the tier that the ladder chooses there, with the reason that it gives,
// the numbers are right. The small networks are compared in every run; the whole table takes half an hour:
//
//   runtime_tests --gtest_also_run_disabled_tests --gtest_filter='*DeviceTable*' | grep targets
#include <algorithm>
#include <cstdio>
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "cases/device_cases.hpp"
#include "support/gl_cases.hpp"
#include "support/likeness.hpp"
#include "support/published_models.hpp"

namespace fragnet {
namespace {

// A name of the zoo, or of a generator; `gain` as generator() has it.
struct TableModel {
  std::string name;
  double gain = 0;  // 0: of the zoo
};

std::string label_of(const TableModel& model) {
  return model.name + (model.gain > 1 ? ", not normalised" : "");
}

std::ostream& operator<<(std::ostream& out, const TableModel& model) {
  return out << label_of(model);
}

bool is_there(const TableModel& model) {
  return model.gain > 0 ? has_generator(model.name) : has_zoo_model(model.name);
}

// With the outputs that are right: of the zoo TensorFlow.js's, of a generator those of full precision without lies. Kept for
// the next device, as the table goes through all devices with one model.
const PublishedModel& model_and_outputs(const TableModel& wanted) {
  static std::string kept;
  static PublishedModel model;
  const std::string name = label_of(wanted);
  if (kept != name) {
    model = wanted.gain > 0 ? generator(wanted.name, wanted.gain) : zoo_model(wanted.name);
    if (wanted.gain > 0) model.outputs = run_on_device(model.graph, model.inputs, Precision::fp32);
    kept = name;
  }
  return model;
}

class DeviceTable : public testing::TestWithParam<std::tuple<TableModel, DeviceCase>> {};

TEST_P(DeviceTable, GivesTheRightNumbers) {
  const auto& [wanted, smaller] = GetParam();
  if (!is_there(wanted)) GTEST_SKIP();
  native_device();
  const PublishedModel& model = model_and_outputs(wanted);
  const LyingDevice lying(smaller.lies);
  const Device device = query_device(Precision::automatic);
  const Tier tier = choose_tier(Precision::automatic, device);
  EXPECT_EQ(tier.precision, smaller.precision);
  EXPECT_EQ(tier.targets, smaller.targets);
  EXPECT_THAT(reason_of(tier, device), testing::HasSubstr(smaller.reason));
  const Likeness found =
      likeness(run_on_device(model.graph, model.inputs, NetworkOptions{}, device), model.outputs);
  std::printf("%-34s %-42s %-5s %d targets %6.1f dB, furthest %.3f %%\n", label_of(wanted).c_str(),
              smaller.name.c_str(), to_string(tier.precision).c_str(), tier.targets, found.decibels,
              100 * found.furthest);
  switch (tier.precision) {
    case Precision::fp16:
      EXPECT_GE(found.decibels, 40);
      break;
    case Precision::rgba8:
      EXPECT_LE(found.furthest, 0.05);
      break;
    default:
      EXPECT_LE(found.furthest, 1e-3);
  }
  EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
}

std::vector<TableModel> small_models() {
  return {{"mnist-conv-ae"}, {"espcn-x2"}, {"meet-seg-128x128"}};
}

std::vector<TableModel> all_models() {
  std::vector<TableModel> models;
  for (const char* name : zoo_names()) models.push_back({name});
  for (const double gain : {1, 6}) {
    for (const char* name : generator_names()) models.push_back({name, gain});
  }
  return models;
}

std::string name_of_cell(const testing::TestParamInfo<DeviceTable::ParamType>& cell) {
  const auto& [model, device] = cell.param;
  std::string name = text(model.name, model.gain > 1 ? "_not_normalised_on_" : "_on_", device.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Small, DeviceTable,
                         testing::Combine(testing::ValuesIn(small_models()),
                                          testing::ValuesIn(device_cases())),
                         name_of_cell);
INSTANTIATE_TEST_SUITE_P(DISABLED_Whole, DeviceTable,
                         testing::Combine(testing::ValuesIn(all_models()), testing::ValuesIn(device_cases())),
                         name_of_cell);

}  // namespace
}  // namespace fragnet
