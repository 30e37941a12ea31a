"""From a picture to the network's input: the page's two chains, *classic* and *paper*, for training.

Both make the picture grey, throw its detail away and come back to 256×256. What they do to the pixels is linear and the
same along rows and columns, so a chain is one 256×256 matrix M, and its result is M · grey · Mᵀ:

    classic   area-reduce to 16×16 → three 3×3 binomial blurs → bilinear up
    paper     area-reduce 24× (to 11×11) → bicubic up

Then brightness and contrast, around mid-grey, and grain, a noise that stands still: (grey − 0.5) · contrast + 0.5 + brightness +
grain · noise, clamped to 0..1. The tests hold these chains against the engine's own.
"""
import numpy as np
import torch
import torch.nn.functional as F

SIZE = 256
CLASSIC_SIZE, CLASSIC_BLURS = 16, 3
PAPER_SIZE = round(SIZE / 24)
LUMA = torch.tensor([.299, .587, .114]).view(1, 3, 1, 1)
ENLARGED, BRIGHTNESS, CONTRAST = .3, .2, .15    # enlarged by up to 30 %; brightness ± 20 %, contrast ± 15 %


def varied(chain, pictures, painter=None, grain=0.):
    """(input, target) as the network is trained on them, each picture enlarged, cropped, mirrored and toned its own way.

    `pictures` (N, 3, 256, 256), 0..1; the input has one channel, and both lie in -1..1. The target is the picture itself, or what
    a painter (stages.py) makes of the input without its grain. What is random comes from
    torch's generator on the CPU, whatever the device of the pictures.
    """
    pictures = torch.stack([_scale_and_crop(picture) for picture in (_grey(pictures) if painter else pictures)])
    tone = (torch.rand(2, len(pictures), 1, 1, 1) * 2 - 1).to(pictures.device)
    return _through(chain, pictures, BRIGHTNESS * tone[0], 1 + CONTRAST * tone[1], painter, grain)


def plain(chain, pictures, painter=None, grain=0.):
    """The same without anything random: what the page does with its controls in the middle."""
    return _through(chain, pictures, 0., 1., painter, grain)


def _through(chain, pictures, brightness, contrast, painter, grain):
    matrix = CHAINS[chain].to(pictures.device)
    grey = matrix @ _grey(pictures) @ matrix.T
    grey = (grey - .5) * contrast + .5 + brightness
    target = painter(grey.clamp(0, 1) * 2 - 1) if painter else pictures * 2 - 1
    if grain:
        grey = grey + grain * NOISE.to(grey.device)
    return grey.clamp(0, 1) * 2 - 1, target


def _noise(size):
    """(size, size) in -1..1, of each pixel's place alone, as glsl/include/input.glsl has it."""
    y, x = np.mgrid[0:size, 0:size].astype(np.uint32)
    bits = x * np.uint32(2654435769) ^ y * np.uint32(3266489917)
    bits = (bits ^ bits >> np.uint32(15)) * np.uint32(2246822519)
    bits = (bits ^ bits >> np.uint32(13)) * np.uint32(3266489917)
    return torch.from_numpy((bits >> np.uint32(8)).astype(np.float32)) / 2 ** 23 - 1


def _grey(pictures):
    return (pictures * LUMA.to(pictures.device)).sum(1, keepdim=True) if pictures.shape[1] == 3 else pictures


def _scale_and_crop(picture):
    side = int(SIZE / (1 + ENLARGED * torch.rand(()).item()))
    top, left = torch.randint(0, SIZE - side + 1, (2,)).tolist()
    picture = picture[:, top:top + side, left:left + side]
    picture = F.interpolate(picture[None], SIZE, mode='bicubic', align_corners=False)[0].clamp(0, 1)
    return picture.flip(2) if torch.rand(()) < .5 else picture


def _area(small, large):
    """(small, large): each row averages the stretch of the large line that its cell covers, partly covered ends included."""
    edges = np.linspace(0, large, small + 1)
    cell = np.arange(large)
    overlap = np.minimum(edges[1:, None], cell + 1) - np.maximum(edges[:-1, None], cell)
    return np.clip(overlap, 0, 1) * small / large


def _resample(large, small, reach, weight):
    """(large, small): interpolation between cell centres, the outermost cells repeated beyond the border."""
    matrix = np.zeros((large, small))
    for row in range(large):
        centre = (row + .5) * small / large - .5
        for tap in range(int(np.floor(centre)) - reach + 1, int(np.floor(centre)) + reach + 1):
            matrix[row, min(max(tap, 0), small - 1)] += weight(abs(centre - tap))
    return matrix


def _linear(t):
    return max(0, 1 - t)


def _cubic(t, a=-.5):
    """Keys' cubic (Catmull-Rom)."""
    if t < 1:
        return (a + 2) * t ** 3 - (a + 3) * t ** 2 + 1
    return a * (t ** 3 - 5 * t ** 2 + 8 * t - 4) if t < 2 else 0


def _blur(size):
    """(size, size): the binomial 1-2-1 along a line, the border repeated."""
    padded = np.pad(np.eye(size), ((1, 1), (0, 0)), mode='edge')
    return (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4


def _matrix(*steps):
    return torch.tensor(np.linalg.multi_dot(steps), dtype=torch.float32)


CHAINS = {
    'classic': _matrix(_resample(SIZE, CLASSIC_SIZE, 1, _linear),
                       np.linalg.matrix_power(_blur(CLASSIC_SIZE), CLASSIC_BLURS), _area(CLASSIC_SIZE, SIZE)),
    'paper': _matrix(_resample(SIZE, PAPER_SIZE, 2, _cubic), _area(PAPER_SIZE, SIZE)),
}
NOISE = _noise(SIZE)
