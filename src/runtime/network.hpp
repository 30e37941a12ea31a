// A network on the device: planned, uploaded, compiled, ready to run. Owns every GL object that it needs; a
// frame binds and draws, nothing else.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "compile/compile.hpp"
#include "runtime/calibrate.hpp"
#include "runtime/device.hpp"
#include "runtime/device_cache.hpp"
#include "runtime/fence.hpp"
#include "runtime/magnitude_meter.hpp"
#include "runtime/texture.hpp"
#include "runtime/uniform_buffer.hpp"

namespace fragnet {

struct NetworkOptions {
  Precision precision = Precision::automatic;
  Tuning tuning;                        // what was measured on the device
  std::optional<WeightFormat> weights;  // see PlanOptions
  bool starts_early = false;            // is usable before it is fast where that pays, see LoadProgress
  bool is_alone = false;                // no frames of another one are drawn until it is usable
  bool is_rehearsal = false;  // its weights are only promised: compiles and draws, on textures of few texels
  bool learns = true;         // how numbers are best stored; a trial, whose numbers nobody sees, need not
  std::shared_ptr<DeviceCache> cache;  // what networks share; a network without one has its own
};

// Compiled for the tier of `device` that `options` ask for, of which throws `no-float-targets` where there is none.
Compiled compile_for(Graph source, const NetworkOptions& options, const Device& device);

struct StepTiming {
  std::string name, op;
  int64_t macs = 0;
  double cpu_ms = 0;   // from the draw to its result being there
  double gpu_ms = -1;  // by the device's own clock; -1 where it has none
};

struct LoadProgress {
  // A network that starts early is usable with programs that compile soon: they compute one layer of the blocks a draw, so
  // a frame has several times the draws. The fast ones take their place one after another, while frames are drawn.
  enum class Phase { uploading, compiling, usable, ready };
  Phase phase = Phase::uploading;
  // Bytes of weights; then programs twice, compiled and drawn with once: those without which the network is not usable. In
  // the rgba8 tier they are drawn with once more, after the pictures that ranges are learned from. `total` grows where a
  // network turns out to need others: half floats that stand for multiples of themselves.
  int64_t done = 0, total = 0;
};

class Network {
 public:
  // Makes the feature maps; the rest is done by poll(). `compiled` is what compile_for() made for the same options and
  // device. Throws `out-of-memory`.
  Network(Compiled compiled, const NetworkOptions& options, const Device& device);
  // Compiles the graph first, which is as an importer made it.
  Network(Graph source, const NetworkOptions& options, const Device& device)
      : Network(compile_for(std::move(source), options, device), options, device) {}

  // Goes on with what is left to do, for so many milliseconds: uploads weights, compiles, and draws once with every program,
  // since many drivers compile in earnest only then. Never waits where the driver can tell how far it is. What is stored of
  // feature maps is learned before the network is usable, a picture a call: in the rgba8 tier, which never starts early, the
  // ranges of channels; of half floats whether they have such numbers, or need scales. Throws `shader-failed`,
  // `too-large`, `out-of-memory`; a usable network stays so.
  LoadProgress poll(double budget_ms = 12);
  void wait_until_ready();

  const std::vector<NetworkPort>& inputs() const { return inputs_; }
  const std::vector<NetworkPort>& outputs() const { return outputs_; }

  // What they are to people; measure_ports.hpp finds out more.
  const Ports& ports() const { return ports_; }
  Ports& ports() { return ports_; }

  // Row-major in the port's shape; only once it is usable. Throws `bad-input` for another number of elements.
  void write_input(int index, std::span<const float> values);
  // A picture to learn from (calibrate.hpp), into every input that frames are drawn into.
  void write_calibration_frame(int frame, const Range& range);
  // Where write_input() brought what no frame would, what is stored of feature maps is learned from that first, but for
  // fp32.
  void run();
  // To be called before frames are drawn into the picture input, where their range may have changed, or write_input() may
  // have been called since: each range of frames needs to be learned from.
  void expect_frames(const Range& range);
  void wait_for_device();                     // until the last run is done
  std::vector<float> read_output(int index);  // waits for the device

  // What the user should know of the numbers: sentences. All that there is once it is usable; a run may add some.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Whether half floats cannot hold what some layer makes of the picture that was learned from, whatever its scale.
  bool exceeds_halves() const { return exceeds_halves_; }
  // What a number that the value's texture stores is to be multiplied by: a power of two, 1 nearly always. (Not of values
  // that lie as codes.)
  float unit_of(ValueId value) const;

  // Runs step by step and waits after each: for profiling, not for frames.
  std::vector<StepTiming> time_steps();

  // For the frame's way in and out.
  const Layout& layout_of(ValueId value) const { return plan_.place_of(value).layout; }
  const Texture& texture_of(ValueId value) const;

  const Graph& graph() const { return graph_; }
  const Plan& plan() const { return plan_; }
  Precision precision() const { return precision_; }
  const Tier& tier() const { return tier_; }
  const Device& device() const { return device_; }
  int draw_calls() const;  // of one run
  int programs() const { return static_cast<int>(shaders_.size()) - early_only_; }
  int64_t texture_bytes() const;  // of feature maps
  int64_t weight_bytes() const;   // of weights on the device

