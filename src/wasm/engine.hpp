// What the web page holds: one canvas, the network that runs on it, and the one that is on its way.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "runtime/context.hpp"
#include "runtime/measure_ports.hpp"
#include "runtime/model_info.hpp"
#include "runtime/tuner.hpp"
#include "video/frame_pipeline.hpp"

namespace fragnet {

// Every method throws Error; bindings.cpp turns that into JSON. The order of a load: read_json, begin_load, shard_buffer
// for every file and meanwhile rehearse, prepare, compile until it is usable, refine. Until then the earlier network runs on.
class Engine {
 public:
  Json open(int context_handle, const Json& options);  // what the device can do
  void read_json(const std::string& model_json);
  Json begin_load();  // null at the first call, then which files each weight group has
  uint8_t* shard_buffer(int group, int bytes);  // where the next bytes of the group go
  // While the files come: compiles what needs none of them, a few milliseconds a call, and returns whether there is more.
  // What hinders it hinders the load itself too, which says so.
  bool rehearse(const Json& options);
  void prepare(const Json& options);
  // phase, done, total; behind the phase "tune", once: tuning; once it is usable: info
  Json compile();
  // Once it is usable: compiles what makes it fast, then tries blocks for the next load, a few milliseconds a call.
  // done; once: tuning; once, where more was found out about the network's ports: inputs and outputs, as in info
  Json refine();
  void cancel_load();

  void configure(const Json& options);
  bool has_network() const { return running_ != nullptr; }
  ContextTurn take_context() const;  // of the canvas; the methods that need it take it themselves
  // The texture that takes a frame, which says that it is so large: the caller uploads. The caller has the context. After a
  // change of the network, of a size or, where `is_new`, of what the frame comes from, errors of the upload and of the draws
  // are looked for until a frame is without, and thrown: `out-of-memory`, `bad-input` where the browser uploads nothing,
  // `internal` where a draw is refused.
  GLuint begin_frame(const PixelSize& frame, bool is_new);
  // Where frames are drawn to, and how large that is; 0: the canvas.
  void draw_into(GLuint framebuffer, const PixelSize& size);
  bool is_watched() const { return is_watched_; }  // errors are looked for in this frame
  void finish_upload();
  void finish_frame(double started_ms);

  float* input_buffer(int index);
  // What the input holds while frames are drawn: {"seed": 7}, {"constant": 0.5}, {"isWritten": true} for what stands in its
  // buffer, or {} for what it holds by itself.
  void hold_input(int index, const Json& fill);
  Json predict();
  Json stats() const;
  Json timings();

 private:
  int64_t bytes_arrived() const;

  struct Loading {
    ModelFile file;
    std::vector<std::shared_ptr<std::vector<uint8_t>>> groups;
    std::optional<Weights> promised;  // until they are imported, to rehearse with
    std::unique_ptr<Network> rehearsal;
    bool has_rehearsed = false;
    int64_t bytes_in_vain = -1;  // there were no more of them when the promised weights could not be imported
    std::optional<Graph> source;  // of the network, until it is usable: there may be another
    Device device;                // less what failed in this load
    std::string fallen;           // what did, in a sentence
    std::unique_ptr<Network> network;
    double tune_ms = 0;            // for trying blocks
    bool tunes_first = false;      // before the network is made in earnest, or only once it runs
    std::unique_ptr<Tuner> tuner;  // null: nothing to be tried, or all done
    Tuning tuning;
    Json info;
  };
  struct Running {
    ModelFile file;  // without its topology
    std::unique_ptr<Network> network;
    std::unique_ptr<Tuner> tuner;  // null: as above
    std::unique_ptr<FramePipeline> pipeline;
    std::optional<PortMeasurement> measurement;
  };
  Graph import(const Json& options, const Weights& weights) const;
  NetworkOptions options_of_load() const;
  void make_network();
  Json try_blocks();
  void look_for_errors(std::string_view kind, const char* what) const;
  Json go_on_compiling();
  bool falls_down(const Error& error);
  Running& running();

  std::unique_ptr<Context> context_;
  Device device_;
  NetworkOptions network_options_;
  FrameOptions frame_options_;
  ModelJson model_json_;  // of the model that is to be loaded
  std::unique_ptr<Loading> loading_;
  std::unique_ptr<Running> running_;
  std::vector<std::vector<float>> input_buffers_, output_buffers_;
  bool has_predicted_ = false;  // since the last frame: inputs hold what predict() was given
  bool is_watched_ = true;
  GLuint target_ = 0;
  PixelSize target_size_;
  double cpu_ms_ = 0;  // of the last frame
};

Json describe(const Device& device, Precision wanted = Precision::automatic);

}  // namespace fragnet
