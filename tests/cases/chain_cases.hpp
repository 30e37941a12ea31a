// Graphs of a few layers, as networks have them: what passes fuse, fold and move about, and what they must
// leave alone.
#pragma once

#include <functional>

#include "support/graph_case.hpp"

namespace fragnet {

// A graph with the results that `build` returns.
struct ChainCase {
  std::string name;
  std::function<std::vector<ValueId>(LayerBuilder&)> build;
};

inline std::ostream& operator<<(std::ostream& out, const ChainCase& c) {
  return out << c.name;
}

inline GraphCase graph_of(const ChainCase& c) {
  LayerBuilder layers;
  const std::vector<ValueId> outputs = c.build(layers);
  return layers.finish(outputs);
}

using Kind = BinaryKind;

// ---- Batch norm in its spellings, and what stands around it ----
inline std::vector<ChainCase> batch_norm_cases() {
  using L = LayerBuilder;
  const auto start = [](L& l) { return l.conv(l.input({1, 6, 7, 3}), 5); };
  // (x - mean) × gain + beta where the gain is computed from the variance, as unfused graphs do.
  const auto gain = [](L& l, int channels) {
    const ValueId deviation = l.binary(Kind::add, l.constant({channels}, 0.1f, 2), l.number(1e-3f));
    return l.binary(Kind::multiply, l.unary(UnaryKind::rsqrt, deviation), l.constant({channels}));
  };
  return {
      {"multiply_add", [=](L& l) { return std::vector{l.batch_norm(start(l))}; }},
      {"constants_first",
       [=](L& l) {
         const ValueId scaled = l.binary(Kind::multiply, l.constant({5}), start(l));
         return std::vector{l.binary(Kind::add, l.constant({5}), scaled)};
       }},
      {"add_multiply",
       [=](L& l) { return std::vector{l.binary(Kind::multiply, l.bias(start(l)), l.constant({5}))}; }},
      {"subtract_multiply_add",
       [=](L& l) {
         const ValueId centred = l.binary(Kind::subtract, start(l), l.constant({5}));
         const ValueId scaled = l.binary(Kind::multiply, centred, gain(l, 5));
         return std::vector{l.binary(Kind::add, scaled, l.constant({5}))};
       }},
      {"subtract_divide_multiply_add",
       [=](L& l) {
         const ValueId centred = l.binary(Kind::subtract, start(l), l.constant({5}));
         const ValueId even = l.binary(Kind::divide, centred, l.constant({5}, 0.3f, 2));
         return std::vector{l.batch_norm(even)};
       }},
      {"multiply_subtract",
       [=](L& l) {
         const ValueId scaled = l.binary(Kind::multiply, start(l), l.constant({5}));
         return std::vector{l.binary(Kind::subtract, scaled, l.constant({5}))};
       }},
      {"subtracted_from_a_constant",
       [=](L& l) {
         const ValueId scaled = l.binary(Kind::multiply, start(l), l.constant({5}));
         return std::vector{l.binary(Kind::subtract, l.constant({5}), scaled)};
       }},
      {"constant_divided_by_it",
       [=](L& l) {
         const ValueId positive = l.binary(Kind::add, l.unary(UnaryKind::square, start(l)), l.number(0.5f));
         return std::vector{l.binary(Kind::divide, l.constant({5}), positive)};
       }},
      {"constants_of_rank_4",
       [=](L& l) {
         const ValueId scaled = l.binary(Kind::multiply, start(l), l.constant({1, 1, 1, 5}));
         return std::vector{l.binary(Kind::add, scaled, l.constant({1, 1, 1, 5}))};
       }},
      {"scalar_constants",
       [=](L& l) {
         const ValueId scaled = l.binary(Kind::multiply, start(l), l.number(-0.7f));
         return std::vector{l.binary(Kind::add, scaled, l.number(0.3f))};
       }},
      {"one_scalar_and_one_per_channel",
       [=](L& l) { return std::vector{l.bias(l.binary(Kind::multiply, start(l), l.number(1.7f)))}; }},
      {"after_a_bias", [=](L& l) { return std::vector{l.batch_norm(l.bias(start(l)))}; }},
      {"between_bias_and_activation",
       [=](L& l) { return std::vector{l.unary(UnaryKind::relu, l.batch_norm(l.bias(start(l))))}; }},
      {"after_an_activation",
       [=](L& l) { return std::vector{l.batch_norm(l.unary(UnaryKind::relu, l.bias(start(l))))}; }},
      {"twice", [=](L& l) { return std::vector{l.batch_norm(l.batch_norm(start(l)))}; }},
      {"twice_around_an_activation",
       [=](L& l) {
         const ValueId first = l.unary(UnaryKind::leaky_relu, l.batch_norm(start(l)), 0.3f);
         return std::vector{l.unary(UnaryKind::tanh, l.batch_norm(first))};
       }},
      {"per_row_instead_of_per_channel",
       [=](L& l) {
         return std::vector{l.binary(Kind::multiply, start(l), l.constant({1, 6, 1, 1}))};
       }},
      {"per_element",
       [=](L& l) {
         return std::vector{l.binary(Kind::add, start(l), l.constant({1, 6, 7, 5}))};
       }},
      {"after_conv_transpose",
       [=](L& l) {
         return std::vector{l.batch_norm(l.conv_transpose(l.input({1, 4, 5, 3}), 5))};
       }},
      {"after_depthwise",
       [=](L& l) {
         return std::vector{l.batch_norm(l.depthwise(l.input({1, 6, 7, 5})))};
       }},
      {"after_dense",
       [=](L& l) {
         const ValueId dense = l.add(MatMul{}, {l.input({1, 9}), l.constant({9, 7})});
         return std::vector{l.unary(UnaryKind::relu, l.batch_norm(l.bias(dense)))};
       }},
      {"before_a_convolution",
       [=](L& l) {
         return std::vector{l.conv(l.batch_norm(l.input({1, 6, 7, 3})), 5)};
       }},
      {"before_an_activation_and_a_convolution",
       [=](L& l) {
         const ValueId before = l.unary(UnaryKind::relu, l.batch_norm(l.input({1, 6, 7, 3})));
         return std::vector{l.conv(before, 5)};
       }},
      {"alone",
       [=](L& l) {
         return std::vector{l.batch_norm(l.input({1, 6, 7, 3}))};
       }},
      {"of_a_convolution_used_twice",
       [=](L& l) {
         const ValueId raw = start(l);
         return std::vector{l.binary(Kind::add, l.batch_norm(raw), raw)};
       }},
      {"of_a_convolution_that_is_an_output",
       [=](L& l) {
         const ValueId raw = start(l);
         return std::vector{raw, l.unary(UnaryKind::relu, l.batch_norm(raw))};
       }},
      {"by_inputs_instead_of_constants",
       [=](L& l) {
         const ValueId x = start(l);
         const ValueId scaled = l.binary(Kind::multiply, x, l.input({1, 1, 1, 5}));
         return std::vector{l.binary(Kind::add, scaled, l.input({5}))};
       }},
  };
}

// ---- Activations that graphs spell out, and arithmetic around convolutions ----
inline std::vector<ChainCase> activation_cases() {
  using L = LayerBuilder;
  const auto start = [](L& l) { return l.bias(l.conv(l.input({1, 6, 7, 3}), 5)); };
  return {
      {"residual_block",
       [](L& l) {
         const ValueId x = l.input({1, 6, 7, 5});
         const ValueId y = l.unary(UnaryKind::leaky_relu, l.batch_norm(l.bias(l.conv(x, 5))), 0.2f);
         return std::vector{l.binary(Kind::add, y, x)};
       }},
      {"residual_first",
       [](L& l) {
         const ValueId x = l.input({1, 6, 7, 5});
         const ValueId y = l.bias(l.conv(l.unary(UnaryKind::relu, l.conv(x, 5)), 5));
         return std::vector{l.unary(UnaryKind::relu, l.binary(Kind::add, x, y))};
       }},
      {"sum_of_two_convolutions",
       [](L& l) {
         const ValueId x = l.input({1, 6, 7, 3});
         const ValueId sum = l.binary(Kind::add, l.bias(l.conv(x, 5)), l.bias(l.conv(x, 5, 1)));
         return std::vector{l.unary(UnaryKind::relu6, sum)};
       }},
      {"swish",
       [=](L& l) {
         const ValueId x = start(l);
         return std::vector{l.binary(Kind::multiply, x, l.unary(UnaryKind::sigmoid, x))};
       }},
      {"swish_sigmoid_first",
       [=](L& l) {
         const ValueId x = start(l);
         return std::vector{l.binary(Kind::multiply, l.unary(UnaryKind::sigmoid, x), x)};
       }},
      {"hard_swish",
       [=](L& l) {
         const ValueId x = start(l);
         const ValueId gate = l.unary(UnaryKind::relu6, l.binary(Kind::add, x, l.number(3)));
         return std::vector{l.binary(Kind::multiply, l.binary(Kind::multiply, x, gate), l.number(1 / 6.0f))};
       }},
      {"leaky_relu_as_a_maximum",
       [=](L& l) {
         const ValueId x = start(l);
         return std::vector{l.binary(Kind::maximum, x, l.binary(Kind::multiply, x, l.number(0.2f)))};
       }},
      {"prelu_as_two_relus",
       [=](L& l) {
         const ValueId x = start(l);
         const ValueId below = l.unary(UnaryKind::relu, l.unary(UnaryKind::negate, x));
         const ValueId scaled = l.binary(Kind::multiply, below, l.constant({5}));
         return std::vector{l.binary(Kind::subtract, l.unary(UnaryKind::relu, x), scaled)};
       }},
      {"prelu_per_channel",
       [=](L& l) {
         return std::vector{l.binary(Kind::prelu, start(l), l.constant({1, 1, 5}))};
       }},
      {"prelu_per_element",
       [=](L& l) {
         return std::vector{l.binary(Kind::prelu, start(l), l.constant({6, 7, 5}))};
       }},
      {"gelu_spelled_out",
       [=](L& l) {
         const ValueId x = start(l);
         const ValueId erf = l.unary(UnaryKind::erf, l.binary(Kind::divide, x, l.number(1.41421356f)));
         const ValueId half = l.binary(Kind::multiply, l.number(0.5f), x);
         return std::vector{l.binary(Kind::multiply, half, l.binary(Kind::add, l.number(1), erf))};
       }},
      {"tanh_to_picture_range",
       [=](L& l) {
         const ValueId shifted = l.binary(Kind::add, l.unary(UnaryKind::tanh, start(l)), l.number(1));
         return std::vector{l.binary(Kind::divide, shifted, l.number(2))};
       }},
      {"picture_range_to_plus_minus_one",
       [](L& l) {
         const ValueId scaled = l.binary(Kind::divide, l.input({1, 6, 7, 3}), l.number(127.5f));
         return std::vector{l.conv(l.binary(Kind::subtract, scaled, l.number(1)), 5)};
       }},
      {"one_minus_gate_blend",
       [=](L& l) {
         const ValueId x = l.input({1, 6, 7, 5}), y = start(l);
         const ValueId gate = l.unary(UnaryKind::sigmoid, l.conv(x, 5, 1));
         const ValueId kept = l.binary(Kind::multiply, x, gate);
         const ValueId other = l.binary(Kind::multiply, y, l.binary(Kind::subtract, l.number(1), gate));
         return std::vector{l.binary(Kind::add, kept, other)};
       }},
      {"many_in_a_row",
       [=](L& l) {
         ValueId x = start(l);
         for (UnaryKind kind : {UnaryKind::softplus, UnaryKind::sqrt, UnaryKind::sin, UnaryKind::square,
                                UnaryKind::exp, UnaryKind::log1p, UnaryKind::cos, UnaryKind::sigmoid}) {
           x = l.unary(kind, x);
         }
         return std::vector{x};
       }},
      {"select_by_sign",
       [=](L& l) {
         const ValueId x = start(l);
         const ValueId positive = l.binary(Kind::greater, x, l.number(0));
         return std::vector{l.add(Select{}, {positive, x, l.binary(Kind::multiply, x, l.number(-0.1f))})};
       }},
      {"many_operands",
       [](L& l) {
         ValueId sum = l.conv(l.input({1, 5, 6, 3}), 5);
         for (int i = 0; i < 10; ++i) sum = l.binary(Kind::add, sum, l.input({1, 5, 6, 5}));
         return std::vector{sum};
       }},
      {"operands_that_broadcast",
       [](L& l) {
         const ValueId x = l.conv(l.input({2, 5, 6, 3}), 7);
         const ValueId rows = l.binary(Kind::add, x, l.input({1, 5, 1, 1}));
         const ValueId columns = l.binary(Kind::multiply, l.input({6, 1}), rows);
         return std::vector{l.binary(Kind::subtract, columns, l.input({2, 1, 1, 7}))};
       }},
      {"grows_by_broadcasting",
       [](L& l) {
         const ValueId x = l.unary(UnaryKind::relu, l.conv(l.input({1, 1, 1, 3}), 5));
         return std::vector{l.binary(Kind::add, x, l.input({1, 6, 7, 5}))};
       }},
  };
}

}  // namespace fragnet
