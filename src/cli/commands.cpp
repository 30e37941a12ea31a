#include "cli/commands.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/error.hpp"
#include "cli/model_folder.hpp"
#include "cli/picture_file.hpp"
#include "compile/dump.hpp"
#include "import/import_model.hpp"
#include "runtime/context.hpp"
#include "runtime/measure_ports.hpp"
#include "runtime/model_info.hpp"
#include "runtime/tuner.hpp"
#include "video/frame_pipeline.hpp"

namespace fragnet {
namespace {

Graph import(const LoadedModel& model, const Arguments& arguments) {
  return import_model(model.file, model.weights, arguments.shapes);
}

void print_port(const char* kind, const NetworkPort& port, const PortPicture& picture) {
  std::printf("%s  %s  %s  %s  %s, %s, %g … %g: %s\n", kind, port.name.c_str(), to_string(port.shape).c_str(),
              to_string(port.dtype).c_str(), to_string(picture.kind).c_str(),
              to_string(picture.layout).c_str(), static_cast<double>(picture.range.low),
              static_cast<double>(picture.range.high), picture.why.c_str());
}

// What no operation says of the network's ports.
void measure(Network& network, FramePipeline& pipeline) {
  if (ranges_to_try(network.ports()).empty()) return;
  PortMeasurement measurement(network);
  while (!measurement.advance()) continue;
  pipeline.reconsider();
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// Each step by itself, the best of several times: what else the machine does only ever adds to it.
void print_steps(Network& network) {
  constexpr int rounds = 7;
  const auto ms_of = [](const StepTiming& step) { return step.gpu_ms >= 0 ? step.gpu_ms : step.cpu_ms; };
  std::vector<StepTiming> best = network.time_steps();
  for (int round = 1; round < rounds; ++round) {
    const std::vector<StepTiming> again = network.time_steps();
    for (size_t i = 0; i < best.size(); ++i) {
      if (ms_of(again[i]) < ms_of(best[i])) best[i] = again[i];
    }
  }
  double sum_ms = 0;
  std::printf("     ms    MMAC  GMAC/s  step\n");
  for (const StepTiming& step : best) {
    const double ms = ms_of(step), mmacs = static_cast<double>(step.macs) / 1e6;
    sum_ms += ms;
    std::printf("%7.3f %7.2f %7.2f  %s %s\n", ms, mmacs, mmacs / ms, step.op.c_str(), step.name.c_str());
  }
  std::printf("%7.3f ms in all, with a wait after every step\n", sum_ms);
}

}  // namespace

void print_info(const Arguments& arguments) {
  const LoadedModel model = load_model(arguments.words[0]);
  const Context context;
  Network network(import(model, arguments), arguments.network, query_device());
  network.wait_until_ready();
  const WeightTotals totals = weight_totals(model.file);
  std::printf("%s  %s  %lld parameters in %lld bytes\n", model.file.name.c_str(), model.file.format.c_str(),
              static_cast<long long>(totals.parameters), static_cast<long long>(totals.bytes));
  FramePipeline pipeline(network);
  measure(network, pipeline);
  const Ports& ports = network.ports();
  for (size_t i = 0; i < ports.inputs.size(); ++i) print_port("input ", network.inputs()[i], ports.inputs[i]);
  for (size_t i = 0; i < ports.outputs.size(); ++i)
    print_port("output", network.outputs()[i], ports.outputs[i]);
  for (const std::string& sentence : network.graph().warnings) std::printf("warning %s\n", sentence.c_str());
  for (const std::string& sentence : network.warnings()) std::printf("warning %s\n", sentence.c_str());
  std::printf("\n%s", to_string(network.plan(), network.graph()).c_str());
  std::printf("\n%d draws, %d programs, %.1f MB of feature maps, %.1f MB of weights (%s)\n",
              network.draw_calls(), network.programs(), static_cast<double>(network.texture_bytes()) / 1e6,
              static_cast<double>(network.weight_bytes()) / 1e6, to_string(network.precision()).c_str());
}

void print_stage(const Arguments& arguments) {
  const LoadedModel model = load_model(arguments.words[0]);
  const DeviceLimits usual{.texture_size = 4096, .draw_buffers = 8};
  const Precision precision = arguments.network.precision;
  const CompileOptions options{.half = precision == Precision::fp16 || precision == Precision::rgba8,
                               .ranged = precision == Precision::rgba8,
                               .tuning = arguments.network.tuning};
  std::fputs(dump_after(arguments.dump_after, import(model, arguments), usual, options).c_str(), stdout);
}

void predict_arrays(const Arguments& arguments) {
  const LoadedModel model = load_model(arguments.words[0]);
  const Context context;
  Network network(import(model, arguments), arguments.network, query_device());
  const size_t inputs = network.inputs().size(), outputs = network.outputs().size();
  if (arguments.words.size() != 1 + inputs + outputs) {
    fail(code::bad_input, "the model has ", inputs, " inputs and ", outputs,
         " outputs: predict wants as many files, ", arguments.words.size() - 1, " came");
  }
  network.wait_until_ready();
  for (size_t i = 0; i < inputs; ++i)
    network.write_input(static_cast<int>(i), read_floats(arguments.words[1 + i]));
  network.run();
  for (size_t i = 0; i < outputs; ++i) {
    write_floats(arguments.words[1 + inputs + i], network.read_output(static_cast<int>(i)));
  }
}

void run_picture(const Arguments& arguments) {
  const LoadedModel model = load_model(arguments.words[0]);
  const PictureFile in = read_picture(arguments.words[1]);
  const Context context;
  Network network(import(model, arguments), arguments.network, query_device());
  network.wait_until_ready();
  FramePipeline pipeline(network);
  measure(network, pipeline);
  const Ports& ports = network.ports();
  const auto shown =
      static_cast<size_t>(arguments.frame.output >= 0 ? arguments.frame.output : ports.shown_output);
  if (shown >= ports.outputs.size())
    fail(code::bad_input, "the model has ", ports.outputs.size(), " outputs, there is none with the number ",
         shown);
  const PortPicture& port = ports.outputs[shown];
  const Picture size{.h = port.height * port.factor, .w = port.width * port.factor};
  const bool takes_frames = pipeline.takes_frames();
  FrameOptions options = arguments.frame;
  options.grain = arguments.grain.value_or(options.augmentation == Augmentation::none ? 0 : model.file.grain);
  pipeline.configure(options, takes_frames ? PixelSize{in.width, in.height} : PixelSize{}, {size.w, size.h});
  glBindTexture(GL_TEXTURE_2D, pipeline.frame_texture());
  if (takes_frames)
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, in.width, in.height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 in.rgba.data());

