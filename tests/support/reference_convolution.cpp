#include <algorithm>
#include <limits>

#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

// How many times a kernel fits along one extent.
int positions(int in, int before, int after, int kernel, int stride, int dilation) {
  return (in + before + after - ((kernel - 1) * dilation + 1)) / stride + 1;
}

int output_height(const Window& window, int in, int kernel) {
  return positions(in, window.padding.top, window.padding.bottom, kernel, window.stride[0],
                   window.dilation[0]);
}

int output_width(const Window& window, int in, int kernel) {
  return positions(in, window.padding.left, window.padding.right, kernel, window.stride[1],
                   window.dilation[1]);
}

HostTensor zeros(const Shape& shape) {
  return {shape, std::vector<float>(static_cast<size_t>(element_count(shape)))};
}

// The C numbers of a pixel, or of one tap of a kernel.
const float* row(const HostTensor& tensor, int a, int b, int c) {
  const Shape& shape = tensor.shape;
  const int64_t index = ((int64_t{a} * shape[1] + b) * shape[2] + c) * shape[3];
  return tensor.values.data() + index;
}

float* row(HostTensor& tensor, int a, int b, int c) {
  return const_cast<float*>(row(static_cast<const HostTensor&>(tensor), a, b, c));
}

bool inside(int index, int extent) {
  return index >= 0 && index < extent;
}

}  // namespace

HostTensor reference_conv2d(const Window& window, const HostTensor& picture, const HostTensor& kernel) {
  const int height = picture.shape[1], width = picture.shape[2], in = picture.shape[3];
  const int kernel_height = kernel.shape[0], kernel_width = kernel.shape[1], out = kernel.shape[3];
  HostTensor result = zeros({picture.shape[0], output_height(window, height, kernel_height),
                             output_width(window, width, kernel_width), out});
  std::vector<double> sums(static_cast<size_t>(out));
  for (int n = 0; n < result.shape[0]; ++n) {
    for (int y = 0; y < result.shape[1]; ++y) {
      for (int x = 0; x < result.shape[2]; ++x) {
        std::fill(sums.begin(), sums.end(), 0.0);
        for (int ky = 0; ky < kernel_height; ++ky) {
          for (int kx = 0; kx < kernel_width; ++kx) {
            const int sy = y * window.stride[0] + ky * window.dilation[0] - window.padding.top;
            const int sx = x * window.stride[1] + kx * window.dilation[1] - window.padding.left;
            if (!inside(sy, height) || !inside(sx, width)) continue;
            const float* pixel = row(picture, n, sy, sx);
            for (int i = 0; i < in; ++i) {
              const float* weights = row(kernel, ky, kx, i);
              for (int o = 0; o < out; ++o) sums[static_cast<size_t>(o)] += double{pixel[i]} * weights[o];
            }
          }
        }
        float* target = row(result, n, y, x);
        for (int o = 0; o < out; ++o) target[o] = static_cast<float>(sums[static_cast<size_t>(o)]);
      }
    }
  }
  return result;
}

HostTensor reference_depthwise_conv2d(const Window& window, const HostTensor& picture,
                                      const HostTensor& kernel) {
  const int height = picture.shape[1], width = picture.shape[2], in = picture.shape[3];
  const int kernel_height = kernel.shape[0], kernel_width = kernel.shape[1], multiplier = kernel.shape[3];
  const Shape shape{picture.shape[0], output_height(window, height, kernel_height),
                    output_width(window, width, kernel_width), in * multiplier};
  return filled(shape, [&](const std::vector<int>& at_output) {
    const int channel = at_output[3] / multiplier, m = at_output[3] % multiplier;
    double sum = 0;
    for (int ky = 0; ky < kernel_height; ++ky) {
      for (int kx = 0; kx < kernel_width; ++kx) {
        const int sy = at_output[1] * window.stride[0] + ky * window.dilation[0] - window.padding.top;
        const int sx = at_output[2] * window.stride[1] + kx * window.dilation[1] - window.padding.left;
        if (!inside(sy, height) || !inside(sx, width)) continue;
        sum += double{row(picture, at_output[0], sy, sx)[channel]} * row(kernel, ky, kx, channel)[m];
      }
    }
    return sum;
  });
}

