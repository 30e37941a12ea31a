// From a plan to a network that runs: what Network does until it is ready, a few milliseconds a call.
#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.hpp"
#include "runtime/network.hpp"

namespace fragnet {
namespace {

double now_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

// How much of an image one step of poll() uploads.
constexpr int slice_texels = 1 << 15;
constexpr Strip one_texel[] = {{0, 1}};

// Systems take a device away that does not answer for two seconds (Windows), and a weak one does some ten thousand
// multiply-adds in a microsecond.
std::vector<Strip> in_parts(const std::vector<Strip>& strips, int64_t macs, int64_t macs_of_draw) {
  const int64_t parts = (macs + macs_of_draw - 1) / macs_of_draw;
  if (parts <= 1) return strips;
  int64_t rows = 0;
  for (const Strip& strip : strips) rows += strip.height;
  const int rows_of_part = static_cast<int>(std::max<int64_t>(1, rows / parts));
  std::vector<Strip> cut;
  for (const Strip& strip : strips) {
    for (int y = 0; y < strip.height; y += rows_of_part)
      cut.push_back({strip.y + y, std::min(rows_of_part, strip.height - y)});
  }
  return cut;
}

// By texture unit, see Program.
std::vector<std::string> samplers_of(const Program& program) {
  std::vector<std::string> samplers;
  for (const TensorBinding& tensor : program.tensors) samplers.push_back(tensor.sampler);
  for (const Image& image : program.images) samplers.push_back(image.sampler);
  if (program.reads_ranges) samplers.push_back("ranges");
  return samplers;
}

}  // namespace

LoadProgress Network::poll(double budget_ms) {
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
      case Stage::working:
        if (!work()) return progress();
        break;
      case Stage::learning:
        learn_next_frame();
        if (is_learning() && stage_ == Stage::learning) return progress();
        if (plan_.is_ranged)
          warmed_ = ready_ = 0;  // the textures are others, for which drivers may compile anew
        stage_ = Stage::working;
        break;
      case Stage::ready:
        return progress();
    }
  } while (now_ms() - started < budget_ms);
  return progress();
}

LoadProgress Network::progress() const {
  const bool is_warmed_again = frames_to_learn_ > 0 && plan_.is_ranged;
  const int64_t total = redone_ + (is_warmed_again ? 3 : 2) * needed_ + frames_to_learn_;
  const bool has_learned = is_warmed_again && !is_learning();
  switch (stage_) {
    case Stage::programs:
      return {LoadProgress::Phase::uploading, uploaded_bytes_, upload_bytes_};
    case Stage::working:
    case Stage::learning:
      if (!uploads_.empty()) return {LoadProgress::Phase::uploading, uploaded_bytes_, upload_bytes_};
      if (starts_early_ && ready_ >= needed_ && !is_learning())
        return {LoadProgress::Phase::usable, total, total};
      return {LoadProgress::Phase::compiling,
              redone_ + compiled_ + warmed_ + frames_learned_ + (has_learned ? needed_ : 0), total};
    case Stage::ready:
      break;
  }
  return {LoadProgress::Phase::ready, total, total};
}

void Network::add_draw(const Step& step) {
  const Node& node = graph_.nodes[static_cast<size_t>(step.node)];
  const Layout& layout = layout_of(node.output);
  Draw draw{.width = layout.width,
            .strips = in_parts(strips_of(layout), step.macs, device_.limits.macs_of_draw),
            .output = node.output};
  Program program = make_program(graph_, plan_, step, device_.limits);
  const std::vector<std::string> samplers = samplers_of(program);
  const bool starts_early = starts_early_ && layout.layers() > 1 && !cache_->has_drawn(program.fragment);
  if (starts_early) {
    // It reads the same textures.
    Program of_layer = make_program(graph_, plan_, step, device_.limits, Extent::layer);
    for (int layer = 0; layer < layout.layers(); ++layer) {
      of_layer.sizes[0][0] = layer;
      Pass& pass = draw.early.emplace_back(add_pass(of_layer, samplers, true, true));
      early_framebuffers_.push_back(Framebuffer::unchecked(texture_of(node.output), layer, 1));
      pass.framebuffer = early_framebuffers_.back().id();
    }
  }
  draw.pass = add_pass(program, samplers, false, !starts_early);
  framebuffers_.push_back(Framebuffer::unchecked(texture_of(node.output), 0, layout.layers()));
  draw.pass.framebuffer = framebuffers_.back().id();
  add_bindings(draw, std::move(program));
  draws_.push_back(std::move(draw));
}

