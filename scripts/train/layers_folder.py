"""A chain of PyTorch's layers as a folder that Fragnet runs: `layers.json`, and each kernel and bias as the .npy file that
PyTorch's own array makes. No layer is rewritten: Fragnet turns the kernels when it loads them.
"""
import io
import json

import numpy as np
from torch import nn

from files import save_text, whole_file

FORMAT = 'fragnet-npy'
ACTIVATIONS = {nn.ReLU: 'relu', nn.Sigmoid: 'sigmoid', nn.Tanh: 'tanh'}


def write_layers_folder(network, input_shape, folder, title):
    """`network`: nn.Sequential of named layers; `input_shape`: (height, width, channels). Every layer is an output: the last
    one first, since that is the picture, then the others in their order.
    """
    layers = []
    for name, module in network.named_children():
        if type(module) in ACTIVATIONS:
            layers[-1]['activation'] = ACTIVATIONS[type(module)]
        elif isinstance(module, nn.Upsample) and module.mode == 'nearest':
            layers.append({'name': name, 'op': 'upsample_nearest', 'factor': int(module.scale_factor)})
        else:
            layers.append(layer_with_kernel(name, module))
            for part, values in (('kernel', module.weight), ('bias', module.bias)):
                save_array(values.detach().numpy(), folder / layers[-1][part])
    names = [layer['name'] for layer in layers]
    topology = {'format': FORMAT, 'name': title, 'input': list(input_shape), 'layers': layers,
                'outputs': names[-1:] + names[:-1]}
    save_text(json.dumps(topology, indent=2) + '\n', folder / 'layers.json')


def layer_with_kernel(name, module):
    op = {nn.Conv2d: 'conv2d', nn.ConvTranspose2d: 'conv2d_transpose'}[type(module)]
    layer = {'name': name, 'op': op, 'kernel': f'{name}_kernel.npy', 'bias': f'{name}_bias.npy',
             'stride': module.stride[0], 'padding': module.padding[0]}
    return layer | ({'output_padding': module.output_padding[0]} if op == 'conv2d_transpose' else {})


def feature_maps(network, pictures):
    """What each layer makes of pictures (N, C, H, W), after its activation: arrays (N, H, W, C) by name."""
    maps, values = {}, pictures
    for name, module in network.named_children():
        values = module(values)
        maps[list(maps)[-1] if type(module) in ACTIVATIONS else name] = nhwc(values)
    return maps


def nhwc(pictures):
    return np.ascontiguousarray(pictures.detach().permute(0, 2, 3, 1).numpy())


def save_array(values, path):
    bytes_of_it = io.BytesIO()
    np.save(bytes_of_it, np.ascontiguousarray(values))
    with whole_file(path) as file:
        file.write(bytes_of_it.getvalue())
