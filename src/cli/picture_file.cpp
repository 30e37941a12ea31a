#include "cli/picture_file.hpp"

#include "base/error.hpp"

// stb_image is a header with its implementation in it; its own code does not pass our warnings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wshadow"
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace fragnet {

PictureFile read_picture(const std::string& path) {
  PictureFile picture;
  int channels = 0;
  uint8_t* pixels = stbi_load(path.c_str(), &picture.width, &picture.height, &channels, 4);
  if (!pixels) fail(code::file_failed, "the picture \"", path, "\" cannot be read: ", stbi_failure_reason());
  picture.rgba.assign(pixels,
                      pixels + static_cast<size_t>(picture.width) * static_cast<size_t>(picture.height) * 4);
  stbi_image_free(pixels);
  return picture;
}

void write_picture(const std::string& path, const PictureFile& picture) {
  if (!stbi_write_png(path.c_str(), picture.width, picture.height, 4, picture.rgba.data(),
                      picture.width * 4)) {
    fail(code::file_failed, "the picture \"", path, "\" cannot be written");
  }
}

}  // namespace fragnet
