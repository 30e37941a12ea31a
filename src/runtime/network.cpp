#include "runtime/network.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.hpp"
#include "passes/passes.hpp"
#include "programs/program.hpp"
#include "runtime/tensor_texels.hpp"

namespace fragnet {
namespace {

std::vector<NetworkPort> ports_of(const Graph& graph, const std::vector<Port>& ports) {
  std::vector<NetworkPort> out;
  for (const Port& port : ports) {
    const Value& value = graph.values[static_cast<size_t>(port.value)];
    out.push_back({port.name, value.shape, value.dtype});
  }
  return out;
}

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

// How long one poll() may keep its thread, and how much of an image one step of it uploads.
constexpr double slice_ms = 12;
constexpr int slice_texels = 1 << 15;

}  // namespace

Network::Network(Graph source, const NetworkOptions& options, const Device& device)
    : device_(device), precision_(choose_precision(options.precision, device)) {
  const bool is_ranged = precision_ == Precision::rgba8;
  format_ = is_ranged                       ? TextureFormat::rgba32ui
            : precision_ == Precision::fp16 ? TextureFormat::rgba16f
                                            : TextureFormat::rgba32f;
  inputs_ = ports_of(source, source.inputs);
  outputs_ = ports_of(source, source.outputs);
  const TurnedPorts turned_ports = turn_ports(source);
  graph_ = run_passes(std::move(source), device.limits.busy_fragments);
  for (size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i].value = graph_.inputs[i].value;
    inputs_[i].is_turned = turned_ports.inputs[i];
  }
  for (size_t i = 0; i < outputs_.size(); ++i) {
    outputs_[i].value = graph_.outputs[i].value;
    outputs_[i].is_turned = turned_ports.outputs[i];
  }
  plan_ = make_plan(graph_, device.limits,
                    {.half = precision_ != Precision::fp32,
                     .ranged = is_ranged,
                     .tuning = options.tuning,
                     .weights = options.weights});

  clear_gl_errors();
  make_textures();
  check_gl_memory("the network's feature maps");
}

void Network::make_textures() {
  for (const TextureSize& size : plan_.textures) {
    textures_.push_back(Texture::array(format_, size.width, size.height, size.layers));
  }
  if (!plan_.is_ranged) return;
  ranges_ = Texture::flat(TextureFormat::rgba32ui, ranges_width, rows_of_ranges(plan_));
  picture_ = picture_input(graph_);
  frames_to_learn_ = picture_ >= 0 && plan_.range_texels > 0 ? calibration_frames : 0;
  frame_range_ = guess_range(graph_);
  is_unexpected_.assign(inputs_.size(), picture_ < 0);
}

void Network::upload_constants() {
  for (size_t i = 0; i < plan_.places.size(); ++i) {
    const Value& value = graph_.values[i];
    if (!plan_.places[i] || !value.constant) continue;
    upload_elements(static_cast<ValueId>(i), to_floats(*value.constant));
  }
}

void Network::upload_elements(ValueId value, std::span<const float> elements) {
  const Place& place = plan_.place_of(value);
  const std::vector<float> texels = texels_of(place.layout, elements);
  textures_[static_cast<size_t>(place.texture)].upload(place.layout.width, place.layout.height,
                                                       texels.data());
}

void Network::add_draw(const Step& step) {
  Program program = make_program(graph_, plan_, step, device_.limits);
  const Node& node = graph_.nodes[static_cast<size_t>(step.node)];
  const Layout& layout = layout_of(node.output);
  Draw draw{.width = layout.width, .height = layout.height, .output = node.output};
  std::vector<std::string> samplers;
  for (const TensorBinding& tensor : program.tensors) {
    samplers.push_back(tensor.sampler);
    draw.tensors.push_back(tensor.value);
    draw.bindings.push_back({GL_TEXTURE_2D_ARRAY, texture_of(tensor.value).id()});
  }
  for (Image& image : program.images) {
    samplers.push_back(image.sampler);
    const TextureFormat format = image.is_integer ? TextureFormat::rgba32ui : TextureFormat::rgba32f;
    images_.push_back(Texture::flat(format, image.width, image.height));
    draw.bindings.push_back({GL_TEXTURE_2D, images_.back().id()});
    upload_bytes_ += images_.back().bytes();
    uploads_.push_back({std::move(image), images_.size() - 1});
  }
  if (plan_.is_ranged) {
    samplers.push_back("ranges");
    draw.bindings.push_back({GL_TEXTURE_2D, ranges_.id()});
  }
  framebuffers_.push_back(Framebuffer::of(texture_of(node.output), 0, layout.layers()));
  draw.framebuffer = framebuffers_.back().id();
  // Layers of one shape share a program.
  const auto [it, is_new] = shader_of_text_.emplace(program.fragment, static_cast<int>(shaders_.size()));
  if (is_new) {
    shaders_.emplace_back(std::move(program.fragment), std::move(samplers));
    draw_of_shader_.push_back(static_cast<int>(draws_.size()));
  }
  draw.program = shaders_[static_cast<size_t>(it->second)].id();
  const auto* bytes = reinterpret_cast<const uint8_t*>(program.sizes.data());
  draw.sizes_offset = static_cast<GLintptr>(sizes_.size());
  draw.sizes_bytes = static_cast<GLsizeiptr>(program.sizes.size() * sizeof program.sizes[0]);
  sizes_.insert(sizes_.end(), bytes, bytes + draw.sizes_bytes);
  const auto alignment = static_cast<size_t>(device_.uniform_alignment);
  sizes_.resize((sizes_.size() + alignment - 1) / alignment * alignment);
  draws_.push_back(std::move(draw));
}

