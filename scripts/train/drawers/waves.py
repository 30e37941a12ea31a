"""Draws the sea: swell and breakers under many skies, from low over the water, from a cliff and from straight above.

A heightfield of wind waves (sea.py) hides and shows itself (heightfield.py); each pixel of water reflects the sky by
Fresnel's law, glows where light passes through a crest, and wears foam where the surface folds. Seen from above there may be
a beach, and the surf running up it.
"""
import numpy as np

from . import heightfield, sea
from .darkroom import develop
from .noise import blur, fractal, gradient, grid, lerp, line, reduce, sample, smoothstep

SUPERSAMPLE = 1.25

# Linear light: zenith, horizon, sunlight, deep water, water that light passes through.
SKIES = {
    'noon':   [[.06, .20, .52], [.42, .62, .80], [1.5, 1.42, 1.25], [.004, .040, .075], [.05, .42, .42]],
    'summer': [[.05, .22, .50], [.50, .68, .78], [1.5, 1.42, 1.3], [.005, .085, .120], [.10, .60, .55]],
    'grey':   [[.30, .34, .38], [.55, .58, .60], [.35, .35, .35], [.014, .034, .040], [.10, .24, .22]],
    'storm':  [[.07, .085, .10], [.24, .26, .27], [.35, .36, .36], [.008, .020, .025], [.07, .20, .18]],
    'gold':   [[.10, .18, .36], [1.05, .62, .26], [2.6, 1.5, .55], [.004, .026, .046], [.12, .28, .22]],
    'sunset': [[.08, .08, .22], [1.00, .36, .16], [2.6, .95, .30], [.005, .014, .036], [.12, .14, .16]],
    'dusk':   [[.02, .04, .13], [.30, .22, .30], [.40, .22, .20], [.003, .010, .024], [.05, .10, .12]],
    'moon':   [[.006, .012, .03], [.025, .04, .07], [.45, .50, .60], [.001, .004, .009], [.01, .04, .05]],
}
LOOKS = {'noon': .2, 'summer': .16, 'grey': .09, 'storm': .12, 'gold': .16, 'sunset': .14, 'dusk': .07, 'moon': .06}


def draw(rng, size=256, only=tuple(LOOKS)):
    """One picture: uint8 (size, size, 3). `only`: under these skies."""
    side = int(size * SUPERSAMPLE)
    odds = np.array([LOOKS[name] for name in only])
    name = str(rng.choice(list(only), p=odds / odds.sum()))
    air = Air(rng, name)
    light = from_above(rng, side, air) if rng.random() < .24 and name not in ('sunset', 'moon') else across(rng, side, air)
    bright = {'moon': 5., 'dusk': 2., 'storm': 1.7, 'grey': 1.2}.get(name, 1)
    return develop(reduce(light, size), rng, exposure=bright * rng.uniform(1., 1.6), saturation=rng.uniform(1., 1.25),
                   glare=rng.uniform(.03, .14), vignette=rng.uniform(.05, .4), grain=rng.uniform(.004, .012),
                   contrast=rng.uniform(.1, .5), soften=rng.uniform(.3, .5))


def shaded(rng, size):
    """The light that the clouds leave here and there: (size, size), about 1."""
    patches, (x, y) = fractal(rng, 64, 2.5, 1), grid(size)
    least = rng.uniform(.3, .95)
    light = smoothstep(-.9, .9, sample(patches, x * .7 + rng.random(), y * .7 + rng.random()))
    return least + (1.35 - least) * light


