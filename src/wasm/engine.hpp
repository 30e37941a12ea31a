// What the web page holds: one canvas, the network that runs on it, and the one that is on its way.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "formats/model.hpp"
#include "runtime/context.hpp"
#include "runtime/load_job.hpp"
#include "runtime/model_info.hpp"
#include "video/frame_pipeline.hpp"

namespace fragnet {

// Every method throws Error; bindings.cpp turns that into JSON. A load: read_json, begin_load until it says which files there
// are, go_on_loading beside shard_buffer for every file, finish_weights, go_on_loading until there is info, refine until it is
// done. Until there is info the earlier network runs on.
class Engine {
 public:
  Json open(int context_handle, const Json& options);  // what the device can do
  void read_json(const std::string& model_json);
  Json begin_load(const Json& options);         // null, or which files each weight group has
  uint8_t* shard_buffer(int group, int bytes);  // where the next bytes of the group go
  void finish_weights();                        // all are there
  // A step of the job, see LoadJob: phase, done, total; behind the phase "tune", once: tuning; once the network is usable:
  // info. "wait": there is nothing to do before the weights are there.
  Json go_on_loading();
  // A step of the job behind the network that runs: done; once: tuning; once, where more was found out about the network's
  // ports: inputs and outputs, as in info.
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
  struct Running {
    std::unique_ptr<LoadJob> job;  // owns the network
    std::unique_ptr<FramePipeline> pipeline;
  };
  LoadJob& loading();
  void look_for_errors(std::string_view kind, const char* what) const;
  Running& running();

  std::unique_ptr<Context> context_;
  Device device_;
  Precision precision_ = Precision::automatic;
  FrameOptions frame_options_;
  ModelJson model_json_;                // of the model that is to be loaded
  std::shared_ptr<DeviceCache> cache_;  // of the context
  std::unique_ptr<LoadJob> loading_;
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
