// The Embind class `Engine`, which web/lib/fragnet.js alone uses (web/lib/fragnet-engine.d.ts describes it). Methods
// that return a string return JSON: {"ok": …} or {"error": {"code", "message"}}.
#include <emscripten.h>
#include <emscripten/bind.h>
#include <emscripten/html5.h>
#include <functional>
#include <malloc.h>
#include <new>
#include <stdexcept>

#include "base/error.hpp"
#include "formats/json_access.hpp"
#include "formats/json_object.hpp"
#include "wasm/engine.hpp"

// A browser's video goes into a texture, which is bound, only from JavaScript. The browser decides how large that is:
// what an element says of its size need not be the size of its frames. Colours come times alpha, as on a 2-D canvas over
// black; numbers that are uploaded must not.
//
// Storage is made anew for each frame but those of a video that is not new (of which the page hears when its frames change
// their size, see web/lib/frames.js): where Chromium has no GPU, a video's frames take three times as long that way.
EM_JS(void, fragnet_upload_frame, (emscripten::EM_VAL frame, bool is_new), {
  const source = Emval.toValue(frame);
  GLctx.pixelStorei(GLctx.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  try {
    if (is_new || !source.requestVideoFrameCallback)
      GLctx.texImage2D(GLctx.TEXTURE_2D, 0, GLctx.RGBA, GLctx.RGBA, GLctx.UNSIGNED_BYTE, source);
    else
      GLctx.texSubImage2D(GLctx.TEXTURE_2D, 0, 0, 0, GLctx.RGBA, GLctx.UNSIGNED_BYTE, source);
  } finally {
    GLctx.pixelStorei(GLctx.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  }
});

namespace fragnet {
namespace {

enum DrawResult { drawn = 0, no_model = 1, context_lost = 2, failed = 3 };

std::string error_text(std::string_view code, const char* message) {
  return json_text(
      json_object({{"error", json_object({{"code", std::string(code)}, {"message", message}})}}));
}

// Runs `action` and packs what it returns or throws.
std::string packed(const std::function<Json()>& action) {
  try {
    return json_text(json_object({{"ok", action()}}));
  } catch (const Error& error) {
    return error_text(error.code(), error.what());
  } catch (const std::length_error&) {
    return error_text(code::out_of_memory, "this page has no memory left for the model");
  } catch (const std::bad_alloc&) {
    return error_text(code::out_of_memory, "this page has no memory left for the model");
  } catch (const std::exception& error) {
    return error_text(code::internal, error.what());
  }
}

class Binding {
 public:
  std::string open(int handle, const std::string& options) {
    return packed([&] { return engine_.open(handle, parse_json(options, "the options")); });
  }
  std::string read_json(const std::string& text) {
    return packed([&] {
      engine_.read_json(text);
      return true;
    });
  }
  std::string begin_load(const std::string& options) {
    return packed([&] { return engine_.begin_load(parse_json(options, "the options")); });
  }
  uintptr_t shard_buffer(int group, int bytes) {
    return pointer([&] { return engine_.shard_buffer(group, bytes); });
  }
  std::string finish_weights() {
    return packed([&] {
      engine_.finish_weights();
      return true;
    });
  }
  std::string go_on_loading() {
    return packed([&] { return engine_.go_on_loading(); });
  }
  std::string refine() {
    return packed([&] { return engine_.refine(); });
  }
  void cancel_load() { engine_.cancel_load(); }
  std::string configure(const std::string& options) {
    return packed([&] {
      engine_.configure(parse_json(options, "the options"));
      return true;
    });
  }

  void draw_into(int framebuffer, int width, int height) {
    engine_.draw_into(static_cast<GLuint>(framebuffer), {width, height});
  }

  int draw(emscripten::val frame, int width, int height, bool is_new) {
    if (!engine_.has_network()) return no_model;
    const double started_ms = emscripten_get_now();
    try {
      const ContextTurn turn = engine_.take_context();
      if (emscripten_is_webgl_context_lost(emscripten_webgl_get_current_context())) return context_lost;
      const GLuint texture = engine_.begin_frame({width, height}, is_new);
      if (width > 0) {  // else the network takes no frames
        glActiveTexture(GL_TEXTURE0);
        glBindTexture(GL_TEXTURE_2D, texture);
        fragnet_upload_frame(frame.as_handle(), engine_.is_watched());
        engine_.finish_upload();
      }
      engine_.finish_frame(started_ms);
      return drawn;
    } catch (const Error& error) {
      last_error_ = error_text(error.code(), error.what());
      return failed;
    } catch (const std::bad_alloc&) {
      last_error_ = error_text(code::out_of_memory, "this page has no memory left for the frame");
      return failed;
    }
  }

  uintptr_t input_buffer(int index) {
    return pointer([&] { return engine_.input_buffer(index); });
  }
  std::string hold_input(int index, const std::string& fill) {
    return packed([&] {
      engine_.hold_input(index, parse_json(fill, "the input"));
      return true;
    });
  }
  std::string predict() {
    return packed([&] { return engine_.predict(); });
  }
  std::string stats() {
    return packed([&] { return engine_.stats(); });
  }
  std::string timings() {
    return packed([&] { return engine_.timings(); });
  }
  std::string last_error() const { return last_error_; }
  double heap_bytes() const { return static_cast<double>(static_cast<size_t>(mallinfo().uordblks)); }

 private:
  // The address that `action` returns; 0 where it throws, then last_error() tells.
  uintptr_t pointer(const std::function<const void*()>& action) {
    uintptr_t address = 0;
    last_error_ = packed([&] {
      address = reinterpret_cast<uintptr_t>(action());
      return true;
    });
    return address;
  }

  Engine engine_;
  std::string last_error_;
};

std::string probe(int handle, bool is_phone) {
  return packed([&] {
    const Context context(handle);
    return describe(query_device({}, is_phone));
  });
}

}  // namespace
}  // namespace fragnet

EMSCRIPTEN_BINDINGS(fragnet) {
  using fragnet::Binding;
  emscripten::class_<Binding>("Engine")
      .constructor<>()
      .function("open", &Binding::open)
      .function("readJson", &Binding::read_json)
      .function("beginLoad", &Binding::begin_load)
      .function("shardBuffer", &Binding::shard_buffer)
      .function("finishWeights", &Binding::finish_weights)
      .function("goOnLoading", &Binding::go_on_loading)
      .function("refine", &Binding::refine)
      .function("cancelLoad", &Binding::cancel_load)
      .function("configure", &Binding::configure)
      .function("drawInto", &Binding::draw_into)
      .function("draw", &Binding::draw)
      .function("inputBuffer", &Binding::input_buffer)
      .function("holdInput", &Binding::hold_input)
      .function("predict", &Binding::predict)
      .function("stats", &Binding::stats)
      .function("timings", &Binding::timings)
      .function("lastError", &Binding::last_error)
      .function("heapBytes", &Binding::heap_bytes);
  emscripten::function("probe", &fragnet::probe);
}
