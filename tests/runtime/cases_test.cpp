// Small models of the kinds that people report, in folders beside the project: each gives what its reference says, by the
// plain loops and on the device.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "formats/model.hpp"
#include "support/gl_cases.hpp"
#include "support/model_folder.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

namespace fs = std::filesystem;

std::vector<char> bytes_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path << " cannot be read";
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

HostTensor tensor_of_file(const fs::path& path, const Shape& shape) {
  const std::vector<char> bytes = bytes_of_file(path);
  HostTensor tensor{shape, std::vector<float>(bytes.size() / sizeof(float))};
  std::memcpy(tensor.values.data(), bytes.data(), tensor.values.size() * sizeof(float));
  return tensor;
}

void expect_near_reference(const std::vector<HostTensor>& got, const fs::path& folder, size_t count) {
  ASSERT_EQ(got.size(), count);
  for (size_t i = 0; i < got.size(); ++i) {
    const HostTensor want = tensor_of_file(folder / ("ref_out" + std::to_string(i) + ".f32"), got[i].shape);
    EXPECT_EQ(difference(got[i], want, 1e-4), "") << "output " << i;
  }
}

TEST(Cases, GiveTheirReferenceValues) {
  const fs::path cases = fs::path(SHARED_FOLDER) / "cases" / "models";
  if (!fs::exists(cases)) {
    std::cout << cases << " is not there\n";
    GTEST_SKIP();
  }
  int count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(cases)) {
    const fs::path& folder = entry.path();
    if (!fs::exists(folder / "ref_out0.f32")) continue;
    SCOPED_TRACE(folder.filename().string());
    const Json wanted = Json::parse(bytes_of_file(folder / "case.json"));
    const Json& fed = wanted.at("fed");
    InputShapes shapes;
    for (const Json& input : fed)
      shapes[input.at("name").get<std::string>()] = input.at("shape").get<Shape>();
    try {
      const Graph graph = read_model_folder(folder, shapes);
      std::vector<HostTensor> inputs;
      for (size_t i = 0; i < fed.size(); ++i) {
        ASSERT_EQ(graph.inputs.at(i).name, fed[i].at("name"));
        inputs.push_back(tensor_of_file(folder / ("ref_in" + std::to_string(i) + ".f32"),
                                        fed[i].at("shape").get<Shape>()));
      }
      const size_t results = wanted.at("results").get<size_t>();
      expect_near_reference(reference_run(graph, inputs), folder, results);
      expect_near_reference(run_on_device(graph, inputs), folder, results);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    ++count;
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace fragnet