class Air:
    """Light and sky of a picture. World: x right, y up, z away."""

    def __init__(self, rng, name):
        colours = np.array(SKIES[name]) * rng.uniform(.93, 1.07, (5, 3)) * rng.uniform(.85, 1.15, (5, 1))
        colours = colours.astype(np.float32)
        self.zenith, self.horizon, self.sunlight, self.deep, self.clear = colours
        low = name in ('gold', 'sunset', 'dusk')
        height = rng.uniform(.03, .16) if low else rng.uniform(.2, .5) if name == 'moon' else rng.uniform(.25, 1.2)
        bearing = rng.normal(0, .35) if low or name == 'moon' or rng.random() < .4 else rng.uniform(-np.pi, np.pi)
        self.sun = np.array([np.sin(bearing) * np.cos(height), np.sin(height), np.cos(bearing) * np.cos(height)])
        self.clouds = fractal(rng, 256, 1.7, 2)
        self.cover = rng.uniform(-.6, 1.) if name in ('grey', 'storm') else rng.uniform(.1, 2.2)
        self.shift = rng.random(2)
        self.soft = .6 if name in ('grey', 'storm') else 1.
        self.rough = rng.uniform(.5, 1.)

    def sky(self, x, y, z, disc=True):
        """Linear light from a direction, (…, 3)."""
        up = np.clip(y, 0, 1)
        colour = lerp(self.horizon, self.zenith, (1 - np.exp(-3.2 * up))[..., None])
        towards = np.clip(x * self.sun[0] + y * self.sun[1] + z * self.sun[2], 0, 1)
        glow = (.30 * towards ** 8 + .5 * towards ** 60 + (30 * smoothstep(.9993, .9997, towards) if disc else 0)) * self.soft
        away = .22 / (up + .12)
        texture = sample(self.clouds, x * away + self.shift[0], z * away + self.shift[1])
        cover = smoothstep(self.cover - .4, self.cover + 1.3, texture) * smoothstep(0, .12, up) * .8
        cloud = self.horizon * (.75 + .15 * texture[..., None]) + self.sunlight * (.16 + .3 * towards ** 6)[..., None]
        return lerp(colour, cloud, cover[..., None]) + glow[..., None] * self.sunlight * (1 - .6 * cover[..., None])


# ---- over the water

def across(rng, side, air):
    """Looking out over the sea; the horizon may lie in the frame or above it."""
    horizon = side * (rng.uniform(.05, .48) if rng.random() < .5 else rng.uniform(-1., -.05))
    focal = side * rng.uniform(.8, 1.6)
    height = np.exp(rng.uniform(np.log(1.2), np.log(14)))                   # of the camera, metres
    middle = height * focal / (side * .6 - min(horizon, 0))                 # how far off the frame's middle is, metres
    wave = middle * (rng.uniform(.3, 1.1) if horizon < 0 else rng.uniform(.6, 2.4))
    size = min(wave / rng.uniform(15, 34), .3 * height)                     # of the waves: their deviation, metres
    bearing = rng.choice([np.pi / 2, rng.uniform(0, np.pi)]) + rng.normal(0, .2)
    water = sea.patch(rng, wave * rng.uniform(2.5, 5), wave, size, bearing, rng.choice([3, 6, 12]), rng.uniform(.6, 1.))
    ripples = sea.patch(rng, wave * .55, wave * .1, size * .05 * air.rough, bearing + rng.normal(0, .5), 2, .8)
    breaker = Breaker(rng, min(height, middle / 2), focal / side) if rng.random() < .5 else None

    near = .55 * height * focal / (side - horizon)
    far = min(2500. * height, 1.6 * height * focal / max(-horizon, 1) if horizon < 0 else 1e9)
    distances = heightfield.slices(near, max(far, 8 * near), 400)
    spread = ((np.arange(side, dtype=np.float32) + .5 - side / 2) / focal).astype(np.float32)
    x, z = distances[:, None] * spread[None], np.broadcast_to(distances[:, None], (len(distances), side))
    offset = rng.random(2)
    heights = sample(np.ascontiguousarray(water.relief[..., 0]), x / water.side + offset[0], z / water.side + offset[1])
    if breaker:
        heights = heights * breaker.calm(x, z) + breaker.height(x, z)
    at, seen, _ = heightfield.look((heights - height).astype(np.float32), distances, side, horizon, focal)
    z = np.interp(at, np.arange(len(distances)), distances).astype(np.float32)
    x = z * spread[None]

    footprint = z * z / (height * focal)                                    # of a pixel along the view, metres
    relief = sample(water.relief, x / water.side + offset[0], z / water.side + offset[1])
    fade = 1 / (1 + (footprint / (wave * .08)) ** 2)
    fine = sample(ripples.relief, x / ripples.side, z / ripples.side) / (1 + (footprint / (wave * .012)) ** 2)[..., None]
    finest = sample(ripples.relief, z / ripples.side * 2.7, x / ripples.side * 2.7)
    fine += .6 * finest / (1 + (footprint / (wave * .005)) ** 2)[..., None]
    crest, slope_x, slope_z = relief[..., 0], relief[..., 1] * fade + fine[..., 1], relief[..., 2] * fade + fine[..., 2]
    folded = relief[..., 3]
    thin = smoothstep(.2, 2.6, crest / size) * .6
    if breaker:
        calm = breaker.calm(x, z)
        crest = crest * calm + breaker.height(x, z)
        bx, bz = breaker.slope(x, z)
        slope_x, slope_z, folded = slope_x * calm + bx, slope_z * calm + bz, np.maximum(folded, breaker.foam(x, z) - .1)
        thin = thin * calm + breaker.thin(x, z)

    flat = np.sqrt(x * x + z * z + (height - crest) ** 2)
    view = -x / flat, (height - crest) / flat, -z / flat
    colour, dark = water_light(air, view, slope_x, slope_z, thin, .012 + .10 * (1 - fade) * air.rough)
    white = drifting_foam(rng, x / wave, z / wave, folded, 1 / (1 + footprint / wave * 3))
    foamy = foam_light(rng, air, x / wave * 1.3, z / wave * 1.3, slope_x, slope_z)
    colour = lerp(colour, foamy * (1 - .25 * dark[..., None]), white[..., None])
    colour = colour * shaded(rng, side)[..., None]
    haze = 1 - np.exp(-z / (height * rng.uniform(250, 1200)))
    colour = lerp(colour, air.horizon * .9, haze[..., None])
    colour = spray(rng, colour, white * (z < height * 25) * smoothstep(.1, .8, folded), air)
    above = sky_above(air, side, horizon, spread, focal)
    return lerp(above, colour, seen[..., None])


