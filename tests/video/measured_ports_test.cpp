// Published models whose operations do not say which numbers they want: what a calibration picture says.
#include <iostream>

#include "gtest/gtest.h"
#include "runtime/measure_ports.hpp"
#include "support/gl_fixture.hpp"
#include "support/model_folder.hpp"
#include "video/frame_pipeline.hpp"

namespace fragnet {
namespace {

struct Measured {
  const char* model;
  Range in;
  PortKind out;
  Range out_range;  // {0, 0}: levelled, whatever it is
};

class MeasuredPorts : public testing::TestWithParam<Measured> {};

TEST_P(MeasuredPorts, AreWhatTheModelWasMadeFor) {
  const Measured& want = GetParam();
  const std::filesystem::path folder = std::filesystem::path(SHARED_FOLDER) / "zoo" / want.model;
  if (!std::filesystem::exists(folder)) {
    std::cout << folder << " is not there\n";
    GTEST_SKIP();
  }
  Network network(read_model_folder(folder), NetworkOptions{.precision = Precision::fp32}, native_device());
  network.wait_until_ready();
  FramePipeline pipeline(network);
  PortMeasurement measurement(network);
  while (!measurement.advance()) continue;
  const Ports& ports = network.ports();
  if (ports.frame_input >= 0) {
    const PortPicture& in = ports.inputs[static_cast<size_t>(ports.frame_input)];
    EXPECT_EQ(in.range, want.in) << in.why;
  }
  const PortPicture& out = ports.outputs[static_cast<size_t>(ports.shown_output)];
  EXPECT_EQ(to_string(out.kind), to_string(want.out)) << out.why;
  if (want.out_range != Range{0, 0}) {
    EXPECT_EQ(out.range, want.out_range) << out.why;
  } else {
    EXPECT_NE(out.range, (Range{0, 1})) << out.why;
  }
}

constexpr Range unit{0, 1}, symmetric{-1, 1}, standardised{-2, 2.4f}, levelled{0, 0};

INSTANTIATE_TEST_SUITE_P(
    Zoo, MeasuredPorts,
    testing::Values(Measured{"whitebox-cartoon-u8", symmetric, PortKind::colour, symmetric},
                    Measured{"u2net-portrait-256-uint8", standardised, PortKind::lines, unit},
                    Measured{"enheg-lines", unit, PortKind::residual, levelled},
                    Measured{"lwgan-hr", unit, PortKind::colour, levelled},
                    Measured{"pixel-upsampler-2x", unit, PortKind::colour, unit},
                    Measured{"espcn-x2", unit, PortKind::subpixel, unit},
                    Measured{"meet-seg-128x128", unit, PortKind::mask, unit},
                    Measured{"bodypix-050-s16-u16", symmetric, PortKind::mask, unit}),
    [](const testing::TestParamInfo<Measured>& model) {
      std::string name = model.param.model;
      for (char& letter : name) {
        if (letter == '-') letter = '_';
      }
      return name;
    });

}  // namespace
}  // namespace fragnet
