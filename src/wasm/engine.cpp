#include "wasm/engine.hpp"

#include <algorithm>
#include <climits>
#include <emscripten/html5.h>
#include <utility>

#include "base/error.hpp"
#include "formats/json_access.hpp"
#include "formats/json_object.hpp"
#include "import/import_model.hpp"
#include "programs/shader_library.hpp"

namespace fragnet {
namespace {

// Options come from fragnet.js, which has checked them: what is missing has its default.

std::string text_option(const Json& options, const char* name, const char* fallback) {
  const Json* option = find_member(options, {name});
  return option && option->is_string() ? option->get_ref<const std::string&>() : fallback;
}

double number_option(const Json& options, const char* name, double fallback) {
  const Json* option = find_member(options, {name});
  return option && option->is_number() ? option->get<double>() : fallback;
}

bool flag_option(const Json& options, const char* name) {
  const Json* option = find_member(options, {name});
  return option && option->is_boolean() && option->get<bool>();
}

// Two numbers; anything else leaves it to what is known of the network.
std::optional<Range> range_option(const Json& options, const char* name) {
  const Json* range = find_member(options, {name});
  if (!range || !range->is_array() || range->size() != 2 || !(*range)[0].is_number() ||
      !(*range)[1].is_number())
    return std::nullopt;
  return Range{(*range)[0].get<float>(), (*range)[1].get<float>()};
}

// {"conv2d 4×4/2 uint8": [4, 2], …}: what tune() said, on this device, perhaps on another day.
Tuning tuning_option(const Json& options) {
  Tuning tuning;
  const Json* kinds = find_member(options, {"tuning"});
  if (!kinds || !kinds->is_object()) return tuning;
  for (auto kind = kinds->begin(); kind != kinds->end(); ++kind) {
    const Json& shape = kind.value();
    if (!shape.is_array() || shape.size() != 2 || !shape[0].is_number_integer() ||
        !shape[1].is_number_integer())
      continue;
    const BlockShape block{shape[0].get<int>(), shape[1].get<int>()};
    const std::vector<BlockShape> known = block_shapes();
    if (std::find(known.begin(), known.end(), block) != known.end()) tuning[kind.key()] = block;
  }
  return tuning;
}

Json json_of(const Tuning& tuning) {
  Json kinds = Json::object();
  for (const auto& [kind, shape] : tuning) kinds[kind] = Json::array({shape.w, shape.q});
  return kinds;
}

// Another number where any shader is another: what was measured with those is no longer true. (FNV-1a)
std::string shader_digest() {
  uint32_t hash = 2166136261U;
  for (const ShaderFile& file : shader_files()) {
    for (const char letter : file.text) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  }
  return std::to_string(hash);
}

Shape shape_option(const Json& extents, const std::string& name) {
  Shape shape;
  for (const Json& extent : extents) {
    const std::optional<int64_t> number = as_integer(extent);
    if (!number || *number < INT_MIN || *number > INT_MAX) {
      fail(code::bad_input, "the shape for input ", in_quotes(name), " is no list of whole numbers");
    }
    shape.push_back(static_cast<int>(*number));
  }
  return shape;
}

}  // namespace

Json describe(const Device& device, Precision wanted) {
  const Tier tier = choose_tier(wanted, device);
  return json_object({{"webgl2", true},
                      {"renderer", device.renderer},
                      {"floatTargets", device.fp32.count > 0},
                      {"halfTargets", device.fp16.count > 0},
                      {"tier", to_string(tier.precision)},
                      {"targets", tier.targets},
                      {"reason", reason_of(tier, device)}});
}

Json Engine::open(int context_handle, const Json& options) {
  context_ = std::make_unique<Context>(context_handle);
  network_options_.precision = precision_of(text_option(options, "precision", "auto"));
  const ContextTurn turn(*context_);
  device_ = query_device(network_options_.precision, flag_option(options, "isPhone"));
  Json description = describe(device_, network_options_.precision);
  description["precision"] = description["tier"];
  description["shaders"] = shader_digest();
  return description;
}

ContextTurn Engine::take_context() const {
  if (!context_) fail(code::internal, "the engine was not opened");
  return ContextTurn(*context_);
}

Engine::Running& Engine::running() {
  if (!running_) fail(code::no_model, "there is no model: load one first");
  return *running_;
}

void Engine::read_json(const std::string& model_json) {
  cancel_load();
  model_json_ = parse_model_json(model_json);
}

Json Engine::begin_load() {
  if (!loading_) {
    auto loading = std::make_unique<Loading>();
    loading->file = parse_model(std::exchange(model_json_, {}));
    loading->device = device_;
    loading_ = std::move(loading);
    return Json();  // enough for one call
  }
  model_inputs(loading_->file);  // what is wrong with them is said before a weight is fetched
  Json groups = Json::array();
  for (const WeightGroup& group : loading_->file.groups) {
    // How long a .npy file is stands in the file.
    const int64_t most_bytes = group.is_npy ? max_group_bytes : group.bytes;
    groups.push_back(
        json_object({{"paths", group.paths}, {"bytes", group.bytes}, {"mostBytes", most_bytes}}));
    loading_->groups.push_back(std::make_shared<std::vector<uint8_t>>());
  }
  return groups;
}

uint8_t* Engine::shard_buffer(int group, int bytes) {
  if (!loading_ || group < 0 || static_cast<size_t>(group) >= loading_->groups.size() || bytes < 0) {
    fail(code::internal, "there is no weight group ", group, " to fill");
  }
  const WeightGroup& wanted = loading_->file.groups[static_cast<size_t>(group)];
  std::vector<uint8_t>& buffer = *loading_->groups[static_cast<size_t>(group)];
  const size_t before = buffer.size();
  if (!wanted.has_text && !wanted.is_npy && static_cast<int64_t>(before) + bytes > wanted.bytes) {
    fail(code::bad_weights, "the weight files beginning with \"",
         wanted.paths.empty() ? "" : wanted.paths.front(), "\" are too long: the manifest wants ",
         wanted.bytes, " bytes in all, ", static_cast<int64_t>(before) + bytes, " or more came");
  }
  buffer.reserve(static_cast<size_t>(wanted.bytes));
  buffer.resize(before + static_cast<size_t>(bytes));
  return buffer.data() + before;
}

Graph Engine::import(const Json& options, const Weights& weights) const {
  InputShapes asked;
  if (const Json* wanted = find_member(options, {"inputShapes"})) {
    for (const auto& [name, extents] : wanted->get_ref<const Json::object_t&>())
      asked[name] = shape_option(extents, name);
  }
  return import_model(loading_->file, weights, asked);
}

NetworkOptions Engine::options_of_load() const {
  NetworkOptions options = network_options_;
  options.tuning = loading_->tuning;
  options.starts_early = true;
  options.is_alone = !running_;
  return options;
}

int64_t Engine::bytes_arrived() const {
  int64_t bytes = 0;
  for (const auto& group : loading_->groups) bytes += static_cast<int64_t>(group->size());
  return bytes;
}

bool Engine::rehearse(const Json& options) {
  if (!loading_ || loading_->has_rehearsed) return false;
  const ContextTurn turn = take_context();
  try {
    if (loading_->rehearsal) {
      loading_->has_rehearsed = loading_->rehearsal->poll().phase == LoadProgress::Phase::ready;
    } else if (loading_->source) {
      NetworkOptions network_options = options_of_load();
      network_options.is_rehearsal = true;
      loading_->rehearsal = std::make_unique<Network>(*std::exchange(loading_->source, std::nullopt),
                                                      network_options, loading_->device);
    } else if (loading_->promised) {
      loading_->source = import(options, *loading_->promised);
      loading_->promised = std::nullopt;
    } else if (bytes_arrived() > loading_->bytes_in_vain) {
      loading_->tuning = tuning_option(options);
      loading_->promised = promised_weights(loading_->file.groups, loading_->groups);  // perhaps not yet
    }
  } catch (const Error& error) {
    // A size that the model computes from a number which is still on its way comes out wrong: better when more has come.
    const bool is_early = loading_->promised && error.code() == code::bad_shape;
    if (is_early) loading_->bytes_in_vain = bytes_arrived();
    loading_->promised = std::nullopt;
    loading_->rehearsal = nullptr;
    loading_->has_rehearsed = !is_early;
  }
  return !loading_->has_rehearsed;
}

void Engine::prepare(const Json& options) {
  if (!loading_) fail(code::internal, "no load is under way");
  Weights weights;
  for (size_t i = 0; i < loading_->groups.size(); ++i) {
    read_weights(loading_->file.groups[i], std::move(loading_->groups[i]), weights);
  }
  loading_->tuning = tuning_option(options);
  loading_->tune_ms = number_option(options, "tuneBudgetMs", 0);
  loading_->tunes_first = flag_option(options, "tunesFirst");
  loading_->source = import(options, weights);
  loading_->file.topology = GraphTopology{};  // no longer needed
}

// From the source, which stays where another network may follow.
void Engine::make_network() {
  RehearsedShaders shaders;
  if (loading_->rehearsal) shaders = std::move(*loading_->rehearsal).take_shaders();
  loading_->rehearsal = nullptr;
  const NetworkOptions options = options_of_load();
  loading_->network = std::make_unique<Network>(compile_for(*loading_->source, options, loading_->device),
                                                options, loading_->device, std::move(shaders));
  loading_->info = describe(loading_->file, *loading_->network);
}

// Before the network is made in earnest; made again where another block is better than the best guess.
Json Engine::try_blocks() {
  const Tuner::Progress progress = loading_->tuner->advance();
  Json state = json_object({{"phase", "tune"}, {"done", progress.done}, {"total", progress.total}});
  if (progress.ready) {
    const Tuning found = loading_->tuner->result();
    const BlockShape guess = best_guess(loading_->device.limits);
    const auto is_other = [&](const auto& kind) { return kind.second != guess; };
    state["tuning"] = json_of(found);
    loading_->tuning.insert(found.begin(), found.end());
    loading_->tuner = nullptr;
    loading_->tune_ms = 0;
    if (std::any_of(found.begin(), found.end(), is_other)) {
      loading_->rehearsal = std::move(loading_->network);
      make_network();
    }
  }
  return state;
}

// Where this device refuses what it was thought to do, or has no room: the next lower step of its ladder, from the beginning.
bool Engine::falls_down(const Error& error) {
  if (error.code() != code::shader_failed && error.code() != code::out_of_memory) return false;
  loading_->rehearsal = nullptr;
  const Tier failed = loading_->network ? loading_->network->tier()
                                        : choose_tier(network_options_.precision, loading_->device);
  loading_->network = nullptr;
  loading_->tuner = nullptr;
  clear_gl_errors();
  if (!step_down(loading_->device, network_options_.precision, failed)) return false;
  const Tier next = choose_tier(network_options_.precision, loading_->device);
  const std::string words = error.what();
  loading_->fallen = text("the device failed with ", failed.targets, " textures of ",
                          to_string(failed.precision), " at once, so this model runs with ", next.targets,
                          " of ", to_string(next.precision), " (", words.substr(0, words.find('\n')), ")");
  return true;
}

Json Engine::compile() {
  if (!loading_ || !loading_->source) fail(code::internal, "no network is being compiled");
  const ContextTurn turn = take_context();
  try {
    return go_on_compiling();
  } catch (const Error& error) {
    if (!loading_ || !falls_down(error)) throw;
    return json_object({{"phase", "decode"}, {"done", 0}, {"total", 0}});
  }
}

Json Engine::go_on_compiling() {
  if (!loading_->network) {
    make_network();
    if (loading_->tune_ms > 0) {
      loading_->tuner =
          std::make_unique<Tuner>(loading_->network->graph(), loading_->device,
                                  loading_->network->precision(), loading_->tuning, loading_->tune_ms);
    }
    return json_object({{"phase", "decode"}, {"done", 0}, {"total", 0}});  // enough for one call
  }
  if (loading_->tuner && loading_->tunes_first) return try_blocks();
  const LoadProgress progress = loading_->network->poll();
  const bool is_uploading = progress.phase == LoadProgress::Phase::uploading;
  Json state = json_object(
      {{"phase", is_uploading ? "decode" : "compile"}, {"done", progress.done}, {"total", progress.total}});
  if (progress.phase == LoadProgress::Phase::usable || progress.phase == LoadProgress::Phase::ready) {
    auto ready = std::make_unique<Running>();
    ready->file = std::move(loading_->file);
    ready->network = std::move(loading_->network);
    ready->tuner = std::move(loading_->tuner);
    ready->pipeline = std::make_unique<FramePipeline>(*ready->network);
    if (!ranges_to_try(ready->network->ports()).empty()) ready->measurement.emplace(*ready->network);
    running_ = std::move(ready);
    state["info"] = std::move(loading_->info);
    for (const std::string& sentence : running_->network->warnings())
      state["info"]["warnings"].push_back(sentence);
    if (!loading_->fallen.empty()) state["info"]["warnings"].push_back(loading_->fallen);
    loading_ = nullptr;
    input_buffers_.clear();
    output_buffers_.clear();
  }
  return state;
}

Json Engine::refine() {
  Running& now = running();
  const ContextTurn turn = take_context();
  Json state = json_object({{"done", false}});
  if (now.network->poll().phase != LoadProgress::Phase::ready) return state;
  if (now.measurement) {
    if (!now.measurement->advance()) return state;
    now.measurement = std::nullopt;
    now.pipeline->reconsider();
    state["inputs"] = describe_inputs(*now.network);
    state["outputs"] = describe_outputs(*now.network);
    return state;
  }
  if (now.tuner && now.tuner->advance().ready) {
    state["tuning"] = json_of(now.tuner->result());
    now.tuner = nullptr;
  }
  state["done"] = !now.tuner;
  return state;
}

void Engine::cancel_load() {
  if (!loading_) return;
  const ContextTurn turn = take_context();
  loading_ = nullptr;
}

void Engine::configure(const Json& options) {
  FrameOptions next;
  if (const Json* augmentation = find_member(options, {"augmentation"})) {
    next.augmentation = augmentation_of(text_option(*augmentation, "type", "none"));
    next.brightness = static_cast<float>(number_option(*augmentation, "brightness", 0));
    next.contrast = static_cast<float>(number_option(*augmentation, "contrast", 1));
    next.grain = static_cast<float>(number_option(*augmentation, "grain", 0));
    next.input_range = next.output_range = range_option(*augmentation, "range");
  }
  for (const auto& [name, range] :
       {std::pair("inputRange", &next.input_range), {"outputRange", &next.output_range}}) {
    if (const std::optional<Range> own = range_option(options, name)) *range = own;
  }
  next.output = static_cast<int>(number_option(options, "output", -1));
  next.channel = static_cast<int>(number_option(options, "channel", -1));
  next.show = show_of(text_option(options, "show", "auto"));
  next.invert = flag_option(options, "invert");
  next.mirror = flag_option(options, "mirror");
  next.view = view_of(text_option(options, "view", "output"));
  frame_options_ = next;
}

void Engine::draw_into(GLuint framebuffer, const PixelSize& size) {
  target_ = framebuffer;
  target_size_ = size;
}

GLuint Engine::begin_frame(const PixelSize& frame, bool is_new) {
  Running& now = running();
  if (std::max(frame.width, frame.height) > device_.limits.texture_size) {
    fail(code::too_large, "the frame has ", frame.width, "×", frame.height,
         " pixels, this device takes up to ", device_.limits.texture_size, " on a side");
  }
  if (has_predicted_) now.pipeline->restore_inputs();
  has_predicted_ = false;
  PixelSize target = target_size_;
  if (!target_) {
    emscripten_webgl_get_drawing_buffer_size(emscripten_webgl_get_current_context(), &target.width,
                                             &target.height);
  }
  if (now.pipeline->configure(frame_options_, frame, target) || is_new) is_watched_ = true;
  if (is_watched_) clear_gl_errors();
  return now.pipeline->frame_texture();
}

void Engine::look_for_errors(std::string_view kind, const char* what) const {
  if (!is_watched_) return;
  const GLenum error = glGetError();
  if (error == GL_NO_ERROR || error == context_lost_webgl) return;  // of a lost context the next frame tells
  if (error == GL_OUT_OF_MEMORY) fail(code::out_of_memory, "the device has no room for this frame");
  fail(kind, what, " (GL error ", error, ")");
}

void Engine::finish_upload() {
  look_for_errors(code::bad_input,
                  "the browser makes no texture of this frame: draw it on a 2-D canvas, and pass that");
}

void Engine::finish_frame(double started_ms) {
  running().pipeline->run(target_);
  look_for_errors(code::internal, "the device refuses to draw this network's picture");
  is_watched_ = false;
  // Where commands wait for the end of the task, so would the device.
  if (device_.is_phone) glFlush();
  cpu_ms_ = emscripten_get_now() - started_ms;
}

float* Engine::input_buffer(int index) {
  const std::vector<NetworkPort>& inputs = running().network->inputs();
  if (index < 0 || static_cast<size_t>(index) >= inputs.size()) {
    fail(code::bad_input, "the model has ", inputs.size(), " inputs, there is none with the number ", index);
  }
  input_buffers_.resize(inputs.size());
  std::vector<float>& buffer = input_buffers_[static_cast<size_t>(index)];
  buffer.resize(static_cast<size_t>(element_count(inputs[static_cast<size_t>(index)].shape)));
  return buffer.data();
}

void Engine::hold_input(int index, const Json& fill) {
  const ContextTurn turn = take_context();
  Running& now = running();
  const std::vector<NetworkPort>& inputs = now.network->inputs();
  if (index < 0 || static_cast<size_t>(index) >= inputs.size())
    fail(code::bad_input, "the model has ", inputs.size(), " inputs, there is none with the number ", index);
  const int64_t count = element_count(inputs[static_cast<size_t>(index)].shape);
  std::vector<float> numbers;
  if (find_member(fill, {"seed"})) {
    const auto seed = static_cast<int>(number_option(fill, "seed", 1));
    numbers = numbers_of({.kind = InputFill::Kind::seeded, .seed = seed}, count);
  } else if (const Json* constant = find_member(fill, {"constant"})) {
    numbers.assign(static_cast<size_t>(count), constant->get<float>());
  } else if (flag_option(fill, "isWritten")) {
    input_buffer(index);  // where they are
    numbers = std::exchange(input_buffers_[static_cast<size_t>(index)], {});
  }
  now.pipeline->hold(index, std::move(numbers));
}

Json Engine::predict() {
  Network& network = *running().network;
  const ContextTurn turn = take_context();
  if (input_buffers_.size() != network.inputs().size())
    fail(code::bad_input, "predict() needs all inputs of the model");
  for (size_t i = 0; i < input_buffers_.size(); ++i)
    network.write_input(static_cast<int>(i), input_buffers_[i]);
  input_buffers_.clear();
  has_predicted_ = true;
  network.run();
  Json outputs = Json::array();
  output_buffers_.clear();
  for (size_t i = 0; i < network.outputs().size(); ++i) {
    output_buffers_.push_back(network.read_output(static_cast<int>(i)));
    const NetworkPort& port = network.outputs()[i];
    outputs.push_back(json_object({{"name", port.name},
                                   {"shape", port.shape},
                                   {"pointer", reinterpret_cast<uintptr_t>(output_buffers_.back().data())}}));
  }
  return outputs;
}

Json Engine::stats() const {
  const Network* network = running_ ? running_->network.get() : nullptr;
  const FramePipeline* pipeline = running_ ? running_->pipeline.get() : nullptr;
  const Tier tier = network ? network->tier() : choose_tier(network_options_.precision, device_);
  return json_object({{"cpuMs", cpu_ms_},
                      {"gpuMs", nullptr},
                      {"drawCalls", pipeline ? pipeline->draw_calls() : 0},
                      {"programs", network ? network->programs() : 0},
                      {"textureBytes", network ? network->texture_bytes() : 0},
                      {"weightBytes", network ? network->weight_bytes() : 0},
                      {"precision", to_string(tier.precision)},
                      {"targets", tier.targets},
                      {"reason", reason_of(tier, network ? network->device() : device_)},
                      {"renderer", device_.renderer}});
}

Json Engine::timings() {
  const ContextTurn turn = take_context();
  Json list = Json::array();
  for (const StepTiming& step : running().network->time_steps()) {
    list.push_back(json_object({{"step", list.size()},
                                {"name", step.name},
                                {"op", step.op},
                                {"gpuMs", step.gpu_ms >= 0 ? Json(step.gpu_ms) : Json()},
                                {"cpuMs", step.cpu_ms},
                                {"macs", step.macs}}));
  }
  return list;
}

}  // namespace fragnet
