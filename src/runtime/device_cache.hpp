// What networks of one context have in common, and what outlives them: programs by their text, and weights by where they lie in
// the heap. A network that is planned again, with another fusion, precision or block, finds there what it needs as it was, so
// no program is compiled twice and no kernel uploaded twice.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "programs/program.hpp"
#include "runtime/shader.hpp"
#include "runtime/texture.hpp"

namespace fragnet {

struct CachedShader {
  Shader shader;
  bool has_drawn = false;  // so that no driver prepares it any more
};

struct CachedImage {
  Texture texture;
  std::vector<int64_t> key;          // Image::key
  bool is_uploaded = false;          // all of it
  std::weak_ptr<const void> source;  // of the bytes; where they are gone, others may lie at their address
};

class DeviceCache {
 public:
  // The program of that text, made where there is none. `is_exclusive`: one that no other network holds, as its uniforms are
  // set to numbers of the network's own.
  std::shared_ptr<CachedShader> shader(const std::string& fragment, const std::vector<std::string>& samplers,
                                       bool is_exclusive = false);
  bool has_drawn(const std::string& fragment);

  // The texture of an image of weights. One that another network has not yet uploaded is not shared.
  std::shared_ptr<CachedImage> image(const Image& image);

  // Gives back what no network holds.
  void trim();

  int shaders_made() const { return shaders_made_; }
  int images_made() const { return images_made_; }

 private:
  std::shared_ptr<CachedShader>* find_shader(const std::string& fragment);

  std::vector<std::shared_ptr<CachedShader>> shaders_;
  std::vector<std::shared_ptr<CachedImage>> images_;
  int shaders_made_ = 0, images_made_ = 0;
};

}  // namespace fragnet
