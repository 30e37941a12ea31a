#include "support/gl_fixture.hpp"

#include "runtime/context.hpp"
#include "runtime/device.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {

const Device& native_device() {
  static const Context context;
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
