#include "programs/weights.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "base/error.hpp"
#include "base/half.hpp"
#include "base/picture.hpp"

namespace fragnet {
namespace {

// No layer of a picture network comes near this; a file of a few bytes could ask for it (a dilated kernel).
constexpr int64_t max_weight_bytes = int64_t{512} << 20;
constexpr int matrix = 16;  // elements: four inputs × four outputs

[[noreturn]] void refuse(const std::string& where, int texture_size) {
  fail(code::too_large, where, ": its weights do not fit a texture of this device (", texture_size, "×",
       texture_size, ")");
}

struct Grid {
  int cells = 1, cell_width = 1;  // texels
  int rows = 1, cell_height = 1;
  int extra_rows = 0;  // texels below the grid
};

// Folded where a row is too wide, and cut into strips that stand side by side where the whole is too high.
PackedWeights lay_out(const Grid& grid, int texture_size, const std::string& where) {
  const int rows_in_height = (texture_size - grid.extra_rows) / grid.cell_height;
  if (grid.cell_width > texture_size || rows_in_height == 0) refuse(where, texture_size);
  const int64_t bytes = int64_t{grid.rows} * grid.cells * grid.cell_width * grid.cell_height * 16;
  if (bytes > max_weight_bytes) {
    fail(code::too_large, where, ": its weights would take ", bytes >> 20, " MiB on the device, at most ",
         max_weight_bytes >> 20, " are allowed");
  }
  PackedWeights packed{.cells = std::min(grid.cells, texture_size / grid.cell_width)};
  for (;; packed.cells = (packed.cells + 1) / 2) {
    packed.folds = (grid.cells + packed.cells - 1) / packed.cells;
    packed.strip_rows = std::min(grid.rows * packed.folds, rows_in_height);
    packed.strips = (grid.rows * packed.folds + packed.strip_rows - 1) / packed.strip_rows;
    if (int64_t{packed.strips} * packed.cells * grid.cell_width <= texture_size) break;
    if (packed.cells == 1) refuse(where, texture_size);
  }
  packed.rows = packed.strip_rows * grid.cell_height;
  packed.image = {.sampler = "weights",
                  .width = packed.strips * packed.cells * grid.cell_width,
                  .height = packed.rows + grid.extra_rows};
  return packed;
}

}  // namespace

std::pair<int, int> live_taps(int kernel, int stride, int dilation, int padding, int count, int limit) {
  int first = kernel, last = 0;
  for (int k = 0; k < kernel; ++k) {
    const int64_t start = int64_t{k} * dilation - padding;
    const int64_t place = start < 0 ? (-start + stride - 1) / stride : 0;  // the first that is not before 0
    if (place >= count || start + place * stride >= limit) continue;
    first = std::min(first, k);
    last = k + 1;
  }
  return last == 0 ? std::pair(0, 1) : std::pair(first, last);
}

namespace {

// How four elements of the kernel, of as many outputs, become a column of a matrix.
template <class T>
struct AsTheyAre {
  using Source = T;
  using Element = T;
  static T convert(T value) { return value; }
  static void finish(T*) {}
};
using AsFloat = AsTheyAre<float>;
using AsHalf = AsTheyAre<uint16_t>;
struct AsHalfOfFloat : AsHalf {
  using Source = float;
  static uint16_t convert(float value) { return float_to_half(value); }
};
struct AsByte : AsTheyAre<uint8_t> {
  // The fourth byte of a word has a sign on the device.
  static void finish(uint8_t* column) { column[3] ^= 0x80; }
};

// A matrix of `inputs` × `outputs` of the kernel; a stride is in elements. Every byte of a model goes through here while
// somebody waits for a first picture.
template <class Format>
void write_matrix(const uint8_t* kernel, int64_t stride_input, int64_t stride_output, int inputs, int outputs,
                  typename Format::Element* column) {
  using Source = typename Format::Source;
  constexpr auto size = static_cast<int64_t>(sizeof(Source));
  for (int input = 0; input < inputs; ++input, kernel += stride_input * size, column += 4) {
    if (std::is_same_v<Source, typename Format::Element> && outputs == 4 && stride_output == 1) {
      std::memcpy(column, kernel, 4 * sizeof(Source));
    } else {
      const uint8_t* at = kernel;
      for (int output = 0; output < outputs; ++output, at += stride_output * size) {
        Source value;
        std::memcpy(&value, at, sizeof value);
        column[output] = Format::convert(value);
      }
    }
    if (outputs == 4) Format::finish(column);
  }
}

// Which inputs of the kernel a cell holds.
struct Cell {
  int first = 0, count = 0;
};

std::vector<Cell> cells_of(const std::vector<int>& channels) {
  std::vector<Cell> cells;
  int first = 0;
  for (int count : channels) {
    for (int i = 0; i < count; i += 4) cells.push_back({first + i, std::min(4, count - i)});
    first += count;
  }
  return cells;
}

// Writes row `y` of the grid (of texels): for every strip and cell the matrices of one row of taps.
template <class Format>
void write_row(const KernelView& kernel, const GridOptions& options, const PackedWeights& packed,
               const std::vector<Cell>& cells, int y, typename Format::Element* out) {
  const LiveTaps& taps = options.taps;
  const int tap_y = taps.first_y + y % taps.height();
  for (int strip = 0; strip < packed.strips; ++strip) {
    const int row_of_cells = strip * packed.strip_rows + y / taps.height();
    const int quad = row_of_cells / packed.folds, first_cell = row_of_cells % packed.folds * packed.cells;
    const int outputs = std::min(4, kernel.outputs - quad * 4);
    for (int i = first_cell; i < first_cell + packed.cells; ++i) {
      for (int tap_x = taps.first_x; tap_x < taps.last_x; ++tap_x, out += matrix) {
        const bool is_zero = tap_y % options.spread[0] != 0 || tap_x % options.spread[1] != 0;
        if (is_zero || outputs <= 0 || i >= static_cast<int>(cells.size())) continue;
        const Cell& cell = cells[static_cast<size_t>(i)];
        const int64_t first =
            kernel.index(tap_y / options.spread[0], tap_x / options.spread[1], cell.first, quad * 4);
        const uint8_t* kernel_bytes =
            kernel.kernel.bytes.data() + static_cast<size_t>(first) * sizeof(typename Format::Source);
        write_matrix<Format>(kernel_bytes, kernel.stride_input, kernel.stride_output, cell.count, outputs,
                             out);
      }
    }
  }
}

template <class Format>
void write_rows(const KernelView& kernel, const GridOptions& options, const PackedWeights& packed,
                const std::vector<Cell>& cells, int first, int rows, uint32_t* words) {
  const size_t row_words = static_cast<size_t>(packed.image.width) * 4;
  std::fill_n(words, row_words * static_cast<size_t>(rows), 0u);
  for (int y = first; y < first + rows; ++y, words += row_words) {
    if (y < packed.rows) {
      write_row<Format>(kernel, options, packed, cells, y,
                        reinterpret_cast<typename Format::Element*>(words));
    } else {
      const double scale = kernel.kernel.scale, zero = -kernel.kernel.min / scale;
      const float texel[] = {static_cast<float>(scale), static_cast<float>(zero)};
      std::memcpy(words, texel, sizeof texel);
    }
  }
}

}  // namespace

Image image_of_floats(std::string sampler, int width, int height, std::vector<float> texels) {
  Image image{.sampler = std::move(sampler), .width = width, .height = height};
  image.write = [width, texels = std::move(texels)](int first, int rows, uint32_t* words) {
    const size_t row = static_cast<size_t>(width) * 4;
    std::memcpy(words, texels.data() + static_cast<size_t>(first) * row, static_cast<size_t>(rows) * row * 4);
  };
  return image;
}

std::vector<uint32_t> words_of(const Image& image) {
  std::vector<uint32_t> words(static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 4);
  image.write(0, image.height, words.data());
  return words;
}

KernelView view_of_conv2d(Tensor kernel) {
  const Shape& shape = kernel.shape;
  KernelView view{.height = shape[0],
                  .width = shape[1],
                  .inputs = shape[2],
                  .outputs = shape[3],
                  .stride_input = shape[3],
                  .stride_output = 1};
  view.kernel = std::move(kernel);
  return view;
}

KernelView view_of_conv2d_transpose(Tensor kernel) {
  const Shape& shape = kernel.shape;
  KernelView view{.height = shape[0],
                  .width = shape[1],
                  .inputs = shape[3],
                  .outputs = shape[2],
                  .stride_input = 1,
                  .stride_output = shape[3]};
  view.kernel = std::move(kernel);
  return view;
}

PackedWeights pack_grid(const KernelView& view, const GridOptions& options, const std::string& where) {
  KernelView kernel = view;
  const Encoding encoding = kernel.kernel.encoding;
  const bool is_byte = options.format == WeightFormat::uint8 && encoding == Encoding::uint8;
  const bool is_half = options.format == WeightFormat::float16 && encoding == Encoding::float16;
  const int texels = options.format == WeightFormat::uint8     ? 1
                     : options.format == WeightFormat::float16 ? 2
                                                               : 4;
  const std::vector<Cell> cells = cells_of(options.channels);
  const Grid grid{.cells = static_cast<int>(cells.size()),
                  .cell_width = options.taps.width() * texels,
                  .rows = options.output_quads,
                  .cell_height = options.taps.height(),
                  .extra_rows = options.format == WeightFormat::uint8 ? 1 : 0};
  PackedWeights packed = lay_out(grid, options.texture_size, where);
  packed.image.is_integer = options.format != WeightFormat::float32;
  const auto write = options.format == WeightFormat::uint8     ? write_rows<AsByte>
                     : is_half                                 ? write_rows<AsHalf>
                     : options.format == WeightFormat::float16 ? write_rows<AsHalfOfFloat>
                                                               : write_rows<AsFloat>;
  // Becomes floats only when it is written, so that one kernel at a time takes the room.
  bool expands = !is_byte && !is_half && encoding != Encoding::float32;
  packed.image.write = [=](int first, int rows, uint32_t* words) mutable {
    if (std::exchange(expands, false))
      kernel.kernel = make_tensor(kernel.kernel.shape, to_floats(kernel.kernel));
    write(kernel, options, packed, cells, first, rows, words);
  };
  packed.image.source = view.kernel.owner;
  // Tensors that share bytes are decoded alike, and have the same extents in the same order.
  packed.image.key = {reinterpret_cast<intptr_t>(view.kernel.bytes.data()),
                      view.stride_input,
                      view.stride_output,
                      view.inputs,
                      view.width,
                      options.output_quads,
                      options.spread[0],
                      options.spread[1],
                      options.taps.first_y,
                      options.taps.last_y,
                      options.taps.first_x,
                      options.taps.last_x,
                      static_cast<int>(options.format),
                      options.texture_size};
  packed.image.key.insert(packed.image.key.end(), options.channels.begin(), options.channels.end());
  return packed;
}

PackedWeights pack_depthwise(const Tensor& kernel, int texture_size, const std::string& where) {
  const std::vector<float> values = to_floats(kernel);
  const int height = kernel.shape[0], width = kernel.shape[1], outputs = kernel.shape[2] * kernel.shape[3];
  const Grid grid{.cells = quads_of(outputs), .cell_width = width, .cell_height = height};
  PackedWeights packed = lay_out(grid, texture_size, where);
  if (packed.strips > 1) refuse(where, texture_size);
  const auto row_texels = static_cast<size_t>(packed.image.width);
  std::vector<float> texels(row_texels * static_cast<size_t>(packed.image.height) * 4);
  for (int ky = 0; ky < height; ++ky) {
    for (int kx = 0; kx < width; ++kx) {
      for (int output = 0; output < outputs; ++output) {
        const int cell = output / 4;
        const auto x = static_cast<size_t>((cell % packed.cells) * width + kx);
        const auto y = static_cast<size_t>((cell / packed.cells) * height + ky);
        texels[(y * row_texels + x) * 4 + static_cast<size_t>(output % 4)] =
            values[static_cast<size_t>((ky * width + kx) * outputs + output)];
      }
    }
  }
  packed.image = image_of_floats("weights", packed.image.width, packed.image.height, std::move(texels));
  packed.image.source = kernel.owner;
  packed.image.key = {reinterpret_cast<intptr_t>(kernel.bytes.data()), width, outputs};
  return packed;
}

}  // namespace fragnet