Network::Pass Network::add_pass(const Program& program, const std::vector<std::string>& samplers,
                                bool is_early, bool is_needed) {
  // Layers of one shape share a program.
  const auto [it, is_new] = source_of_text_.emplace(program.fragment, static_cast<int>(sources_.size()));
  if (is_new) {
    Source& source =
        sources_.emplace_back(Source{.draw = static_cast<int>(draws_.size()), .is_early = is_early});
    // Programs that find numbers in ranges have a uniform that says how many codes those are.
    source.shader = cache_->shader(program.fragment, samplers, plan_.is_ranged);
  }
  Source& source = sources_[static_cast<size_t>(it->second)];
  source.is_needed |= is_needed;
  if (source.is_needed) source.shader->shader.start();
  Pass pass{.shader = it->second,
            .sizes_offset = static_cast<GLintptr>(sizes_.size()),
            .sizes_bytes = static_cast<GLsizeiptr>(program.sizes.size() * sizeof program.sizes[0])};
  for (const ScaleBinding& scale : program.scales)
    scale_places_.push_back({sizes_.size() + scale.size * sizeof program.sizes[0], scale.value});
  const auto* bytes = reinterpret_cast<const uint8_t*>(program.sizes.data());
  sizes_.insert(sizes_.end(), bytes, bytes + pass.sizes_bytes);
  const auto alignment = static_cast<size_t>(device_.uniform_alignment);
  sizes_.resize((sizes_.size() + alignment - 1) / alignment * alignment);
  return pass;
}

void Network::add_bindings(Draw& draw, Program program) {
  for (const TensorBinding& tensor : program.tensors) {
    draw.tensors.push_back(tensor.value);
    draw.bindings.push_back({GL_TEXTURE_2D_ARRAY, texture_of(tensor.value).id()});
  }
  for (Image& image : program.images) {
    if (is_rehearsal_) {
      const TextureFormat format = image.is_integer ? TextureFormat::rgba32ui : TextureFormat::rgba32f;
      images_.push_back(std::make_shared<CachedImage>(CachedImage{
          .texture = Texture::flat(format, side(image.width), side(image.height)), .is_uploaded = true}));
    } else {
      images_.push_back(cache_->image(image));
    }
    const CachedImage& made = *images_.back();
    draw.bindings.push_back({GL_TEXTURE_2D, made.texture.id()});
    if (made.is_uploaded) continue;
    upload_bytes_ += made.texture.bytes();
    uploads_.push_back({std::move(image), images_.size() - 1});
  }
  if (program.reads_ranges) draw.bindings.push_back({GL_TEXTURE_2D, ranges_.id()});
}

void Network::finish_programs() {
  // Those first without which nothing runs.
  std::vector<int> place_of_source(sources_.size());
  for (const bool is_needed : {true, false}) {
    for (size_t i = 0; i < sources_.size(); ++i) {
      Source& source = sources_[i];
      if (source.is_needed != is_needed) continue;
      place_of_source[i] = static_cast<int>(shaders_.size());
      has_drawn_.push_back(source.shader->has_drawn);
      shaders_.push_back(std::move(source.shader));
      draw_of_shader_.push_back(source.draw);
      early_only_ += source.is_early;
    }
    if (is_needed) needed_ = static_cast<int>(shaders_.size());
  }
  for (Draw& draw : draws_) {
    draw.pass.shader = place_of_source[static_cast<size_t>(draw.pass.shader)];
    for (Pass& pass : draw.early) pass.shader = place_of_source[static_cast<size_t>(pass.shader)];
  }
  sources_.clear();
  source_of_text_.clear();

  if (!is_rehearsal_) upload_constants();
  uniforms_ = UniformBuffer::of(sizes_);
  if (scale_places_.empty()) sizes_ = {};
  if (precision_ == Precision::fp16 && is_learning()) meter_ = MagnitudeMeter(graph_, plan_, device_);
  // What is still to be uploaded holds its own bytes; the others can go.
  for (Value& value : graph_.values) {
    if (!value.constant) continue;
    value.constant = Tensor{.dtype = value.dtype, .shape = value.shape, .encoding = value.constant->encoding};
  }
  start_shaders(needed_);
  stage_ = Stage::working;
}

void Network::upload_constants() {
  for (size_t i = 0; i < plan_.places.size(); ++i) {
    const Value& value = graph_.values[i];
    if (!plan_.places[i] || !value.constant) continue;
    upload_elements(static_cast<ValueId>(i), to_floats(*value.constant));
  }
}

