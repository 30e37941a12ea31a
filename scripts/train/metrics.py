"""How near a painted picture is to its target: L1, PSNR, SSIM, and the distance of textures in a fixed random network.

All take (N, 3, height, width) in 0..1 and give one number for each picture.
"""
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
