"""The sea that is painted around a brightness: one water, seen from the air, at each stage from a calm deep to white surf.

Waves, foam and light are the same at every stage; what grows is how much foam there is, and how shallow and clear the water is
under it. Drawn as waves.py does it.
"""
import numpy as np

from . import sea, waves
from .darkroom import develop
from .noise import fractal, lerp, reduce, sample, smoothstep

SEED = 11
METRES = 17.        # the frame's side


def stage(share, size=256):
    """uint8 (size, size, 3): the sea at this share of its foam, 0 to 1."""
    share = smoothstep(.04, .9, share)      # cameras see more middle tones than extremes: most foam comes there
    rng = np.random.default_rng(SEED)
    side = int(size * waves.SUPERSAMPLE)
    air = waves.Air(rng, 'summer')
    sun = np.array([-.55, .55, .35])
    air.sun = sun / np.linalg.norm(sun)
    y, x = (np.mgrid[0:side, 0:side].astype(np.float32) + .5) / side * METRES
    x, z = x * .8 - y * .6, x * .6 + y * .8
    wave = METRES * .3
    water = sea.patch(rng, wave * 4, wave, wave * .04, np.pi / 2, 4, .9)
    ripples = sea.patch(rng, wave, wave * .2, wave * .0035, np.pi / 2, 2, .7)
    relief, fine = sample(water.relief, x / water.side, z / water.side), sample(ripples.relief, x / ripples.side, z / ripples.side)
    slope_x, slope_z = relief[..., 1] + fine[..., 1], relief[..., 2] + fine[..., 2]
    crest = relief[..., 0] / (wave * .04)
    colour, _ = waves.water_light(air, (0 * x, np.ones_like(x), 0 * x), slope_x, slope_z, smoothstep(0, 2, crest) * .2, .01)
    shallow = smoothstep(.1, .8, share)
    colour = colour * lerp(.5, 1.1, share) + air.clear * (.02 + .55 * shallow + .1 * np.clip(crest, -1, 2))[..., None] * lerp(.35, .8, share)
    threads, patches = sea.lace(rng), fractal(rng, 128, 1.8, 3)
    drift = sample(patches, x / METRES * .7, z / METRES * .7)
    amount = smoothstep(-.1, .6, relief[..., 3] - .35 + .8 * share) + lerp(-.8, 1.2, share) + .22 * drift + .12 * crest
    grain = sample(patches, x / METRES * 4, z / METRES * 4)
    white = sea.foam(np.clip(amount, 0, 1.15), sample(threads, x / METRES * .5, z / METRES * .5), grain)
    foam = waves.foam_light(rng, air, x / METRES * 3, z / METRES * 3, slope_x * 2, slope_z * 2)
    colour = lerp(colour, foam * lerp(.8, 1.2, share), white[..., None] * .95)
    return develop(reduce(colour, size), rng, exposure=.95, saturation=1.15, glare=.05, vignette=0, grain=0, contrast=.5, soften=.55)
