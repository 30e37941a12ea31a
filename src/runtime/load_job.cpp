#include "runtime/load_job.hpp"

#include <algorithm>
#include <utility>

namespace fragnet {
namespace {

// However slow a device was found to be, a draw is not cut into more parts than this makes: a thousandth of a second each on
// what does some 60 thousand multiply-adds in a microsecond.
constexpr double least_macs_of_draw = 1 << 26;

}  // namespace

LoadJob::LoadJob(ModelJson json, const Device& device, LoadSettings settings)
    : json_(std::move(json)), device_(device), settings_(std::move(settings)) {
  if (!settings_.cache) settings_.cache = std::make_shared<DeviceCache>();
  int64_t& macs = device_.limits.macs_of_draw;
  if (settings_.macs_of_draw > 0)
    macs = static_cast<int64_t>(std::clamp(settings_.macs_of_draw, least_macs_of_draw, double(macs)));
}

LoadJob::State LoadJob::step(double budget_ms) {
  state_ = {};
  switch (stage_) {
    case Stage::parse:
      parse();
      break;
    case Stage::rehearse:
      rehearse(budget_ms);
      break;
    case Stage::wait:
    case Stage::done:
      break;
    case Stage::import:
      import();
      break;
    case Stage::trials:
    case Stage::upload:
    case Stage::compile:
      try {
        go_on(budget_ms);
      } catch (const Error& error) {
        if (!falls_down(error)) throw;
      }
      break;
    case Stage::refine:
      if (network_->poll(budget_ms).phase == LoadProgress::Phase::ready) {
        stage_ = Stage::measure;
        settings_.cache->trim();  // the programs that made it usable
        if (!ranges_to_try(network_->ports()).empty()) measurement_.emplace(*network_);
      }
      break;
    case Stage::measure:
      if (measurement_ && !measurement_->advance()) break;
      measurement_ = std::nullopt;
      stage_ = tuner_ ? Stage::tune : Stage::done;
      break;
    case Stage::tune:
      if (!tuner_->advance().ready) break;
      found_ = tuner_->result();
      tuner_ = nullptr;
      stage_ = Stage::done;
      break;
  }
  state_.stage = stage_;
  return state_;
}

// In two steps, each of which may take long.
void LoadJob::parse() {
  if (!std::exchange(has_parsed_, true)) {
    file_ = parse_model(std::exchange(json_, {}));
    return;
  }
  model_inputs(file_);  // what is wrong with them is said before a weight is fetched
  for (size_t i = 0; i < file_.groups.size(); ++i)
    arrived_.push_back(std::make_shared<std::vector<uint8_t>>());
  stage_ = Stage::rehearse;
}

uint8_t* LoadJob::append(int group, int bytes) {
  const bool takes_weights = stage_ == Stage::rehearse || stage_ == Stage::wait;
  if (!takes_weights || group < 0 || static_cast<size_t>(group) >= arrived_.size() || bytes < 0)
    fail(code::internal, "there is no weight group ", group, " to fill");
  const WeightGroup& wanted = file_.groups[static_cast<size_t>(group)];
  std::vector<uint8_t>& buffer = *arrived_[static_cast<size_t>(group)];
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

int64_t LoadJob::bytes_arrived() const {
  int64_t bytes = 0;
  for (const auto& group : arrived_) bytes += static_cast<int64_t>(group->size());
  return bytes;
}

NetworkOptions LoadJob::network_options() const {
  return {.precision = settings_.precision,
          .tuning = settings_.tuning,
          .starts_early = true,
          .is_alone = settings_.is_alone,
          .cache = settings_.cache};
}

// A step each: which weights are promised, their import, and a network that is only compiled. What hinders it hinders the load
// itself too, which says so.
void LoadJob::rehearse(double budget_ms) {
  try {
    if (rehearsal_) {
      if (rehearsal_->poll(budget_ms).phase == LoadProgress::Phase::ready) stage_ = Stage::wait;
    } else if (source_) {
      NetworkOptions options = network_options();
      options.is_rehearsal = true;
      rehearsal_ = std::make_unique<Network>(*std::exchange(source_, std::nullopt), options, device_);
    } else if (promised_) {
      source_ = import_model(file_, *promised_, settings_.shapes);
      promised_ = std::nullopt;
    } else if (bytes_arrived() > bytes_in_vain_) {
      promised_ = promised_weights(file_.groups, arrived_);  // perhaps not yet
    }
  } catch (const Error& error) {
    // A size that the model computes from a number which is still on its way comes out wrong: better when more has come.
    const bool is_early = promised_ && error.code() == code::bad_shape;
    if (is_early) bytes_in_vain_ = bytes_arrived();
    promised_ = std::nullopt;
    rehearsal_ = nullptr;
    if (!is_early) stage_ = Stage::wait;
  }
}

void LoadJob::finish_weights() {
  if (stage_ != Stage::rehearse && stage_ != Stage::wait) fail(code::internal, "no weights were asked for");
  source_ = std::nullopt;
  promised_ = std::nullopt;
  stage_ = Stage::import;
}

void LoadJob::import() {
  Weights weights;
  for (size_t i = 0; i < arrived_.size(); ++i) read_weights(file_.groups[i], std::move(arrived_[i]), weights);
  arrived_.clear();
  source_ = import_model(file_, weights, settings_.shapes);
  file_.topology = GraphTopology{};  // no longer needed
  stage_ = Stage::upload;
}

void LoadJob::make_network() {
  rehearsal_ = nullptr;  // its programs stay in the cache
  const NetworkOptions options = network_options();
  network_ = std::make_unique<Network>(*source_, options, device_);
}

void LoadJob::go_on(double budget_ms) {
  if (!network_) {
    make_network();
    const bool tunes = settings_.tune_ms > 0;
    if (tunes) {
      tuner_ = std::make_unique<Tuner>(network_->graph(), device_, network_->precision(), settings_.tuning,
                                       settings_.tune_ms);
    }
    stage_ = tunes && settings_.tunes_first ? Stage::trials : Stage::upload;
  } else if (stage_ == Stage::trials) {
    try_blocks();
  } else {
    const LoadProgress progress = network_->poll(budget_ms);
    state_.done = progress.done;
    state_.total = progress.total;
    using Phase = LoadProgress::Phase;
    stage_ = progress.phase == Phase::uploading   ? Stage::upload
             : progress.phase == Phase::compiling ? Stage::compile
                                                  : Stage::refine;
    if (is_usable() && !widens()) source_ = std::nullopt;
  }
}

// Before the network is made in earnest, which is made again where another block is better than the best guess.
void LoadJob::try_blocks() {
  const Tuner::Progress progress = tuner_->advance();
  state_.done = progress.done;
  state_.total = progress.total;
  if (!progress.ready) return;
  found_ = tuner_->result();
  tuner_ = nullptr;
  settings_.tune_ms = 0;
  settings_.tuning.insert(found_->begin(), found_->end());
  const BlockShape guess = best_guess(device_.limits);
  const auto is_other = [&](const auto& kind) { return kind.second != guess; };
  if (std::any_of(found_->begin(), found_->end(), is_other)) {
    rehearsal_ = std::move(network_);
    make_network();
  }
  stage_ = Stage::upload;
}

// Where this device refuses what it was thought to do, or has no room: the next lower step of its ladder, from the beginning.
bool LoadJob::falls_down(const Error& error) {
  if (error.code() != code::shader_failed && error.code() != code::out_of_memory) return false;
  rehearsal_ = nullptr;
  const Tier failed = network_ ? network_->tier() : choose_tier(settings_.precision, device_);
  network_ = nullptr;
  tuner_ = nullptr;
  clear_gl_errors();
  if (!step_down(device_, settings_.precision, failed)) return false;
  const Tier next = choose_tier(settings_.precision, device_);
  const std::string words = error.what();
  fallen_ = text("the device failed with ", failed.targets, " textures of ", to_string(failed.precision),
                 " at once, so this model runs with ", next.targets, " of ", to_string(next.precision), " (",
                 words.substr(0, words.find('\n')), ")");
  stage_ = Stage::upload;
  return true;
}

// Where a network's numbers are beyond half floats and the device has wider ones after all (phones are asked for halves first):
// from the beginning with those.
bool LoadJob::widens() {
  Device wider = device_;
  if (settings_.precision != Precision::automatic || !network_->exceeds_halves() ||
      !step_down(wider, Precision::automatic, {Precision::fp16, 1}) ||
      choose_tier(Precision::automatic, wider).precision != Precision::fp32)
    return false;
  network_ = nullptr;
  tuner_ = nullptr;
  device_ = std::move(wider);
  fallen_ = "some numbers of this model are beyond 16-bit floats, so it runs with 32-bit floats";
  stage_ = Stage::upload;
  return true;
}

std::vector<std::string> LoadJob::warnings() const {
  std::vector<std::string> sentences = network_->warnings();
  if (!fallen_.empty()) sentences.push_back(fallen_);
  return sentences;
}

}  // namespace fragnet
