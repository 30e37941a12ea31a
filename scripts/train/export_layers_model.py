"""Writes a generator as a TensorFlow.js layers-model folder: model.json and shards, kernels as uint8.

The topology is Keras 2's functional JSON. A kernel is stored as q = round((w − min) / scale), 0..255, and read back as
q · scale + min; vectors stay float32. Kernels are re-ordered, never flipped:

    Conv2D            PyTorch (out, in, kh, kw) → Keras (kh, kw, in, out)
    Conv2DTranspose   PyTorch (in, out, kh, kw) → Keras (kh, kw, out, in)
"""
import copy
import json
from pathlib import Path

import numpy as np
import torch

from pix2pix import LEAK, NORM_EPSILON

SHARD_BYTES = 4 * 1024 * 1024


def export(generator, folder, name):
    """Writes the folder and returns (bytes written, the generator with the weights that a reader of it gets)."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob('group1-shard*.bin'):
        old.unlink()
    as_read = copy.deepcopy(generator).eval()
    entries, chunks = [], []
    for weight_name, tensor in named_weights(as_read):
        kernel = tensor.dim() == 4
        values = (tensor.permute(2, 3, 1, 0) if kernel else tensor).detach().numpy().astype(np.float32)
        entry = {'name': weight_name, 'shape': list(values.shape), 'dtype': 'float32'}
        if kernel:
            stored, entry['quantization'] = quantise(values)
            back = stored * entry['quantization']['scale'] + entry['quantization']['min']       # in doubles, as TFJS
            tensor.data.copy_(torch.from_numpy(back.astype(np.float32)).permute(3, 2, 0, 1))
        else:
            stored = values
        entries.append(entry)
        chunks.append(stored.tobytes())

    data = b''.join(chunks)
    count = -(-len(data) // SHARD_BYTES)
    paths = [f'group1-shard{i + 1}of{count}.bin' for i in range(count)]
    for i, path in enumerate(paths):
        (folder / path).write_bytes(data[i * SHARD_BYTES:(i + 1) * SHARD_BYTES])
    model = {
        'format': 'layers-model', 'generatedBy': 'Fragnet scripts/train_clouds.py', 'convertedBy': None,
        'modelTopology': {'keras_version': '2.4.0', 'backend': 'tensorflow', 'model_config': functional(generator, name)},
        'weightsManifest': [{'paths': paths, 'weights': entries}],
    }
    text = json.dumps(model, separators=(',', ':'))
    (folder / 'model.json').write_text(text)
    return len(data) + len(text), as_read


def quantise(values):
    low, high = float(values.min()), float(values.max())
    scale = (high - low) / 255 or 1.
    stored = np.clip(np.round((values.astype(np.float64) - low) / scale), 0, 255).astype(np.uint8)
    return stored, {'dtype': 'uint8', 'min': low, 'scale': scale, 'original_dtype': 'float32'}


def named_weights(generator):
    """(name in the manifest, tensor), layer after layer as the picture passes through them."""
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


def functional(generator, name):
    """Keras' description of the generator; dropout is left out, it does nothing once trained."""
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


def check_folder(folder):
    """Raises unless the shards hold exactly the bytes that the manifest promises; returns the number of parameters."""
    folder = Path(folder)
    promised = parameters = 0
    for group in json.loads((folder / 'model.json').read_text())['weightsManifest']:
        for weight in group['weights']:
            count = int(np.prod(weight['shape']))
            parameters += count
            promised += count * (1 if 'quantization' in weight else 4)
        sizes = [(folder / path).stat().st_size for path in group['paths']]
        if max(sizes) > SHARD_BYTES:
            raise ValueError(f'{folder}: a shard has {max(sizes)} bytes, at most {SHARD_BYTES} are wanted')
        if sum(sizes) != promised:
            raise ValueError(f'{folder}: the manifest promises {promised} bytes, the shards hold {sum(sizes)}')
    return parameters
