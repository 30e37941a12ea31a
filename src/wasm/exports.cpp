// What the WebAssembly module exports: plain functions, which web/lib/engine_calls.js alone calls. Text goes in and comes out
// as UTF-8 in this heap. An answer is JSON: {"ok": …} or {"error": {"code", "message"}}.
#include <emscripten.h>
#include <emscripten/html5.h>
#include <malloc.h>
#include <new>
#include <stdexcept>

#include "base/error.hpp"
#include "formats/json_access.hpp"
#include "formats/json_object.hpp"
#include "wasm/engine.hpp"

// A browser's video goes into a texture, which is bound, only from JavaScript, which has laid the frame down in Module.frame. The
// browser decides how large that is: what an element says of its size need not be the size of its frames. Colours come times
// alpha, as on a 2-D canvas over black; numbers that are uploaded must not.
//
// Storage is made anew for each frame but those of a video that the frame before came from, too (the page hears when its frames
// change their size, see web/lib/frames.js): where Chromium has no GPU, a video's frames take three times as long that way.
EM_JS(void, fragnet_upload_frame, (bool is_other), {
  const source = Module.frame;
  GLctx.pixelStorei(GLctx.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  try {
    if (is_other || !source.requestVideoFrameCallback)
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
// What of a frame's source is another one than before: nothing; the source, but one that frames came from before; or it has
// never been seen, so that errors are to be looked for.
enum SourceChange { same_source = 0, known_source = 1, new_source = 2 };

// An engine with the text that its next call takes, and what the last one answered.
struct Instance {
  Engine engine;
  std::string text, answer;
};

std::string error_text(std::string_view code, const char* message) {
  return json_text(
      json_object({{"error", json_object({{"code", std::string(code)}, {"message", message}})}}));
}

struct Call {
  Engine& engine;
  std::string text;
  int a, b;

  Json options() const { return parse_json(text, "the options"); }
};

// Runs `method` and packs what it returns or throws. (One function with all the handlers, for all methods.)
const char* answer(Instance& instance, Json (*method)(const Call&), int a = 0, int b = 0) {
  std::string& reply = instance.answer;
  try {
    const Call call{instance.engine, std::move(instance.text), a, b};
    reply = json_text(json_object({{"ok", method(call)}}));
  } catch (const Error& error) {
    reply = error_text(error.code(), error.what());
  } catch (const std::length_error&) {
    reply = error_text(code::out_of_memory, "this page has no memory left for the model");
  } catch (const std::bad_alloc&) {
    reply = error_text(code::out_of_memory, "this page has no memory left for the model");
  } catch (const std::exception& error) {
    reply = error_text(code::internal, error.what());
  }
  instance.text.clear();
  return reply.c_str();
}

// Its address where `method` makes room, as a number.
Json address_of(const void* room) {
  return Json(reinterpret_cast<uintptr_t>(room));
}

}  // namespace
}  // namespace fragnet

using fragnet::answer, fragnet::Call, fragnet::Instance, fragnet::Json;

extern "C" {

EMSCRIPTEN_KEEPALIVE Instance* fragnet_new() {
  return new Instance;
}
EMSCRIPTEN_KEEPALIVE void fragnet_delete(Instance* instance) {
  delete instance;
}
// Room for the text of the next call; null where there is no memory for it.
EMSCRIPTEN_KEEPALIVE char* fragnet_text(Instance* instance, int bytes) {
  try {
    instance->text.resize(static_cast<size_t>(bytes));
    return instance->text.data();
  } catch (const std::exception&) {
    return nullptr;
  }
}
EMSCRIPTEN_KEEPALIVE int fragnet_answer_bytes(const Instance* instance) {
  return static_cast<int>(instance->answer.size());
}

EMSCRIPTEN_KEEPALIVE const char* fragnet_probe(Instance* instance, int handle, bool is_phone) {
  return answer(
      *instance,
      [](const Call& call) {
        const fragnet::Context context(call.a);
        return fragnet::describe(fragnet::query_device({}, call.b != 0));
      },
      handle, is_phone);
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_open(Instance* instance, int handle) {
  return answer(
      *instance, [](const Call& call) { return call.engine.open(call.a, call.options()); }, handle);
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_read_json(Instance* instance) {
  return answer(*instance, [](const Call& call) {
    call.engine.read_json(call.text);
    return Json();
  });
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_begin_load(Instance* instance) {
  return answer(*instance, [](const Call& call) { return call.engine.begin_load(call.options()); });
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_shard_buffer(Instance* instance, int group, int bytes) {
  return answer(
      *instance,
      [](const Call& call) { return fragnet::address_of(call.engine.shard_buffer(call.a, call.b)); }, group,
      bytes);
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_finish_weights(Instance* instance) {
  return answer(*instance, [](const Call& call) {
    call.engine.finish_weights();
    return Json();
  });
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_go_on_loading(Instance* instance) {
  return answer(*instance, [](const Call& call) { return call.engine.go_on_loading(); });
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_refine(Instance* instance) {
  return answer(*instance, [](const Call& call) { return call.engine.refine(); });
}
EMSCRIPTEN_KEEPALIVE void fragnet_cancel_load(Instance* instance) {
  instance->engine.cancel_load();
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_configure(Instance* instance) {
  return answer(*instance, [](const Call& call) {
    call.engine.configure(call.options());
    return Json();
  });
}

// Where frames are drawn to: a framebuffer by its place in GL.framebuffers, 0 for the canvas, and its size.
EMSCRIPTEN_KEEPALIVE void fragnet_draw_into(Instance* instance, int framebuffer, int width, int height) {
  instance->engine.draw_into(static_cast<GLuint>(framebuffer), {width, height});
}
// A DrawResult; where it failed, fragnet_last_error() has the reason. Without a frame its size is 0 × 0. is_said: see PixelSize.
EMSCRIPTEN_KEEPALIVE int fragnet_draw(Instance* instance, int width, int height, bool is_said, int change) {
  using namespace fragnet;
  Engine& engine = instance->engine;
  if (!engine.has_network()) return no_model;
  const double started_ms = emscripten_get_now();
  try {
    const ContextTurn turn = engine.take_context();
    if (emscripten_is_webgl_context_lost(emscripten_webgl_get_current_context())) return context_lost;
    const GLuint texture = engine.begin_frame({width, height, is_said}, change == new_source);
    if (width > 0) {  // else the network takes no frames
      glActiveTexture(GL_TEXTURE0);
      glBindTexture(GL_TEXTURE_2D, texture);
      fragnet_upload_frame(change != same_source || engine.is_watched());
      engine.finish_upload();
    }
    engine.finish_frame(started_ms);
    return drawn;
  } catch (const Error& error) {
    instance->answer = error_text(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    instance->answer = error_text(code::out_of_memory, "this page has no memory left for the frame");
  }
  return failed;
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_last_error(const Instance* instance) {
  return instance->answer.c_str();
}

EMSCRIPTEN_KEEPALIVE const char* fragnet_input_buffer(Instance* instance, int index) {
  return answer(
      *instance, [](const Call& call) { return fragnet::address_of(call.engine.input_buffer(call.a)); },
      index);
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_hold_input(Instance* instance, int index) {
  return answer(
      *instance,
      [](const Call& call) {
        call.engine.hold_input(call.a, call.options());
        return Json();
      },
      index);
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_predict(Instance* instance) {
  return answer(*instance, [](const Call& call) { return call.engine.predict(); });
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_stats(Instance* instance) {
  return answer(*instance, [](const Call& call) { return call.engine.stats(); });
}
EMSCRIPTEN_KEEPALIVE const char* fragnet_timings(Instance* instance) {
  return answer(*instance, [](const Call& call) { return call.engine.timings(); });
}
EMSCRIPTEN_KEEPALIVE int fragnet_heap_bytes() {
  return static_cast<int>(mallinfo().uordblks);
}
}
