// Layers that are not Keras's own but that many published models bring along: what their libraries and examples make of them.
#include "base/error.hpp"
#include "import/keras/layer.hpp"

namespace fragnet {

// UpscalerJS's networks scale their residuals.
ValueId import_multiply_beta(KerasLayer& layer) {
  const double beta = config_number(layer.config, {"beta"}, 0.2);
  return add_node(layer, Binary{BinaryKind::multiply}, {only_input(layer), add_scalar(layer, beta)});
}

// A pair is (width, height) in some libraries and (height, width) in others.
ValueId import_reflection_padding2d(KerasLayer& layer) {
  const ValueId picture = picture_input(layer);
  const Margins margins = config_margins(layer.config, "padding", 1);
  if (margins.top != margins.left && margins.top == margins.bottom && margins.left == margins.right) {
    fail(code::unsupported_op, layer.config.where, ": `padding` is ", margins.top, " and ", margins.left,
         ", and libraries differ in which is the height: write [[top, bottom], [left, right]]");
  }
  const Pad op{.kind = PadKind::reflect,
               .margins = {{0, 0}, {margins.top, margins.bottom}, {margins.left, margins.right}, {0, 0}}};
  return picture_output(layer, add_node(layer, op, {picture}));
}

// Its kernel was divided by its norm when it was last trained: what is left is the layer in it.
ValueId import_wrapped(KerasLayer& layer) {
  const Json* inner = find_value(layer.config, {"layer"});
  find_value(layer.config, {"power_iterations"});
  const KerasConfig object{inner ? *inner : layer.config.json, layer.config.where};
  const std::string class_name = inner ? config_text(object, {"class_name"}, "") : "";
  const Json* config = find_value(object, {"config"});
  const LayerHandler* handler = find_named(layer_handlers(), class_name);
  if (!inner || !config || !config->is_object() || !handler || *handler == import_wrapped) {
    fail(code::unsupported_op, layer.config.where, ": the layer \"", class_name, "\" in it is not supported");
  }
  std::set<std::string_view> read;
  const KerasConfig inner_config{*config, layer.config.where, &read};
  std::vector<std::string> scopes = layer.scopes;
  scopes.push_back(config_text(inner_config, {"name"}, layer.scopes.back()));
  KerasLayer wrapped{layer.builder,       layer.weights,       layer.constants,
                     layer.elements_left, layer.keras_version, std::move(scopes),
                     layer.name,          inner_config,        layer.inputs};
  const ValueId made = (*handler)(wrapped);
  refuse_unread_keys(inner_config);
  return made;
}

}  // namespace fragnet
