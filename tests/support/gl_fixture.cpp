#include "support/gl_fixture.hpp"

#include <dlfcn.h>
#include <link.h>
#include <string>

#include "runtime/context.hpp"
#include "runtime/device.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

// A driver is unloaded with its context, and what it keeps until the end of the process is then nobody's: the leak checker,
// which looks later, would take it for ours.
[[maybe_unused]] bool keep_libraries_loaded() {
  std::vector<std::string> names;
  const auto note = [](dl_phdr_info* library, size_t, void* list) {
    static_cast<std::vector<std::string>*>(list)->emplace_back(library->dlpi_name);
    return 0;
  };
  dl_iterate_phdr(note, &names);
  for (const std::string& name : names) {
    if (!name.empty()) dlopen(name.c_str(), RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
  return true;
}

}  // namespace

const Device& native_device() {
  static const Context context;
#ifdef __SANITIZE_ADDRESS__
  [[maybe_unused]] static const bool are_kept = keep_libraries_loaded();
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  [[maybe_unused]] static const bool are_kept = keep_libraries_loaded();
#endif
#endif
  static const Device device = query_device();
  return device;
}

std::vector<HostTensor> run_on_device(const Graph& graph, const std::vector<HostTensor>& inputs,
                                      Precision precision) {
  return run_on_device(graph, inputs, NetworkOptions{.precision = precision}, native_device());
}

std::vector<HostTensor> run_on_device(const Graph& graph, const std::vector<HostTensor>& inputs,
                                      const NetworkOptions& options, const Device& device) {
  Network network(graph, options, device);
  network.wait_until_ready();
  for (size_t i = 0; i < inputs.size(); ++i) network.write_input(static_cast<int>(i), inputs[i].values);
  network.run();
  std::vector<HostTensor> outputs;
  for (size_t i = 0; i < network.outputs().size(); ++i) {
    outputs.push_back({network.outputs()[i].shape, network.read_output(static_cast<int>(i))});
  }
  return outputs;
}

testing::AssertionResult device_agrees(const Graph& graph, const std::vector<HostTensor>& inputs,
                                       double tolerance, Precision precision) {
  return device_agrees(graph, inputs, tolerance, NetworkOptions{.precision = precision}, native_device());
}

testing::AssertionResult device_agrees(const Graph& graph, const std::vector<HostTensor>& inputs,
                                       double tolerance, const NetworkOptions& options,
                                       const Device& device) {
  const std::vector<HostTensor> want = reference_run(graph, inputs);
  const std::vector<HostTensor> got = run_on_device(graph, inputs, options, device);
  if (got.size() != want.size()) {
    return testing::AssertionFailure() << got.size() << " outputs instead of " << want.size();
  }
  for (size_t i = 0; i < want.size(); ++i) {
    const std::string fault = difference(got[i], want[i], tolerance);
    if (!fault.empty()) {
      return testing::AssertionFailure() << "output " << i << ": " << fault << "\n" << to_string(graph);
    }
  }
  return testing::AssertionSuccess();
}

}  // namespace fragnet
