#include "programs/weights.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/picture.hpp"

namespace fragnet {
namespace {

// No layer of a picture network comes near this; a file of a few bytes could ask for it (a dilated kernel).
constexpr int64_t max_weight_bytes = int64_t{512} << 20;

[[noreturn]] void refuse(const std::string& where, int texture_size) {
  fail(code::too_large, where, ": its weights do not fit a texture of this device (", texture_size, "×",
       texture_size, ")");
}

// rows × cells_wanted cells of cell_width × cell_height texels: folded where a row is too wide, and cut into strips that
// stand side by side where the whole is too high.
PackedWeights make_image(int cells_wanted, int cell_width, int rows, int cell_height, int texture_size,
                         const std::string& where) {
  if (cell_width > texture_size || cell_height > texture_size) refuse(where, texture_size);
  const int64_t bytes = int64_t{rows} * cells_wanted * cell_width * cell_height * 16;
  if (bytes > max_weight_bytes) {
    fail(code::too_large, where, ": its weights would take ", bytes >> 20, " MiB on the device, at most ",
         max_weight_bytes >> 20, " are allowed");
  }
  PackedWeights packed{.cells = std::min(cells_wanted, texture_size / cell_width)};
  const int rows_in_height = texture_size / cell_height;
  for (;; packed.cells = (packed.cells + 1) / 2) {
    packed.folds = (cells_wanted + packed.cells - 1) / packed.cells;
    packed.strip_rows = std::min(rows * packed.folds, rows_in_height);
    packed.strips = (rows * packed.folds + packed.strip_rows - 1) / packed.strip_rows;
    if (int64_t{packed.strips} * packed.cells * cell_width <= texture_size) break;
    if (packed.cells == 1) refuse(where, texture_size);
  }
  packed.image = {.sampler = "weights",
                  .width = packed.strips * packed.cells * cell_width,
                  .height = packed.strip_rows * cell_height};
  packed.image.texels.resize(static_cast<size_t>(packed.image.width) *
                             static_cast<size_t>(packed.image.height) * 4);
  return packed;
}

float& texel(Image& image, int x, int y, int component) {
  return image
      .texels[(static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x)) * 4 +
              static_cast<size_t>(component)];
}

}  // namespace

KernelView view_of_conv2d(const std::vector<float>& values, const Shape& shape) {
  return {.values = &values,
          .height = shape[0],
          .width = shape[1],
          .inputs = shape[2],
          .outputs = shape[3],
          .stride_input = shape[3],
          .stride_output = 1};
}

KernelView view_of_conv2d_transpose(const std::vector<float>& values, const Shape& shape) {
  return {.values = &values,
          .height = shape[0],
          .width = shape[1],
          .inputs = shape[3],
          .outputs = shape[2],
          .stride_input = 1,
          .stride_output = shape[3]};
}

PackedWeights pack_grid(const KernelView& kernel, const std::vector<int>& channels, int output_quads,
                        std::array<int, 2> spread, int texture_size, const std::string& where) {
  const int height = (kernel.height - 1) * spread[0] + 1, width = (kernel.width - 1) * spread[1] + 1;
  int cells = 0;
  for (int count : channels) cells += quads_of(count);
  PackedWeights packed = make_image(cells, width * 4, output_quads, height, texture_size, where);
  int input = 0, first_cell = 0;
  for (int count : channels) {
    for (int i = 0; i < count; ++i, ++input) {
      const int cell = first_cell + i / 4;
      const int column_in_strip = (cell % packed.cells) * width * 4 + i % 4;
      for (int output = 0; output < kernel.outputs; ++output) {
        const int row_of_cells = (output / 4) * packed.folds + cell / packed.cells;
        const int column = (row_of_cells / packed.strip_rows) * packed.cells * width * 4 + column_in_strip;
        const int row = (row_of_cells % packed.strip_rows) * height;
        for (int ky = 0; ky < kernel.height; ++ky) {
          for (int kx = 0; kx < kernel.width; ++kx) {
            texel(packed.image, column + kx * spread[1] * 4, row + ky * spread[0], output % 4) =
                kernel.at(ky, kx, input, output);
          }
        }
      }
    }
    first_cell += quads_of(count);
  }
  return packed;
}

PackedWeights pack_depthwise(const Tensor& kernel, int texture_size, const std::string& where) {
  const std::vector<float> values = to_floats(kernel);
  const int height = kernel.shape[0], width = kernel.shape[1], outputs = kernel.shape[2] * kernel.shape[3];
  PackedWeights packed = make_image(quads_of(outputs), width, 1, height, texture_size, where);
  if (packed.strips > 1) refuse(where, texture_size);
  for (int ky = 0; ky < height; ++ky) {
    for (int kx = 0; kx < width; ++kx) {
      for (int output = 0; output < outputs; ++output) {
        const int cell = output / 4;
        texel(packed.image, (cell % packed.cells) * width + kx, (cell / packed.cells) * height + ky,
              output % 4) = values[static_cast<size_t>((ky * width + kx) * outputs + output)];
      }
    }
  }
  return packed;
}

}  // namespace fragnet
