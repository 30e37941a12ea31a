"""The sky that is painted around a brightness: one sky in the afternoon, at each stage from deep blue to towering cumulus.

The noise that the clouds are carved of, sun and air are the same at every stage; what sinks is the density from which on there
is cloud. Drawn as clouds.py does it.
"""
import numpy as np

from . import clouds
from .darkroom import develop
from .noise import lerp, smoothstep

SEED = 5
HOUR = .75      # early afternoon


def stage(share, size=256):
    """uint8 (size, size, 3): the sky at this share of its clouds, 0 to 1."""
    share = smoothstep(.08, .92, share)         # cameras see more middle tones than extremes: most clouds form there
    rng = np.random.default_rng(SEED)
    air = clouds.Air(rng, size, HOUR, False)
    air.elevation = lerp(.25, .85, 1 - air.y)
    air.sun_x, air.sun_y, air.disc = -.25, -.3, False
    air.from_sun = np.hypot(air.x - air.sun_x, air.y - air.sun_y)
    air.curve, air.glare = .5, .1
    light = air.sky() * lerp(.42, 1., share)
    veil = clouds.cirrus(np.random.default_rng(SEED), air) * smoothstep(.0, .3, share) * .3
    light = lerp(light, air.sunlight * .7 + air.skylight * .3, veil[..., None])
    cover, lit = clouds.near_bank(np.random.default_rng(SEED), air, False, lerp(2.1, -.35, share ** .9))
    lit = lit ** 1.25 * lerp(1., 1.3, share)
    light = light * (1 - cover)[..., None] + cover[..., None] * air.lit(lit)
    return develop(light, rng, exposure=lerp(1., 1.25, share), saturation=1.25, glare=.05, vignette=0, grain=0, contrast=.6)
