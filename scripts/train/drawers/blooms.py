"""Builds flowers and leaves: lists of meshes about one unit in radius, facing along +z, from a table of species.

A petal is a strip whose middle line leaves the flower's axis at some angle and bends on its way out; across, it is bent
round a cylinder. Petals are numbered from the innermost, t = 0, to the outermost, t = 1, and a pair (inner, outer) of any
measure is read at t.
"""
from dataclasses import dataclass, replace

import numpy as np

from .noise import fractal, lerp, smoothstep
from .surfaces import Mesh

MOST_POINTS = 240_000   # of a mesh
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True)
class Petals:
    """The petals of a species. Angles in degrees from the axis, lengths in units, pairs from the innermost to the outermost."""
    count: tuple            # at least, at most
    length: tuple
    width: tuple
    base: tuple             # angle at the petal's foot
    tip: tuple              # angle towards its end
    curl: tuple = (0, 0)    # how much further the rim turns outwards
    cup: tuple = (.3, .3)   # how strongly it is bent across: 1 goes round the axis
    foot: tuple = (.04, .1)     # distance of the petal's foot from the axis
    lift: tuple = (0, 0)    # and its height
    blunt: float = 4.       # 1.5 is a pointed petal, 6 a square one
    narrow: float = .55     # how fast it widens from its foot; 0 is as wide there as anywhere
    ruffle: float = .03
    notch: float = 0.
    whorls: int = 0         # rings of equal angles; 0 is a spiral of golden angles
    veins: float = .12


@dataclass(frozen=True)
class Paint:
    """Colours of a petal in linear light: at its foot, along it, and at its rim."""
    throat: tuple
    body: tuple
    rim: tuple
    reach: float = .35      # how far up the throat's colour goes


