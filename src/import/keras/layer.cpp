#include "import/keras/layer.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace fragnet {

std::span<const Named<LayerHandler>> layer_handlers() {
  static constexpr Named<LayerHandler> handlers[] = {
      {"Activation", import_activation},
      {"ActivityRegularization", import_identity},
      {"Add", import_add},
      {"AlphaDropout", import_identity},
      {"AugMix", import_identity},
      {"Average", import_average},
      {"AveragePooling2D", import_average_pooling2d},
      {"BatchNormalization", import_batch_normalization},
      {"CenterCrop", import_center_crop},
      {"ChannelShuffle", import_identity},
      {"Concatenate", import_concatenate},
      {"Conv2D", import_conv2d},
      {"Conv2DTranspose", import_conv2d_transpose},
      {"Cropping2D", import_cropping2d},
      {"CutMix", import_identity},
      {"Dense", import_dense},
      {"DepthToSpace", import_depth_to_space},
      {"DepthwiseConv2D", import_depthwise_conv2d},
      {"Dropout", import_identity},
      {"ELU", import_elu},
      {"Flatten", import_flatten},
      {"GaussianDropout", import_identity},
      {"GaussianNoise", import_identity},
      {"GlobalAveragePooling2D", import_global_average_pooling2d},
      {"GlobalMaxPooling2D", import_global_max_pooling2d},
      {"GridMask", import_identity},
      {"GroupNormalization", import_group_normalization},
      {"Identity", import_identity},
      {"InstanceNormalization", import_instance_normalization},
      {"LayerNormalization", import_layer_normalization},
      {"LeakyReLU", import_leaky_relu},
      {"MaxPooling2D", import_max_pooling2d},
      {"Maximum", import_maximum},
      {"Minimum", import_minimum},
      {"MixUp", import_identity},
      {"Mosaic", import_identity},
      {"Multiply", import_multiply},
      {"MultiplyBeta", import_multiply_beta},
      {"Normalization", import_normalization},
      {"PReLU", import_prelu},
      {"Permute", import_permute},
      {"PixelShuffle", import_depth_to_space},
      {"PixelShuffle2x", import_pixel_shuffle<2>},
      {"PixelShuffle3x", import_pixel_shuffle<3>},
      {"PixelShuffle4x", import_pixel_shuffle<4>},
      {"PixelShuffle8x", import_pixel_shuffle<8>},
      {"RandAugment", import_identity},
      {"RandomApply", import_identity},
      {"RandomBrightness", import_identity},
      {"RandomChannelShift", import_identity},
      {"RandomColorDegeneration", import_identity},
      {"RandomColorJitter", import_identity},
      {"RandomContrast", import_identity},
      {"RandomCrop", import_random_crop},
      {"RandomCutout", import_identity},
      {"RandomElasticTransform", import_identity},
      {"RandomErasing", import_identity},
      {"RandomFlip", import_identity},
      {"RandomGaussianBlur", import_identity},
      {"RandomGrayscale", import_identity},
      {"RandomHeight", import_identity},
      {"RandomHue", import_identity},
      {"RandomInvert", import_identity},
      {"RandomJpegQuality", import_identity},
      {"RandomPerspective", import_identity},
      {"RandomPosterization", import_identity},
      {"RandomRotation", import_identity},
      {"RandomSaturation", import_identity},
      {"RandomSharpness", import_identity},
      {"RandomShear", import_identity},
      {"RandomSolarization", import_identity},
      {"RandomTranslation", import_identity},
      {"RandomWidth", import_identity},
      {"RandomZoom", import_identity},
      {"ReLU", import_relu},
      {"ReflectionPad2D", import_reflection_padding2d},
      {"ReflectionPadding2D", import_reflection_padding2d},
      {"RepeatVector", import_repeat_vector},
      {"Rescaling", import_rescaling},
      {"Reshape", import_reshape},
      {"Resizing", import_resizing},
      {"Sampling", import_sampling},
      {"SeparableConv2D", import_separable_conv2d},
      {"Softmax", import_softmax},
      {"SpatialDropout1D", import_identity},
      {"SpatialDropout2D", import_identity},
      {"SpatialDropout3D", import_identity},
      {"SpectralNormalization", import_wrapped},
      {"Subtract", import_subtract},
      {"TensorFlowOpLayer", import_tensorflow_op},
      {"ThresholdedReLU", import_thresholded_relu},
      {"UpSampling2D", import_up_sampling2d},
      {"ZeroPadding2D", import_zero_padding2d},
  };
  return handlers;
}

// A copy: the next node may move the graph's values.
Shape shape_of(const KerasLayer& layer, ValueId value) {
  return layer.builder.shape(value);
}

