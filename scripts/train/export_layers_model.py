"""A generator as a layers-model: Keras 2's functional JSON, batch norm as a layer with the averages it calibrated; and back."""
import json

import torch

from console import Trouble
from pix2pix import LEAK, NORM_EPSILON, SIZES, Generator
from tfjs_folder import KERNEL_BACK, read_weights


def layers_model(generator, name):
    """(model.json without its manifest, (name, tensor) pairs); dropout is left out, it does nothing once trained."""
    topology = {'keras_version': '2.4.0', 'backend': 'tensorflow', 'model_config': _functional(generator, name)}
    return {'format': 'layers-model', 'generatedBy': 'Fragnet scripts/train/export', 'convertedBy': None,
            'userDefinedMetadata': {'grain': generator.grain}, 'modelTopology': topology}, list(_named_weights(generator))


def _named_weights(generator):
    """Layer after layer as the picture passes through them."""
    def norm(name, layer):
        yield from ((f'{name}/gamma', layer.weight), (f'{name}/beta', layer.bias),
                    (f'{name}/moving_mean', layer.running_mean), (f'{name}/moving_variance', layer.running_var))

    for i, conv in enumerate(generator.down, 1):
        yield f'down_{i}/kernel', conv.weight
        if i > 1:
            yield from norm(f'down_{i}_norm', generator.down_norm[i - 2])
    for i, conv in enumerate(generator.up, 1):
        yield f'up_{i}/kernel', conv.weight
        if i < len(generator.up):
            yield from norm(f'up_{i}_norm', generator.up_norm[i - 1])
        else:
            yield f'up_{i}/bias', conv.bias


def _functional(generator, name):
    """Keras' description of the generator."""
    layers = []

    def add(layer_name, kind, inputs, **config):
        layers.append({'class_name': kind, 'name': layer_name,
                       'config': {'name': layer_name, 'trainable': True, 'dtype': 'float32', **config},
                       'inbound_nodes': [[[source, 0, 0, {}] for source in inputs]] if inputs else []})
        return layer_name

    def convolution(layer_name, kind, x, filters, **config):
        return add(layer_name, kind, [x], **{
            'filters': filters, 'kernel_size': [4, 4], 'strides': [2, 2], 'padding': 'same', 'dilation_rate': [1, 1],
            'data_format': 'channels_last', 'activation': 'linear', 'use_bias': False, **config})

    def norm(layer_name, x):
        return add(layer_name, 'BatchNormalization', [x], axis=[3], momentum=.9, epsilon=NORM_EPSILON,
                   center=True, scale=True)

    x = add('input_1', 'InputLayer', [], batch_input_shape=[None, 256, 256, 1], sparse=False)
    skips = []
    for i, filters in enumerate(generator.filters, 1):
        x = convolution(f'down_{i}', 'Conv2D', x, filters)
        x = norm(f'down_{i}_norm', x) if i > 1 else x
        x = add(f'down_{i}_leaky_relu', 'LeakyReLU', [x], alpha=LEAK)
        skips.append(x)
    for i, conv in enumerate(generator.up, 1):
        if i == len(generator.up):
            x = convolution(f'up_{i}', 'Conv2DTranspose', x, 3, activation='tanh', use_bias=True)
            break
        x = convolution(f'up_{i}', 'Conv2DTranspose', x, conv.out_channels)
        x = add(f'up_{i}_relu', 'ReLU', [norm(f'up_{i}_norm', x)])
        x = add(f'skip_{i}', 'Concatenate', [x, skips[-1 - i]], axis=3)
    return {'class_name': 'Functional', 'config': {
        'name': name, 'layers': layers, 'input_layers': [['input_1', 0, 0]], 'output_layers': [[x, 0, 0]]}}


def read_layers_model(folder):
    """(size, generator) of a folder that this wrote, its kernels as they were stored."""
    try:
        model = json.loads((folder / 'model.json').read_text())
        weights = read_weights(folder)
        size = next(size for size, filters in SIZES.items() if filters[0] == weights['down_1/kernel'].shape[3]
                    and filters[-1] == weights['down_8/kernel'].shape[3])
        metadata = model.get('userDefinedMetadata') or {}
        generator = Generator(size, float(metadata.get('grain', 0))).eval()
        for name, tensor in layers_model(generator, 'read')[1]:
            values = torch.from_numpy(weights[name])
            tensor.data.copy_(values.permute(KERNEL_BACK) if tensor.dim() == 4 else values)
    except (OSError, ValueError, KeyError, StopIteration, RuntimeError, TypeError, AttributeError) as error:
        raise Trouble(f'{folder} is no generator that scripts/train/export wrote as a layers-model ({error}).') from error
    return size, generator
