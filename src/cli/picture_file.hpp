// Pictures on the disk, through stb_image.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fragnet {

struct PictureFile {
  int width = 0, height = 0;
  std::vector<uint8_t> rgba;  // row by row from the top
};

PictureFile read_picture(const std::string& path);                        // throws `file-failed`
void write_picture(const std::string& path, const PictureFile& picture);  // a PNG; throws `file-failed`

}  // namespace fragnet
