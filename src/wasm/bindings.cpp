// What web/lib/engine.js calls, and nobody else (web/lib/fragnet-engine.d.ts describes it): plain functions of an Instance.
// Texts go in by way of Instance::text, where JavaScript writes them, and come out as addresses of UTF-8 with a zero behind.
// Those that answer in text answer in JSON: {"ok": …} or {"error": {"code", "message"}}.
#include <emscripten.h>
#include <emscripten/html5.h>
#include <functional>
#include <malloc.h>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "formats/json_access.hpp"
#include "formats/json_object.hpp"
#include "wasm/engine.hpp"

// A browser's video goes into a texture, which is bound, only from JavaScript, which has put it into Module.frame. The browser
// decides how large that is: what an element says of its size need not be the size of its frames. Colours come times alpha, as
// on a 2-D canvas over black; numbers that are uploaded must not.
//
// Storage is made anew for each frame but those of a video that is not new (of which the page hears when its frames change
// their size, see web/lib/frames.js): where Chromium has no GPU, a video's frames take three times as long that way.
EM_JS(void, fragnet_upload_frame, (bool is_new), {
  const source = Module["frame"];
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

struct Instance {
  Engine engine;
  std::string text;    // what JavaScript hands over
  std::string answer;  // of the last call, or its error
};

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

const char* answer(Instance* instance, const std::function<Json()>& action) {
  instance->answer = packed(action);
  return instance->answer.c_str();
}

// The address that `action` returns; null where it throws, then the answer tells.
void* address(Instance* instance, const std::function<void*()>& action) {
  void* found = nullptr;
  answer(instance, [&] {
    found = action();
    return true;
  });
  return found;
}

}  // namespace
}  // namespace fragnet

using namespace fragnet;
#define FRAGNET_EXPORT extern "C" EMSCRIPTEN_KEEPALIVE

FRAGNET_EXPORT Instance* fragnet_create() {
  return new Instance;
}

FRAGNET_EXPORT void fragnet_delete(Instance* instance) {
  delete instance;
}

// Where the next text goes, which has so many bytes; null where there is no memory for it.
FRAGNET_EXPORT char* fragnet_text(Instance* instance, int bytes) {
  try {
    instance->text.resize(static_cast<size_t>(bytes));
    return instance->text.data();
  } catch (const std::exception&) {
    return nullptr;
  }
}

FRAGNET_EXPORT const char* fragnet_last_error(Instance* instance) {
  return instance->answer.c_str();
}

FRAGNET_EXPORT const char* fragnet_open(Instance* instance, int context_handle) {
  return answer(instance, [&] {
    return instance->engine.open(context_handle, parse_json(instance->text, "the options"));
  });
}

FRAGNET_EXPORT const char* fragnet_read_json(Instance* instance) {
  return answer(instance, [&] {
    instance->engine.read_json(std::exchange(instance->text, {}));  // perhaps megabytes, which are given back
    return true;
  });
}

FRAGNET_EXPORT const char* fragnet_begin_load(Instance* instance) {
  return answer(instance, [&] { return instance->engine.begin_load(); });
}

FRAGNET_EXPORT void* fragnet_shard_buffer(Instance* instance, int group, int bytes) {
  return address(instance, [&] { return instance->engine.shard_buffer(group, bytes); });
}

FRAGNET_EXPORT const char* fragnet_rehearse(Instance* instance) {
  return answer(instance,
                [&] { return instance->engine.rehearse(parse_json(instance->text, "the options")); });
}

FRAGNET_EXPORT const char* fragnet_prepare(Instance* instance) {
  return answer(instance, [&] {
    instance->engine.prepare(parse_json(instance->text, "the options"));
    return true;
  });
}

FRAGNET_EXPORT const char* fragnet_compile(Instance* instance) {
  return answer(instance, [&] { return instance->engine.compile(); });
}

FRAGNET_EXPORT const char* fragnet_refine(Instance* instance) {
  return answer(instance, [&] { return instance->engine.refine(); });
}

FRAGNET_EXPORT void fragnet_cancel_load(Instance* instance) {
  instance->engine.cancel_load();
}

FRAGNET_EXPORT const char* fragnet_configure(Instance* instance) {
  return answer(instance, [&] {
    instance->engine.configure(parse_json(instance->text, "the options"));
    return true;
  });
}

FRAGNET_EXPORT void fragnet_draw_into(Instance* instance, int framebuffer, int width, int height) {
  instance->engine.draw_into(static_cast<GLuint>(framebuffer), {width, height});
}

FRAGNET_EXPORT int fragnet_draw(Instance* instance, int width, int height, bool is_new) {
  Engine& engine = instance->engine;
  if (!engine.has_network()) return no_model;
  const double started_ms = emscripten_get_now();
  try {
    const ContextTurn turn = engine.take_context();
    if (emscripten_is_webgl_context_lost(emscripten_webgl_get_current_context())) return context_lost;
    const GLuint texture = engine.begin_frame({width, height}, is_new);
    if (width > 0) {  // else the network takes no frames
      glActiveTexture(GL_TEXTURE0);
      glBindTexture(GL_TEXTURE_2D, texture);
      fragnet_upload_frame(engine.is_watched());
      engine.finish_upload();
    }
    engine.finish_frame(started_ms);
    return drawn;
  } catch (const Error& error) {
    instance->answer = error_text(error.code(), error.what());
    return failed;
  } catch (const std::bad_alloc&) {
    instance->answer = error_text(code::out_of_memory, "this page has no memory left for the frame");
    return failed;
  }
}

FRAGNET_EXPORT void* fragnet_input_buffer(Instance* instance, int index) {
  return address(instance, [&] { return instance->engine.input_buffer(index); });
}

FRAGNET_EXPORT const char* fragnet_hold_input(Instance* instance, int index) {
  return answer(instance, [&] {
    instance->engine.hold_input(index, parse_json(instance->text, "the input"));
    return true;
  });
}

FRAGNET_EXPORT const char* fragnet_predict(Instance* instance) {
  return answer(instance, [&] { return instance->engine.predict(); });
}

FRAGNET_EXPORT const char* fragnet_stats(Instance* instance) {
  return answer(instance, [&] { return instance->engine.stats(); });
}

FRAGNET_EXPORT const char* fragnet_timings(Instance* instance) {
  return answer(instance, [&] { return instance->engine.timings(); });
}

// What the device of a context can do.
FRAGNET_EXPORT const char* fragnet_probe(Instance* instance, int context_handle, bool is_phone) {
  return answer(instance, [&] {
    const Context context(context_handle);
    return describe(query_device({}, is_phone));
  });
}

// Of the whole heap.
FRAGNET_EXPORT int fragnet_heap_bytes() {
  return mallinfo().uordblks;
}
