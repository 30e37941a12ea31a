#include "runtime/network.hpp"

#include <algorithm>
#include <bit>
#include <chrono>

#include "base/error.hpp"
#include "runtime/draw_rectangle.hpp"
#include "runtime/tensor_texels.hpp"

namespace fragnet {
namespace {

// Simple programs take four times as long for a frame. Where a processor does the work, a frame of more multiply-adds than
// these is longer than what compiling them saves.
constexpr int64_t most_macs_early = 1'000'000'000;

// Every matrix (rows, columns) of a batch, row-major, transposed.
std::vector<float> turned(std::span<const float> values, int rows, int columns) {
  std::vector<float> out(values.size());
  const auto size = static_cast<size_t>(rows) * static_cast<size_t>(columns);
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t in_matrix = i % size, row = in_matrix / static_cast<size_t>(columns),
                 column = in_matrix % static_cast<size_t>(columns);
    out[i - in_matrix + column * static_cast<size_t>(rows) + row] = values[i];
  }
  return out;
}

double now_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Compiled compile_for(Graph source, const NetworkOptions& options, const Device& device) {
  const Tier tier = choose_tier(options.precision, device);
  DeviceLimits limits = device.limits;
  limits.draw_buffers = tier.targets;
  return compile(std::move(source), limits,
                 {.half = tier.precision != Precision::fp32,
                  .ranged = tier.precision == Precision::rgba8,
                  .tuning = options.tuning,
                  .weights = options.weights});
}

Network::Network(Compiled compiled, const NetworkOptions& options, const Device& device)
    : graph_(std::move(compiled.graph)),
      plan_(std::move(compiled.plan)),
      device_(device),
      tier_(choose_tier(options.precision, device)),
      precision_(tier_.precision),
      starts_early_(options.starts_early && precision_ != Precision::rgba8),
      is_alone_(options.is_alone),
      is_rehearsal_(options.is_rehearsal),
      inputs_(std::move(compiled.inputs)),
      outputs_(std::move(compiled.outputs)),
      ports_(std::move(compiled.ports)),
      cache_(options.cache ? options.cache : std::make_shared<DeviceCache>()) {
  format_ = plan_.is_ranged                 ? TextureFormat::rgba32ui
            : precision_ == Precision::fp16 ? TextureFormat::rgba16f
                                            : TextureFormat::rgba32f;
  device_.limits = compiled.limits;
  int64_t macs = 0;
  for (const Step& step : plan_.steps) macs += step.macs;
  if (device_.limits.busy_fragments == 0 && macs > most_macs_early) starts_early_ = false;

  make_textures();
  if (options.learns && !is_rehearsal_) {
    // Two more tell how good bytes are.
    frames_to_learn_ = precision_ == Precision::fp16 ? 1
                       : plan_.range_texels > 0      ? calibration_frames + 3
                                                     : 0;
  }
  picture_ = ports_.frame_input;
  if (picture_ >= 0) frame_range_ = ports_.inputs[static_cast<size_t>(picture_)].range;
  is_unexpected_.assign(inputs_.size(), false);
  learned_inputs_.resize(inputs_.size());
  exponents_.resize(graph_.values.size());
}

int Network::side(int texels) const {
  if (!is_rehearsal_) return texels;
  // Drivers compile for textures whose sides are powers of two, and for others.
  return std::has_single_bit(static_cast<unsigned>(texels)) ? std::min(texels, 4) : 3;
}

void Network::make_textures() {
  for (const TextureSize& size : plan_.textures) {
    textures_.push_back(Texture::array(format_, side(size.width), side(size.height), size.layers));
  }
  if (plan_.is_ranged) ranges_ = Texture::flat(TextureFormat::rgba32ui, ranges_width, rows_of_ranges(plan_));
}

void Network::upload_elements(ValueId value, std::span<const float> elements) {
  const Place& place = plan_.place_of(value);
  std::vector<float> texels = texels_of(place.layout, elements);
  if (precision_ == Precision::fp16) {
    // What half floats do not reach is their greatest, not infinite.
    for (float& texel : texels) texel = std::clamp(texel, -65504.0f, 65504.0f);
  }
  textures_[static_cast<size_t>(place.texture)].upload(place.layout.width, place.layout.height,
                                                       texels.data());
}

void Network::write_input(int index, std::span<const float> values) {
  const NetworkPort& port = inputs_[static_cast<size_t>(index)];
  const int64_t count = element_count(port.shape);
  if (static_cast<int64_t>(values.size()) != count) {
    fail(code::bad_input, "input \"", port.name, "\": ", to_string(port.shape), " has ", count, " numbers, ",
         values.size(), " came");
  }
  const Shape& shape = port.shape;
  if (port.is_turned) {
    upload_elements(port.value, turned(values, shape[1], shape[2] * shape[3]));
  } else {
    upload_elements(port.value, values);
  }
  note_input(index, values);
}

void Network::draw_pass(const Pass& pass, int width, std::span<const Strip> strips) const {
  glUseProgram(shaders_[static_cast<size_t>(pass.shader)]->shader.id());
  glBindFramebuffer(GL_FRAMEBUFFER, pass.framebuffer);
  glBindBufferRange(GL_UNIFORM_BUFFER, 0, uniforms_.id(), pass.sizes_offset, pass.sizes_bytes);
  for (const Strip& strip : strips) draw_rectangle(0, strip.y, width, strip.height);
}

void Network::bind(const Draw& draw) const {
  GLenum unit = GL_TEXTURE0;
  for (const Binding& binding : draw.bindings) {
    glActiveTexture(unit++);
    glBindTexture(binding.target, binding.texture);
  }
}

void Network::execute(const Draw& draw) const {
  bind(draw);
  if (runs_whole(draw)) return draw_pass(draw.pass, draw.width, draw.strips);
  for (const Pass& pass : draw.early) draw_pass(pass, draw.width, draw.strips);
}

int Network::draw_calls() const {
  int calls = 0;
  for (const Draw& draw : draws_) {
    const auto passes = runs_whole(draw) ? 1 : draw.early.size();
    for (const Strip& strip : draw.strips)
      calls += static_cast<int>(passes) * draws_of_rectangle(draw.width, strip.height);
  }
  return calls;
}

void Network::run() {
  if (has_new_inputs_) learn_from_inputs();
  for (const Draw& draw : draws_) execute(draw);
}

void Network::wait_for_device() {
  // In a browser only an answer from the device makes everything before it happen.
  const Framebuffer& last = framebuffers_.back();
  float texel[4];
  glBindFramebuffer(GL_FRAMEBUFFER, last.id());
  read_texels(plan_.is_ranged, 1, 1, texel);
}

std::vector<float> Network::read_output(int index) {
  const NetworkPort& port = outputs_[static_cast<size_t>(index)];
  const Layout& layout = layout_of(port.value);
  std::vector<std::vector<float>> layers;
  for (int layer = 0; layer < layout.layers(); ++layer) {
    const Framebuffer framebuffer = Framebuffer::of(texture_of(port.value), layer, 1);
    std::vector<float>& texels = layers.emplace_back(static_cast<size_t>(layout.width) * layout.height * 4);
    read_texels(plan_.is_ranged, layout.width, layout.height, texels.data());
  }
  std::vector<float> elements = elements_of(layout, layers);
  for (float& element : elements) element *= unit_of(port.value);
  return port.is_turned ? turned(elements, layout.picture.h * layout.picture.w, layout.picture.c) : elements;
}

std::vector<StepTiming> Network::time_steps() {
  std::vector<StepTiming> timings;
  GLuint query = 0;
  if (device_.timer_queries) glGenQueries(1, &query);
  for (size_t i = 0; i < draws_.size(); ++i) {
    const Node& node = graph_.nodes[static_cast<size_t>(plan_.steps[i].node)];
    StepTiming timing{.name = node.name, .op = name_of(node.op), .macs = plan_.steps[i].macs};
    float texel[4];
    glFinish();
    if (query) glBeginQuery(gl_time_elapsed, query);
    const double start = now_ms();
    execute(draws_[i]);
    if (query) glEndQuery(gl_time_elapsed);
    read_texels(plan_.is_ranged, 1, 1, texel);  // what makes every driver wait
    timing.cpu_ms = now_ms() - start;
    GLuint is_available = 0;
    if (query) glGetQueryObjectuiv(query, GL_QUERY_RESULT_AVAILABLE, &is_available);
    if (is_available) {  // a browser tells only after the task; then the clock of the CPU must do
      GLuint nanoseconds = 0;
      glGetQueryObjectuiv(query, GL_QUERY_RESULT, &nanoseconds);
      timing.gpu_ms = nanoseconds / 1e6;
    }
    timings.push_back(std::move(timing));
  }
  if (query) glDeleteQueries(1, &query);
  return timings;
}

const Texture& Network::texture_of(ValueId value) const {
  return textures_[static_cast<size_t>(plan_.place_of(value).texture)];
}

int64_t Network::texture_bytes() const {
  int64_t bytes = ranges_.bytes();
  for (const Texture& texture : textures_) bytes += texture.bytes();
  return bytes;
}

int64_t Network::weight_bytes() const {
  int64_t bytes = 0;
  for (const auto& image : images_) bytes += image->texture.bytes();
  return bytes;
}

}  // namespace fragnet
