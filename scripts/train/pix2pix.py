"""The two networks of pix2pix: the generator that Fragnet runs, and the discriminator that trains it.

Generator: grey 256×256×1 → eight 4×4 convolutions, stride 2 → eight 4×4 transposed convolutions, stride 2, each fed the
one before and the mirror image of the way down → 256×256×3. PyTorch's padding 1 is what Keras calls 'same' here, both
ways. Batch norm has Keras' epsilon.

Discriminator: the PatchGAN of Isola et al., Image-to-Image Translation with Conditional Adversarial Networks, 2017: each of
30×30 numbers judges a patch of 70×70 pixels; of a crop fewer. Spectral norm holds its slopes (Miyato et al., 2018).
"""
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import spectral_norm

SIZES = {                       # filters on the way down
    'small': (4, 8, 16, 32, 64, 128, 256, 512),
    'medium': (8, 16, 32, 64, 128, 256, 512, 512),
    'large': (64, 128, 256, 512, 512, 512, 512, 512),
    'slim': (4, 8, 8, 16, 16, 8, 8, 8),             # for painters: takes in a brightness, no more
}
UPWARDS = {                     # and on the way up, where they are not the same
    'slim': (4, 16, 64, 128, 48, 24, 12),           # one for each place up to 8×8, then what grows there
}
LEAK = .3
NORM_EPSILON = 1e-3
DROPOUT_LAYERS = 3              # the first layers on the way up drop half their values in training


class Generator(nn.Module):
    """(N, 1, 256, 256) → (N, 3, 256, 256), both in -1..1."""

    def __init__(self, size, grain=0.):
        """`grain`: of its inputs, see augment.py."""
        super().__init__()
        self.grain = grain
        self.filters = filters = SIZES[size]
        up = [*UPWARDS.get(size, reversed(filters[:-1])), 3]
        from_below = [filters[-1]] + [n + skip for n, skip in zip(up, reversed(filters[:-1]))]
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1, bias=False) for a, b in zip((1, *filters), filters))
        self.down_norm = nn.ModuleList(nn.BatchNorm2d(n, NORM_EPSILON) for n in filters[1:])
        self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1, bias=b == 3) for a, b in zip(from_below, up))
        self.up_norm = nn.ModuleList(nn.BatchNorm2d(n, NORM_EPSILON) for n in up[:-1])
        self.dropped = 0 if size == 'slim' else DROPOUT_LAYERS
        self.apply(_initialise)
        if size == 'slim':
            tell_places(self)

    def forward(self, x):
        skips = []
        for i, conv in enumerate(self.down):
            x = conv(x)
            x = self.down_norm[i - 1](x) if i > 0 else x
            x = F.leaky_relu(x, LEAK)
            skips.append(x)
        for i, conv in enumerate(self.up[:-1]):
            x = self.up_norm[i](conv(x))
            if i < self.dropped:
                x = F.dropout(x, .5, self.training)
            x = torch.cat([torch.relu(x), skips[-2 - i]], 1)
        return torch.tanh(self.up[-1](x))


class Discriminator(nn.Module):
    """Is each patch of the picture real, and of this input? (N, 1 + 3, 256, 256) → (N, 1, 30, 30) logits."""

    def __init__(self, filters):
        super().__init__()
        self.blocks = nn.ModuleList()
        channels = 4
        for out, stride in ((filters, 2), (2 * filters, 2), (4 * filters, 2), (8 * filters, 1)):
            self.blocks.append(nn.Sequential(nn.Conv2d(channels, out, 4, stride, 1), nn.LeakyReLU(.2)))
            channels = out
        self.judge = nn.Conv2d(channels, 1, 4, 1, 1)
        self.apply(_initialise)
        for conv in [*(block[0] for block in self.blocks), self.judge]:
            spectral_norm(conv)

    def forward(self, grey, picture):
        """Logits, and the feature maps that they were judged by."""
        x, features = torch.cat([grey, picture], 1), []
        for block in self.blocks:
            x = block(x)
            features.append(x)
        return self.judge(x), features


def _initialise(module):
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, 0, .02)
    if isinstance(module, nn.ConvTranspose2d):
        # Each kernel begins as bilinear enlargement: independent taps show as a lattice for thousands of steps.
        line = torch.tensor([.25, .75, .75, .25])
        module.weight.data = torch.randn(*module.weight.shape[:2], 1, 1) * .04 * line[:, None] * line
    if isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, .02)


@torch.no_grad()
def tell_places(generator):
    """Begins the way up as a code of places, for pictures in which each place has its own flower.

    Zero padding alone tells a convolution where it is, and it takes thousands of steps to make that out. Here the bottleneck
    begins as a constant, and each layer up to 8×8 has one channel for each place: channel 2·(2 row) + 2 column + … of the next
    layer is 1 where this layer's place (row, column) has its part, and 0 elsewhere. So the kernel from 8×8 to 16×16 is a table of
    all places; it begins at random, and all is learned from there on.
    """
    generator.down_norm[-1].weight.fill_(0)
    generator.down_norm[-1].bias.fill_(1)
    for level, side in enumerate((1, 2, 4)):
        kernel, places = generator.up[level].weight, 4 * side * side
        kernel.mul_(.1)                                         # what the skips bring
        for place in range(side * side):
            row, column = divmod(place, side)
            sources = slice(None) if side == 1 else place       # the bottleneck's channels are all alike
            kernel[sources] = 0
            for part in range(4):
                down, across = divmod(part, 2)
                kernel[sources, (2 * row + down) * 2 * side + 2 * column + across, 1 + down, 1 + across] = \
                    1 / len(kernel) if side == 1 else 1
        generator.up_norm[level].weight.fill_((1 / places * (1 - 1 / places)) ** .5)    # a place's 1 stays about 1
    table = generator.up[3].weight[:64]
    table.normal_()
    table[:, :, [0, 3]] *= .2                                   # a place's own quarter counts most
    table[:, :, :, [0, 3]] *= .2


@torch.no_grad()
def calibrate_norms(generator, batches):
    """Replaces the running averages of batch norm by true averages over these batches of inputs."""
    norms = [m for m in generator.modules() if isinstance(m, nn.BatchNorm2d)]
    generator.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None                   # cumulative
        norm.train()
    for grey in batches:
        generator(grey)
    generator.eval()


def parameters(generator):
    """How many numbers a file of it holds: kernels, biases, and four a channel for each batch norm."""
    return sum(t.numel() for t in generator.state_dict().values() if t.dtype.is_floating_point)
