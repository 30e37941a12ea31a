"""The night that is painted around a brightness: one starry sky, at each stage from darkness to a storm of aurora.

Curtains hang all over it, one behind the other, and stay where they are; they light up one after the other, and grow taller.
Colours and stars are those of aurora.py.
"""
import numpy as np

from . import aurora
from .darkroom import develop
from .noise import blur, fractal, grid, lerp, line, sample, smoothstep

SEED = 4
CURTAINS = 9
GREEN, _, VIOLET, PINK = aurora.GREEN, aurora.RED, aurora.VIOLET, aurora.PINK


def stage(share, size=256):
    """uint8 (size, size, 3): the sky at this share of its aurora, 0 to 1."""
    rng = np.random.default_rng(SEED)
    x, y = grid(size)
    sky = lerp(np.array([.006, .014, .050]), np.array([.016, .045, .075]), y[..., None]) * lerp(.5, 1.5, share)
    sky = sky + aurora.stars(rng, size) * lerp(1., .5, share)
    haze = sample(fractal(rng, 64, 2., 3), x, y)
    light = (smoothstep(.25, 1., share) * (.07 + .03 * haze))[..., None] * (GREEN * .8 + VIOLET * .1)
    order = rng.permutation(CURTAINS)
    for i in range(CURTAINS):
        fold, wave, rays = line(rng, 512, 2.4, 2), line(rng, 512, 2.2, 4), line(rng, 1024, 1., 18, 150)
        foot = (i + .75) / (CURTAINS - .5) * 1.12 + .026 * fold + .006 * wave
        first = .05 + .35 * order[i] / CURTAINS
        strength = smoothstep(first, first + .45, share)
        light = light + hung(x, y, foot, rays, wave, lerp(.06, .17, strength)) * strength * .62
    return develop(sky + blur(light, .3), rng, exposure=1.05, saturation=1.25, glare=.07, vignette=0, grain=0, contrast=.45)


def hung(x, y, foot, rays, wave, tall):
    """Light (size, size, 3) of a curtain whose lower edge is at `foot` along x, with rays up to `tall`, leaning to the middle."""
    at = np.interp(x, np.linspace(0, 1, len(foot)), foot)
    above = at - y
    lean = x + (x - .5) * above * .2                       # rays meet far above the picture
    ray = np.exp(.55 * np.interp(lean, np.linspace(-.5, 1.5, len(rays)), rays))
    bright = np.clip(.7 + .45 * np.interp(lean, np.linspace(0, 1, len(wave)), np.roll(wave, 77)), .1, 1.6)
    reach = tall * (.5 + .5 * np.clip(ray, .2, 2.5))
    body = np.where(above > 0, np.exp(-above / (reach * .55)), np.exp(above / .006))
    upper = np.where(above > 0, np.exp(-((above - reach * .9) / (reach * .7)) ** 2), 0)
    edge = np.exp(-(above / .008) ** 2)
    parts = ((body * ray, GREEN), (upper * ray * .35, VIOLET), (edge * ray * .3, PINK))
    return sum((part * bright)[..., None] * hue for part, hue in parts)