def sky_above(air, side, horizon, spread, focal):
    """The sky behind it all, (side, side, 3)."""
    up = (horizon - np.arange(side, dtype=np.float32) - .5)[:, None] / focal
    length = np.sqrt(1 + up ** 2 + spread[None] ** 2)
    return air.sky(spread[None] / length, np.broadcast_to(up, length.shape) / length, 1 / length)


def water_light(air, view, slope_x, slope_z, thin, blurred):
    """What the water sends back: the sky it mirrors, the sun's glitter, and the light that comes through.

    view    unit vector from the water to the camera, three arrays
    thin    how much light a crest lets through; blurred: slopes too fine to see, as a variance
    """
    length = np.sqrt(1 + slope_x ** 2 + slope_z ** 2)
    nx, ny, nz = -slope_x / length, 1 / length, -slope_z / length
    facing = np.clip(nx * view[0] + ny * view[1] + nz * view[2], .02, 1)
    mirror = .02 + .98 * (1 - facing) ** 5 / (1 + 6 * blurred)
    rx, ry, rz = (2 * facing * n - v for n, v in zip((nx, ny, nz), view))
    sky = air.sky(rx, np.abs(ry) + .02, rz, disc=False)

    hx, hy, hz = (v + s for v, s in zip(view, air.sun))
    towards = np.clip((nx * hx + ny * hy + nz * hz) / np.sqrt(hx ** 2 + hy ** 2 + hz ** 2), .3, 1)
    tangent = (1 / towards ** 2 - 1) / (.0016 + blurred)
    glitter = np.exp(-np.minimum(tangent, 30)) / (.0016 + blurred) * .010
    glitter = glitter[..., None] * air.sunlight * (.1 + mirror[..., None]) * 4

    sun_side = np.clip(nx * air.sun[0] + ny * air.sun[1] + nz * air.sun[2], 0, 1)
    against = np.clip(-(view[0] * air.sun[0] + view[2] * air.sun[2]), 0, 1)
    under = air.deep * (.55 + .6 * sun_side[..., None]) * (.5 + air.horizon.mean())
    through = air.clear * (thin * (.35 + .9 * against))[..., None] * (.25 * air.sunlight.mean() + .6 * air.horizon.mean())
    body = under + through + air.clear * .06 * np.clip(.5 - facing, 0, 1)[..., None]
    return lerp(body, sky, mirror[..., None]) + glitter, 1 - facing


