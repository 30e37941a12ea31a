"""Draws auroras: curtains of light over stars, mountains, forest, snow and water.

The curtains are where they are in the sky: thin folded sheets, seen from above as lines on a map, standing 100 km and more
over it. What a pixel sees is the integral of their glow along its ray. On the map in polar coordinates round the camera the
point at height h above a pixel's point at height 1 has the same azimuth and h times the distance, so that integral is a
convolution along the logarithm of the distance: one matrix product, exact at any pitch of the camera, zenith included.
"""
import numpy as np

from . import nightland
from .darkroom import develop
from .noise import blur, enlarge, fractal, lerp, sample, smoothstep

MAP = 8.            # side of the periodic map of the sky, in units of 100 km
NEAREST, FARTHEST = .03, 16.
RINGS, SPOKES = 360, 512

# Linear light of what glows: oxygen low, oxygen high, nitrogen above, nitrogen at the lower edge.
GREEN, RED, VIOLET, PINK = np.array([[.16, 1., .38], [1., .13, .20], [.42, .16, 1.], [1., .20, .62]], np.float32)


def draw(rng, size=256):
    """One picture: uint8 (size, size, 3)."""
    pitch = np.radians(rng.choice([rng.uniform(8, 26), rng.uniform(26, 50), rng.uniform(50, 90)], p=[.44, .28, .28]))
    reach = np.tan(np.radians(rng.uniform(52, 104)) / 2)
    x, height, z = directions(size, pitch, reach, rng.uniform(-.06, .06))
    horizon = size / 2 * (1 + np.tan(pitch) / reach)        # its row, in the middle of the frame

    glow = aurora_light(rng, x, height, z)
    glow *= aim(rng) / max(np.percentile(glow[::4, ::4].max(axis=2), rng.uniform(95, 99.5)), 1e-4)
    sky, night = night_sky(rng, size, x, height, z)
    sky = veil_of_cloud(rng, sky + glow, glow, height)
    ambient = glow[::8, ::8].reshape(-1, 3).mean(axis=0) * rng.uniform(.3, .8) + night
    picture = nightland.add(rng, sky, horizon, ambient)
    return develop(picture, rng, exposure=rng.uniform(.9, 1.35), saturation=rng.uniform(1., 1.25), glare=rng.uniform(.06, .2),
                   vignette=rng.uniform(.1, .45), grain=rng.uniform(.004, .012),
                   contrast=rng.uniform(.15, .6), soften=rng.uniform(.3, .6))


def aim(rng):
    """How bright the bright of the aurora is; most photographs expose for it, storms burn out."""
    return rng.choice([rng.uniform(.35, .9), rng.uniform(.9, 2.2), rng.uniform(2.2, 4.5)], p=[.3, .5, .2])


def directions(size, pitch, reach, roll):
    """Where each pixel looks: across, up, ahead; unit vectors, three (size, size)."""
    right = ((np.arange(size, dtype=np.float32) + .5) / size * 2 - 1)[None] * reach
    up = -right.T
    right, up = right * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - right * np.sin(roll)
    y, z = np.sin(pitch) + up * np.cos(pitch), np.cos(pitch) - up * np.sin(pitch)
    length = np.sqrt(right ** 2 + y ** 2 + z ** 2)
    return [(part / length).astype(np.float32) for part in np.broadcast_arrays(right, y, z)]


# ---- the curtains

def aurora_light(rng, x, height, z):
    """Linear light of the aurora for each direction: (size, size, 3)."""
    above = height > .01
    distance = np.hypot(x, z) / np.maximum(height, .01)
    azimuth = np.arctan2(x, z)
    first, last = azimuth[above].min(), azimuth[above].max()
    whole = distance.min() < .15                            # the zenith is in the picture: all directions are
    first, last = (-np.pi, np.pi) if whole else (first - .02, last + .02)

    rings = np.geomspace(NEAREST, FARTHEST, RINGS).astype(np.float32)[:, None]
    spokes = np.linspace(first, last, SPOKES, dtype=np.float32)[None]
    low, high, soft = curtains(rng, rings * np.sin(spokes), rings * np.cos(spokes))
    light = integrate(rng, low, high, soft)
    light *= (np.exp(-.10 * np.sqrt(1 + rings ** 2)) * (1 + rings ** 2) ** .3)[..., None]

    u = (azimuth - first) / (last - first) * (SPOKES - 1)
    v = np.log(np.clip(distance, NEAREST * 1.01, FARTHEST * .99) / NEAREST) / np.log(FARTHEST / NEAREST) * (RINGS - 1)
    return sample(light, u / SPOKES, v / RINGS) * (smoothstep(.0, .09, height) ** 1.5)[..., None]


