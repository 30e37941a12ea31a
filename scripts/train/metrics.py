"""How near a painted picture is to its target: L1, PSNR, SSIM, and the distance of textures in a fixed random network; and how
much fine detail it has, and of what kind.

All of the first take (N, 3, height, width) in 0..1 and give one number for each picture.
"""
import numpy as np
import torch
import torch.nn.functional as F

SSIM_WINDOW, SSIM_SIGMA = 11, 1.5
RANDOM_FEATURES = (16, 32, 64, 128)     # feature maps of its four layers
RANDOM_SEED = 2017


def l1(painted, target):
    return (painted - target).abs().mean((1, 2, 3))


def psnr(painted, target):
    """Decibels."""
    return -10 * torch.log10((painted - target).square().mean((1, 2, 3)).clamp_min(1e-10))


def ssim(painted, target):
    """Z. Wang et al., Image quality assessment: from error visibility to structural similarity, 2004; mean of the channels."""
    line = torch.arange(SSIM_WINDOW) - SSIM_WINDOW // 2
    line = torch.exp(-line.square() / (2 * SSIM_SIGMA ** 2))
    window = (line[:, None] * line / line.sum() ** 2).expand(3, 1, -1, -1).to(painted)

    def mean(x):
        return F.conv2d(x, window, groups=3)
    a, b = mean(painted), mean(target)
    variance_a, variance_b = mean(painted * painted) - a * a, mean(target * target) - b * b
    covariance = mean(painted * target) - a * b
    c1, c2 = .01 ** 2, .03 ** 2
    return ((2 * a * b + c1) * (2 * covariance + c2)
            / ((a * a + b * b + c1) * (variance_a + variance_b + c2))).mean((1, 2, 3))


def random_feature_distance(painted, target):
    """How far apart the textures are, wherever they lie: the mean and the deviation over the picture of every feature map of a
    fixed network of random weights, compared by mean absolute difference. No learned network is behind it, so it says less
    than an FID or LPIPS, and must not be compared with those."""
    return sum((a - b).abs().mean(1) for a, b in zip(_statistics(painted), _statistics(target))) / len(RANDOM_FEATURES)


def _statistics(pictures):
    """For each layer (N, 2 · feature maps): means and deviations over the picture."""
    random = torch.Generator().manual_seed(RANDOM_SEED)
    x, found = pictures * 2 - 1, []
    for features in RANDOM_FEATURES:
        inputs = x.shape[1] * 9
        kernel = torch.randn(features, x.shape[1], 3, 3, generator=random) * (2 / inputs) ** .5    # keeps the deviation at 1
        x = F.leaky_relu(F.conv2d(x, kernel.to(x), stride=2), .2)
        found.append(torch.cat([x.mean((2, 3)), x.std((2, 3))], 1))
    return found


METRICS = {'L1': l1, 'PSNR in dB': psnr, 'SSIM': ssim, 'random-feature distance': random_feature_distance}


# ---- detail, of grey pictures (height, width) in 0..255

LATTICE_PERIODS = 2, 4, 8      # pixels: what transposed convolutions of stride 2 leave


def fine_energy(grey):
    """The energy in periods of 2 to 8 pixels. That of an output over that of its target is its sharpness."""
    spectrum = _spectrum(grey)
    height, width = spectrum.shape
    y, x = np.mgrid[-(height // 2):height - height // 2, -(width // 2):width - width // 2]
    frequency = np.hypot(y / height, x / width)
    return spectrum[(frequency > 1 / 8) & (frequency < 1 / 2)].sum()


def lattice(grey):
    """How far a period of exactly 2, 4 or 8 pixels stands out of those next to it, the worst of them, down or across. Pictures
    have 3 to 4; a visible weave has 8 and more."""
    spectrum = _spectrum(grey)
    middle, found = [side // 2 for side in spectrum.shape], []
    for period in LATTICE_PERIODS:
        for down, across in ((0, 1), (1, 0)):
            y = min(middle[0] + down * (spectrum.shape[0] // period), spectrum.shape[0] - 1)
            x = min(middle[1] + across * (spectrum.shape[1] // period), spectrum.shape[1] - 1)

            def around(reach):
                return spectrum[max(0, y - reach):y + reach + 1, max(0, x - reach):x + reach + 1]
            found.append(around(1).mean() / (np.median(around(6)) + 1e-9))
    return max(found)


def _spectrum(grey):
    """The power of each frequency, 0 in the middle, of the picture faded out towards its borders."""
    grey = np.asarray(grey, float)
    window = np.outer(*map(np.hanning, grey.shape))
    return np.abs(np.fft.fftshift(np.fft.fft2((grey - grey.mean()) * window))) ** 2


def odd_even(pictures):
    """How much more every other pixel of a row or a column differs from the mean of its neighbours than the rest do, one way on
    average, over how much pixels do that at all; (N, C, H, W). Near 0 where the phases of transposed convolutions agree."""
    found = []
    for lines in (pictures, pictures.transpose(2, 3)):
        off = lines[..., 1:-1] - (lines[..., :-2] + lines[..., 2:]) / 2
        found.append((off[..., ::2].mean() - off[..., 1::2].mean()).abs() / off.abs().mean().clamp_min(1e-6))
    return max(found).item()
