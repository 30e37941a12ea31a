"""The night that is painted around a brightness: one starry sky, at each stage from darkness to a storm of aurora.

Curtains hang all over it, one behind the other, and stay where they are; they light up one after the other, and grow taller. Their
rays meet at a point beside the top of the picture, each curtain's at one of its own, and are wavy: were they all upright, the
targets themselves would be strong at periods of exactly 2, 4 and 8 pixels, as a network's lattice is. Colours and stars are
those of aurora.py.
"""
import numpy as np

from . import aurora
from .darkroom import develop
from .noise import blur, fractal, grid, lerp, line, sample, smoothstep

SEED = 4
CURTAINS = 11
MEET = -.5, -.75       # where rays meet, in pictures from the upper left corner
NEAR, FAR = .85, 2.65   # how far from there the first and the last curtain are
GREEN, _, VIOLET, PINK = aurora.GREEN, aurora.RED, aurora.VIOLET, aurora.PINK
MAUVE = lerp(VIOLET, PINK, .35)


def stage(share, size=256):
    """uint8 (size, size, 3): the sky at this share of its aurora, 0 to 1."""
    rng = np.random.default_rng(SEED)
    x, y = grid(size)
    sky = lerp(np.array([.006, .014, .050]), np.array([.016, .045, .075]), y[..., None]) * lerp(.5, 1.5, share)
    sky = sky + aurora.stars(rng, size) * lerp(1., .5, share)
    haze = sample(fractal(rng, 64, 2., 3), x, y)
    light = (smoothstep(.25, 1., share) * (.04 + .02 * haze))[..., None] * (GREEN * .8 + VIOLET * .1)
    order = rng.permutation(CURTAINS)
    for i in range(CURTAINS):
        fold, wave, rays = line(rng, 512, 2.4, 4), line(rng, 512, 2.2, 9), line(rng, 1024, 1., 18, 170)
        sway = fractal(rng, 128, 2.2, 2)
        right, down = x - MEET[0] - rng.uniform(-.35, .35), y - MEET[1] - rng.uniform(-.2, .2)
        along = np.arctan2(right, down) / (np.pi / 2)
        foot = lerp(NEAR, FAR, (i + .5) / CURTAINS) + .05 * fold + .012 * wave
        first = .05 + .35 * order[i] / CURTAINS
        strength = smoothstep(first, first + .45, share)
        above = np.interp(along, np.linspace(0, 1, len(foot)), foot) - np.hypot(right, down)
        bent = along + .0065 * sample(sway, x, y)
        light = light + hung(along, bent, above, rays, wave, lerp(.07, .20, strength)) * strength * .56
    return develop(sky + blur(light, .3), rng, exposure=1.05, saturation=1.4, glare=.07, vignette=0, grain=0, contrast=.6)


def hung(along, bent, above, rays, wave, tall):
    """Light (size, size, 3) of a curtain: where a pixel lies along it, 0 to 1, also as seen along its rays, and above its lower edge."""
    ray = np.exp(.7 * np.interp(bent, np.linspace(0, 1, len(rays)), rays))
    bright = np.clip(.7 + .45 * np.interp(along, np.linspace(0, 1, len(wave)), np.roll(wave, 77)), .1, 1.6)
    reach = tall * (.5 + .5 * np.clip(ray, .2, 2.5))
    body = np.where(above > 0, np.exp(-above / (reach * .55)), np.exp(above / .006))
    upper = np.where(above > 0, np.exp(-((above - reach * .9) / (reach * .7)) ** 2), 0)
    edge = np.exp(-(above / .008) ** 2)
    parts = ((body * ray, GREEN), (upper * ray * .42, MAUVE), (edge * ray * .5, PINK))
    return sum((part * bright)[..., None] * hue for part, hue in parts)
