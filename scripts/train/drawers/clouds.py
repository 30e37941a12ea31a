"""Draws skies: cumulus and storm, cirrus and far banks, sunsets and god rays, and seas of cloud seen from a mountain.

A picture is a vertical gradient with the sun's glow, a veil of cirrus, a far bank of small clouds in perspective, and a near
bank that is a real volume: thresholded fractal noise, lit by marching shadows away from the sun, then composited front to
back. All in linear light. The volume is coarse; what is finer than its cells is a relief that is carved into each slice.
"""
import numpy as np

from . import heightfield
from .darkroom import develop
from .noise import blur, enlarge, fractal, gradient, grid, lerp, line, sample, smoothstep

DEPTH = 18      # slices of the near bank; a slice is SLICE cells thick
SLICE = 2.6
RUN_IN = 32     # rows of shadow before the picture begins
COARSE = 2      # pixels a cell of the volume
EVEN = 3.5, 8.  # clouds along a side, and the puffs that they are made of

# Linear-light colours: sky overhead, sky at the horizon, sunlight on a cloud, skylight in a cloud's shadow.
NOON      = [[.010, .070, .300], [.260, .500, .800], [1.25, 1.22, 1.15], [.17, .24, .36]]
AFTERNOON = [[.016, .080, .270], [.440, .550, .660], [1.20, 1.06, .82], [.16, .21, .32]]
GOLDEN    = [[.030, .090, .280], [.900, .560, .280], [1.55, .82, .34], [.11, .14, .27]]
DUSK      = [[.014, .030, .130], [.720, .240, .130], [1.45, .42, .20], [.040, .050, .140]]
HOURS = np.array([NOON, AFTERNOON, GOLDEN, DUSK])
STORM = np.array([[.040, .066, .105], [.300, .350, .390], [.95, .88, .74], [.040, .052, .074]])


def draw(rng, size=256):
    """One picture: uint8 (size, size, 3)."""
    hour = rng.choice([rng.uniform(0, 1), rng.uniform(1, 2), rng.uniform(2, 3)], p=[.6, .2, .2])
    storm = rng.random() < .16
    air = Air(rng, size, hour, storm)
    light = air.sky()
    if rng.random() < .08:
        light = sea_of_cloud(rng, air, light)
    else:
        light = layers(rng, air, light, storm)
    return develop(light, rng, exposure=rng.uniform(.8, 1.25), saturation=rng.uniform(1.05, 1.3), glare=rng.uniform(.03, .12),
                   vignette=rng.uniform(.05, .4), grain=rng.uniform(.003, .010), contrast=rng.uniform(.25, .8),
                   soften=rng.uniform(.3, .5))


class Air:
    """Colours and places of a sky: x and y are 0..1 over the frame, elevation is 0 at the horizon and 1 overhead."""

    def __init__(self, rng, size, hour, storm):
        self.size, self.hour = size, hour
        i = min(int(hour), 2)
        colours = STORM if storm else lerp(HOURS[i], HOURS[i + 1], hour - i)
        colours = colours * rng.uniform(.95, 1.05, (4, 3)) * rng.uniform(.82, 1.18, (4, 1))
        self.zenith, self.horizon, self.sunlight, self.skylight = colours.astype(np.float32)
        self.x, self.y = grid(size)
        lowest = rng.uniform(-.15, .5)
        self.elevation = lerp(lowest, lowest + rng.uniform(.5, 1.), 1 - self.y)
        self.sun_x, self.sun_y = rng.uniform(-.3, 1.3), rng.uniform(-.5, .5) if hour < 1.5 else rng.uniform(.2, 1.)
        self.from_sun = np.hypot(self.x - self.sun_x, self.y - self.sun_y)
        self.curve = rng.uniform(.4, .75) / (1 + .7 * hour)
        self.glare = rng.uniform(.08, .3)
        self.disc = not storm and rng.random() < .3         # the sun itself, where nothing hides it
        self.haze = rng.uniform(.1, .7), rng.uniform(.05, .16)

    def sky(self):
        up = np.clip(self.elevation, 0, 1) ** self.curve
        sky = lerp(self.horizon, self.zenith, up[..., None])
        glow = self.glare * np.exp(-3.5 * self.from_sun) + .5 * np.exp(-14 * self.from_sun)
        if self.disc:
            glow = glow + 7 * smoothstep(.034, .026, self.from_sun)
        return sky + glow[..., None] * self.sunlight

    def lit(self, light):
        """Colour of a cloud that gets this share of the sun; the sky lights the rest."""
        light = light[..., None]
        return light * self.sunlight * .92 + (.35 + .65 * np.clip(light, 0, 1)) * self.skylight

    def hazed(self, picture, rng):
        amount = self.haze[0] * np.exp(-np.maximum(self.elevation, 0) / self.haze[1])
        return lerp(picture, self.horizon * rng.uniform(.85, 1.1), amount[..., None])