// The compiler works while weights are packed. Returns false where there is nothing to do but wait, or a caller can draw.
// In a browser the driver answers when it has done all else that it has to do, and the page waits for that. So nothing is
// asked while it draws, compiles or takes weights in; a fence tells without waiting.
bool Network::work() {
  const int total = static_cast<int>(shaders_.size());
  // Those that make it fast one at a time, while frames are drawn.
  if (ready_ == started_ && started_ < total) start_shaders(started_ + 1);
  if (!uploads_.empty()) return upload_some();
  if (!handed_over_.is_passed()) return false;
  handed_over_ = Fence();
  const bool has_compiled = compile_next(), has_drawn = warm_up();
  if (ready_ < started_) return has_compiled || has_drawn;
  if (ready_ == needed_) check_device();
  if (is_learning()) {
    stage_ = Stage::learning;
  } else if (ready_ == total) {
    drop_early_programs();
    stage_ = Stage::ready;
  }
  return false;
}

void Network::check_device() const {
  check_gl_memory("the network", false);
  const auto layers = [&](const Draw& draw) { return layout_of(draw.output).layers(); };
  const auto largest = std::max_element(draws_.begin(), draws_.end(),
                                        [&](const Draw& a, const Draw& b) { return layers(a) < layers(b); });
  if (largest != draws_.end()) framebuffers_[static_cast<size_t>(largest - draws_.begin())].check();
}

// In small pieces: the packed form of the weights is never whole in the heap.
bool Network::upload_some() {
  Upload& upload = uploads_.back();
  const Image& image = upload.image;
  const int rows = std::clamp(slice_texels / image.width, 1, image.height - upload.next_row);
  std::vector<uint32_t> words(static_cast<size_t>(rows) * static_cast<size_t>(image.width) * 4);
  image.write(upload.next_row, rows, words.data());
  images_[upload.texture]->texture.upload_rows(upload.next_row, rows, words.data());
  uploaded_bytes_ += static_cast<int64_t>(words.size() * sizeof words[0]);
  upload.next_row += rows;
  if (upload.next_row == image.height) {
    images_[upload.texture]->is_uploaded = true;
    uploads_.pop_back();
  }
  if (uploads_.empty()) handed_over_ = Fence::behind_last_command();
  return true;
}

void Network::start_shaders(int end) {
  while (started_ < end) shaders_[static_cast<size_t>(started_++)]->shader.start();
  handed_over_ = Fence::behind_last_command();
}

bool Network::compile_next() {
  if (compiled_ == started_) return false;
  const auto begin = shaders_.begin() + compiled_, end = shaders_.begin() + started_;
  const auto is_compiled = [&](const auto& cached) {
    return cached->shader.is_compiled(device_.parallel_compile);
  };
  if (!std::all_of(begin, end, is_compiled)) return false;
  Shader& shader = (*begin)->shader;
  const bool had_to_wait = !shader.is_finished() && !device_.parallel_compile;
  shader.finish();
  ++compiled_;
  return !had_to_wait;  // else let the caller breathe
}

bool Network::warm_up() {
  // Several under way, so that the device never waits for us, and drivers that prepare a program for its first draw do so
  // while another draws. But where frames want to be drawn meanwhile, each of them waits for all those.
  const size_t under_way = ready_ >= needed_ ? 1 : is_alone_ ? 8 : 2;
  while (!fences_.empty() && fences_.front().is_passed()) {
    fences_.pop_front();
    shaders_[static_cast<size_t>(ready_)]->has_drawn = true;
    ++ready_;
  }
  bool has_drawn = false;
  while (compiled_ == started_ && warmed_ < compiled_ && fences_.size() < under_way) {
    if (fences_.empty() && has_drawn_[static_cast<size_t>(warmed_)]) {
      ++warmed_;
      ++ready_;
      continue;
    }
    const Draw& draw = draws_[static_cast<size_t>(draw_of_shader_[static_cast<size_t>(warmed_)])];
    bind(draw);
    draw_pass(draw.pass.shader == warmed_ ? draw.pass : draw.early.front(), 1, one_texel);
    fences_.push_back(Fence::behind_last_command());
    ++warmed_;
    has_drawn = true;
  }
  return has_drawn;
}

void Network::drop_early_programs() {
  for (Draw& draw : draws_) {
    for (const Pass& pass : draw.early) shaders_[static_cast<size_t>(pass.shader)] = nullptr;
    draw.early.clear();
  }
  early_framebuffers_.clear();
}

void Network::wait_until_ready() {
  while (poll().phase != LoadProgress::Phase::ready) continue;
}

}  // namespace fragnet