def curtains(rng, x, z):
    """How brightly the sky's map glows at these points: in low rays, in tall rays, and diffusely."""
    bearing = rng.normal(0, .5)
    x, z = x * np.cos(bearing) - z * np.sin(bearing), x * np.sin(bearing) + z * np.cos(bearing)
    u, v = x / MAP + rng.random(), z / MAP + rng.random()
    folds = [fractal(rng, 128, 2.2, lowest) for lowest in (2, 2, 5, 5)]
    big, small = rng.uniform(.01, .07), rng.uniform(.004, .02)
    u, v = (u + big * sample(folds[0], u, v) + small * sample(folds[2], u, v),
            v + big * sample(folds[1], u, v) + small * sample(folds[3], u, v))

    sheet = fractal(rng, 256, 2.9, rng.uniform(1.5, 3.5), stretch=(1, rng.uniform(1.2, 3.5)))
    pull = rng.uniform(0, 2.2)                              # arcs where it is strong, loops and swirls where it is weak
    level = sample(sheet, u, v) + pull * np.sin(2 * np.pi * v * rng.integers(1, 4))
    slope = np.hypot(*np.gradient(level)) / np.maximum(np.hypot(*np.gradient(u)) + np.hypot(*np.gradient(v)), 1e-5) / MAP
    rays = [fractal(rng, 512, rng.uniform(.7, 1.2), lowest, 170) for lowest in (12, 30)]
    strength = fractal(rng, 128, 2., 2)

    ray = sample(rays[0], u * rng.uniform(.8, 1.6), v)
    fine = sample(rays[1], u, v * rng.uniform(.8, 1.6))
    ray = np.exp(np.clip(rng.uniform(.3, .9) * ray + rng.uniform(.15, .5) * fine, -3, 2.2))
    low, soft = 0., 0.
    for i in range(rng.integers(1, 5)):
        away = (level - rng.normal(0, .9)) / np.maximum(slope, .15)
        thick, trail = rng.uniform(.012, .035), rng.uniform(.05, .35)
        side = rng.choice([-1, 1])
        strong = smoothstep(rng.uniform(-1.2, .3), 1.6, sample(strength, u + .31 * i, v + .17 * i)) * rng.uniform(.4, 1)
        line = np.where(away * side > 0, np.exp(-np.abs(away) / thick), np.exp(-np.abs(away) / (thick * .35)))
        low = low + strong * line
        soft = soft + strong * np.where(away * side > 0, np.exp(-np.abs(away) / trail), np.exp(-np.abs(away) / thick))
    tall = smoothstep(-.6, 1.2, sample(strength, u * 1.7 + .5, v * 1.7)) * np.minimum(ray, 3)
    soft = soft * rng.choice([rng.uniform(.005, .03), rng.uniform(.03, .12)])
    soft = soft + .003 * np.exp(sample(strength, u * .6, v * .6 + .4))
    lit = low * ray
    return [a.astype(np.float32) for a in (lit * (1.2 - np.minimum(tall, 1)), lit * tall, soft)]


def integrate(rng, low, high, soft):
    """What the camera gets of the map's glow through all heights: (RINGS, SPOKES, 3)."""
    tall = rng.uniform(.3, .9)
    green = deposit(low, lambda h: rise(h, 1., .03) * np.exp(-(h - 1) / rng.uniform(.07, .18)))
    green += deposit(high, lambda h: rise(h, 1., .04) * np.exp(-(h - 1) / (tall * .45))) * .7
    green += deposit(soft, lambda h: rise(h, 1., .1) * np.exp(-(h - 1) / .35)) * .8
    dim = blur(high + .4 * low + .3 * soft, 3, 3)
    red = deposit(dim, lambda h: rise(h, 1.35, .5) * np.exp(-((h - 1.35) / (tall * 1.6)) ** 2))
    violet = deposit(high + .3 * low, lambda h: rise(h, 1.1, .3) * np.exp(-(h - 1.1) / tall))
    pink = deposit(low + .5 * high, lambda h: np.exp(-((h - .975) / .03) ** 2))
    mood = rng.choice(4, p=[.42, .3, .14, .14])              # green, purple above, red storm, teal
    weights = [(1, .05, .10, .22), (.9, .12, .6, .5), (.7, 1.2, .35, .4), (.9, .02, .35, .1)][mood]
    weights = np.array(weights) * rng.uniform(.5, 1.5, 4)
    green_hue = GREEN * ([1, 1, 1] if mood < 3 else [.5, 1, 1.9]) * rng.uniform(.8, 1.25, 3)
    parts = zip((green, red, violet, pink), (green_hue, RED, VIOLET, PINK), weights)
    return sum(part[..., None] * (hue * weight).astype(np.float32) for part, hue, weight in parts)


