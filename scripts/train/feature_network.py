"""How far apart two pictures are to a network that learned to see: the features of a trained MobileNet, compared layer by layer.

A small reader of TensorFlow.js layers-models in PyTorch: what a MobileNet is made of, up to the last layer that is wanted.
scripts/train/features fetches the network.
"""
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from console import Trouble
from tfjs_folder import KERNEL_BACK, read_weights

FOLDER = Path(__file__).resolve().parents[2] / 'build/train/features'
LAYERS = ('Conv1_relu', 'block_2_add', 'block_5_add', 'block_9_add')    # at 1/2, 1/4, 1/8 and 1/16 of the picture's size
ABSENT = 'the network that measures feature distances is not there: `scripts/train/features` fetches it by npm (74 MB)'


def read(folder=None, layers=LAYERS):
    """The network, or a Trouble that says what to do."""
    folder = Path(folder or FOLDER)
    if not (folder / 'model.json').exists():
        raise Trouble(f'{ABSENT}.')
    try:
        return FeatureNetwork(json.loads((folder / 'model.json').read_text()), read_weights(folder), layers)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise Trouble(f'{folder} is not the network that scripts/train/features fetches ({error!r}): remove it, and fetch it again.') from error


class FeatureNetwork(nn.Module):
    """(N, 3, height, width) in 0..1 → a list of feature maps, one for each of the layers."""

    def __init__(self, model, weights, layers=LAYERS):
        super().__init__()
        self.layers, self.steps, known = layers, [], set()
        for layer in model['modelTopology']['model_config']['config']['layers']:
            self._add(layer['class_name'], layer['config'], [source[0] for source in sum(layer['inbound_nodes'], [])], weights)
            known.add(layer['config']['name'])
            if known.issuperset(layers):
                return
        raise ValueError(f'there is no layer {", ".join(set(layers) - known)}')

    def _add(self, kind, config, sources, weights):
        """What a layer does, as a function of its inputs."""
        name = config['name']
        if kind in ('Conv2D', 'DepthwiseConv2D'):
            if config['use_bias'] or config['activation'] != 'linear' or config['dilation_rate'] != [1, 1]:
                raise ValueError(f'{name} is no plain convolution')
            which = 'kernel' if kind == 'Conv2D' else 'depthwise_kernel'
            kernel = torch.from_numpy(weights[f'{name}/{which}']).permute(KERNEL_BACK).contiguous()
            if kind == 'DepthwiseConv2D':
                kernel = kernel.transpose(0, 1).contiguous()        # one filter for each map
            self._keep(name, kernel)
            groups = 1 if kind == 'Conv2D' else len(kernel)
            stride, is_same = config['strides'][0], config['padding'] == 'same'

            def run(x):
                held = getattr(self, _plain(name))
                return F.conv2d(_padded(x, held.shape[2], stride) if is_same else x, held, stride=stride, groups=groups)
        elif kind == 'BatchNormalization':
            mean, variance = (torch.from_numpy(weights[f'{name}/{part}']) for part in ('moving_mean', 'moving_variance'))
            scale = torch.rsqrt(variance + config['epsilon'])
            if config['scale']:
                scale = scale * torch.from_numpy(weights[f'{name}/gamma'])
            offset = -mean * scale
            if config['center']:
                offset = offset + torch.from_numpy(weights[f'{name}/beta'])
            self._keep(name, torch.stack([scale, offset])[..., None, None])

            def run(x):
                scale, offset = getattr(self, _plain(name))
                return x * scale + offset
        elif kind == 'ReLU':
            most = config.get('max_value')

            def run(x):
                return x.clamp(0, most)
        elif kind == 'ZeroPadding2D':
            (top, bottom), (left, right) = config['padding']

            def run(x):
                return F.pad(x, (left, right, top, bottom))
        elif kind == 'Add':
            def run(*values):
                return sum(values)
        elif kind == 'InputLayer':
            run = None
        else:
            raise ValueError(f'{name} is of the kind {kind}')
        self.steps.append((name, run, sources))

    def _keep(self, name, tensor):
        self.register_buffer(_plain(name), tensor.float())

    def forward(self, pictures):
        values = {}
        for name, run, sources in self.steps:
            values[name] = run(*(values[source] for source in sources)) if run else pictures
        return [values[layer] for layer in self.layers]

    def distance(self, painted, target):
        """One number for each picture, 0 for the same: at each place of each layer the features are made as long as one another, and
        their squared differences summed (Zhang et al., The unreasonable effectiveness of deep features, 2018, without their
        weights); the mean over places and layers. Both (N, 3, height, width) in 0..1."""
        found = 0.
        for a, b in zip(self(painted), self(target)):
            found = found + (F.normalize(a, dim=1, eps=1e-4) - F.normalize(b, dim=1, eps=1e-4)).square().sum(1).mean((1, 2))
        return found / len(self.layers)


def _plain(name):
    return 'of_' + name.replace('.', '_')


def _padded(x, kernel, stride):
    """As TensorFlow's padding 'same' has it: what is odd of it lies at the right and at the bottom."""
    pads = []
    for side in (x.shape[3], x.shape[2]):
        whole = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        pads += [whole // 2, whole - whole // 2]
    return F.pad(x, pads)
