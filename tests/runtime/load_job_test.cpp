// A load is an object: it goes through its stages, ends in a network that computes what it should, and can be dropped behind
// any step without leaving anything on the device or in the heap.
#include "runtime/load_job.hpp"

#include <cstring>
#include <gmock/gmock.h>
#include <malloc.h>
#include <set>

#include "base/error.hpp"
#include "support/gl_fixture.hpp"
#include "support/gl_lies.hpp"
#include "support/gl_objects.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

using Stage = LoadJob::Stage;

constexpr const char* model_json =
    R"({"format": "layers-model", "modelTopology": {"class_name": "Sequential", "config": {
  "name": "tiny", "layers": [
    {"class_name": "Conv2D", "config": {"name": "down", "batch_input_shape": [null, 16, 16, 3], "filters": 32,
      "kernel_size": [4, 4], "strides": [2, 2], "padding": "same", "activation": "relu"}},
    {"class_name": "Conv2D", "config": {"name": "deep", "filters": 64, "kernel_size": [3, 3], "padding": "same",
      "activation": "relu"}},
    {"class_name": "Conv2DTranspose", "config": {"name": "up", "filters": 3, "kernel_size": [4, 4], "strides": [2, 2],
      "padding": "same"}}]}},
  "weightsManifest": [{"paths": ["w.bin"], "weights": [
    {"name": "down/kernel", "shape": [4, 4, 3, 32], "dtype": "float32"}, {"name": "down/bias", "shape": [32], "dtype": "float32"},
    {"name": "deep/kernel", "shape": [3, 3, 32, 64], "dtype": "float32"}, {"name": "deep/bias", "shape": [64], "dtype": "float32"},
    {"name": "up/kernel", "shape": [4, 4, 3, 64], "dtype": "float32"}, {"name": "up/bias", "shape": [3], "dtype": "float32"}]}]})";

std::vector<uint8_t> weight_bytes(int64_t count) {
  const HostTensor numbers = random_tensor({static_cast<int>(count / 4)}, 5);
  std::vector<uint8_t> bytes(static_cast<size_t>(count));
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    const float small = numbers.values[i] / 8;
    std::memcpy(bytes.data() + i * sizeof small, &small, sizeof small);
  }
  return bytes;
}

class Load {
 public:
  explicit Load(const LoadSettings& settings = {}, const Device& device = native_device())
      : job(parse_model_json(model_json), device, settings) {}

  // One step, or what comes from outside: half of the weights after some steps of rehearsal, the other half where the job
  // waits for them.
  void go_on() {
    job.step(0);
    if (job.stage() == Stage::rehearse && ++rehearsed_ == 3) append(job.groups().at(0).bytes / 2);
    if (job.stage() == Stage::wait) {
      append(job.groups().at(0).bytes - sent_);
      job.finish_weights();
    }
    stages.insert(job.stage());
  }
  void run_to(Stage stage) {
    while (job.stage() < stage) go_on();
  }

  LoadJob job;
  std::set<Stage> stages;

 private:
  void append(int64_t count) {
    const std::vector<uint8_t> all = weight_bytes(job.groups().at(0).bytes);
    std::memcpy(job.append(0, static_cast<int>(count)), all.data() + sent_, static_cast<size_t>(count));
    sent_ += count;
  }

  int rehearsed_ = 0;
  int64_t sent_ = 0;
};

HostTensor wanted(const HostTensor& picture) {
  ModelFile file = parse_model(model_json);
  const auto bytes = std::make_shared<std::vector<uint8_t>>(weight_bytes(file.groups.at(0).bytes));
  Weights weights;
  read_weights(file.groups[0], bytes, weights);
  return reference_run(import_model(file, weights, {}), {picture}).at(0);
}

std::string fault_of(Network& network, double tolerance = fp32_tolerance) {
  const HostTensor picture = random_tensor({1, 16, 16, 3}, 3);
  network.write_input(0, picture.values);
  network.run();
  return difference({network.outputs().at(0).shape, network.read_output(0)}, wanted(picture), tolerance);
}

TEST(LoadJob, GoesThroughItsStagesToANetworkThatIsRight) {
  Load load({.precision = Precision::fp32, .tune_ms = 50});
  load.run_to(Stage::refine);
  EXPECT_TRUE(load.job.is_usable());
  EXPECT_EQ(fault_of(load.job.network()), "") << "usable";
  load.run_to(Stage::done);
  EXPECT_EQ(fault_of(load.job.network()), "") << "done";
  for (const Stage stage : {Stage::parse, Stage::rehearse, Stage::import, Stage::upload, Stage::compile,
                            Stage::refine, Stage::tune, Stage::done})
    EXPECT_EQ(load.stages.count(stage), 1u) << static_cast<int>(stage);
  EXPECT_EQ(load.stages.count(Stage::trials), 0u);
  EXPECT_TRUE(load.job.found_tuning());
  EXPECT_EQ(load.job.warnings(), std::vector<std::string>());
}

