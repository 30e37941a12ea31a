// Graphs in the shape of whole networks: normalisation from primitives, attention, small U-Nets, and what a
// plan must get right about lifetimes, inputs and outputs.
#pragma once

#include "cases/chain_cases.hpp"

namespace fragnet {

inline std::vector<ChainCase> normalisation_cases() {
  using L = LayerBuilder;
  const auto mean = [](L& l, ValueId x, const std::vector<int>& axes) {
    return l.reduce(ReduceKind::mean, x, axes);
  };
  const auto start = [](L& l) { return l.conv(l.input({1, 9, 11, 3}), 6); };
  return {
      {"instance_norm_by_squared_difference",
       [=](L& l) {
         const ValueId x = start(l), average = mean(l, x, {1, 2});
         const ValueId variance = mean(l, l.binary(Kind::squared_difference, x, average), {1, 2});
         const ValueId scale = l.unary(UnaryKind::rsqrt, l.binary(Kind::add, variance, l.number(1e-3f)));
         return std::vector{
             l.batch_norm(l.binary(Kind::multiply, l.binary(Kind::subtract, x, average), scale))};
       }},
      {"instance_norm_by_division",
       [=](L& l) {
         const ValueId x = start(l), centred = l.binary(Kind::subtract, x, mean(l, x, {1, 2}));
         const ValueId variance = mean(l, l.unary(UnaryKind::square, centred), {1, 2});
         const ValueId deviation = l.unary(UnaryKind::sqrt, l.binary(Kind::add, variance, l.number(1e-3f)));
         return std::vector{l.batch_norm(l.binary(Kind::divide, centred, deviation))};
       }},
      {"instance_norm_as_scale_and_offset",
       [=](L& l) {
         const ValueId x = start(l), average = mean(l, x, {1, 2});
         const ValueId variance = mean(l, l.binary(Kind::squared_difference, x, average), {1, 2});
         const ValueId root = l.unary(UnaryKind::rsqrt, l.binary(Kind::add, variance, l.number(1e-3f)));
         const ValueId scale = l.binary(Kind::multiply, root, l.constant({6}));
         const ValueId offset =
             l.binary(Kind::subtract, l.constant({6}), l.binary(Kind::multiply, average, scale));
         return std::vector{l.binary(Kind::add, l.binary(Kind::multiply, x, scale), offset)};
       }},
      {"instance_norm_by_a_power",
       [=](L& l) {
         const ValueId x = start(l), centred = l.binary(Kind::subtract, x, mean(l, x, {1, 2}));
         const ValueId variance = mean(l, l.binary(Kind::multiply, centred, centred), {1, 2});
         const ValueId deviation =
             l.binary(Kind::power, l.binary(Kind::add, variance, l.number(1e-3f)), l.number(0.5f));
         return std::vector{l.unary(UnaryKind::relu, l.binary(Kind::divide, centred, deviation))};
       }},
      {"layer_norm_over_channels",
       [=](L& l) {
         const ValueId x = start(l), centred = l.binary(Kind::subtract, x, mean(l, x, {3}));
         const ValueId variance = mean(l, l.unary(UnaryKind::square, centred), {3});
         const ValueId scale = l.unary(UnaryKind::rsqrt, l.binary(Kind::add, variance, l.number(1e-3f)));
         return std::vector{l.batch_norm(l.binary(Kind::multiply, centred, scale))};
       }},
      {"pixel_norm",
       [=](L& l) {
         const ValueId x = start(l), energy = mean(l, l.unary(UnaryKind::square, x), {3});
         return std::vector{l.binary(Kind::divide, x,
                                     l.unary(UnaryKind::sqrt, l.binary(Kind::add, energy, l.number(1e-6f))))};
       }},
      {"divided_by_its_greatest",
       [=](L& l) {
         const ValueId x = start(l);
         return std::vector{
             l.binary(Kind::divide, x, l.reduce(ReduceKind::max, l.unary(UnaryKind::abs, x), {0, 1, 2, 3}))};
       }},
      {"stretched_between_least_and_greatest",
       [=](L& l) {
         const ValueId x = start(l), least = l.reduce(ReduceKind::min, x, {1, 2, 3});
         const ValueId span = l.binary(Kind::subtract, l.reduce(ReduceKind::max, x, {1, 2, 3}), least);
         return std::vector{l.binary(Kind::divide, l.binary(Kind::subtract, x, least), span)};
       }},
      {"squeeze_and_excite",
       [=](L& l) {
         const ValueId x = start(l);
         const ValueId squeezed = l.unary(UnaryKind::relu, l.bias(l.conv(mean(l, x, {1, 2}), 3, 1)));
         const ValueId gate = l.unary(UnaryKind::sigmoid, l.bias(l.conv(squeezed, 6, 1)));
         return std::vector{l.binary(Kind::multiply, x, gate)};
       }},
      {"squeeze_by_pooling_the_whole_picture",
       [=](L& l) {
         const ValueId x = start(l);
         const Window whole{.kernel = {9, 11}, .stride = {9, 11}};
         const ValueId pooled = l.add(Pool2d{.kind = PoolKind::average, .window = whole}, {x});
         return std::vector{l.binary(Kind::multiply, l.unary(UnaryKind::sigmoid, l.conv(pooled, 6, 1)), x)};
       }},
  };
}

inline std::vector<ChainCase> attention_cases() {
  using L = LayerBuilder;
  // softmax(q × kᵀ × scale) × v
  const auto attend = [](L& l, ValueId q, ValueId k, ValueId v, float scale) {
    const ValueId scores =
        l.binary(Kind::multiply, l.add(MatMul{.transpose_b = true}, {q, k}), l.number(scale));
    const int axis = static_cast<int>(l.shape(scores).size()) - 1;
    return l.add(MatMul{}, {l.add(Softmax{.axis = axis}, {scores}), v});
  };
  return {
      {"of_matrices",
       [=](L& l) {
         return std::vector{attend(l, l.input({10, 6}), l.input({13, 6}), l.input({13, 7}), 0.4f)};
       }},
      {"over_a_picture",
       [=](L& l) {
         const ValueId x = l.input({1, 4, 5, 6});
         const ValueId q = l.reshape(l.conv(x, 3, 1), {1, 20, 3}), k = l.reshape(l.conv(x, 3, 1), {1, 20, 3});
         const ValueId seen = attend(l, q, k, l.reshape(l.conv(x, 6, 1), {1, 20, 6}), 0.6f);
         return std::vector{l.binary(Kind::add, x, l.reshape(seen, {1, 4, 5, 6}))};
       }},
      {"with_two_heads",
       [=](L& l) {
         const ValueId x = l.input({1, 12, 8});
         const auto heads = [&]() {
           const ValueId projected = l.bias(l.add(MatMul{}, {x, l.constant({8, 8})}));
           return l.add(Transpose{{0, 2, 1, 3}}, {l.reshape(projected, {1, 12, 2, 4})});
         };
         const ValueId q = heads(), k = heads();
         const ValueId joined = l.add(Transpose{{0, 2, 1, 3}}, {attend(l, q, k, heads(), 0.5f)});
         return std::vector{l.add(MatMul{}, {l.reshape(joined, {1, 12, 8}), l.constant({8, 8})})};
       }},
      {"softmax_over_channels",
       [](L& l) {
         return std::vector{l.add(Softmax{.axis = 3}, {l.conv(l.input({1, 6, 7, 3}), 5)})};
       }},
      {"softmax_then_channel_of_the_person",
       [](L& l) {
         const ValueId segments = l.add(Softmax{.axis = 3}, {l.conv(l.input({1, 6, 7, 3}), 2)});
         return std::vector{
             l.add(Slice{.begin = {0, 0, 0, 1}, .size = {1, 6, 7, 1}, .stride = {1, 1, 1, 1}}, {segments})};
       }},
      {"gram_matrix",
       [](L& l) {
         const ValueId features = l.reshape(l.conv(l.input({1, 6, 7, 3}), 5), {1, 42, 5});
         const ValueId gram = l.add(MatMul{.transpose_a = true}, {features, features});
         return std::vector{l.binary(Kind::divide, gram, l.number(42))};
       }},
  };
}

inline std::vector<ChainCase> network_cases() {
  using L = LayerBuilder;
  const auto down = [](L& l, ValueId x, int out) {
    return l.unary(UnaryKind::leaky_relu, l.batch_norm(l.conv(x, out, 4, 2)), 0.2f);
  };
  const auto up = [](L& l, ValueId x, int out) {
    return l.unary(UnaryKind::relu, l.batch_norm(l.conv_transpose(x, out)));
  };
  const auto twice = [](L& l, ValueId x, ResizeKind kind) {
    return l.add(Resize{.kind = kind, .output = {2 * l.shape(x)[1], 2 * l.shape(x)[2]}}, {x});
  };
  return {
      {"pix2pix_of_four_levels",
       [=](L& l) {
         const ValueId a = l.unary(UnaryKind::leaky_relu, l.conv(l.input({1, 16, 16, 1}), 4, 4, 2), 0.2f);
         const ValueId b = down(l, a, 8), c = down(l, b, 10), d = down(l, c, 12);
         const ValueId e = l.concat({up(l, d, 10), c}), f = l.concat({up(l, e, 8), b}),
                       g = l.concat({up(l, f, 4), a});
         return std::vector{l.unary(UnaryKind::tanh, l.bias(l.conv_transpose(g, 3)))};
       }},
      {"pix2pix_with_activations_first",  // as the first published implementations order a layer
       [=](L& l) {
         const ValueId a = l.conv(l.input({1, 16, 16, 3}), 5, 4, 2);
         const ValueId b = l.batch_norm(l.conv(l.unary(UnaryKind::leaky_relu, a, 0.2f), 7, 4, 2));
         const ValueId c = l.conv(l.unary(UnaryKind::leaky_relu, b, 0.2f), 9, 4, 2);
         const ValueId d = l.batch_norm(l.conv_transpose(l.unary(UnaryKind::relu, c), 7));
         const ValueId e = l.batch_norm(l.conv_transpose(l.unary(UnaryKind::relu, l.concat({d, b})), 5));
         const ValueId f = l.conv_transpose(l.unary(UnaryKind::relu, l.concat({e, a})), 3);
         return std::vector{l.unary(UnaryKind::tanh, f)};
       }},
      {"decoder_by_nearest_upsampling",
       [=](L& l) {
         const ValueId x = l.unary(UnaryKind::relu, l.bias(l.conv(l.input({1, 5, 6, 7}), 5)));
         return std::vector{l.conv(twice(l, x, ResizeKind::nearest), 3)};
       }},
      {"decoder_by_bilinear_upsampling",
       [=](L& l) {
         const ValueId skip = l.input({1, 10, 12, 5});
         const ValueId x = twice(l, l.conv(l.input({1, 5, 6, 7}), 5), ResizeKind::bilinear);
         return std::vector{l.conv(l.binary(Kind::add, x, skip), 3)};
       }},
      {"residuals_ten_deep",
       [](L& l) {
         ValueId x = l.conv(l.input({1, 7, 6, 3}), 5);
         for (int i = 0; i < 10; ++i) {
           const ValueId inside = l.unary(UnaryKind::relu, l.bias(l.conv(x, 5)));
           const ValueId outside = l.binary(Kind::multiply, l.bias(l.conv(inside, 5)), l.number(0.2f));
           x = l.unary(UnaryKind::tanh, l.binary(Kind::add, x, outside));
         }
         return std::vector{x};
       }},
      {"dense_block",
       [](L& l) {
         ValueId x = l.input({1, 6, 7, 4});
         for (int i = 0; i < 4; ++i) x = l.concat({x, l.unary(UnaryKind::relu, l.bias(l.conv(x, 3)))});
         return std::vector{l.conv(x, 5, 1)};
       }},
      {"long_skips_of_many_sizes",
       [=](L& l) {
         const ValueId a = l.conv(l.input({1, 12, 12, 3}), 3), b = l.conv(a, 6, 3, 2), c = l.conv(b, 9, 3, 2);
         const ValueId d = l.conv(c, 9), e = l.binary(Kind::add, d, c);
         const ValueId f = l.binary(Kind::add, l.conv(twice(l, e, ResizeKind::nearest), 6), b);
         const ValueId g = l.binary(Kind::add, l.conv(twice(l, f, ResizeKind::nearest), 3), a);
         return std::vector{g};
       }},
      {"mobile_block",
       [](L& l) {
         const ValueId x = l.input({1, 8, 9, 5});
         const ValueId wide = l.unary(UnaryKind::relu6, l.batch_norm(l.conv(x, 13, 1)));
         const ValueId deep = l.unary(UnaryKind::relu6, l.batch_norm(l.depthwise(wide)));
         return std::vector{l.binary(Kind::add, x, l.batch_norm(l.conv(deep, 5, 1)))};
       }},
      {"two_pictures_at_once",
       [=](L& l) {
         const ValueId a = down(l, l.input({2, 8, 8, 3}), 5);
         return std::vector{l.concat({up(l, a, 6), l.input({2, 8, 8, 1})})};
       }},
      // ---- Inputs and outputs ----
      {"several_outputs",
       [](L& l) {
         const ValueId x = l.unary(UnaryKind::relu, l.conv(l.input({1, 6, 7, 3}), 5)), y = l.conv(x, 4, 3, 2);
         return std::vector{l.unary(UnaryKind::sigmoid, y), x, y};
       }},
      {"the_same_output_twice",
       [](L& l) {
         const ValueId x = l.conv(l.input({1, 6, 7, 3}), 5);
         return std::vector{x, x};
       }},
      {"an_input_as_output",
       [](L& l) {
         const ValueId x = l.input({1, 6, 7, 3});
         return std::vector{x, l.conv(x, 5)};
       }},
      {"a_constant_as_output",
       [](L& l) {
         return std::vector{l.constant({1, 2, 3, 5}), l.conv(l.input({1, 6, 7, 3}), 5)};
       }},
      {"an_input_that_nobody_reads",
       [](L& l) {
         l.input({1, 3, 3, 2});
         return std::vector{l.conv(l.input({1, 6, 7, 3}), 5)};
       }},
      {"inputs_of_every_rank",
       [](L& l) {
         const ValueId a = l.binary(Kind::add, l.input({1, 4, 5, 3}), l.input({4, 5, 3}));
         const ValueId b = l.binary(Kind::multiply, l.input({5, 3}), a);
         return std::vector{l.binary(Kind::subtract, l.binary(Kind::add, b, l.input({3})), l.input({}))};
       }},
      {"output_of_rank_1",
       [](L& l) {
         return std::vector{l.reduce(ReduceKind::mean, l.input({1, 4, 5, 7}), {0, 1, 2}, false)};
       }},
      {"output_of_rank_0",
       [](L& l) {
         return std::vector{l.reduce(ReduceKind::sum, l.input({1, 4, 5, 7}), {0, 1, 2, 3}, false)};
       }},
  };
}

}  // namespace fragnet
