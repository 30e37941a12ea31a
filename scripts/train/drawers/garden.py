"""The flower bed that is painted around a brightness: one bed, seen from above, at each stage from leaves to full bloom.

Where each flower stands, its species, its colour and how it is turned are the same at every stage; what grows is how far its
petals have opened and how large it is. Built and rendered as flowers.py does it.
"""
from dataclasses import replace

import numpy as np

from . import blooms, surfaces
from .darkroom import develop
from .flowers import SUPERSAMPLE, View, lit, put
from .noise import fractal, lerp, reduce, sample, smoothstep

# What grows, from drift to drift: species and paint (throat, body, rim as sRGB).
DRIFTS = [('blossom', 'c83a78 f090b8 fcd0e0'), ('anemone', 'e8e8f0 6a50c8 a494f0'), ('peony', 'a81e60 e05a98 f4a0c4'),
          ('daisy', 'e8eef0 ffffff ffffff'), ('blossom', '8c1240 d03a70 f080a0'), ('dahlia', 'd85a10 f58a28 fcb050')]
VARIANTS = 3        # of each flower's shape
SEED = 20


def stage(share, size=256):
    """uint8 (size, size, 3): the bed at this share of its bloom, 0 to 1."""
    view = Bed(int(size * SUPERSAMPLE), share)
    rng = np.random.default_rng(SEED)
    scene = surfaces.Scene(planted(rng, view, share), view.side, view.focal, view.density)
    seen = surfaces.look(scene)
    light = lit(np.random.default_rng(SEED), view, scene, seen)
    light = np.where(seen.hit[..., None], light, np.array([.010, .018, .008]))
    away = np.where(seen.hit, np.abs(view.focus / np.maximum(seen.place[..., 2], .1) - 1), .3)
    light = reduce(np.concatenate([light, away[..., None]], axis=2), size)
    light = surfaces.out_of_focus(light[..., :3], np.minimum(light[..., 3] * view.aperture * size / 256, 10))
    return develop(light, rng, exposure=lerp(.6, .8, share), saturation=1.3, glare=.04, vignette=0, grain=0, contrast=.55)


class Bed(View):
    """Camera and light: always the same, straight above the bed, the sun low enough to model the petals."""

    def __init__(self, side, share):
        self.side, self.kind, self.dappled = side, 'bed', False
        self.radius = .105 * side
        self.pitch = np.radians(84)
        self.focal = 2.2 * side
        self.distance = self.focal / self.radius
        self.eye = np.array([0, np.sin(self.pitch), -np.cos(self.pitch)]) * self.distance
        ahead, down = np.array([0, -np.sin(self.pitch), np.cos(self.pitch)]), np.array([0, -np.cos(self.pitch), -np.sin(self.pitch)])
        self.frame = np.stack([[1, 0, 0], down, ahead])
        self.focus, self.aperture, self.density = self.distance * .985, 9., 1.12
        sun = np.array([-.55, .8, .5])
        self.sun = self.frame @ (sun / np.linalg.norm(sun))
        self.sunlight = np.array([2.1, 1.95, 1.7], np.float32)
        self.skylight = np.array([.42, .46, .56], np.float32)


def planted(rng, view, share):
    """The things of the bed. Every plant takes the same numbers of the generator at every stage."""
    fine = int(np.clip(view.radius * view.density * 1.1, 12, 170))
    shapes = [[opened(species, paint, fine, share, (i, j)) for j in range(VARIANTS)] for i, (species, paint) in enumerate(DRIFTS)]
    drift = fractal(rng, 64, 2.2, 3)
    things = []
    bed = view.bed(rng, 1.5)
    kind = (sample(drift, *(bed.T / 22)) + rng.normal(0, .6, len(bed))) * .45 + .5
    for (x, z), here in zip(bed, kind):
        facing = np.array([0, 1, 0]) + rng.normal(0, .22, 3)
        own, roll = rng.uniform(0, .16), rng.random(4)
        grown = lerp(0, 1, np.clip((share - .1 - own) / .62, 0, 1)) ** .8
        which = shapes[int(np.clip(here * len(DRIFTS), 0, len(DRIFTS) - 1))][int(roll[0] * VARIANTS)]
        spot = np.random.default_rng(int(roll[1] * 1e9))
        if grown > .03:
            put(spot, view, things, which, (x, lerp(-.9, roll[2] * .25, grown), z), facing, lerp(.1, .93, grown) * lerp(.88, 1.06, roll[3]))
    leaves = [blooms.leaf(np.random.default_rng((SEED, i)), 40, False) for i in range(4)]
    for x, z in view.bed(rng, .95, 1.8):
        facing, deep, roll = np.array([0, 1, 0]) + rng.normal(0, .5, 3), rng.uniform(.75, 1.3), rng.random(3)
        put(np.random.default_rng(int(roll[1] * 1e9)), view, things, [leaves[int(roll[0] * 4)]], (x, -deep, z), facing,
            lerp(.7, 1.2, roll[2]), .3)
    return things


def opened(species, words, fine, share, seed):
    """The meshes of a flower whose petals have opened so far."""
    rng = np.random.default_rng((SEED, *seed))
    srgb = [(int(word, 16) >> np.array([16, 8, 0]) & 255) / 255 for word in words.split()]
    paint = blooms.Paint(*(tuple(np.clip(colour, .1, .97) ** 2.2) for colour in srgb), reach=.32)
    return blooms.flower(rng, species, paint, fine, lerp(.45, 1.02, smoothstep(.1, .9, share)))