def surfaces(rng, petals, paint, fine):
    """A mesh of petals, each `fine` points long."""
    count = int(rng.integers(petals.count[0], petals.count[1] + 1))
    ratio = min(1., max(petals.width) / max(petals.length) * 1.05)
    rows = max(4, int(min(fine * max(petals.length), np.sqrt(MOST_POINTS / count / ratio))))
    columns = max(4, int(rows * ratio))
    u = np.linspace(0, 1, rows, dtype=np.float32)[None, :, None]
    v = np.linspace(-1, 1, columns, dtype=np.float32)[None, None, :]
    t = np.linspace(0, 1, count, dtype=np.float32)[:, None, None]

    def each(pair, spread=.07):
        return (lerp(pair[0], pair[1], t) * rng.normal(1, spread, t.shape)).astype(np.float32)

    def some(low, high):
        return rng.uniform(low, high, t.shape).astype(np.float32)

    bumps, texture = crops(rng, count, rows, columns, 2.9), crops(rng, count, rows, columns, 1.2)
    angle = np.radians(each(petals.base) + (each(petals.tip) - each(petals.base)) * u ** 1.3
                       + each(petals.curl) * smoothstep(.55, 1, u) + some(-5, 5))
    along = each(petals.length) * (1 - petals.notch * np.exp(-(v / .3) ** 2) * u)
    step = along / (rows - 1)
    r = each(petals.foot) + np.cumsum(np.sin(angle) * step, axis=1)
    z = each(petals.lift, .02) + np.cumsum(np.cos(angle) * step, axis=1)

    half = each(petals.width) / 2 * (u + .02) ** petals.narrow * np.sqrt(np.maximum(1 - u ** petals.blunt, 0)) + .012
    bend = each(petals.cup)
    radius = np.maximum(np.abs(r), .05) / np.where(np.abs(bend) < .05, .05, bend)
    turn = np.clip(v * half / radius, -1.7, 1.7)
    x, y = r - radius + radius * np.cos(turn), radius * np.sin(turn)
    wave = petals.ruffle * u ** 1.5 * (bumps + .6 * np.sin(v * some(3, 7) + some(0, 6)) * np.abs(v))
    x, z = x + wave * np.cos(angle) + .03 * turn * (bend > .6), z - wave * np.sin(angle)

    if petals.whorls:
        ring = -(-count // petals.whorls)
        around = np.arange(count) * (2 * np.pi / ring) + np.arange(count) // ring * (np.pi / ring)
    else:
        around = np.arange(count) * GOLDEN_ANGLE
    around = (around + rng.normal(0, .05, count))[:, None, None].astype(np.float32)
    c, s = np.cos(around), np.sin(around)
    points = np.stack([x * c - y * s, x * s + y * c, z + 0 * x], axis=-1)
    return Mesh(points.astype(np.float32, copy=False), painted(rng, paint, petals.veins, u, v, t, texture))


def crops(rng, count, rows, columns, roughness):
    """Pieces of one fractal noise, (count, rows, columns), a petal about a third of a tile large."""
    tile = fractal(rng, 128, roughness, 2)
    down = (rng.integers(0, 128, count)[:, None] + np.arange(rows) * 40 // rows) % 128
    across = (rng.integers(0, 128, count)[:, None] + np.arange(columns) * 40 // columns) % 128
    return tile[down[:, :, None], across[:, None, :]]


def painted(rng, paint, veins, u, v, t, texture):
    """(petals, rows, columns, 3)."""
    throat, body, rim = (np.array(colour, np.float32) for colour in (paint.throat, paint.body, paint.rim))
    edge = np.clip(smoothstep(.45, 1.05, np.hypot(u * .95, v * u * .9)) + .15 * texture, 0, 1)[..., None]
    deep = np.clip(smoothstep(paint.reach, 0, u) + .1 * texture * (u < paint.reach * 1.3), 0, 1)[..., None]
    colour = lerp(lerp(body, rim, edge), throat, deep)
    lines = np.cos(v * rng.uniform(9, 17) + texture * .8) ** 2 * (1 - .6 * u)
    deeper = lerp(.72, 1.04, t) * lerp(.7, 1.06, smoothstep(0, .9, u))
    tone = deeper * (1 - veins * lines) * (1 + .06 * texture) * rng.normal(1, .06, t.shape).astype(np.float32)
    return colour * np.clip(tone, .3, 1.5)[..., None]


def heart(rng, radius, height, dark, bright, fine):
    """The button of a daisy: a dome of florets in spirals."""
    n = max(8, int(fine * radius * 2.2))
    rho = np.linspace(.02, 1, n, dtype=np.float32)[:, None]
    psi = np.linspace(0, 2 * np.pi, 3 * n, dtype=np.float32)[None]
    bump = np.cos(13 * psi + 24 * np.sqrt(rho)) * np.cos(21 * psi - 30 * np.sqrt(rho))
    z = height * (1 - rho ** 2) + .035 * bump * radius + .03
    z += .02 * radius * rng.standard_normal(bump.shape, dtype=np.float32)
    points = np.stack([radius * rho * np.cos(psi), radius * rho * np.sin(psi), z], axis=-1)[None]
    ring = smoothstep(.1, .9, rho + .15 * bump)[None, ..., None]
    colour = lerp(np.array(dark), np.array(bright), ring) * (.75 + .35 * bump)[None, ..., None]
    return Mesh(points.astype(np.float32), np.maximum(colour, 0).astype(np.float32))


def stamens(rng, count, length, dark, tip, fine):
    petals = Petals((count, count), (length * .6, length), (.03, .045), (8, 30), (18, 62), cup=(0, 0), foot=(.02, .12),
                    blunt=9, narrow=.9, ruffle=.06, veins=0)
    return surfaces(rng, petals, Paint(dark, dark, tip, .2), max(5, fine // 2))


def many(rng, floret, places, facings, scale):
    """One mesh of many small flowers: `floret` (a mesh) at places (n, 3), facing (n, 3), each rolled its own way."""
    facings = facings / np.linalg.norm(facings, axis=1, keepdims=True)
    side = np.cross(facings, rng.standard_normal(facings.shape))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    turn = np.stack([side, np.cross(facings, side), facings], axis=2).astype(np.float32)     # (n, 3, 3)
    size = (scale * rng.uniform(.7, 1.2, len(places))).astype(np.float32)
    points = np.einsum('nij,prcj->nprci', turn * size[:, None, None], floret.points, optimize=True)
    points = points + places[:, None, None, None].astype(np.float32)
    normals = np.einsum('nij,prcj->nprci', turn, floret.normals, optimize=True)
    tone = rng.normal(1, .12, (len(places), 1, 1, 1, 1))
    colours = floret.colours[None] * np.clip(tone, .5, 1.5)
    flat = (-1, *floret.points.shape[1:])
    return Mesh(points.reshape(flat), colours.astype(np.float32).reshape(flat), normals.reshape(flat))


# ---- species

PETALS = {
    'rose': Petals((30, 42), (.62, 1.12), (.55, 1.15), (4, 42), (-6, 84), (6, 62), (1., .55), (.03, .2), (.0, -.25), blunt=5,
                   narrow=.45, ruffle=.028, veins=.05),
    'peony': Petals((42, 60), (.5, 1.1), (.4, .95), (10, 58), (-14, 66), (10, 25), (.9, .7), (.05, .24), (.12, -.2), blunt=5,
                    ruffle=.04, notch=.08, veins=.1),
    'ranunculus': Petals((60, 85), (.3, .95), (.45, .8), (2, 62), (-30, 58), (0, 18), (1., .8), (.03, .26), (.25, -.15),
                         blunt=5, ruffle=.015, veins=.05),
    'dahlia': Petals((80, 120), (.32, 1.), (.16, .34), (12, 92), (4, 98), (0, 12), (1.6, .9), (.04, .16), (.3, -.1), blunt=2.4,
                     ruffle=.01, veins=.1),
    'daisy': Petals((18, 34), (.95, 1.), (.2, .24), (72, 88), (84, 100), (0, 14), (.5, .5), (.18, .2), (.02, 0), blunt=6,
                    narrow=.3, ruffle=.02, notch=.05, whorls=2, veins=.16),
    'gerbera': Petals((60, 84), (.5, 1.), (.15, .2), (40, 88), (62, 98), (0, 12), (.6, .5), (.16, .2), (.08, 0), blunt=4,
                      narrow=.35, ruffle=.015, whorls=3, veins=.2),
    'sunflower': Petals((30, 44), (.9, 1.05), (.22, .28), (68, 86), (76, 104), (-8, 22), (.7, .6), (.4, .44), (.04, 0), blunt=2,
                        narrow=.4, ruffle=.035, whorls=2, veins=.22),
    'tulip': Petals((6, 7), (1.35, 1.45), (1.05, 1.15), (46, 54), (-16, -4), (8, 26), (.9, .9), (.04, .06), (-.5, -.5), blunt=2.6,
                    narrow=.5, ruffle=.02, whorls=2, veins=.14),
    'poppy': Petals((4, 6), (1., 1.12), (1.35, 1.6), (40, 62), (52, 96), (5, 25), (.5, .45), (.03, .05), (-.1, -.14), blunt=6,
                    narrow=.55, ruffle=.075, whorls=2, veins=.24),
    'anemone': Petals((8, 13), (.9, 1.05), (.5, .64), (48, 70), (56, 88), (0, 8), (.5, .5), (.06, .1), (0, -.04), blunt=3.4,
                      narrow=.4, ruffle=.03, whorls=2, veins=.16),
    'blossom': Petals((5, 5), (.9, 1.), (.78, .86), (48, 56), (74, 92), (0, 8), (.5, .5), (.04, .05), blunt=5, narrow=.5,
                      ruffle=.03, notch=.2, whorls=1, veins=.12),
    'cornflower': Petals((36, 54), (.5, 1.), (.16, .34), (25, 70), (40, 84), (0, 10), (.8, .8), (.05, .12), (.1, 0), blunt=7,
                         narrow=.9, ruffle=.05, notch=.3, veins=.16),
}
LEAF = Petals((3, 5), (1., 1.5), (.42, .7), (50, 75), (80, 112), (0, 20), (-.25, -.15), (.02, .05), blunt=1.8, narrow=.6,
              ruffle=.06, veins=.3)
BLADE = Petals((5, 9), (1.6, 2.4), (.08, .14), (4, 16), (18, 80), (0, 20), (.3, .3), (.02, .3), blunt=1.6, narrow=.1, ruffle=.03,
               veins=.2)
FLORET = Petals((4, 5), (.9, 1.), (.75, .9), (62, 70), (84, 92), cup=(.3, .3), foot=(.03, .03), blunt=5, whorls=1, ruffle=.04,
                veins=.08)


def flower(rng, species, paint, fine, opened=None):
    """The meshes of one flower of a species; `opened`: how far its petals are, 1 is what the species has (default: some way)."""
    if species == 'spike':
        return [spike(rng, paint, fine)]
    if species == 'cluster':
        return [cluster(rng, paint, fine)]
    petals = PETALS[species]
    open_wide = rng.uniform(.8, 1.12) if opened is None else opened
    petals = replace(petals, base=tuple(a * open_wide for a in petals.base), tip=tuple(a * open_wide for a in petals.tip))
    parts = [surfaces(rng, petals, paint, fine)]
    if species == 'daisy':
        parts.append(heart(rng, rng.uniform(.26, .36), .16, (.45, .22, .01), (.9, .55, .02), fine))
    elif species == 'gerbera':
        parts.append(heart(rng, .24, .1, (.03, .02, .01), (.5, .3, .05), fine))
    elif species == 'sunflower':
        parts.append(heart(rng, rng.uniform(.45, .58), .12, (.025, .012, .004), (.20, .08, .01), fine))
    elif species == 'poppy':
        parts += [heart(rng, .17, .22, (.02, .03, .01), (.16, .20, .06), fine),
                  stamens(rng, 60, .42, (.01, .008, .012), (.03, .02, .04), fine)]
    elif species == 'anemone':
        parts += [heart(rng, .2, .16, (.012, .01, .02), (.04, .03, .06), fine),
                  stamens(rng, 50, .42, (.03, .02, .05), (.02, .015, .04), fine)]
    elif species == 'blossom':
        parts.append(stamens(rng, 22, .5, (.6, .35, .3), (.8, .5, .06), fine))
    return parts


def spike(rng, paint, fine):
    """Lavender: whorls of florets up a stem, thinner towards the top."""
    floret = surfaces(rng, FLORET, paint, max(4, fine // 7))
    n = int(rng.integers(60, 100))
    up = np.sort(rng.random(n)) ** .9
    around = np.arange(n) * GOLDEN_ANGLE
    out = .16 * (1.05 - up) ** .5 * (1 + .35 * np.cos(up * 36))
    places = np.stack([out * np.cos(around), out * np.sin(around), 1.9 * up - .9], axis=1)
    facings = np.stack([np.cos(around), np.sin(around), np.full(n, .6)], axis=1)
    return many(rng, floret, places, facings, .13)


def cluster(rng, paint, fine):
    """Hydrangea or lilac: a ball of florets."""
    floret = surfaces(rng, FLORET, paint, max(5, fine // 4))
    n = int(rng.integers(60, 110))
    z = 1 - 1.25 * (np.arange(n) + .5) / n
    around = np.arange(n) * GOLDEN_ANGLE
    flat = np.sqrt(np.maximum(1 - z * z, 0))
    out = np.stack([flat * np.cos(around), flat * np.sin(around), z], axis=1)
    return many(rng, floret, out * rng.normal(.92, .05, (n, 1)) * [1, 1, .75], out + rng.normal(0, .25, (n, 3)), .25)


def leaf(rng, fine, grass):
    """A spray of leaves, or a tuft of grass, in some green."""
    green = np.array([rng.uniform(.03, .11), rng.uniform(.12, .22), rng.uniform(.02, .07)]) * rng.uniform(.5, 1.1)
    paint = Paint(tuple(green * .8), tuple(green), tuple(green * [1.3, 1.2, 1.]))
    return surfaces(rng, BLADE if grass else LEAF, paint, fine)
