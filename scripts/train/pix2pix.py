"""The two networks of pix2pix: the generator that Fragnet runs, and the discriminator that trains it.

Generator: grey 256×256×1 → eight 4×4 convolutions, stride 2 → eight 4×4 transposed convolutions, stride 2, each fed the
one before and the mirror image of the way down → 256×256×3. PyTorch's padding 1 is what Keras calls 'same' here, both
ways. Batch norm has Keras' epsilon.
"""
import torch
from torch import nn

SMALL = (4, 8, 16, 32, 64, 128, 256, 512)      # filters on the way down
LEAK = .3
NORM_EPSILON = 1e-3
DROPOUT_LAYERS = 3                             # the first layers on the way up drop half their values in training


class Generator(nn.Module):
    """(N, 1, 256, 256) → (N, 3, 256, 256), both in -1..1."""

    def __init__(self, filters=SMALL):
        super().__init__()
        self.filters = filters
        up = [*reversed(filters[:-1]), 3]      # filters on the way up
        from_below = [filters[-1]] + [2 * n for n in up[:-1]]
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1, bias=False) for a, b in zip((1, *filters), filters))
        self.down_norm = nn.ModuleList(nn.BatchNorm2d(n, NORM_EPSILON) for n in filters[1:])
        self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1, bias=b == 3) for a, b in zip(from_below, up))
        self.up_norm = nn.ModuleList(nn.BatchNorm2d(n, NORM_EPSILON) for n in up[:-1])
        self.apply(_initialise)

    def forward(self, x):
        skips = []
        for i, conv in enumerate(self.down):
            x = conv(x)
            x = self.down_norm[i - 1](x) if i > 0 else x
            x = nn.functional.leaky_relu(x, LEAK)
            skips.append(x)
        for i, conv in enumerate(self.up[:-1]):
            x = self.up_norm[i](conv(x))
            if i < DROPOUT_LAYERS:
                x = nn.functional.dropout(x, .5, self.training)
            x = torch.cat([torch.relu(x), skips[-2 - i]], 1)
        return torch.tanh(self.up[-1](x))


class Discriminator(nn.Module):
    """Is each patch of the picture real, and of this input? (N, 1 + 3, 256, 256) → (N, 1, 16, 16) logits."""

    def __init__(self, width):
        super().__init__()
        layers, a = [], 4
        for i, b in enumerate((width, 2 * width, 4 * width, 4 * width)):
            layers += [nn.Conv2d(a, b, 4, 2, 1, bias=i == 0)] + [nn.BatchNorm2d(b)] * (i > 0) + [nn.LeakyReLU(.2, True)]
            a = b
        self.layers = nn.Sequential(*layers, nn.Conv2d(a, 1, 3, 1, 1))
        self.apply(_initialise)

    def forward(self, grey, picture):
        return self.layers(torch.cat([grey, picture], 1))


def _initialise(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0, .02)
    if isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, .02)


@torch.no_grad()
def calibrate_norms(generator, batches):
    """Replaces the running averages of batch norm by true averages over these batches of inputs."""
    norms = [m for m in generator.modules() if isinstance(m, nn.BatchNorm2d)]
    generator.eval()
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None                   # cumulative
        norm.train()
    for grey in batches:
        generator(grey)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    generator.eval()