def layers(rng, air, light, storm):
    """Cirrus, far bank, near bank, haze, god rays and now and then the land below."""
    if rng.random() < (.15 if storm else .45):
        veil = cirrus(rng, air) * smoothstep(.02, .35, air.elevation) * rng.uniform(.2, .8)
        light = lerp(light, air.sunlight * .8 + air.skylight * .2, veil[..., None])
    if storm or rng.random() < .5:
        cover, share = far_bank(rng, air, storm)
        light = lerp(light, air.lit(share), cover[..., None] * .9)
    shut = 0 * air.x
    if rng.random() < .93:
        cover, share = near_bank(rng, air, storm)
        silver = 1 + 1.1 * np.exp(-4 * air.from_sun) * (1 - cover)          # thin edges before the sun shine
        light = light * (1 - cover)[..., None] + cover[..., None] * air.lit(share * silver)
        shut = cover
    light = air.hazed(light, rng)
    if rng.random() < .3 and -.2 < air.sun_y < .8:
        light = light + god_rays(rng, air, shut)[..., None] * air.sunlight
    return land(rng, air, light) if rng.random() < .18 else light


# ---- the near bank

def near_bank(rng, air, storm, even=None):
    """A volume of cumulus in front of the camera: how much it covers (0..1) and how lit what one sees of it is.

    even    a density: clouds of one size stand all over the picture, wherever noise of deviation 1 exceeds it
    """
    size = air.size
    n = size // COARSE
    shape, puffs = noise_3d(rng, n, rng.uniform(2.3, 2.8), EVEN if even is not None else None)
    cloud = shape + rng.uniform(.35, .8) * (.55 - np.abs(puffs))            # creases between rounded puffs
    z = np.linspace(-1, 1, DEPTH, dtype=np.float32)
    y = np.linspace(0, 1, n, dtype=np.float32)
    cloud -= 1.1 * z ** 2                                                   # empty at the front and at the back
    if rng.random() < .6 and even is None:                                  # a bank that thickens downwards (or upwards)
        cloud += rng.uniform(-.6, 1.8) * (y - .5)[:, None, None]
    threshold = rng.choice([rng.uniform(.3, .9), rng.uniform(-.3, .3), rng.uniform(.8, 1.2)], p=[.55, .25, .2]) - .5 * storm
    threshold = threshold if even is None else even
    steep, thick = rng.uniform(2.5, 6), rng.uniform(.4, .95) * (1.5 if storm else 1)

    extinction = np.clip((cloud - threshold) * steep, 0, 1) * thick
    depth = march_light(extinction, air.sun_x - .5, air.sun_y - .45, rng)
    relief, rough = fractal(rng, size, rng.uniform(1.15, 1.5), 14), rng.uniform(.10, .26) * (.6 if storm else 1)
    relief = .6 * relief + .8 * (.6 - np.abs(fractal(rng, size, 1.7, 9)))
    clear = np.ones((size, size), np.float32)
    light, height = np.zeros_like(clear), np.zeros_like(clear)
    drift = rng.integers(-3, 4, 2)
    for k in range(DEPTH):                                                  # front to back
        if not (cloud[..., k] > threshold - .5).any():
            continue
        fine = enlarge(np.stack([cloud[..., k], depth[..., k]], axis=-1), size)
        carved = fine[..., 0] - threshold + rough * np.roll(relief, (int(k * drift[0]), int(k * drift[1])), (0, 1))
        here = clear * (1 - np.exp(-np.clip(carved * steep, 0, 1) * thick))
        bright = 1.25 * np.exp(-1.15 * fine[..., 1]) + .36 * np.exp(-.16 * fine[..., 1])     # direct, and often scattered
        light += here * bright
        height += here * (DEPTH - k)
        clear -= here
    cover = 1 - clear
    light, height = light / np.maximum(cover, 1e-4), height / np.maximum(cover, .05)
    towards = np.array([air.sun_x - .5, air.sun_y - .5]) / max(np.hypot(air.sun_x - .5, air.sun_y - .5), .1)
    bumps = height + 2.5 * relief * (cover > .5)
    slope_x, slope_y = gradient(blur(bumps, .7))
    facing = np.clip(-(slope_x * towards[0] + slope_y * towards[1]) * rng.uniform(.05, .16), -.45, .6)
    return cover, np.maximum(light * (1 + facing * cover), .02)


