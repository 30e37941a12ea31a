#include "import/grouped_convolution.hpp"

#include "base/error.hpp"

namespace fragnet {
namespace {

// More groups than this are only known from depthwise convolutions, which are an operation of their own.
constexpr int max_groups = 256;

}  // namespace

ValueId add_grouped_conv2d(GraphBuilder& builder, const std::string& name, const std::string& where,
                           ValueId picture, ValueId kernel, const Window& window, int groups) {
  if (groups == 1) return builder.add(name, Conv2d{window}, {picture, kernel});
  const Shape from = builder.shape(picture), taps = builder.shape(kernel);
  const int inputs = taps[2], outputs = taps[3];
  if (int64_t{inputs} * groups != from[3] || outputs % groups != 0) {
    fail(code::bad_shape, where, ": ", groups, " groups and a kernel of shape ", to_string(taps), " want ",
         int64_t{inputs} * groups, " input channels and outputs divisible by ", groups, ", the input has ",
         from[3]);
  }
  if (inputs == 1) {  // filter i×M + m sees channel i alone
    const Reshape each{{taps[0], taps[1], groups, outputs / groups}};
    return builder.add(name, DepthwiseConv2d{window}, {picture, builder.add(name, each, {kernel})});
  }
  if (groups > max_groups) {
    fail(code::too_large, where, ": ", groups, " groups of channels are more than ", max_groups);
  }
  std::vector<ValueId> parts;
  for (int group = 0; group < groups; ++group) {
    Slice channels{{0, 0, 0, group * inputs}, from, {1, 1, 1, 1}};
    channels.size[3] = inputs;
    Slice filters{{0, 0, 0, group * (outputs / groups)}, taps, {1, 1, 1, 1}};
    filters.size[3] = outputs / groups;
    const ValueId part_picture = builder.add(name, channels, {picture});
    const ValueId part_kernel = builder.add(name, filters, {kernel});
    parts.push_back(builder.add(name, Conv2d{window}, {part_picture, part_kernel}));
  }
  return builder.add(name, Concat{.axis = 3}, parts);
}

}  // namespace fragnet