  const Texture canvas = Texture::flat(TextureFormat::rgba8, size.w, size.h);
  const Framebuffer target = Framebuffer::of(canvas, 0, 1);
  pipeline.run(target.id());
  PictureFile bottom_up{.width = size.w, .height = size.h};
  bottom_up.rgba.resize(static_cast<size_t>(size.w) * static_cast<size_t>(size.h) * 4);
  glReadPixels(0, 0, size.w, size.h, GL_RGBA, GL_UNSIGNED_BYTE, bottom_up.rgba.data());
  PictureFile out{.width = size.w, .height = size.h};
  for (int y = size.h; y-- > 0;) {
    const auto row = bottom_up.rgba.begin() + static_cast<std::ptrdiff_t>(y) * size.w * 4;
    out.rgba.insert(out.rgba.end(), row, row + static_cast<std::ptrdiff_t>(size.w) * 4);
  }
  write_picture(arguments.words[2], out);
}

void time_frames(const Arguments& arguments) {
  const LoadedModel model = load_model(arguments.words[0]);
  const Context context;
  const Device device = query_device();
  const auto start = std::chrono::steady_clock::now();
  Network network(import(model, arguments), arguments.network, device);
  network.wait_until_ready();
  for (size_t i = 0; i < network.inputs().size(); ++i) {
    const std::vector<float> grey(static_cast<size_t>(element_count(network.inputs()[i].shape)), 0.5f);
    network.write_input(static_cast<int>(i), grey);
  }
  network.run();
  glFinish();
  const double first_frame_ms = milliseconds_since(start);
  std::vector<double> frame_ms;
  for (int i = 0; i < arguments.frames; ++i) {
    const auto frame_start = std::chrono::steady_clock::now();
    network.run();
    glFinish();
    frame_ms.push_back(milliseconds_since(frame_start));
  }
  std::sort(frame_ms.begin(), frame_ms.end());
  int64_t macs = 0;
  for (const Step& step : network.plan().steps) macs += step.macs;
  const double median_ms = frame_ms[frame_ms.size() / 2];
  std::printf("%s on %s, %s\n", model.file.name.c_str(), device.renderer.c_str(),
              to_string(network.precision()).c_str());
  std::printf(
      "first frame %.1f ms after loading; then median %.2f ms, best %.2f, worst %.2f; %.2f GMAC/s\n\n",
      first_frame_ms, median_ms, frame_ms.front(), frame_ms.back(),
      static_cast<double>(macs) / median_ms / 1e6);
  print_steps(network);
}

void tune_blocks(const Arguments& arguments) {
  const LoadedModel model = load_model(arguments.words[0]);
  const Context context;
  const Device device = query_device();
  Network network(import(model, arguments), arguments.network, device);
  Tuner tuner(network.graph(), device, network.precision(), {}, 60'000);
  while (!tuner.advance().ready) continue;
  std::printf("     ms  block  kind of layer, on %s, %s\n", device.renderer.c_str(),
              to_string(network.precision()).c_str());
  for (const Tuner::Trial& trial : tuner.trials()) {
    std::printf("%7.3f  %d×%d    %s\n", trial.ms, trial.shape.w, trial.shape.q, trial.kind.c_str());
  }
  for (const auto& [kind, shape] : tuner.result()) {
    std::printf("chosen: %d×%d for %s\n", shape.w, shape.q, kind.c_str());
  }
}

void print_operations(const Arguments&) {
  const auto print = [](const char* title, const std::vector<std::string>& names) {
    std::printf("| %s | ", title);
    for (size_t i = 0; i < names.size(); ++i) std::printf("%s%s", i ? ", " : "", names[i].c_str());
    std::printf(" |\n");
  };
  std::printf("| Format | Operations |\n| --- | --- |\n");
  print("graph-model", supported_graph_ops());
  print("layers-model", supported_layers());
  print("layers.json", supported_layers_json());
}

}  // namespace fragnet