def foam_light(rng, air, u, v, slope_x, slope_z):
    """White water: a rough white thing under sun and sky; u, v say where, in its lumps."""
    lumps = fractal(rng, 256, 1.5, 5)
    bumps = sample(np.stack([*gradient(lumps), lumps], axis=-1), u, v)
    slope_x, slope_z = slope_x + 2.2 * bumps[..., 0], slope_z + 2.2 * bumps[..., 1]
    length = np.sqrt(1 + slope_x ** 2 + slope_z ** 2)
    sun = np.clip((-slope_x * air.sun[0] + air.sun[1] - slope_z * air.sun[2]) / length * .8 + .2, 0, 1)
    hollow = np.clip(.78 + .22 * bumps[..., 2], .3, 1.1)[..., None]
    return (.78 * sun[..., None] * np.minimum(air.sunlight, 1.7) + .5 * air.zenith + .42 * air.horizon) * hollow


def drifting_foam(rng, u, v, folded, shown):
    """Cover of foam, 0..1: on the folds, and in webs where folds have been."""
    threads, patches = sea.lace(rng), fractal(rng, 128, 2.1, 2)
    drift = rng.uniform(.1, .35)
    old = sample(patches, u * drift, v * drift)
    amount = np.clip(smoothstep(-.15, .5, folded) * .95, 0, 1)
    amount = np.maximum(amount, (rng.uniform(-.2, .6) + .62 * old + .3 * folded) * shown)
    web = sample(threads, u * rng.uniform(.35, .6), v * rng.uniform(.35, .6))
    return sea.foam(np.clip(amount, 0, 1), web, sample(patches, u * 4, v * 4))


def spray(rng, colour, source, air):
    """Mist over the white crests, blown to one side."""
    if rng.random() < .4:
        return colour
    side = len(colour)
    mist = blur(source.astype(np.float32), side / 110, side / 80)
    mist = np.roll(mist, (-int(side * .015), int(side * rng.uniform(-.02, .02))), (0, 1))
    mist *= np.clip(1 + .8 * fractal(rng, side, 1.1, 8), 0, 2.5) * rng.uniform(.2, .6)
    return lerp(colour, air.sunlight * .40 + air.horizon * .45, np.clip(mist, 0, .9)[..., None])


class Breaker:
    """One big wave running at the camera: a steep face that light shines through, a lip, white water where it has broken."""

    def __init__(self, rng, height, zoom):
        self.tall = height * rng.uniform(.5, 1.25)
        self.wide = self.tall * rng.uniform(1.2, 2.2)
        self.crest = height * rng.uniform(2.2, 6) * zoom
        self.front = line(rng, 256, 2.6, 1)
        self.broken = line(rng, 256, 2.6, 1)
        self.limit = rng.uniform(-1.6, .8)
        self.scale, self.bend = self.crest * rng.uniform(3, 5), self.wide * rng.uniform(.1, .5)
        self.rough = fractal(rng, 256, 1.5, 3)

    def along(self, table, x):
        return np.interp((x / self.scale * 256) % 256, np.arange(257), np.append(table, table[0])).astype(np.float32)

    def place(self, x, z):
        """Distance behind the crest, in widths; negative is the face."""
        return (z - self.crest - self.bend * self.along(self.front, x)) / self.wide

    def height(self, x, z):
        t = self.place(x, z)
        shape = np.where(t < 0, np.exp(-(t / .38) ** 2) - .18 * np.exp(-((t + .9) / .5) ** 2), np.exp(-(t / 1.3) ** 2))
        lump = sample(self.rough, x / self.wide, z / self.wide) * self.foam(x, z) * .07
        return self.tall * (shape * (1 - .35 * self.breaking(x, z)) + lump)

    def slope(self, x, z, step=.02):
        d = step * self.wide
        here = self.height(x, z)
        return (self.height(x + d, z) - here) / d, (self.height(x, z + d) - here) / d

    def breaking(self, x, z):
        ragged = .3 * sample(self.rough, x / self.wide * .6, z / self.wide * .6)
        return smoothstep(self.limit - .25, self.limit + .35, self.along(self.broken, x) + ragged)

    def calm(self, x, z):
        return 1 - .6 * np.exp(-(self.place(x, z) / .8) ** 2)

    def thin(self, x, z):
        t = self.place(x, z)
        return 1.5 * np.exp(-((t + .12) / .16) ** 2) * (1 - self.breaking(x, z))

    def foam(self, x, z):
        t = self.place(x, z)
        tumble = smoothstep(-1.25, -.5, t) * smoothstep(.5, .0, t) * self.breaking(x, z)
        lip = np.exp(-((t + .02) / .07) ** 2) * .9
        return np.maximum(tumble * 1.1, lip)


# ---- straight down