ValueId add_node(KerasLayer& layer, Op op, std::vector<ValueId> inputs) {
  return layer.builder.add(layer.name, std::move(op), std::move(inputs));
}

ValueId add_scalar(KerasLayer& layer, double value) {
  return layer.builder.add_constant(layer.name, make_scalar(static_cast<float>(value)));
}

ValueId only_input(const KerasLayer& layer) {
  if (layer.inputs.size() != 1) {
    fail(code::bad_topology, layer.config.where, ": the layer takes one input, it is given ",
         layer.inputs.size());
  }
  if (layer.builder.shape(layer.inputs[0]).empty()) {
    fail(code::bad_shape, layer.config.where, ": the input is a single number, it has no batch");
  }
  return layer.inputs[0];
}

ValueId picture_input(KerasLayer& layer) {
  const ValueId input = only_input(layer);
  if (shape_of(layer, input).size() != 4) {
    fail(code::bad_shape, layer.config.where, ": the input must be a picture of rank 4, it has the shape ",
         to_string(shape_of(layer, input)));
  }
  if (!is_channels_first(layer.config)) return input;
  return add_node(layer, Transpose{.order = {0, 2, 3, 1}}, {input});
}

ValueId picture_output(KerasLayer& layer, ValueId nhwc) {
  if (!is_channels_first(layer.config)) return nhwc;
  return add_node(layer, Transpose{.order = {0, 3, 1, 2}}, {nhwc});
}

const KerasWeight& take_weight(KerasLayer& layer, std::initializer_list<const char*> names) {
  if (layer.weights_taken == 0) {  // the others are called like the first
    const std::string name = name_in_order(layer.weights, layer.scopes.back(), names);
    if (!name.empty()) layer.scopes = {name};
  }
  const KerasWeight& weight =
      find_weight(layer.weights, layer.scopes, names, layer.weights_taken, layer.config.where);
  ++layer.weights_taken;
  if (weight.tensor->dtype != DType::float32) {
    fail(code::bad_weights, layer.config.where, ": the weight \"", weight.name, "\" must be float32, it is ",
         to_string(weight.tensor->dtype));
  }
  return weight;
}

const KerasWeight& take_vector(KerasLayer& layer, std::initializer_list<const char*> names, int count) {
  const KerasWeight& weight = take_weight(layer, names);
  const Shape& shape = weight.tensor->shape;
  const auto longer = std::count_if(shape.begin(), shape.end(), [](int extent) { return extent != 1; });
  if (longer > 1 || element_count(shape, layer.config.where) != count) {
    fail(code::bad_shape, layer.config.where, ": the weight \"", weight.name, "\" must have ", count,
         count == 1 ? " element" : " elements", ", its shape is ", to_string(shape));
  }
  return weight;
}

ValueId add_weight(KerasLayer& layer, const KerasWeight& weight, const Shape& shape) {
  const std::string key = to_string(shape) + weight.name;
  const auto found = layer.constants.find(key);
  if (found != layer.constants.end()) return found->second;
  if (element_count(weight.tensor->shape, layer.config.where) != element_count(shape, layer.config.where)) {
    fail(code::bad_shape, layer.config.where, ": the weight \"", weight.name, "\" must fit the shape ",
         to_string(shape), ", its shape is ", to_string(weight.tensor->shape));
  }
  Tensor tensor = *weight.tensor;
  tensor.shape = shape;
  const ValueId value = layer.builder.add_constant(weight.name, std::move(tensor));
  layer.constants.emplace(key, value);
  return value;
}

ValueId add_vector(KerasLayer& layer, const std::string& what, std::vector<float> values) {
  const Shape shape{static_cast<int>(values.size())};
  return layer.builder.add_constant(layer.name + '/' + what, make_tensor(shape, std::move(values)));
}

ValueId add_bias(KerasLayer& layer, ValueId x) {
  if (!config_flag(layer.config, {"use_bias"}, true)) return x;
  const int channels = shape_of(layer, x).back();
  const ValueId bias = add_weight(layer, take_vector(layer, {"bias"}, channels), {channels});
  return add_node(layer, Binary{BinaryKind::add}, {x, bias});
}

void check_against_config(const KerasLayer& layer, Keys keys, int found, const KerasWeight& weight) {
  const int said = config_int(layer.config, keys, found, 1, static_cast<int>(max_elements));
  if (said != found) {
    fail(code::bad_shape, layer.config.where, ": `", *keys.begin(), "` is ", said, ", the weight \"",
         weight.name, "\" of shape ", to_string(weight.tensor->shape), " has ", found);
  }
}

}  // namespace fragnet
