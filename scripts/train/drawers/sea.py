"""The sea's surface: a periodic patch of wind waves, sharpened at their crests, and the foam that they leave."""
from dataclasses import dataclass

import numpy as np

from .noise import fractal, ridged, sample, smoothstep

CELLS = 256


@dataclass
class Patch:
    """A periodic piece of sea; look up with `sample`, in tiles. Lengths in units of `side`, the tile's side in metres."""
    side: float
    relief: np.ndarray      # (CELLS, CELLS, 4): height in metres, slope across, slope away, and how folded it is: foam above 0


def patch(rng, side, wavelength, height, bearing, spread, chop):
    """A patch by FFT: random phases under a wind sea's spectrum, points drawn towards the crests.

    wavelength  of the highest waves, metres; height: deviation, metres; bearing: where they run, radians, 0 towards +x
    spread      2 is a sea from all over, 12 a swell; chop: 0 is round, 1 sharp
    """
    kx = np.fft.rfftfreq(CELLS)[None] * CELLS * 2 * np.pi / side
    kz = np.fft.fftfreq(CELLS)[:, None] * CELLS * 2 * np.pi / side
    k = np.maximum(np.hypot(kx, kz), 1e-6)
    peak = 2 * np.pi / wavelength
    along = np.abs(kx * np.cos(bearing) + kz * np.sin(bearing)) / k
    amplitude = k ** -1.9 * np.exp(-1.1 * (peak / k) ** 3) * (along ** spread + .03) * np.exp(-(k / (peak * 40)) ** 2)
    white = np.fft.rfft2(rng.standard_normal((CELLS, CELLS), dtype=np.float32))
    waves = white * amplitude
    h = np.fft.irfft2(waves)
    waves *= height / h.std()
    h = np.fft.irfft2(waves)

    def of(factor):
        return np.fft.irfft2(waves * factor)

    push = chop * min(2.5, .62 / max(of(kx * kx / k).std(), of(kz * kz / k).std()))     # of points towards the crests
    dx, dz = push * of(1j * kx / k), push * of(1j * kz / k)
    folded = push * (of(kx * kx / k) + of(kz * kz / k))
    z, x = np.mgrid[0:CELLS, 0:CELLS] / CELLS
    relief = np.stack([h, folded], axis=-1).astype(np.float32)
    relief = sample(relief, x + dx / side, z + dz / side)   # from about where the point that came to lie here started
    h = relief[..., 0]
    step = side / CELLS
    slopes = [(np.roll(h, -1, axis) - np.roll(h, 1, axis)) / (2 * step) for axis in (1, 0)]
    return Patch(side, np.stack([h, *slopes, relief[..., 1] - .72], axis=-1).astype(np.float32))


def lace(rng):
    """What foam tears into: a tile of webs, 0 in the holes, 1 on the threads and in the thick of it."""
    web = ridged(rng, 256, .9, rng.uniform(7, 11), 3)
    fine = ridged(rng, 256, .7, 24, 2)
    clump = fractal(rng, 256, 1.5, 4)
    u, v = (fractal(rng, 256, 2., 3) for _ in range(2))
    y, x = np.mgrid[0:256, 0:256].astype(np.float32) / 256
    tile = np.stack([.62 * web + .28 * fine + .1 * clump, clump], axis=-1).astype(np.float32)
    return sample(tile, x + .02 * u, y + .02 * v)[..., 0]


def foam(amount, threads, grain):
    """How much of the water is covered, 0..1, where this much foam drifts: webs first, a white sheet last."""
    cover = smoothstep(1.02 - amount, 1.3 - amount, threads) * smoothstep(.02, .3, amount)
    return np.clip(cover * (.8 + .25 * grain), 0, 1)