LoadProgress Network::poll() {
  const double started = now_ms();
  do {
    switch (stage_) {
      case Stage::programs:
        if (draws_.size() < plan_.steps.size()) {
          add_draw(plan_.steps[draws_.size()]);
        } else {
          finish_programs();
        }
        break;
      case Stage::uploads:
        upload_some();
        break;
      case Stage::compiling:
        if (!compile_some()) return progress();
        break;
      case Stage::warming:
        if (!warm_up()) return progress();
        break;
      case Stage::learning:
        learn_next_frame();
        if (is_learning()) return progress();
        warmed_ = 0;  // the textures are others, for which drivers may compile anew
        stage_ = Stage::warming;
        break;
      case Stage::ready:
        return progress();
    }
  } while (now_ms() - started < slice_ms);
  return progress();
}

LoadProgress Network::progress() const {
  const auto programs = static_cast<int64_t>(shaders_.size());
  const int64_t total = frames_to_learn_ > 0 ? 3 * programs + frames_to_learn_ : 2 * programs;
  const bool has_learned = frames_to_learn_ > 0 && !is_learning();
  switch (stage_) {
    case Stage::programs:
    case Stage::uploads:
      return {LoadProgress::Phase::uploading, uploaded_bytes_, upload_bytes_};
    case Stage::compiling:
    case Stage::warming:
    case Stage::learning:
      return {LoadProgress::Phase::compiling,
              compiled_ + warmed_ + frames_learned_ + (has_learned ? programs : 0), total};
    case Stage::ready:
      break;
  }
  return {LoadProgress::Phase::ready, total, total};
}

void Network::finish_programs() {
  upload_constants();
  uniforms_ = UniformBuffer::of(std::exchange(sizes_, {}));
  shader_of_text_.clear();
  // What is still to be uploaded holds its own bytes; the others can go.
  for (Value& value : graph_.values) {
    if (!value.constant) continue;
    value.constant = Tensor{.dtype = value.dtype, .shape = value.shape, .encoding = value.constant->encoding};
  }
  stage_ = Stage::uploads;
}

// In small pieces: the packed form of the weights is never whole in the heap.
void Network::upload_some() {
  if (uploads_.empty()) {
    check_gl_memory("the network's weights");
    // Only now, so that no answer which a thread waits for stands behind the compiler.
    for (Shader& shader : shaders_) shader.start();
    stage_ = Stage::compiling;
    return;
  }
  Upload& upload = uploads_.back();
  const Image& image = upload.image;
  const int rows = std::clamp(slice_texels / image.width, 1, image.height - upload.next_row);
  std::vector<uint32_t> words(static_cast<size_t>(rows) * static_cast<size_t>(image.width) * 4);
  image.write(upload.next_row, rows, words.data());
  images_[upload.texture].upload_rows(upload.next_row, rows, words.data());
  uploaded_bytes_ += static_cast<int64_t>(words.size() * sizeof words[0]);
  upload.next_row += rows;
  if (upload.next_row == image.height) uploads_.pop_back();
}

bool Network::compile_some() {
  if (compiled_ == static_cast<int>(shaders_.size())) {
    stage_ = Stage::warming;
    return true;
  }
  Shader& shader = shaders_[static_cast<size_t>(compiled_)];
  if (!shader.is_compiled(device_.parallel_compile)) return false;
  shader.finish();
  ++compiled_;
  return device_
      .parallel_compile;  // where the driver cannot tell, this may have waited: let the caller breathe
}

bool Network::warm_up() {
  // Two under way, so that the device has its next while we look whether it has done its last.
  constexpr size_t under_way = 2;
  const int total = static_cast<int>(shaders_.size());
  while (!fences_.empty() && fences_.front().is_passed()) fences_.pop_front();
  while (warmed_ < total && fences_.size() < under_way) {
    Draw draw = draws_[static_cast<size_t>(draw_of_shader_[static_cast<size_t>(warmed_++)])];
    draw.width = draw.height = 1;
    execute(draw);
    fences_.push_back(Fence::behind_last_command());
  }
  if (!fences_.empty()) return false;
  stage_ = is_learning() ? Stage::learning : Stage::ready;
  return true;
}

void Network::wait_until_ready() {
  while (poll().phase != LoadProgress::Phase::ready) continue;
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
  if (plan_.range_texels == 0) return;
  has_new_inputs_ = true;
  is_unexpected_[static_cast<size_t>(index)] = !is_expected(index, values);
}

void Network::execute(const Draw& draw) const {
  glUseProgram(draw.program);
  glBindFramebuffer(GL_FRAMEBUFFER, draw.framebuffer);
  glViewport(0, 0, draw.width, draw.height);
  GLenum unit = GL_TEXTURE0;
  for (const Binding& binding : draw.bindings) {
    glActiveTexture(unit++);
    glBindTexture(binding.target, binding.texture);
  }
  glBindBufferRange(GL_UNIFORM_BUFFER, 0, uniforms_.id(), draw.sizes_offset, draw.sizes_bytes);
  glDrawArrays(GL_TRIANGLES, 0, 3);
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
  for (const Texture& image : images_) bytes += image.bytes();
  return bytes;
}

}  // namespace fragnet
