// Graphs in which elements move between layers: concatenations, padding, dilation spelled out, shuffles,
// channels first.
#pragma once

#include "cases/chain_cases.hpp"

namespace fragnet {

inline std::vector<ChainCase> concat_chain_cases() {
  using L = LayerBuilder;
  return {
      {"then_conv",
       [](L& l) {
         return std::vector{l.conv(l.concat({l.input({1, 6, 7, 4}), l.input({1, 6, 7, 8})}), 5)};
       }},
      {"of_odd_channels_then_conv",
       [](L& l) {
         return std::vector{l.conv(l.concat({l.input({1, 6, 7, 3}), l.input({1, 6, 7, 5})}), 5)};
       }},
      {"of_three_then_conv",
       [](L& l) {
         const std::vector<ValueId> parts{l.input({1, 6, 7, 1}), l.input({1, 6, 7, 13}),
                                          l.input({1, 6, 7, 6})};
         return std::vector{l.conv(l.concat(parts), 7)};
       }},
      {"of_five_then_conv_with_stride",
       [](L& l) {
         std::vector<ValueId> parts;
         for (int channels : {4, 2, 8, 1, 3}) parts.push_back(l.input({1, 7, 9, channels}));
         return std::vector{l.conv(l.concat(parts), 6, 4, 2)};
       }},
      {"relu_then_conv_transpose",
       [](L& l) {
         const ValueId skip = l.conv(l.input({1, 5, 6, 3}), 4), below = l.batch_norm(l.conv(skip, 7));
         const ValueId joined = l.unary(UnaryKind::relu, l.concat({below, skip}));
         return std::vector{l.unary(UnaryKind::tanh, l.bias(l.conv_transpose(joined, 3)))};
       }},
      {"of_a_value_with_itself",
       [](L& l) {
         const ValueId x = l.input({1, 6, 7, 3});
         return std::vector{l.conv(l.concat({x, x}), 5)};
       }},
      {"that_others_read_too",
       [](L& l) {
         const ValueId joined = l.concat({l.input({1, 6, 7, 3}), l.input({1, 6, 7, 5})});
         return std::vector{l.conv(joined, 8), l.binary(Kind::multiply, joined, l.constant({8}))};
       }},
      {"that_is_an_output",
       [](L& l) {
         const ValueId joined = l.concat({l.conv(l.input({1, 6, 7, 3}), 5), l.input({1, 6, 7, 2})});
         return std::vector{joined, l.conv(joined, 3)};
       }},
      {"of_concats",
       [](L& l) {
         const ValueId x = l.input({1, 6, 7, 3});
         const ValueId first = l.concat({x, l.unary(UnaryKind::relu, l.conv(x, 4))});
         const ValueId second = l.concat({first, l.unary(UnaryKind::relu, l.conv(first, 5))});
         return std::vector{l.conv(second, 6, 1)};
       }},
      {"batch_norm_relu_then_conv",
       [](L& l) {
         const ValueId joined = l.concat({l.input({1, 6, 7, 5}), l.input({1, 6, 7, 6})});
         return std::vector{l.conv(l.unary(UnaryKind::relu, l.batch_norm(joined)), 4)};
       }},
      {"then_depthwise",
       [](L& l) {
         return std::vector{l.depthwise(l.concat({l.input({1, 6, 7, 3}), l.input({1, 6, 7, 6})}))};
       }},
      {"of_rows_then_conv",
       [](L& l) {
         return std::vector{l.conv(l.concat({l.input({1, 3, 7, 5}), l.input({1, 4, 7, 5})}, 1), 5)};
       }},
      {"with_a_constant",
       [](L& l) {
         return std::vector{l.conv(l.concat({l.input({1, 6, 7, 3}), l.constant({1, 6, 7, 2})}), 5)};
       }},
      {"softplus_of_it",
       [](L& l) {
         const ValueId joined = l.concat({l.input({1, 6, 7, 3}), l.input({1, 6, 7, 5})});
         return std::vector{l.unary(UnaryKind::softplus, joined)};
       }},
      {"of_slices_in_another_order",
       [](L& l) {
         const ValueId x = l.input({1, 6, 7, 8});
         const auto half = [&](int begin) {
           return l.add(Slice{.begin = {0, 0, 0, begin}, .size = {1, 6, 7, 4}, .stride = {1, 1, 1, 1}}, {x});
         };
         const ValueId second = half(4);
         return std::vector{l.concat({second, half(0)})};
       }},
  };
}

inline std::vector<ChainCase> padding_cases() {
  using L = LayerBuilder;
  const auto input = [](L& l) { return l.input({1, 6, 7, 5}); };
  return {
      {"then_conv",
       [=](L& l) {
         return std::vector{l.conv_valid(l.pad(input(l), {1, 1, 1, 1}), 4)};
       }},
      {"uneven_then_conv_with_stride",
       [=](L& l) {
         return std::vector{l.conv_valid(l.pad(input(l), {0, 1, 2, 0}), 4, 3, 2)};
       }},
      {"then_padded_conv",
       [=](L& l) {
         return std::vector{l.conv(l.pad(input(l), {1, 2, 0, 1}), 4)};
       }},
      {"then_depthwise",
       [=](L& l) {
         return std::vector{l.depthwise(l.pad(input(l), {1, 0, 2, 1}))};
       }},
      {"then_conv_transpose",
       [=](L& l) {
         return std::vector{l.conv_transpose(l.pad(input(l), {1, 0, 0, 1}), 3)};
       }},
      {"with_ones_then_conv",
       [=](L& l) {
         return std::vector{l.conv_valid(l.pad(input(l), {1, 1, 1, 1}, PadKind::constant, 1), 4)};
       }},
      {"by_reflection_then_conv",
       [=](L& l) {
         return std::vector{l.conv_valid(l.pad(input(l), {2, 2, 2, 2}, PadKind::reflect), 4, 5)};
       }},
      {"by_symmetry_then_conv",
       [=](L& l) {
         return std::vector{l.unary(
             UnaryKind::relu, l.bias(l.conv_valid(l.pad(input(l), {1, 2, 3, 1}, PadKind::symmetric), 4)))};
       }},
      {"then_relu_then_conv",
       [=](L& l) {
         return std::vector{l.conv_valid(l.unary(UnaryKind::relu, l.pad(input(l), {1, 1, 1, 1})), 4)};
       }},
      {"then_max_pool",
       [=](L& l) {
         const ValueId below_zero = l.binary(Kind::subtract, input(l), l.number(3));
         const Window window{.kernel = {3, 3}, .stride = {2, 2}};
         return std::vector{
             l.add(Pool2d{.kind = PoolKind::max, .window = window}, {l.pad(below_zero, {1, 0, 1, 1})})};
       }},
      {"then_average_pool",
       [=](L& l) {
         const Window window{.kernel = {2, 2}, .stride = {2, 2}};
         return std::vector{
             l.add(Pool2d{.kind = PoolKind::average, .window = window}, {l.pad(input(l), {1, 1, 1, 0})})};
       }},
      {"of_channels_then_conv",
       [=](L& l) {
         const ValueId padded = l.add(Pad{.margins = {{0, 0}, {1, 1}, {1, 1}, {2, 1}}}, {input(l)});
         return std::vector{l.conv_valid(padded, 4)};
       }},
      {"that_others_read_too",
       [=](L& l) {
         const ValueId padded = l.pad(input(l), {1, 1, 1, 1});
         return std::vector{l.conv_valid(padded, 4), l.unary(UnaryKind::exp, padded)};
       }},
      {"twice_then_conv",
       [=](L& l) {
         return std::vector{l.conv_valid(l.pad(l.pad(input(l), {1, 0, 0, 2}), {0, 1, 1, 0}), 4)};
       }},
      {"after_a_convolution",
       [=](L& l) {
         const ValueId first = l.unary(UnaryKind::relu, l.bias(l.conv(input(l), 4)));
         return std::vector{l.conv_valid(l.pad(first, {1, 1, 1, 1}, PadKind::reflect), 3)};
       }},
  };
}

// TensorFlow spells a dilated convolution with `same` padding as SpaceToBatchND → valid convolution →
// BatchToSpaceND.
inline std::vector<ChainCase> dilation_cases() {
  using L = LayerBuilder;
  using Middle = std::function<ValueId(L&, ValueId)>;
  const auto dilated = [](const Shape& shape, int block, const Middle& middle) {
    return [=](L& l) {
      const auto after = [&](int extent) {  // what makes the padded extent a multiple of the block
        return block + (block - (extent + 2 * block) % block) % block;
      };
      const Margins padding{block, after(shape[1]), block, after(shape[2])};
      const Margins crop{0, padding.bottom - block, 0, padding.right - block};
      const ValueId dealt =
          l.add(SpaceToBatch{.block = {block, block}, .padding = padding}, {l.input(shape)});
      return l.add(BatchToSpace{.block = {block, block}, .crop = crop}, {middle(l, dealt)});
    };
  };
  const Middle conv = [](L& l, ValueId x) { return l.conv_valid(x, 5); };
  return {
      {"by_2",
       [=](L& l) {
         return std::vector{dilated({1, 8, 10, 3}, 2, conv)(l)};
       }},
      {"by_2_of_odd_sizes",
       [=](L& l) {
         return std::vector{dilated({1, 7, 9, 3}, 2, conv)(l)};
       }},
      {"by_3",
       [=](L& l) {
         return std::vector{dilated({1, 7, 9, 3}, 3, conv)(l)};
       }},
      {"by_4_of_two_pictures",
       [=](L& l) {
         return std::vector{dilated({2, 9, 8, 3}, 4, conv)(l)};
       }},
      {"bias_and_relu_outside",
       [=](L& l) {
         return std::vector{l.unary(UnaryKind::relu, l.bias(dilated({1, 8, 8, 3}, 2, conv)(l)))};
       }},
      {"bias_and_relu_inside",
       [=](L& l) {
         const Middle middle = [=](L& b, ValueId x) { return b.unary(UnaryKind::relu, b.bias(conv(b, x))); };
         return std::vector{dilated({1, 7, 9, 3}, 2, middle)(l)};
       }},
      {"depthwise",
       [=](L& l) {
         const Middle middle = [](L& b, ValueId x) {
           return b.add(DepthwiseConv2d{{.kernel = {3, 3}}}, {x, b.constant({3, 3, 5, 1})});
         };
         return std::vector{dilated({1, 8, 10, 5}, 2, middle)(l)};
       }},
      {"padded_inside",
       [=](L& l) {
         const Middle middle = [](L& b, ValueId x) { return b.unary(UnaryKind::relu, b.bias(b.conv(x, 5))); };
         return std::vector{dilated({1, 7, 9, 3}, 2, middle)(l)};
       }},
      {"cut_further_than_padded",
       [](L& l) {
         const ValueId dealt =
             l.add(SpaceToBatch{.block = {2, 3}, .padding = {1, 0, 0, 2}}, {l.input({1, 9, 13, 3})});
         return std::vector{
             l.add(BatchToSpace{.block = {2, 3}, .crop = {2, 1, 0, 2}}, {l.conv_valid(dealt, 5)})};
       }},
      {"several_convolutions",
       [=](L& l) {
         const Middle middle = [=](L& b, ValueId x) {
           const ValueId first = b.unary(UnaryKind::sigmoid, b.bias(b.conv(x, 4)));
           return b.bias(b.depthwise(conv(b, first)));
         };
         return std::vector{dilated({1, 10, 9, 3}, 2, middle)(l)};
       }},
      {"after_a_bias_inside",
       [=](L& l) {
         const Middle middle = [=](L& b, ValueId x) {
           return conv(b, b.binary(BinaryKind::add, b.constant({3}), x));
         };
         return std::vector{dilated({1, 8, 10, 3}, 2, middle)(l)};
       }},
      {"of_something_else",
       [=](L& l) {
         const Middle middle = [](L& b, ValueId x) {
           return b.pad(b.unary(UnaryKind::exp, b.conv_valid(x, 3)), {1, 0, 2, 1});
         };
         return std::vector{dilated({1, 8, 10, 5}, 2, middle)(l)};
       }},
      {"whose_parts_others_read",
       [](L& l) {
         const ValueId dealt =
             l.add(SpaceToBatch{.block = {2, 2}, .padding = {2, 2, 2, 2}}, {l.input({1, 8, 8, 3})});
         const ValueId batches = l.conv_valid(dealt, 5);
         return std::vector{l.add(BatchToSpace{.block = {2, 2}}, {batches}), batches};
       }},
  };
}

inline std::vector<ChainCase> movement_chain_cases() {
  using L = LayerBuilder;
  return {
      {"pixel_shuffle",
       [](L& l) {
         const ValueId split = l.reshape(l.conv(l.input({1, 5, 6, 3}), 12), {1, 5, 6, 2, 2, 3});
         return std::vector{l.reshape(l.add(Transpose{{0, 1, 3, 2, 4, 5}}, {split}), {1, 10, 12, 3})};
       }},
      {"pixel_shuffle_of_channels_first",
       [](L& l) {
         const ValueId split = l.reshape(l.input({1, 12, 5, 6}), {1, 3, 2, 2, 5, 6});
         return std::vector{l.reshape(l.add(Transpose{{0, 1, 4, 2, 5, 3}}, {split}), {1, 3, 10, 12})};
       }},
      {"space_to_depth",
       [](L& l) {
         const ValueId split = l.reshape(l.input({1, 6, 8, 3}), {1, 3, 2, 4, 2, 3});
         return std::vector{
             l.conv(l.reshape(l.add(Transpose{{0, 1, 3, 2, 4, 5}}, {split}), {1, 3, 4, 12}), 5)};
       }},
      {"channel_shuffle",
       [](L& l) {
         const ValueId split = l.reshape(l.conv(l.input({1, 5, 6, 3}), 8), {1, 5, 6, 2, 4});
         return std::vector{l.depthwise(l.reshape(l.add(Transpose{{0, 1, 2, 4, 3}}, {split}), {1, 5, 6, 8}))};
       }},
      {"channels_first_around_two_convolutions",
       [](L& l) {
         const Transpose to_last{{0, 2, 3, 1}}, to_first{{0, 3, 1, 2}};
         ValueId x = l.add(to_first, {l.conv(l.add(to_last, {l.input({1, 3, 6, 7})}), 5)});
         x = l.unary(UnaryKind::relu, l.binary(Kind::add, x, l.constant({1, 5, 1, 1})));
         return std::vector{l.add(to_first, {l.conv(l.add(to_last, {x}), 2)})};
       }},
      {"channels_first_residual",
       [](L& l) {
         const Transpose to_last{{0, 2, 3, 1}}, to_first{{0, 3, 1, 2}};
         const ValueId x = l.input({1, 3, 6, 7});
         const ValueId y = l.add(to_first, {l.conv(l.add(to_last, {x}), 3)});
         return std::vector{l.binary(Kind::add, x, y)};
       }},
      {"flatten_dense_and_back",
       [](L& l) {
         const ValueId flat = l.reshape(l.conv(l.input({1, 4, 5, 3}), 2), {1, 40});
         const ValueId dense =
             l.unary(UnaryKind::relu, l.bias(l.add(MatMul{}, {flat, l.constant({40, 45}, -0.3f, 0.3f)})));
         return std::vector{l.conv_transpose(l.reshape(dense, {1, 3, 3, 5}), 4)};
       }},
      {"global_pooling_to_a_vector_and_back",
       [](L& l) {
         const ValueId x = l.conv(l.input({1, 6, 7, 3}), 5);
         const ValueId vector = l.reduce(ReduceKind::mean, x, {1, 2}, false);
         const ValueId dense = l.unary(UnaryKind::sigmoid, l.add(MatMul{}, {vector, l.constant({5, 5})}));
         return std::vector{l.binary(Kind::multiply, x, l.reshape(dense, {1, 1, 1, 5}))};
       }},
      {"split_in_three_and_recombined",
       [](L& l) {
         const ValueId x = l.conv(l.input({1, 6, 7, 3}), 9);
         const auto part = [&](int i) {
           return l.add(Slice{.begin = {0, 0, 0, 3 * i}, .size = {1, 6, 7, 3}, .stride = {1, 1, 1, 1}}, {x});
         };
         const ValueId gate = l.unary(UnaryKind::sigmoid, part(1));
         return std::vector{l.binary(Kind::add, l.binary(Kind::multiply, part(0), gate), part(2))};
       }},
      {"channels_reversed_then_conv",
       [](L& l) {
         const Gather reversed{.axis = 3, .indices = {2, 1, 0}};
         return std::vector{l.conv(l.add(reversed, {l.input({1, 6, 7, 3})}), 5)};
       }},
      {"mirrored_left_to_right",
       [](L& l) {
         const Slice mirror{.begin = {0, 0, 6, 0}, .size = {1, 6, 7, 3}, .stride = {1, 1, -1, 1}};
         return std::vector{l.conv(l.add(mirror, {l.input({1, 6, 7, 3})}), 5)};
       }},
      {"vector_tiled_over_a_picture",
       [](L& l) {
         const ValueId tiled = l.add(Tile{{1, 6, 7, 1}}, {l.input({1, 1, 1, 5})});
         return std::vector{l.conv(l.concat({tiled, l.input({1, 6, 7, 3})}), 4)};
       }},
      {"crop_then_add",
       [](L& l) {
         const ValueId x = l.input({1, 8, 9, 5});
         const Slice crop{.begin = {0, 1, 1, 0}, .size = {1, 6, 7, 5}, .stride = {1, 1, 1, 1}};
         return std::vector{l.binary(Kind::add, l.conv_valid(x, 5), l.add(crop, {x}))};
       }},
      {"transposed_twice_to_nothing",
       [](L& l) {
         const ValueId x = l.add(Transpose{{0, 2, 1, 3}}, {l.input({1, 6, 7, 5})});
         return std::vector{l.unary(UnaryKind::relu, l.add(Transpose{{0, 2, 1, 3}}, {x}))};
       }},
      {"reshaped_three_times",
       [](L& l) {
         ValueId x = l.reshape(l.input({1, 6, 7, 5}), {6, 35});
         x = l.reshape(l.unary(UnaryKind::sin, x), {2, 3, 5, 7});
         return std::vector{l.reshape(x, {1, 5, 6, 7})};
       }},
      {"transposed_between_arithmetic",
       [](L& l) {
         const ValueId x = l.binary(Kind::multiply, l.input({1, 6, 7, 5}), l.constant({5}));
         const ValueId y = l.add(Transpose{{0, 3, 2, 1}}, {x});
         return std::vector{l.binary(Kind::add, y, l.constant({6}))};
       }},
  };
}

}  // namespace fragnet
