// A convolution in groups: each run of input channels has its own filters, and their results stand one after the other.
#pragma once

#include <string>

#include "graph/builder.hpp"

namespace fragnet {

// picture: (N, H, W, I), kernel: (kh, kw, I / groups, O). Of the operations that there are: one group is a Conv2d, one a
// channel a DepthwiseConv2d, others are slices, convolutions and a Concat. `where` opens the messages. Throws `bad-shape`
// where the channels are not divided so, `too-large`.
ValueId add_grouped_conv2d(GraphBuilder& builder, const std::string& name, const std::string& where,
                           ValueId picture, ValueId kernel, const Window& window, int groups);

}  // namespace fragnet
