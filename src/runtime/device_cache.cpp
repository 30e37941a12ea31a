#include "runtime/device_cache.hpp"

namespace fragnet {

std::shared_ptr<CachedShader>* DeviceCache::find_shader(const std::string& fragment) {
  for (auto& cached : shaders_) {
    if (cached->shader.fragment() == fragment) return &cached;
  }
  return nullptr;
}

std::shared_ptr<CachedShader> DeviceCache::shader(const std::string& fragment,
                                                  const std::vector<std::string>& samplers,
                                                  bool is_exclusive) {
  const std::shared_ptr<CachedShader>* found = find_shader(fragment);
  if (found && (!is_exclusive || found->use_count() == 1)) return *found;
  ++shaders_made_;
  auto made = std::make_shared<CachedShader>();
  made->shader = Shader(fragment, samplers);
  if (!found) shaders_.push_back(made);
  return made;
}

bool DeviceCache::has_drawn(const std::string& fragment) {
  const std::shared_ptr<CachedShader>* found = find_shader(fragment);
  return found && (*found)->has_drawn;
}

std::shared_ptr<CachedImage> DeviceCache::image(const Image& image) {
  for (const auto& cached : images_) {
    if (!image.key.empty() && cached->key == image.key && cached->is_uploaded && !cached->source.expired())
      return cached;
  }
  ++images_made_;
  auto made = std::make_shared<CachedImage>();
  made->texture = Texture::flat(image.is_integer ? TextureFormat::rgba32ui : TextureFormat::rgba32f,
                                image.width, image.height);
  made->key = image.key;
  made->source = image.source;
  if (!image.key.empty()) images_.push_back(made);
  return made;
}

void DeviceCache::trim() {
  std::erase_if(shaders_, [](const auto& cached) { return cached.use_count() == 1; });
  std::erase_if(images_, [](const auto& cached) { return cached.use_count() == 1; });
}

}  // namespace fragnet
