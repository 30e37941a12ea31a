// The types of operations on pictures (N, H, W, C): windows that slide, resizing, and dealing pixels out to
// batches.
#include "base/error.hpp"
#include "graph/infer_type.hpp"

namespace fragnet {
namespace {

std::string pair_text(const std::array<int, 2>& pair) {
  return text(pair[0], "×", pair[1]);
}

void check_window(const Window& window, const std::string& where) {
  if (is_legal(window)) return;
  const Margins& padding = window.padding;
  fail(code::bad_shape, where, ": kernel, stride and dilation must be from 1 to ", max_window_span,
       " pixels and padding not negative; the kernel is ", pair_text(window.kernel), ", the stride ",
       pair_text(window.stride), ", the dilation ", pair_text(window.dilation), ", the padding ", padding.top,
       ", ", padding.bottom, ", ", padding.left, ", ", padding.right);
}

// The window's output on a picture, which must hold at least one pixel.
std::array<int, 2> fitting_output(const Window& window, int height, int width, const std::string& where) {
  const std::array<int, 2> output = window_output(height, width, window);
  if (output[0] < 1 || output[1] < 1) {
    const int64_t span_y = int64_t{window.kernel[0] - 1} * window.dilation[0] + 1;
    const int64_t span_x = int64_t{window.kernel[1] - 1} * window.dilation[1] + 1;
    fail(code::bad_shape, where, ": the kernel spans ", span_y, "×", span_x,
         " pixels, the padded picture has ", int64_t{height} + window.padding.top + window.padding.bottom,
         "×", int64_t{width} + window.padding.left + window.padding.right);
  }
  return output;
}

// kernel: (kh, kw, …) as the window says
const Shape& kernel_shape(const ValueType& kernel, const Window& window, const std::string& where) {
  const Shape& shape = kernel.shape;
  if (shape.size() != 4) {
    fail(code::bad_shape, where, ": the kernel must have rank 4, it has the shape ", to_string(shape));
  }
  if (shape[0] != window.kernel[0] || shape[1] != window.kernel[1]) {
    fail(code::bad_shape, where, ": the window is ", pair_text(window.kernel),
         " pixels, the kernel has the shape ", to_string(shape));
  }
  return shape;
}

void check_channels(int wanted, int given, const std::string& where) {
  if (wanted != given) {
    fail(code::bad_shape, where, ": the kernel wants ", wanted, " input channels, the input has ", given);
  }
}

// True if some output pixel's window lies in the padding altogether: it has no maximum and no average.
bool has_empty_window(int extent, int output, int before, int kernel, int stride, int dilation) {
  for (int64_t first = -int64_t{before}; first < 0; first += stride) {
    if (output-- == 0) return false;
    const int64_t skipped = (-first + dilation - 1) / dilation;  // taps before the picture
    if (skipped >= kernel || first + skipped * dilation >= extent) return true;
  }
  // From here on windows begin inside the picture or after it.
  const int64_t phase = before % stride == 0 ? 0 : stride - before % stride;
  return output > 0 && phase + int64_t{output - 1} * stride >= extent;
}

}  // namespace

ValueType TypeInference::operator()(const Conv2d& op) const {
  check_input_count(op, 2);
  const Shape& from = picture();
  check_window(op.window, where);
  const Shape& kernel = kernel_shape(inputs[1], op.window, where);
  check_channels(kernel[2], from[3], where);
  const auto [height, width] = fitting_output(op.window, from[1], from[2], where);
  return {DType::float32, checked_shape({int64_t{from[0]} * op.slices, height, width, kernel[3]})};
}

ValueType TypeInference::operator()(const DepthwiseConv2d& op) const {
  check_input_count(op, 2);
  const Shape& from = picture();
  check_window(op.window, where);
  const Shape& kernel = kernel_shape(inputs[1], op.window, where);
  check_channels(kernel[2], from[3], where);
  const auto [height, width] = fitting_output(op.window, from[1], from[2], where);
  return {DType::float32, checked_shape({from[0], height, width, int64_t{kernel[2]} * kernel[3]})};
}

ValueType TypeInference::operator()(const Conv2dTranspose& op) const {
  check_input_count(op, 2);
  const Shape& from = picture();
  check_window(op.window, where);
  const Shape& kernel = kernel_shape(inputs[1], op.window, where);
  check_channels(kernel[3], from[3], where);
  // The forward convolution of the output must give the input's size.
  if (window_output(op.output[0], op.output[1], op.window) != std::array<int, 2>{from[1], from[2]}) {
    fail(code::bad_shape, where, ": a transposed convolution to ", pair_text(op.output),
         " pixels with the kernel ", pair_text(op.window.kernel), " and stride ", pair_text(op.window.stride),
         " wants an input of ", pair_text(window_output(op.output[0], op.output[1], op.window)),
         " pixels, the input has ", from[1], "×", from[2]);
  }
  return {DType::float32,
          checked_shape({int64_t{from[0]} * op.slices, op.output[0], op.output[1], kernel[2]})};
}

ValueType TypeInference::operator()(const Pool2d& op) const {
  check_input_count(op, 1);
  const Shape& from = picture();
  const Window& window = op.window;
  check_window(window, where);
  const auto [height, width] = fitting_output(window, from[1], from[2], where);
  if (has_empty_window(from[1], height, window.padding.top, window.kernel[0], window.stride[0],
                       window.dilation[0]) ||
      has_empty_window(from[2], width, window.padding.left, window.kernel[1], window.stride[1],
                       window.dilation[1])) {
    fail(code::bad_shape, where, ": with the kernel ", pair_text(window.kernel), ", stride ",
         pair_text(window.stride), " and dilation ", pair_text(window.dilation),
         " some windows hold padding alone and no pixel of the ", from[1], "×", from[2], " picture");
  }
  const DType dtype = op.kind == PoolKind::max ? inputs[0].dtype : DType::float32;
  return {dtype, checked_shape({from[0], height, width, from[3]})};
}

ValueType TypeInference::operator()(const Resize& op) const {
  check_input_count(op, 1);
  const Shape& from = picture();
  const DType dtype = op.kind == ResizeKind::nearest ? inputs[0].dtype : DType::float32;
  return {dtype, checked_shape({from[0], op.output[0], op.output[1], from[3]})};
}

ValueType TypeInference::operator()(const SpaceToBatch& op) const {
  check_input_count(op, 1);
  const Shape& from = picture();
  const Margins& padding = op.padding;
  if (op.block[0] < 1 || op.block[1] < 1 || padding.top < 0 || padding.bottom < 0 || padding.left < 0 ||
      padding.right < 0) {
    fail(code::bad_shape, where,
         ": space_to_batch wants blocks from 1 up and no negative padding, its block is ",
         pair_text(op.block), ", its padding ", padding.top, ", ", padding.bottom, ", ", padding.left, ", ",
         padding.right);
  }
  const int64_t height = int64_t{from[1]} + padding.top + padding.bottom;
  const int64_t width = int64_t{from[2]} + padding.left + padding.right;
  if (height % op.block[0] != 0 || width % op.block[1] != 0) {
    fail(code::bad_shape, where, ": blocks of ", pair_text(op.block), " do not divide the padded picture of ",
         height, "×", width, " pixels");
  }
  const int64_t blocks = int64_t{op.block[0]} * op.block[1];
  if (blocks > max_elements)
    fail(code::too_large, where, ": blocks of ", pair_text(op.block), " are too large");
  return {inputs[0].dtype,
          checked_shape({blocks * from[0], height / op.block[0], width / op.block[1], from[3]})};
}

ValueType TypeInference::operator()(const BatchToSpace& op) const {
  check_input_count(op, 1);
  const Shape& from = picture();
  const Margins& crop = op.crop;
  if (op.block[0] < 1 || op.block[1] < 1 || crop.top < 0 || crop.bottom < 0 || crop.left < 0 ||
      crop.right < 0) {
    fail(code::bad_shape, where,
         ": batch_to_space wants blocks from 1 up and no negative crop, its block is ", pair_text(op.block),
         ", its crop ", crop.top, ", ", crop.bottom, ", ", crop.left, ", ", crop.right);
  }
  const int64_t blocks = int64_t{op.block[0]} * op.block[1];
  if (from[0] % blocks != 0) {
    fail(code::bad_shape, where, ": blocks of ", pair_text(op.block), " want a batch divisible by ", blocks,
         ", the input has ", from[0]);
  }
  const int64_t height = int64_t{from[1]} * op.block[0] - crop.top - crop.bottom;
  const int64_t width = int64_t{from[2]} * op.block[1] - crop.left - crop.right;
  return {inputs[0].dtype, checked_shape({from[0] / blocks, height, width, from[3]})};
}

void refuse_vain_work(const Op& op, const Shape& picture, const Shape& result, const std::string& where) {
  constexpr int64_t most = int64_t{1} << 26;
  const Window* window = nullptr;
  if (const auto* conv = std::get_if<Conv2d>(&op)) window = &conv->window;
  if (const auto* conv = std::get_if<DepthwiseConv2d>(&op)) window = &conv->window;
  if (const auto* pool = std::get_if<Pool2d>(&op)) window = &pool->window;
  const auto* transpose = std::get_if<Conv2dTranspose>(&op);
  int64_t taps = 1, places = 1, pixels = 1;
  for (size_t i = 0; i < 2 && (window || transpose); ++i) {
    places *= result[i + 1];
    pixels *= picture[i + 1];
    if (window) taps *= window->kernel[i];
    if (!transpose) continue;
    // An output pixel tries the taps of its phase; a dilated kernel has its zeros written out.
    const int64_t stride = transpose->window.stride[i];
    taps *= (int64_t{transpose->window.kernel[i] - 1} * transpose->window.dilation[i] + stride) / stride;
    pixels *= stride;
  }
  if (places <= pixels || taps <= most / (places - pixels)) return;
  fail(code::too_large, where, ": its window of ", taps, " taps goes to ", places, " places of a picture of ",
       pixels, " pixels: nearly all of that is padding");
}

}  // namespace fragnet
