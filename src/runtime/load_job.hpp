// How a model comes in: a job from the text of its model.json to a network that runs as fast as it can. It goes on for some
// milliseconds a step, on the thread that draws, while another network may run. It owns all that it makes, so it can be
// dropped between any two steps, and leaves nothing behind.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "import/import_model.hpp"
#include "runtime/measure_ports.hpp"
#include "runtime/network.hpp"
#include "runtime/tuner.hpp"

namespace fragnet {

struct LoadSettings {
  Precision precision = Precision::automatic;
  InputShapes shapes;        // where the model leaves one open
  Tuning tuning;             // what is known of the device
  double tune_ms = 0;        // how long more of it may be found out
  bool tunes_first = false;  // before there is a picture, else once it runs
  bool is_alone = false;     // no frames of another network are drawn meanwhile
  // How many multiply-adds a draw may have, where the device was found to be slow before; 0: as many as usual.
  double macs_of_draw = 0;
  std::shared_ptr<DeviceCache> cache;  // of the context; a job without one has its own
};

class LoadJob {
 public:
  // In the order in which they come. What follows `compile` is done while the network runs.
  enum class Stage {
    parse,     // what the topology means; afterwards groups() are known, and weights may come
    rehearse,  // while they come: compiles what needs none of them
    wait,      // for finish_weights()
    import,    // weights and topology → graph
    trials,    // which blocks are fastest here, where that is asked for before all else
    upload,    // weights → device
    compile,   // programs, each of which draws once; then the device is tested, and numbers are calibrated
    refine,    // the network is usable: programs that are faster take the place of simple ones
    measure,   // what pictures it makes of pictures, where its operations do not say
    tune,      // which blocks are fastest here, for the next load
    done,
  };
  struct State {
    Stage stage = Stage::parse;
    int64_t done = 0, total = 0;  // of uploads bytes, of compilation programs, of trials trials
  };

  LoadJob(ModelJson json, const Device& device, LoadSettings settings);

  // Goes on for about `budget_ms`. Throws Error where the model, its weights or the device do not do; once the network is
  // usable it stays so. Where the device fails while compiling, the job begins anew with the next lower precision.
  State step(double budget_ms);
  Stage stage() const { return stage_; }
  bool is_usable() const { return stage_ >= Stage::refine; }

  // Which files each group of weights has.
  const std::vector<WeightGroup>& groups() const { return file_.groups; }
  // Where the next bytes of the group go. Throws `bad-weights` for more than the manifest wants.
  uint8_t* append(int group, int bytes);
  void finish_weights();

  // Once it is usable.
  Network& network() { return *network_; }
  const Network& network() const { return *network_; }
  const ModelFile& file() const { return file_; }  // without its topology
  // Sentences for the user: what the network says of its numbers, and whether the device failed on the way.
  std::vector<std::string> warnings() const;
  // What trials found, behind `trials` or `tune`.
  const std::optional<Tuning>& found_tuning() const { return found_; }

 private:
  void parse();
  void rehearse(double budget_ms);
  void import();
  void make_network();
  void try_blocks();
  void go_on(double budget_ms);
  bool falls_down(const Error& error);
  bool widens();
  NetworkOptions network_options() const;
  int64_t bytes_arrived() const;

  ModelJson json_;
  Device device_;  // less what failed in this load
  LoadSettings settings_;
  Stage stage_ = Stage::parse;
  State state_;
  ModelFile file_;
  bool has_parsed_ = false;
  std::vector<std::shared_ptr<std::vector<uint8_t>>> arrived_;  // by group
  std::optional<Weights> promised_;                             // until they are imported, to rehearse with
  int64_t bytes_in_vain_ = -1;   // there were no more of them when the promised weights could not be imported
  std::optional<Graph> source_;  // until the network is usable: another may have to be made of it
  std::unique_ptr<Network> rehearsal_, network_;
  std::unique_ptr<Tuner> tuner_;
  std::optional<PortMeasurement> measurement_;
  std::optional<Tuning> found_;
  std::string fallen_;  // how the device failed, a sentence
};

}  // namespace fragnet