def noise_3d(rng, n, roughness, lowest=None):
    """Two periodic fractal noises (n, n, DEPTH): one with large forms, one without, both of deviation 1. `lowest`: the fewest
    forms of each along a side."""
    fy, fx, fz = (np.fft.fftfreq(m) * n / d for m, d in ((n, 1), (n, 1), (DEPTH, SLICE)))
    k = np.sqrt((fy[:, None, None] * rng.uniform(.55, 1.25)) ** 2 + fx[None, :, None] ** 2 + fz[None, None, :] ** 2)
    white = rng.standard_normal((2, n, n, DEPTH), dtype=np.float32)
    spectrum = np.fft.fftn(white[0] + 1j * white[1])
    fields = []
    least = lowest or (rng.uniform(1, 2.5), rng.uniform(5, 11))
    for lowest, part in zip(least, ('real', 'imag')):
        amplitude = np.maximum(k, lowest) ** -roughness * (k > .5 * lowest)
        field = getattr(np.fft.ifftn(spectrum * amplitude), part).astype(np.float32)
        fields.append(field / field.std())
    return fields


def march_light(extinction, sun_x, sun_y, rng):
    """Cloud between each voxel and the sun (y, x, z), row by row away from it; the sum leaks, as scattered light does."""
    sideways = abs(sun_x) > abs(sun_y)
    rows = extinction.transpose(1, 0, 2) if sideways else extinction        # rows: the picture axis the light follows
    along, across = (sun_x, sun_y) if sideways else (sun_y, sun_x)
    rows = rows[::-1] if along > 0 else rows
    slope = np.clip(across / max(abs(along), .05), -1, 1) * -1
    slope_z = rng.uniform(-.9, .3) / SLICE                                  # negative: the sun stands behind the camera
    depth = np.zeros_like(rows)
    shade = np.zeros_like(rows[0])
    for i in range(-RUN_IN, len(rows)):                                     # the clouds above the frame shade it too
        if i >= 0:
            depth[i] = shade
        shade = shift(shift((shade + rows[i % len(rows)]) * .93, slope, 0), -slope_z, 1)
    depth = depth[::-1] if along > 0 else depth
    return depth.transpose(1, 0, 2) if sideways else depth


def shift(a, distance, axis):
    """`a` moved by a fraction of a cell along an axis; it wraps, as the noise does."""
    return a + abs(distance) * (np.roll(a, 1 if distance > 0 else -1, axis) - a)


# ---- what lies farther off

def far_bank(rng, air, storm):
    """Clouds on a plane overhead, crowding towards the horizon: cover and light. A storm's are a closed ceiling."""
    tile = fractal(rng, 256, 1.9 if storm else 1.75, 3)
    up = np.maximum(air.elevation, .03)
    away = .16 / up
    u, v = (air.x - .5) * away * 1.6 + rng.random(), away + rng.random()
    density = sample(tile, u, v)
    towards_sun = sample(tile, u + .02 * np.sign(air.sun_x - .5), v + .03)
    threshold = rng.uniform(-1.6, -.4) if storm else rng.uniform(.1, 1.)
    cover = smoothstep(0, .9, density - threshold) * smoothstep(.0, .1, air.elevation)
    if storm:
        return cover, np.clip(.45 - .42 * (density - threshold) * .5 + .5 * (density - towards_sun), .02, 1.)
    cover = cover * smoothstep(.6, .3, air.elevation)
    return cover, np.clip(.75 - .35 * (towards_sun - threshold) + .45 * (density - towards_sun), .1, 1.1)


def cirrus(rng, air):
    """A veil of combed ice, 0..1."""
    tile = fractal(rng, 256, 1.5, 2, stretch=(1, rng.uniform(3, 7)))
    angle, bend = rng.uniform(-.8, .8), rng.uniform(-.5, .5)
    u, v = air.x * np.cos(angle) + air.y * np.sin(angle), air.y * np.cos(angle) - air.x * np.sin(angle) + bend * air.x ** 2
    patches = sample(fractal(rng, 64, 2.4, 1), air.x * .9, air.y * .9)
    return smoothstep(-.2, 2.2, sample(tile, u * .7, v * .7)) * smoothstep(-1, 1.5, patches)