 private:
  struct Binding {
    GLenum target = 0;
    GLuint texture = 0;
  };
  // A program, where it writes, and its slice of the buffer of sizes.
  struct Pass {
    int shader = -1;  // index into shaders_
    GLuint framebuffer = 0;
    GLintptr sizes_offset = 0;
    GLsizeiptr sizes_bytes = 0;
  };
  struct Draw {
    Pass pass;
    std::vector<Pass> early;  // layer by layer, until the shader of `pass` is ready
    int width = 0;
    std::vector<Strip> strips;
    ValueId output = -1;
    std::vector<ValueId> tensors;   // what the first of the bindings are
    std::vector<Binding> bindings;  // by texture unit
  };
  // What shaders_ is made of once all are known.
  struct Source {
    std::shared_ptr<CachedShader> shader;
    int draw = -1;           // one that uses it
    bool is_early = false;   // computes one layer
    bool is_needed = false;  // for the network to be usable
  };
  // An image on its way to the device, by rows.
  struct Upload {
    Image image;
    size_t texture = 0;  // index into images_
    int next_row = 0;
  };
  void make_textures();
  int side(int texels) const;  // of a texture that is to have so many
  bool runs_whole(const Draw& draw) const { return draw.early.empty() || draw.pass.shader < ready_; }
  void execute(const Draw& draw) const;
  void bind(const Draw& draw) const;
  void draw_pass(const Pass& pass, int width, std::span<const Strip> strips) const;
  void upload_elements(ValueId value, std::span<const float> elements);

  // Until it is ready, network_load.cpp.
  enum class Stage { programs, working, learning, ready };
  void add_draw(const Step& step);
  Pass add_pass(const Program& program, const std::vector<std::string>& samplers, bool is_early,
                bool is_needed);
  void add_bindings(Draw& draw, Program program);
  void finish_programs();
  void upload_constants();
  bool work();  // these: whether something was done
  bool upload_some();
  void start_shaders(int end);
  bool compile_next();
  bool warm_up();
  void check_device() const;
  void drop_early_programs();
  LoadProgress progress() const;

  // What is stored of feature maps: when that is to be learned, from what, network_learning.cpp.
  bool is_learning() const { return frames_learned_ < frames_to_learn_; }
  void learn_next_frame();
  void learn_from_inputs();
  void write_calibration(int frame);
  void note_input(int input, std::span<const float> values);
  void warn(std::string sentence);

  // Codes of bytes, network_ranges.cpp.
  void learn_ranges(int frame);
  void learn_ranges_from_inputs();
  void begin_learning_ranges();
  void run_and_observe();
  void use_ranges(const std::vector<uint32_t>& words, int codes);
  void set_codes(int codes);
  std::vector<std::vector<float>> read_outputs();
  void warn_of_bytes(double error);

  // Half floats, network_scales.cpp.
  bool fit_halves();
  bool is_within_halves();
  void find_scales();
  void begin_scales();
  void upload_scales();

  Graph graph_;
  Plan plan_;
  Device device_;
  Tier tier_;
  Precision precision_;
  bool starts_early_, is_alone_, is_rehearsal_;
  TextureFormat format_;
  std::vector<NetworkPort> inputs_, outputs_;
  Ports ports_;
  Stage stage_ = Stage::programs;
  std::shared_ptr<DeviceCache> cache_;
  std::vector<Texture> textures_;
  std::vector<std::shared_ptr<CachedImage>> images_;
  std::vector<Framebuffer> framebuffers_, early_framebuffers_;
  std::vector<Source> sources_;
  std::map<std::string, int> source_of_text_;
  std::vector<std::shared_ptr<CachedShader>> shaders_;  // those first that are needed; null: no longer needed
  std::vector<int> draw_of_shader_;
  Flags has_drawn_;                  // by shader: before this network did
  int needed_ = 0, early_only_ = 0;  // shaders
  std::vector<Draw> draws_;
  std::vector<uint8_t> sizes_;  // until they are uploaded; of half floats for good
  UniformBuffer uniforms_;
  std::vector<Upload> uploads_;  // the last one first
  Fence handed_over_;            // behind the last of them, or of the shaders that were started
  int64_t uploaded_bytes_ = 0, upload_bytes_ = 0;
  int started_ = 0, compiled_ = 0, warmed_ = 0, ready_ = 0;  // shaders
  std::deque<Fence> fences_;                                 // behind draws that warm up

  // What is stored of feature maps.
  int picture_ = -1;  // the input that takes frames
  int frames_to_learn_ = 0, frames_learned_ = 0;
  Range frame_range_;
  bool has_new_inputs_ = false;  // since the last run
  Flags is_unexpected_;          // by input: it was written with what was not learned from
  std::vector<Range>
      learned_inputs_;  // by input, the least and the greatest number that was learned from, and zero
  std::vector<std::string> warnings_;

  // Codes.
  Texture ranges_;
  int codes_ = wide_codes;                      // of each number
  int narrow_codes_ = byte_codes;               // once ranges are learned: as many as turned out to be needed
  LearnedRanges learned_;                       // while learning
  std::vector<std::vector<float>> references_;  // outputs with wide codes
  std::vector<uint32_t> frame_ranges_;          // what was learned from frames
  bool uses_frame_ranges_ = false;              // the device has those, not others that inputs asked for

  // Half floats.
  struct ScalePlace {
    size_t offset = 0;  // in sizes_, of the bits of 2^k
    ValueId value = -1;
  };
  std::vector<ScalePlace> scale_places_;
  std::vector<int> exponents_;  // k, by value
  bool is_scaled_ = false;      // its programs know of scales
  bool exceeds_halves_ = false;
  int64_t redone_ = 0;  // of the progress, before they did
  MagnitudeMeter meter_;
};

}  // namespace fragnet
