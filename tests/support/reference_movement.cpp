#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "support/reference_ops.hpp"

namespace fragnet {
namespace {

// Where output pixel `index` lies between the input's pixels, and how far from the first to the second.
struct Sample {
  int first = 0, second = 0;
  double weight = 0;
};

Sample sampled(const Resize& op, int in, int out, int index) {
  const bool corners = op.align_corners && out > 1;
  const double scale = corners ? double(in - 1) / (out - 1) : double(in) / out;
  const auto clamped = [&](double position) {
    return static_cast<int>(std::clamp(position, 0.0, double(in - 1)));
  };
  if (op.kind == ResizeKind::nearest) {
    const double position = op.half_pixel_centers ? (index + 0.5) * scale : index * scale;
    const int pixel = clamped(op.align_corners ? std::round(position) : std::floor(position));
    return {pixel, pixel, 0};
  }
  const double position = op.half_pixel_centers ? (index + 0.5) * scale - 0.5 : index * scale;
  const double below = std::floor(position);
  return {clamped(below), clamped(below + 1), position - below};
}

// The source of position p of a padded extent, or -1 where the constant lies.
int mirrored(PadKind kind, int p, int extent) {
  if (p >= 0 && p < extent) return p;
  switch (kind) {
    case PadKind::constant:
      return -1;
    case PadKind::reflect:
      return p < 0 ? -p : 2 * (extent - 1) - p;
    case PadKind::symmetric:
      return p < 0 ? -p - 1 : 2 * extent - 1 - p;
  }
  return -1;
}

}  // namespace

HostTensor reference_resize(const Resize& op, const HostTensor& picture) {
  const Shape shape{picture.shape[0], op.output[0], op.output[1], picture.shape[3]};
  return filled(shape, [&](const std::vector<int>& c) {
    const Sample y = sampled(op, picture.shape[1], op.output[0], c[1]);
    const Sample x = sampled(op, picture.shape[2], op.output[1], c[2]);
    const auto pixel = [&](int row, int column) { return double{at(picture, {c[0], row, column, c[3]})}; };
    const double top = pixel(y.first, x.first) * (1 - x.weight) + pixel(y.first, x.second) * x.weight;
    const double bottom = pixel(y.second, x.first) * (1 - x.weight) + pixel(y.second, x.second) * x.weight;
    return top * (1 - y.weight) + bottom * y.weight;
  });
}

HostTensor reference_reshape(const Reshape& op, const HostTensor& x) {
  return {op.shape, x.values};
}

HostTensor reference_transpose(const Transpose& op, const HostTensor& x) {
  Shape shape;
  for (int axis : op.order) shape.push_back(x.shape[static_cast<size_t>(axis)]);
  return filled(shape, [&](const std::vector<int>& c) {
    std::vector<int> source(c.size());
    for (size_t i = 0; i < c.size(); ++i) source[static_cast<size_t>(op.order[i])] = c[i];
    return at(x, source);
  });
}

HostTensor reference_concat(int axis, const std::vector<HostTensor>& inputs) {
  const auto along = static_cast<size_t>(axis);
  Shape shape = inputs.at(0).shape;
  shape[along] = 0;
  for (const HostTensor& input : inputs) shape[along] += input.shape[along];
  return filled(shape, [&](const std::vector<int>& c) {
    std::vector<int> source = c;
    size_t i = 0;
    while (source[along] >= inputs[i].shape[along]) source[along] -= inputs[i++].shape[along];
    return at(inputs[i], source);
  });
}

HostTensor reference_slice(const Slice& op, const HostTensor& x) {
  return filled(op.size, [&](const std::vector<int>& c) {
    std::vector<int> source(c.size());
    for (size_t i = 0; i < c.size(); ++i) source[i] = op.begin[i] + c[i] * op.stride[i];
    return at(x, source);
  });
}

HostTensor reference_pad(const Pad& op, const HostTensor& x) {
  Shape shape = x.shape;
  for (size_t i = 0; i < shape.size(); ++i) shape[i] += op.margins[i][0] + op.margins[i][1];
  return filled(shape, [&](const std::vector<int>& c) {
    std::vector<int> source(c.size());
    for (size_t i = 0; i < c.size(); ++i) {
      source[i] = mirrored(op.kind, c[i] - op.margins[i][0], x.shape[i]);
      if (source[i] < 0) return op.value;
    }
    return at(x, source);
  });
}

HostTensor reference_tile(const Tile& op, const HostTensor& x) {
  Shape shape = x.shape;
  for (size_t i = 0; i < shape.size(); ++i) shape[i] *= op.repeats[i];
  return filled(shape, [&](const std::vector<int>& c) {
    std::vector<int> source(c.size());
    for (size_t i = 0; i < c.size(); ++i) source[i] = c[i] % x.shape[i];
    return at(x, source);
  });
}

HostTensor reference_gather(const Gather& op, const HostTensor& x) {
  const auto along = static_cast<size_t>(op.axis);
  Shape shape = x.shape;
  shape[along] = static_cast<int>(op.indices.size());
  return filled(shape, [&](const std::vector<int>& c) {
    std::vector<int> source = c;
    source[along] = op.indices[static_cast<size_t>(c[along])];
    return at(x, source);
  });
}

HostTensor reference_space_to_batch(const SpaceToBatch& op, const HostTensor& x) {
  const int batch = x.shape[0], block_height = op.block[0], block_width = op.block[1];
  const Shape shape{batch * block_height * block_width,
                    (x.shape[1] + op.padding.top + op.padding.bottom) / block_height,
                    (x.shape[2] + op.padding.left + op.padding.right) / block_width, x.shape[3]};
  return filled(shape, [&](const std::vector<int>& c) {
    const int place = c[0] / batch;  // which pixel of the block
    const int y = c[1] * block_height + place / block_width - op.padding.top;
    const int column = c[2] * block_width + place % block_width - op.padding.left;
    const bool in_picture = y >= 0 && y < x.shape[1] && column >= 0 && column < x.shape[2];
    return in_picture ? at(x, {c[0] % batch, y, column, c[3]}) : 0.0f;
  });
}

HostTensor reference_batch_to_space(const BatchToSpace& op, const HostTensor& x) {
  const int block_height = op.block[0], block_width = op.block[1];
  const int batch = x.shape[0] / (block_height * block_width);
  const Shape shape{batch, x.shape[1] * block_height - op.crop.top - op.crop.bottom,
                    x.shape[2] * block_width - op.crop.left - op.crop.right, x.shape[3]};
  return filled(shape, [&](const std::vector<int>& c) {
    const int y = c[1] + op.crop.top, column = c[2] + op.crop.left;
    const int place = (y % block_height) * block_width + column % block_width;
    return at(x, {place * batch + c[0], y / block_height, column / block_width, c[3]});
  });
}

HostTensor reference_rearrange(const Rearrange& op, const HostTensor& x, const Shape& shape) {
  Shape counts;
  for (const Rearrange::Extent& extent : op.extents) counts.push_back(extent.count);
  HostTensor result = filled(counts, [&](const std::vector<int>& c) {
    int64_t source = 0;
    for (size_t i = 0; i < c.size(); ++i) {
      const Rearrange::Extent& extent = op.extents[i];
      const int position = mirrored(op.pad, c[i] * extent.step + extent.start, extent.limit);
      if (position < 0) return op.value;
      source += int64_t{position} * extent.stride;
    }
    return x.values.at(static_cast<size_t>(source));
  });
  result.shape = shape;
  return result;
}

}  // namespace fragnet
