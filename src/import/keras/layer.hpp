// What each Keras layer becomes: one function for each class, in a file for each family. Every function adds
// the nodes of one use of its layer to the graph and returns the value that it makes. Layers that put
// channels first are written as NHWC operations between two transpositions, which a pass removes where they
// meet.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/named.hpp"
#include "graph/builder.hpp"
#include "import/keras/config.hpp"
#include "import/keras/weights.hpp"

namespace fragnet {

// One use of a layer.
struct KerasLayer {
  GraphBuilder& builder;
  const KerasWeights& weights;
  std::map<std::string, ValueId>& constants;  // weights that are in the graph already, by name and shape
  int64_t& elements_left;                     // see max_made_elements
  int keras_version = 0;                      // of LayersTopology
  std::vector<std::string> scopes;            // the models around the layer, outermost first, then the layer
  std::string name;                           // of its nodes: "up_3", or "decoder/up_3" in a nested model
  KerasConfig config;
  std::vector<ValueId> inputs;
  int weights_taken = 0;
  std::vector<ValueId> more_results = {};  // behind the one that the handler returns
};

using LayerHandler = ValueId (*)(KerasLayer&);

// From Keras's class names to the functions below. InputLayer and nested models are the importer's own
// business.
std::span<const Named<LayerHandler>> layer_handlers();

// ---- What handlers share (layer.cpp) ----

Shape shape_of(const KerasLayer& layer, ValueId value);
ValueId add_node(KerasLayer& layer, Op op, std::vector<ValueId> inputs);
ValueId add_scalar(KerasLayer& layer, double value);
ValueId only_input(
    const KerasLayer& layer);  // throws `bad-topology` unless there is exactly one, of rank 1 or more

// The picture as N,H,W,C, whatever the layer's `data_format`, and the way back. Throws `bad-shape` for other
// ranks.
ValueId picture_input(KerasLayer& layer);
ValueId picture_output(KerasLayer& layer, ValueId nhwc);

// The layer's next weight; handlers ask in the order in which Keras creates them. Must be float32.
const KerasWeight& take_weight(KerasLayer& layer, std::initializer_list<const char*> names);
// A vector with `count` elements; extents of one are dropped (Keras 3 writes some biases as 1,1,1,C).
const KerasWeight& take_vector(KerasLayer& layer, std::initializer_list<const char*> names, int count);
ValueId add_weight(KerasLayer& layer, const KerasWeight& weight, const Shape& shape);  // as many elements
ValueId add_vector(KerasLayer& layer, const std::string& what, std::vector<float> values);

// `bias` (if `use_bias`) on the last extent of x.
ValueId add_bias(KerasLayer& layer, ValueId x);
// Throws `bad-shape` where the configuration gives this number and the weights disagree.
void check_against_config(const KerasLayer& layer, Keys keys, int found, const KerasWeight& weight);

// activations.cpp: an activation as other layers name it, in `activation`
ValueId add_activation(KerasLayer& layer, ValueId x);
// For a result that picture_output() still has to turn: softmax acts on the last extent as the model declares
// it.
ValueId finish_picture(KerasLayer& layer, ValueId nhwc);

// moves.cpp: TensorFlow's DepthToSpace on N,H,W,C
ValueId add_depth_to_space(KerasLayer& layer, ValueId nhwc, int block);

// ---- The layers ----

// activations.cpp
ValueId import_activation(KerasLayer& layer);
ValueId import_relu(KerasLayer& layer);
ValueId import_leaky_relu(KerasLayer& layer);
ValueId import_elu(KerasLayer& layer);
ValueId import_prelu(KerasLayer& layer);
ValueId import_thresholded_relu(KerasLayer& layer);
ValueId import_softmax(KerasLayer& layer);

// convolutions.cpp
ValueId import_conv2d(KerasLayer& layer);
ValueId import_conv2d_transpose(KerasLayer& layer);
ValueId import_depthwise_conv2d(KerasLayer& layer);
ValueId import_separable_conv2d(KerasLayer& layer);
ValueId import_dense(KerasLayer& layer);

// resizing.cpp
ValueId import_max_pooling2d(KerasLayer& layer);
ValueId import_average_pooling2d(KerasLayer& layer);
ValueId import_global_max_pooling2d(KerasLayer& layer);
ValueId import_global_average_pooling2d(KerasLayer& layer);
ValueId import_up_sampling2d(KerasLayer& layer);
ValueId import_resizing(KerasLayer& layer);
ValueId import_center_crop(KerasLayer& layer);
ValueId import_random_crop(KerasLayer& layer);

// normalizations.cpp
ValueId import_batch_normalization(KerasLayer& layer);
ValueId import_layer_normalization(KerasLayer& layer);
ValueId import_group_normalization(KerasLayer& layer);
ValueId import_instance_normalization(KerasLayer& layer);
ValueId import_normalization(KerasLayer& layer);
ValueId import_rescaling(KerasLayer& layer);

// moves.cpp
ValueId import_identity(KerasLayer& layer);  // what only acts in training
ValueId import_reshape(KerasLayer& layer);
ValueId import_flatten(KerasLayer& layer);
ValueId import_permute(KerasLayer& layer);
ValueId import_repeat_vector(KerasLayer& layer);
ValueId import_zero_padding2d(KerasLayer& layer);
ValueId import_cropping2d(KerasLayer& layer);
ValueId import_depth_to_space(KerasLayer& layer);
template <int block>
ValueId import_pixel_shuffle(KerasLayer& layer);  // of a class that is named after its block

// merges.cpp
ValueId import_add(KerasLayer& layer);
ValueId import_subtract(KerasLayer& layer);
ValueId import_multiply(KerasLayer& layer);
ValueId import_average(KerasLayer& layer);
ValueId import_maximum(KerasLayer& layer);
ValueId import_sampling(KerasLayer& layer);
ValueId import_minimum(KerasLayer& layer);
ValueId import_concatenate(KerasLayer& layer);

// custom.cpp
ValueId import_multiply_beta(KerasLayer& layer);
ValueId import_reflection_padding2d(KerasLayer& layer);
ValueId import_wrapped(KerasLayer& layer);

// tensorflow_op.cpp
ValueId import_tensorflow_op(KerasLayer& layer);

}  // namespace fragnet
