#include "wasm/engine.hpp"

#include <utility>

#include "base/error.hpp"
#include "formats/json_object.hpp"
#include "programs/shader_library.hpp"
#include "wasm/options.hpp"

namespace fragnet {
namespace {

// How long a step of a load may keep the page.
constexpr double slice_ms = 12;

// Another number where any shader is another: what was measured with those is no longer true. (FNV-1a)
std::string shader_digest() {
  uint32_t hash = 2166136261U;
  for (const ShaderFile& file : shader_files()) {
    for (const char letter : file.text) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  }
  return std::to_string(hash);
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
  cache_ = std::make_shared<DeviceCache>();
  precision_ = precision_of(text_option(options, "precision", "auto"));
  const ContextTurn turn(*context_);
  device_ = query_device(precision_, flag_option(options, "isPhone"));
  Json description = describe(device_, precision_);
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

Json Engine::begin_load(const Json& options) {
  if (!loading_) {
    loading_ = std::make_unique<LoadJob>(std::exchange(model_json_, {}), device_,
                                         LoadSettings{.precision = precision_,
                                                      .shapes = shapes_option(options),
                                                      .tuning = tuning_option(options),
                                                      .tune_ms = number_option(options, "tuneBudgetMs", 0),
                                                      .tunes_first = flag_option(options, "tunesFirst"),
                                                      .is_alone = !running_,
                                                      .macs_of_draw = number_option(options, "macsOfDraw", 0),
                                                      .cache = cache_});
  }
  if (loading_->step(slice_ms).stage == LoadJob::Stage::parse) return Json();
  Json groups = Json::array();
  for (const WeightGroup& group : loading_->groups()) {
    // How long a .npy file is stands in the file.
    const int64_t most_bytes = group.is_npy ? max_group_bytes : group.bytes;
    groups.push_back(
        json_object({{"paths", group.paths}, {"bytes", group.bytes}, {"mostBytes", most_bytes}}));
  }
  return groups;
}

LoadJob& Engine::loading() {
  if (!loading_) fail(code::internal, "no load is under way");
  return *loading_;
}

uint8_t* Engine::shard_buffer(int group, int bytes) {
  return loading().append(group, bytes);
}

void Engine::finish_weights() {
  loading().finish_weights();
}

Json Engine::go_on_loading() {
  const ContextTurn turn = take_context();
  using Stage = LoadJob::Stage;
  const Stage before = loading().stage();
  const LoadJob::State now = loading_->step(slice_ms);
  const bool tries = before == Stage::trials || now.stage == Stage::trials;
  const char* phase = now.stage <= Stage::rehearse ? "rehearse"
                      : now.stage == Stage::wait   ? "wait"
                      : tries                      ? "tune"
                      : now.stage <= Stage::upload ? "decode"
                                                   : "compile";
  Json state = json_object({{"phase", phase}, {"done", now.done}, {"total", now.total}});
  if (before == Stage::trials && now.stage != before && loading_->found_tuning())
    state["tuning"] = json_of(*loading_->found_tuning());
  if (!loading_->is_usable()) return state;
  auto ready = std::make_unique<Running>();
  ready->pipeline = std::make_unique<FramePipeline>(loading_->network());
  ready->job = std::move(loading_);
  running_ = std::move(ready);
  cache_->trim();  // what the earlier network alone had
  state["info"] = describe(running_->job->file(), running_->job->network());
  for (const std::string& sentence : running_->job->warnings()) state["info"]["warnings"].push_back(sentence);
  input_buffers_.clear();
  output_buffers_.clear();
  return state;
}

Json Engine::refine() {
  const ContextTurn turn = take_context();
  LoadJob& job = *running().job;
  using Stage = LoadJob::Stage;
  const Stage before = job.stage(), now = job.step(slice_ms).stage;
  Json state = json_object({{"done", now == Stage::done}});
  if (before == Stage::measure && now != before) {
    running_->pipeline->reconsider();
    state["inputs"] = describe_inputs(job.network());
    state["outputs"] = describe_outputs(job.network());
  }
  if (before == Stage::tune && now != before) state["tuning"] = json_of(*job.found_tuning());
  return state;
}

void Engine::cancel_load() {
  if (!loading_) return;
  const ContextTurn turn = take_context();
  loading_ = nullptr;
  cache_->trim();
}

Json Engine::stats() const {
  const Network* network = running_ ? &running_->job->network() : nullptr;
  const FramePipeline* pipeline = running_ ? running_->pipeline.get() : nullptr;
  const Tier tier = network ? network->tier() : choose_tier(precision_, device_);
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
  for (const StepTiming& step : running().job->network().time_steps()) {
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