def rise(h, at, over):
    return smoothstep(at, at + over, h)


def deposit(glow, profile):
    """The glow (RINGS, SPOKES) of a sheet that shines by profile(height) at heights from .9 to 3.6."""
    step = np.log(FARTHEST / NEAREST) / (RINGS - 1)
    ring = np.arange(RINGS, dtype=np.float32)
    back = ring[:, None] - ring                             # rings between what shines and who sees it
    h = np.exp(back * np.float32(step))
    kernel = np.where((h > .9) & (h < 3.6), profile(h) * h * step, 0)
    return kernel.T.astype(np.float32) @ glow


# ---- the rest of the sky

def night_sky(rng, size, x, height, z):
    """(picture, ambient): the sky without aurora, and the light it gives the land."""
    zenith, low = rng.choice(np.array([
        [[.002, .005, .014], [.008, .016, .030]],           # a dark night
        [[.006, .018, .055], [.022, .050, .105]],           # moonlight
        [[.004, .012, .045], [.090, .075, .080]],           # the last of dusk
        [[.003, .010, .022], [.020, .045, .040]]]),         # airglow
        p=[.34, .3, .14, .22]) * rng.uniform(.6, 1.5, (2, 3))
    up = np.clip(height, 0, 1)[..., None]
    sky = lerp(low, zenith, 1 - np.exp(-up / rng.uniform(.12, .4)))
    if rng.random() < .3:                                   # a town, or the sun, below the horizon
        where = np.sin(rng.uniform(-.9, .9))
        sky = sky + np.exp(-((x - where) / .5) ** 2 - height / .12)[..., None] * [.22, .10, .035] * rng.uniform(.2, 1)
    if rng.random() < .35:
        sky = sky + milky_way(rng, x, height, z)
    return (sky + stars(rng, size)).astype(np.float32), (zenith + low) * .5


def milky_way(rng, x, height, z):
    """A band of unresolved stars with dark lanes."""
    pole = rng.standard_normal(3)
    pole /= np.linalg.norm(pole)
    across = x * pole[0] + height * pole[1] + z * pole[2]
    cloud = fractal(rng, 256, 1.6, 2)
    texture = sample(cloud, x * .8, height * .8 + z * .5)
    band = np.exp(-(across / .16) ** 2) * np.clip(1 + .6 * texture, 0, 3)
    lane = smoothstep(.2, 1.4, texture + 1.5 * np.exp(-((across - .02) / .05) ** 2))
    return (band * (1 - .8 * lane))[..., None] * np.array([.030, .030, .036]) * rng.uniform(.4, 1.2)


def stars(rng, size):
    """Points of light (size, size, 3): few bright, many dim, blue to orange."""
    count = int(rng.uniform(150, 1100))
    at = rng.uniform(0, size - 1.01, (count, 2))
    power = np.minimum(.05 * (rng.random(count) + .002) ** -.9, 6) * rng.uniform(.25, 1.1)
    hue = lerp(np.array([.7, .85, 1.25]), np.array([1.25, .95, .65]), rng.random((count, 1)) ** 1.6)
    light = np.zeros((size, size, 3))
    whole = at.astype(int)
    part = at - whole
    for dy in (0, 1):
        for dx in (0, 1):
            share = np.abs(1 - dy - part[:, 1]) * np.abs(1 - dx - part[:, 0])
            np.add.at(light, (whole[:, 1] + dy, whole[:, 0] + dx), hue * (power * share)[:, None])
    return light


def veil_of_cloud(rng, sky, glow, height):
    """Now and then, thin cloud before it all, lit by it."""
    if rng.random() > .22:
        return sky
    size = len(sky)
    y = np.linspace(0, 1, 64, dtype=np.float32)[:, None]
    x = np.linspace(0, 1, 64, dtype=np.float32)[None] + 0 * y
    cover = sample(fractal(rng, 256, 1.9, 2, stretch=(1, 3)), enlarge((x * .8 + rng.random())[..., None], size)[..., 0],
                   enlarge((y * 1.3 + 0 * x)[..., None], size)[..., 0])
    cover = smoothstep(rng.uniform(-.2, .9), 2.2, cover + smoothstep(.5, .1, height))[..., None] * rng.uniform(.4, .9)
    lit = blur(glow, size / 9) * .55 + np.array([.012, .016, .026])
    return lerp(sky, lit, cover)