// As the gradient is defined: every input pixel adds its kernel, scaled, to the output; what falls off is
// cropped.
HostTensor reference_conv2d_transpose(const Conv2dTranspose& op, const HostTensor& picture,
                                      const HostTensor& kernel) {
  const Window& window = op.window;
  const int out = kernel.shape[2], in = kernel.shape[3];
  const Shape shape{picture.shape[0], op.output[0], op.output[1], out};
  std::vector<double> sums(static_cast<size_t>(element_count(shape)));
  for (int n = 0; n < picture.shape[0]; ++n) {
    for (int sy = 0; sy < picture.shape[1]; ++sy) {
      for (int sx = 0; sx < picture.shape[2]; ++sx) {
        const float* pixel = row(picture, n, sy, sx);
        for (int ky = 0; ky < kernel.shape[0]; ++ky) {
          for (int kx = 0; kx < kernel.shape[1]; ++kx) {
            const int y = sy * window.stride[0] + ky * window.dilation[0] - window.padding.top;
            const int x = sx * window.stride[1] + kx * window.dilation[1] - window.padding.left;
            if (!inside(y, shape[1]) || !inside(x, shape[2])) continue;
            double* target = sums.data() + ((int64_t{n} * shape[1] + y) * shape[2] + x) * out;
            for (int o = 0; o < out; ++o) {
              const float* weights = row(kernel, ky, kx, o);
              for (int i = 0; i < in; ++i) target[o] += double{pixel[i]} * weights[i];
            }
          }
        }
      }
    }
  }
  return {shape, std::vector<float>(sums.begin(), sums.end())};
}

HostTensor reference_pool2d(const Pool2d& op, const HostTensor& picture) {
  const Window& window = op.window;
  const int height = picture.shape[1], width = picture.shape[2];
  const Shape shape{picture.shape[0], output_height(window, height, window.kernel[0]),
                    output_width(window, width, window.kernel[1]), picture.shape[3]};
  return filled(shape, [&](const std::vector<int>& at_output) {
    double sum = 0, greatest = -std::numeric_limits<double>::infinity();
    int count = 0;
    for (int ky = 0; ky < window.kernel[0]; ++ky) {
      for (int kx = 0; kx < window.kernel[1]; ++kx) {
        const int sy = at_output[1] * window.stride[0] + ky * window.dilation[0] - window.padding.top;
        const int sx = at_output[2] * window.stride[1] + kx * window.dilation[1] - window.padding.left;
        if (!inside(sy, height) || !inside(sx, width)) continue;
        const double value = row(picture, at_output[0], sy, sx)[at_output[3]];
        sum += value;
        greatest = std::max(greatest, value);
        ++count;
      }
    }
    return op.kind == PoolKind::max ? greatest : sum / count;
  });
}

HostTensor reference_matmul(const MatMul& op, const HostTensor& a, const HostTensor& b) {
  const size_t rank = std::max(a.shape.size(), b.shape.size());
  const auto rows_and_columns = [](const HostTensor& matrix, bool transposed) {
    const int rows = matrix.shape[matrix.shape.size() - 2], columns = matrix.shape.back();
    return transposed ? std::array<int, 2>{columns, rows} : std::array<int, 2>{rows, columns};
  };
  const auto [rows, inner] = rows_and_columns(a, op.transpose_a);
  const int columns = rows_and_columns(b, op.transpose_b)[1];
  Shape shape(rank, 1);  // the leading extents broadcast, counted from the innermost
  for (size_t i = 2; i < rank; ++i) {
    const int of_a = i < a.shape.size() ? a.shape[a.shape.size() - 1 - i] : 1;
    const int of_b = i < b.shape.size() ? b.shape[b.shape.size() - 1 - i] : 1;
    shape[rank - 1 - i] = std::max(of_a, of_b);
  }
  shape[rank - 2] = rows;
  shape[rank - 1] = columns;
  const int length = inner;
  return filled(shape, [&](const std::vector<int>& at_output) {
    std::vector<int> at_a = at_output, at_b = at_output;
    double sum = 0;
    for (int k = 0; k < length; ++k) {
      at_a[rank - 2] = op.transpose_a ? k : at_output[rank - 2];
      at_a[rank - 1] = op.transpose_a ? at_output[rank - 2] : k;
      at_b[rank - 2] = op.transpose_b ? at_output[rank - 1] : k;
      at_b[rank - 1] = op.transpose_b ? k : at_output[rank - 1];
      sum += double{at_broadcast(a, at_a)} * at_broadcast(b, at_b);
    }
    return sum;
  });
}

}  // namespace fragnet