TEST(LoadJob, TriesBlocksFirstWhereThatIsAskedFor) {
  Load load({.precision = Precision::fp32, .tune_ms = 5000, .tunes_first = true});
  load.run_to(Stage::done);
  EXPECT_EQ(load.stages.count(Stage::trials), 1u);
  EXPECT_EQ(load.stages.count(Stage::tune), 0u);
  ASSERT_TRUE(load.job.found_tuning());
  EXPECT_FALSE(load.job.found_tuning()->empty());
  EXPECT_EQ(fault_of(load.job.network()), "");
}

TEST(LoadJob, LeavesNothingOnTheDeviceWhereverItIsDropped) {
  native_device();
  const std::string before = gl_objects();
  for (const Precision precision : {Precision::fp32, Precision::fp16, Precision::rgba8}) {
    bool is_done = false;
    std::string most = before;
    // The first steps one by one, later ones with gaps.
    for (int steps = 0; !is_done; steps += 1 + steps / 12) {
      {
        Load load({.precision = precision, .tune_ms = 20});
        for (int i = 0; i < steps && load.job.stage() != Stage::done; ++i) load.go_on();
        is_done = load.job.stage() == Stage::done;
        if (gl_objects() != before) most = gl_objects();
      }
      ASSERT_EQ(gl_objects(), before) << to_string(precision) << ", dropped after " << steps << " steps";
    }
    EXPECT_NE(most, before) << "a load has objects while it lives";
  }
}

TEST(LoadJob, LeavesNothingInTheHeapWhereverItIsDropped) {
  for (const Stage stage : {Stage::rehearse, Stage::import, Stage::upload, Stage::compile, Stage::done}) {
    const auto load_and_drop = [&] {
      Load load({.precision = Precision::fp32});
      load.run_to(stage);
    };
    for (int i = 0; i < 3; ++i) load_and_drop();  // what the driver keeps for itself
    const size_t before = mallinfo2().uordblks;
    constexpr int drops = 10;
    for (int i = 0; i < drops; ++i) load_and_drop();
    const auto grown = static_cast<int64_t>(mallinfo2().uordblks) - static_cast<int64_t>(before);
    EXPECT_LT(grown, drops * 20'000) << "the weights alone are 95 kB; stage " << static_cast<int>(stage);
  }
}

TEST(LoadJob, TwoAtOnceDoNotDisturbEachOther) {
  Load one({.precision = Precision::fp32}), other({.precision = Precision::fp16});
  while (one.job.stage() != Stage::done || other.job.stage() != Stage::done) {
    one.go_on();
    other.go_on();
  }
  EXPECT_EQ(fault_of(one.job.network()), "");
  EXPECT_EQ(fault_of(other.job.network(), 0.02), "");
  { const LoadJob dropped = std::move(other.job); }
  EXPECT_EQ(fault_of(one.job.network()), "") << "the other is gone";
}

// In the tier that has no simple programs to begin with.
TEST(LoadJob, BeginsAnewOneStepLowerWhereTheDeviceFails) {
  const Device device = query_device();
  ASSERT_GT(device.rgba8.count, 1);
  const LyingDevice lie({.has_single_outputs = true});
  Load load({.precision = Precision::rgba8}, device);
  load.run_to(Stage::done);
  EXPECT_EQ(load.job.network().tier().targets, 1);
  EXPECT_EQ(fault_of(load.job.network(), 0.03), "");
  EXPECT_THAT(load.job.warnings(), testing::ElementsAre(testing::HasSubstr("the device failed with ")));
}

TEST(LoadJob, RefusesWhatComesInAnotherOrder) {
  const auto refused = [](const std::function<void()>& act, std::string_view code) {
    try {
      act();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
    }
  };
  Load load;
  refused([&] { load.job.append(0, 4); }, code::internal);
  refused([&] { load.job.finish_weights(); }, code::internal);
  load.run_to(Stage::rehearse);
  refused([&] { load.job.append(1, 4); }, code::internal);
  refused([&] { load.job.append(0, static_cast<int>(load.job.groups().at(0).bytes) + 4); },
          code::bad_weights);
  load.job.finish_weights();
  refused([&] { load.job.step(0); }, code::bad_weights);
}

}  // namespace
}  // namespace fragnet
