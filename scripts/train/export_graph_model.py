"""A generator as a graph-model: TensorFlow's GraphDef in JSON, batch norm as one multiplication and one addition."""
import base64

import torch

from pix2pix import LEAK

SIDE = 256
TYPE = {'type': 'DT_FLOAT'}


def graph_model(generator, name):
    """(model.json without its manifest, (name, tensor) pairs). The batch is one picture, as transposed convolution states
    the size of its result."""
    graph = _Graph()
    x, side = graph.add('Placeholder', 'input_1', [], dtype=TYPE, shape=_shape(1)), SIDE
    skips = []
    for i, conv in enumerate(generator.down, 1):
        side //= 2
        x = graph.convolution('Conv2D', f'down_{i}', [x, graph.constant(f'down_{i}/kernel', conv.weight)])
        x = graph.norm(f'down_{i}_norm', x, generator.down_norm[i - 2]) if i > 1 else x
        x = graph.add('LeakyRelu', f'down_{i}_leaky_relu', [x], T=TYPE, alpha={'f': LEAK})
        skips.append(x)
    for i, conv in enumerate(generator.up, 1):
        side *= 2
        shape = graph.constant(f'up_{i}/shape', torch.tensor([1, side, side, conv.out_channels], dtype=torch.int32))
        x = graph.convolution('Conv2DBackpropInput', f'up_{i}', [shape, graph.constant(f'up_{i}/kernel', conv.weight), x])
        if i == len(generator.up):
            break
        x = graph.norm(f'up_{i}_norm', x, generator.up_norm[i - 1])
        x = graph.add('Relu', f'up_{i}_relu', [x], T=TYPE)
        axis = graph.constant(f'skip_{i}/axis', torch.tensor(3, dtype=torch.int32))
        x = graph.add('ConcatV2', f'skip_{i}', [x, skips[-1 - i], axis], T=TYPE, N={'i': '2'}, Tidx={'type': 'DT_INT32'})
    x = graph.add('BiasAdd', 'bias', [x, graph.constant('bias/values', conv.bias)], T=TYPE, data_format=_text('NHWC'))
    x = graph.add('Tanh', 'output', [x], T=TYPE)

    def port(port_name, channels):
        return {port_name: {'name': f'{port_name}:0', 'dtype': 'DT_FLOAT', 'tensorShape': _shape(channels)['shape']}}
    return {'format': 'graph-model', 'generatedBy': 'Fragnet scripts/train/export', 'convertedBy': None,
            'userDefinedMetadata': {'name': name, 'grain': generator.grain},
            'signature': {'inputs': port('input_1', 1), 'outputs': port('output', 3)},
            'modelTopology': {'node': graph.nodes, 'versions': {'producer': 440}}}, graph.weights


class _Graph:
    """Nodes as they are added, and the constants whose values are weights."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def add(self, op, name, inputs, **attributes):
        self.nodes.append({'name': name, 'op': op, 'input': inputs, 'attr': attributes})
        return name

    def constant(self, name, tensor):
        self.weights.append((name, tensor))
        return self.add('Const', name, [], dtype=TYPE if tensor.is_floating_point() else {'type': 'DT_INT32'})

    def convolution(self, op, name, inputs):
        ones, twos = ({'list': {'i': ['1', n, n, '1']}} for n in '12')
        return self.add(op, name, inputs, T=TYPE, strides=twos, dilations=ones, padding=_text('SAME'),
                        data_format=_text('NHWC'), explicit_paddings={'list': {}})

    def norm(self, name, x, layer):
        """(x − mean) / √(variance + ε) · γ + β = x · scale + offset"""
        scale = layer.weight.detach() / torch.sqrt(layer.running_var + layer.eps)
        offset = layer.bias.detach() - layer.running_mean * scale
        x = self.add('Mul', f'{name}/scaled', [x, self.constant(f'{name}/scale', scale)], T=TYPE)
        return self.add('AddV2', name, [x, self.constant(f'{name}/offset', offset)], T=TYPE)


def _text(words):
    return {'s': base64.b64encode(words.encode()).decode()}


def _shape(channels):
    return {'shape': {'dim': [{'size': str(n)} for n in (1, SIDE, SIDE, channels)]}}
