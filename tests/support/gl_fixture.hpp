// Runs graphs through the whole engine on the native GL context. Without one these throw: a test of the
// device fails where there is no device.
#pragma once

#include <vector>

#include "graph/graph.hpp"
#include "gtest/gtest.h"
#include "runtime/network.hpp"
#include "support/host_tensor.hpp"

namespace fragnet {

// What full precision may differ from the reference by, relative to the greatest value (or to 1).
inline constexpr double fp32_tolerance = 1e-4;

// The native device; makes the one context of the process current when first asked.
const Device& native_device();

// The outputs in the order of the graph's ports.
std::vector<HostTensor> run_on_device(const Graph& graph, const std::vector<HostTensor>& inputs,
                                      Precision precision = Precision::fp32);
std::vector<HostTensor> run_on_device(const Graph& graph, const std::vector<HostTensor>& inputs,
                                      const NetworkOptions& options, const Device& device);

// Success if the device's outputs are those of the reference operations, run one by one.
testing::AssertionResult device_agrees(const Graph& graph, const std::vector<HostTensor>& inputs,
                                       double tolerance = fp32_tolerance,
                                       Precision precision = Precision::fp32);
testing::AssertionResult device_agrees(const Graph& graph, const std::vector<HostTensor>& inputs,
                                       double tolerance, const NetworkOptions& options, const Device& device);

}  // namespace fragnet
