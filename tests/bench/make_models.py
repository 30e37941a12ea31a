"""Writes the pix2pix generator of one size for the peers that want it as an ONNX file.

    make_models.py --size small --onnx OUT.onnx --from FOLDER    the weights of a published TensorFlow.js graph-model
    make_models.py --size small --onnx OUT.onnx --make FOLDER    random weights (the same every time), which go to FOLDER
                                                                 too, as a TensorFlow.js layers-model

Either way TensorFlow.js' folder and the ONNX file are the same network with the same weights.
"""
import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'scripts' / 'train'))
from export_layers_model import layers_model  # noqa: E402
from pix2pix import NORM_EPSILON, SIZES, Generator  # noqa: E402
from tfjs_folder import write_folder  # noqa: E402


def random_generator(size):
    """Kernels as He et al. draw them, so that the numbers of the deepest layers stay in a realistic range."""
    torch.manual_seed(1)
    generator = Generator(size).eval()
    with torch.no_grad():
        for conv in generator.down:
            nn.init.normal_(conv.weight, 0, math.sqrt(2 / (16 * conv.in_channels)))
        for conv in generator.up:
            # With a stride of 2, each pixel made sees 2×2 of the 4×4 taps.
            nn.init.normal_(conv.weight, 0, math.sqrt(2 / (4 * conv.in_channels)))
    return generator


def read_weights(folder):
    """{name: array} of a TensorFlow.js folder, quantised ones in full."""
    model = json.loads((folder / 'model.json').read_text())
    weights = {}
    for group in model['weightsManifest']:
        data = b''.join((folder / path).read_bytes() for path in group['paths'])
        at = 0
        for entry in group['weights']:
            stored = entry.get('quantization')
            kind = np.dtype(stored['dtype'] if stored else entry['dtype'])
            count = math.prod(entry['shape'])
            values = np.frombuffer(data, kind, count, at).reshape(entry['shape'])
            at += count * kind.itemsize
            weights[entry['name']] = (values * stored['scale'] + stored['min']).astype(np.float32) if stored else values
    return model['modelTopology']['node'], weights


def published_generator(size, folder):
    """The generator with the weights of a graph-model, in which batch norm has already become a scale and an offset."""
    nodes, weights = read_weights(folder)
    generator = Generator(size).eval()
    identity = math.sqrt(1 + NORM_EPSILON)         # a norm of mean 0 and variance 1 divides by this

    def norm(layer, scale, offset):
        layer.weight.data.copy_(torch.from_numpy(np.asarray(scale)) * identity)
        layer.bias.data.copy_(torch.from_numpy(offset))

    def kernel(layer, values):                     # PyTorch's order from Keras', both ways; a wrong shape is an error
        layer.weight.data = _same_shape(torch.from_numpy(values).permute(3, 2, 0, 1).contiguous(), layer.weight)

    down = up = -1
    for node in _in_order(nodes):
        op, values = node['op'], [weights.get(name) for name in node.get('input', [])]
        if op in ('Conv2D', '_FusedConv2D'):
            down += 1
            kernel(generator.down[down], values[1])
            if down > 0:
                norm(generator.down_norm[down - 1], np.ones_like(values[2]), values[2])
        elif op == 'Conv2DBackpropInput':
            up += 1
            kernel(generator.up[up], values[1])
        elif op == 'Mul':
            scale = values[1]
        elif op in ('Add', 'AddV2') and values[1] is not None:
            norm(generator.up_norm[up], scale, values[1])
        elif op == 'BiasAdd':
            generator.up[up].bias.data.copy_(torch.from_numpy(values[1]))
    if (down, up) != (7, 7):
        raise ValueError(f'{folder}: eight convolutions and eight transposed ones are wanted, {down + 1} and {up + 1} came')
    return generator


def _in_order(nodes):
    """The nodes, each after those it reads: the file lists them in any order."""
    by_name, done = {node['name']: node for node in nodes}, {}

    def visit(node):
        if node['name'] in done:
            return
        for name in node.get('input', []):
            visit(by_name[name.split(':')[0].lstrip('^')])
        done[node['name']] = node

    for node in nodes:
        visit(node)
    return done.values()


def _same_shape(tensor, wanted):
    if tensor.shape != wanted.shape:
        raise ValueError(f'a kernel of shape {tuple(tensor.shape)} stands where {tuple(wanted.shape)} is wanted')
    return tensor


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--size', required=True, choices=SIZES)
    parser.add_argument('--onnx', required=True, type=Path)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument('--from', dest='published', type=Path)
    source.add_argument('--make', type=Path)
    options = parser.parse_args()

    if options.make:
        generator = random_generator(options.size)
        write_folder(options.make, *layers_model(generator, 'pix2pix'), 'uint8')
    else:
        generator = published_generator(options.size, options.published)
    options.onnx.parent.mkdir(parents=True, exist_ok=True)
    unfinished = options.onnx.with_suffix('.part')
    torch.onnx.export(generator, torch.zeros(1, 1, 256, 256), str(unfinished), opset_version=13,
                      input_names=['grey'], output_names=['picture'])
    unfinished.rename(options.onnx)


if __name__ == '__main__':
    main()