def from_above(rng, side, air):
    """The sea from the air: webs of foam, and at times a beach with surf running up."""
    air.sun = np.array([air.sun[0], max(air.sun[1], .3), air.sun[2]])
    metres = rng.uniform(20, 90)                            # the frame's side
    turn = rng.uniform(0, 2 * np.pi)
    y, x = (np.mgrid[0:side, 0:side].astype(np.float32) + .5) / side * metres
    x, z = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    wave = metres * rng.uniform(.15, .4)
    water = sea.patch(rng, wave * 4, wave, wave * .035, np.pi / 2, 3, .8)
    ripples = sea.patch(rng, wave, wave * .16, wave * .005, np.pi / 2, 2, .7)
    relief = sample(water.relief, x / water.side, z / water.side)
    fine = sample(ripples.relief, x / ripples.side, z / ripples.side)
    slope_x, slope_z = relief[..., 1] + fine[..., 1], relief[..., 2] + fine[..., 2]
    folded = relief[..., 3] - rng.uniform(0, .3)

    large = fractal(rng, 128, 2.3, 2)
    bumps = sample(large, x / metres * .45, z / metres * .45)
    tide = (z - z.mean()) / metres + .09 * bumps + .012 * sample(large, x / metres * 2.2, z / metres * 2.2)
    beach = rng.random() < .6
    depth = np.clip(tide + rng.uniform(.0, .5), -1, 1.5) if beach else np.full_like(x, 1.) + .3 * bumps
    surf = 0.
    if beach:                                               # waves break on lines along the shore
        for line_at in np.cumsum(rng.uniform(.08, .25, 5)):
            wander = line_at + .06 * sample(large, x / metres * .6 + line_at, z / metres * .3)
            behind = depth - wander
            band = np.exp(-np.abs(behind) / np.where(behind > 0, .012, rng.uniform(.04, .2)))
            surf = np.maximum(surf, band * rng.uniform(.7, 1.25))
        surf = np.maximum(surf, .95 * np.exp(-(depth / .035) ** 2))
    view = 0 * x, np.ones_like(x), 0 * x
    colour, _ = water_light(air, view, slope_x, slope_z, smoothstep(0, 2, relief[..., 0] / (wave * .035)) * .15, .01)
    shallow = np.exp(-np.maximum(depth, 0) / rng.uniform(.12, .5))[..., None] * beach
    sand = sand_light(rng, air, x / metres, z / metres, depth)
    lit = air.sunlight.mean() * .35 + air.horizon.mean() * .35
    colour = colour + air.clear * lit * (.55 * np.minimum(shallow * 2.2, 1) + rng.uniform(.02, .2))
    colour = lerp(colour, sand * [.8, .95, .95], np.clip(shallow - .25, 0, 1) * .9)
    threads, patches = sea.lace(rng), fractal(rng, 128, 2., 2)
    amount = np.maximum(smoothstep(-.1, .6, folded), surf)
    amount = np.maximum(amount, rng.uniform(-.2, .6) + .6 * sample(patches, x / metres * .45, z / metres * .45) + .1 * folded)
    scale = rng.uniform(.5, 1.4) / metres
    grain = sample(patches, x / metres * 5, z / metres * 5)
    white = sea.foam(np.clip(amount, 0, 1), sample(threads, x * scale, z * scale), grain)
    colour = lerp(colour, foam_light(rng, air, x / metres * 3, z / metres * 3, slope_x * 2, slope_z * 2), white[..., None] * .95)
    colour = lerp(colour, sand, smoothstep(.0, -.012, depth)[..., None]) if beach else colour
    return colour * shaded(rng, side)[..., None]


def sand_light(rng, air, u, v, depth):
    """Sand, dark where it is wet."""
    grains, ripple = fractal(rng, 256, .6, 3), fractal(rng, 256, 1.6, 6, stretch=(1, 2.5))
    tone = np.array([.74, .62, .47]) * rng.uniform(.7, 1.1) * rng.uniform(.92, 1.08, 3)
    texture = 1 + .10 * sample(ripple, u * 1.3, v * 1.3) + .05 * sample(grains, u * 2.5, v * 2.5)
    wet = lerp(.45, 1., smoothstep(-.05, -.16, depth + .02 * sample(ripple, u, v)))
    return tone * (texture * wet)[..., None] * (.55 * air.sunlight * air.sun[1] + .5 * air.zenith + .25 * air.horizon)