def god_rays(rng, air, cover):
    """Shafts of light from the sun past the clouds' edges: (size, size)."""
    n = air.size // 4
    bright = np.exp(-3.5 * air.from_sun) * (1 - cover) ** 2
    tile = bright.reshape(n, 4, n, 4).mean(axis=(1, 3))
    x, y = grid(n)
    total, weight = 0, 1.
    for t in np.linspace(0, .75, 22):
        u, v = lerp(x, air.sun_x, t), lerp(y, air.sun_y, t)
        inside = (u > 0) & (u < 1) & (v > 0) & (v < 1)
        total = total + weight * np.where(inside, sample(tile.astype(np.float32), np.clip(u, .5 / n, 1 - 1.5 / n) - .5 / n,
                                                         np.clip(v, .5 / n, 1 - 1.5 / n) - .5 / n), .05)
        weight *= .95
    return enlarge((total / 22)[..., None].astype(np.float32), air.size)[..., 0] * rng.uniform(.6, 1.8)


def land(rng, air, light):
    """Hills against the sky, at the bottom of the frame."""
    size = air.size
    for i in range(rng.integers(1, 4)):
        top = rng.uniform(.80, .95) + .04 * i + line(rng, size, 1.9, 1) * rng.uniform(.01, .035)
        tone = lerp(air.horizon * .22, np.array([.012, .016, .014]), min(1., .35 + .35 * i)) * rng.uniform(.5, 1)
        light = lerp(light, tone, np.clip((air.y - top) * size + .5, 0, 1)[..., None])
    return light


# ---- from above

def sea_of_cloud(rng, air, light):
    """Cloud tops below the camera, towers among them: a heightfield of billows in the sun."""
    size = air.size
    horizon = size * rng.uniform(-.1, .5)
    focal = size * rng.uniform(.8, 1.4)
    below = rng.uniform(.8, 1.3)                            # how far the camera is over the tops' mean
    distances = heightfield.slices(.35 * below * focal / (size - horizon), 60, 300)
    spread = np.linspace(-.5, .5, size, dtype=np.float32)[None] * size / focal
    x, z = distances[:, None] * spread, np.broadcast_to(distances[:, None], (300, size))
    tiles = [fractal(rng, 256, r, lowest) for r, lowest in ((2.4, 2), (2.1, 5), (1.9, 12))]
    swell = rng.uniform(.14, .34)

    def billows(x, z, detail=1.):
        u, v = x / 9 + .37, z / 9 + .11
        puff = [np.sqrt(np.abs(sample(tile, u, v)) + .06) for tile in tiles]
        large = sample(tiles[0], u * .6 + .5, v * .6)
        return swell * (.55 * large + .75 * puff[1] * np.clip(1 + .5 * large, .3, 2) + .30 * detail * puff[2]
                        + .08 * detail * np.sqrt(np.abs(sample(tiles[2], u * 3, v * 3)) + .06))

    heights = billows(x, z) * smoothstep(1, 3, distances / distances[0])[:, None] - below    # no hill before the lens
    at, seen, _ = heightfield.look(heights.astype(np.float32), distances, size, horizon, focal)
    z = np.interp(at, np.arange(300), distances).astype(np.float32)
    x = z * spread
    bearing, low = rng.uniform(-np.pi, np.pi), rng.uniform(.15, .7)
    sx, sz = np.sin(bearing) * np.cos(low), np.cos(bearing) * np.cos(low)
    fade = 1 / (1 + (z / 14) ** 2)
    here = billows(x, z, fade)
    d = .05 * np.sqrt(z)
    slope_x, slope_z = (billows(x + d, z, fade) - here) / d, (billows(x, z + d, fade) - here) / d
    length = np.sqrt(1 + slope_x ** 2 + slope_z ** 2)
    facing = np.clip((-slope_x * sx + np.sin(low) - slope_z * sz) / length * .75 + .25, 0, 1)
    shade = 1.
    for step in (.25, .6, 1.2):                             # what stands between here and the sun
        above = billows(x + sx * step, z + sz * step, .3) - here - np.tan(low) * step
        shade = shade * (1 - .6 * smoothstep(-.05, .3, above))
    hollow = smoothstep(-.6 * swell, .9 * swell, here)
    colour = air.lit(facing * shade * (.35 + .75 * hollow)) * lerp(.55, 1.1, hollow)[..., None]
    haze = 1 - np.exp(-z / rng.uniform(14, 60))
    colour = lerp(colour, air.horizon * .95, haze[..., None])
    return lerp(light, colour, seen[..., None])
