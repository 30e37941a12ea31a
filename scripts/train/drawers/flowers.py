"""Draws flowers: beds, fields and bunches of many species, near and far, in sun, against it and in shade.

Flowers are built petal by petal (blooms.py), put side by side on a bed, rendered with cast shadows and a shallow depth of
field (surfaces.py), and lit in linear light. Species and colours grow in drifts, and clouds and trees cast their shade over
the bed: so the bright and dark places of a picture are large ones too, and say what grows there.
"""
import numpy as np

from . import blooms, surfaces
from .blooms import Paint
from .darkroom import develop
from .noise import fractal, lerp, reduce, sample, smoothstep

SUPERSAMPLE = 1.25

# Species, and the paints that it comes in: (throat, body, rim) as sRGB.
GARDEN = {
    'rose': ['8a0f1c b0122a d8334a', 'd9738a f0a3b0 fbd3d6', 'e8c36a f6dfa0 fff2cf', 'f4dfb4 fbf2e2 fffcf6', 'c04a20 ec7d3e fbb27c',
             '70143c a52360 cf4d8c', 'f3a27a fbc4a4 fde0d0'],
    'peony': ['c43d7a ec86b4 fbcde0', 'f4c8b0 fdeee2 fffaf6', '8c1240 b8285c dd6a94', 'f0a08a fbc8b0 fff0e0'],
    'ranunculus': ['e0701a fb9a3c ffc46e', 'e8b020 fcd84a fff09a', 'd84a6a f58aa0 fdc0c8', 'f0e0a0 fdf6e4 fffdf8',
                   '8a1030 b82a48 e06070'],
    'dahlia': ['5a0a24 8e1236 c2305a', 'd86a20 f6a03a fccf78', 'b03a8a dc7cc0 f6c6e6',
               'f0d860 fbf0b0 fffbe6', '7a1a6a a83aa0 d884d0'],
    'daisy': ['e6ead8 fafaf4 ffffff', 'e8eef0 ffffff ffffff', 'f0c8d8 fbeaf2 ffffff', 'e8b820 f9d83c fdea80'],
    'gerbera': ['c01030 e83050 f97080', 'e06010 fa8a20 fdb860', 'd02070 f060a0 fbb0d0',
                'f0c020 fce050 fff3a0', 'f0e8dc fdfaf5 ffffff'],
    'sunflower': ['d88a08 f6b81a fcd648', 'c86a08 f0a010 f9c838'],
    'tulip': ['e0b020 d81830 f04050', '503070 7a3f9c b07cd0', 'e8c84a f8dc40 fdf090', 'f0f0d8 fbf8f0 ffffff',
              'e08030 f89040 fdc070', 'f0d8d0 f498b4 fbd0dc', '301030 4a1840 74305e', 'e8d060 e05a30 fbd060'],
    'poppy': ['200808 d8180c f4401c', '301010 e83c14 fb7038', 'e8d8a0 f4b8b0 fde6e0', '401808 f09018 fcc040'],
    'anemone': ['e8e8f0 5a48b8 8a7ce0', 'f0f0f4 f6f4fb ffffff', 'f0e0e8 c0186a e850a0',
                'f0e0e0 c01828 ec4048', 'e0e4f4 3a58c8 7090ea'],
    'blossom': ['d85a88 fbd8e4 fff2f6', 'e890b0 f6b0cc fde0ec', 'e8e8c0 fdfdf6 ffffff', 'c03a70 ec80a8 fbc0d8'],
    'cornflower': ['3a20a0 3858d8 6c90f4', '5a2a90 8058c8 b898ec', 'c05a90 ec90bc fcd0e4'],
    'spike': ['4a2a80 7450b8 a68ce0', '3a3090 5c60cc 98a0ec', '803a90 b070c0 dcb0e4', 'c0b8d8 e8e4f4 ffffff'],
    'cluster': ['6070c8 8aa0e8 c0d0fa', 'b86ab0 dc9cd4 f6d0f0', 'c8d8a0 eaf2d0 ffffff',
                '5a50b0 7a70d0 b0a8ee', 'd0608c f094b4 fccbdc'],
}


LOOKS = tuple(GARDEN)


def draw(rng, size=256, only=LOOKS):
    """One picture: uint8 (size, size, 3). `only`: of these species."""
    side = int(size * SUPERSAMPLE)
    view = View(rng, side)
    things = plant(rng, view, only)
    scene = surfaces.Scene(things, side, view.focal, view.density)
    seen = surfaces.look(scene)
    light = lit(rng, view, scene, seen)
    light = np.where(seen.hit[..., None], light, beyond(rng, view))
    away = np.where(seen.hit, np.abs(view.focus / np.maximum(seen.place[..., 2], .1) - 1), .8)
    light = reduce(np.concatenate([light, away[..., None]], axis=2), size)
    light = surfaces.out_of_focus(light[..., :3], np.minimum(light[..., 3] * view.aperture * size / 256, 10))
    return develop(light, rng, exposure=view.exposure, saturation=rng.uniform(1.05, 1.25),
                   glare=rng.uniform(.03, .1), vignette=rng.uniform(.1, .45), grain=rng.uniform(.004, .012),
                   contrast=rng.uniform(.2, .6), soften=rng.uniform(.3, .5))


class View:
    """Camera and light of a picture. The bed is the plane y = 0 of the world (x right, y up, z away); a flower's radius is 1."""

    dappled = True      # clouds and trees cast their shade

    def __init__(self, rng, side):
        kind = rng.choice(['macro', 'bed', 'field'], p=[.2, .5, .3])
        large = {'macro': (.25, .38), 'bed': (.11, .26), 'field': (.1, .17)}[kind]
        pitch = {'macro': (35, 90), 'bed': (40, 90), 'field': (20, 38)}[kind]
        self.side, self.kind = side, kind
        self.radius = np.exp(rng.uniform(*np.log(large))) * side        # of a flower in the middle, in pixels
        self.pitch = np.radians(rng.uniform(*pitch))
        self.focal = side * rng.uniform(1.3, 2.4)
        self.distance = self.focal / self.radius
        self.eye = np.array([0, np.sin(self.pitch), -np.cos(self.pitch)]) * self.distance
        ahead, down = np.array([0, -np.sin(self.pitch), np.cos(self.pitch)]), np.array([0, -np.cos(self.pitch), -np.sin(self.pitch)])
        self.frame = np.stack([[1, 0, 0], down, ahead])                 # world to camera space
        self.focus = self.distance * rng.uniform(.9, 1.1)
        self.aperture = rng.uniform(2, 9) * (self.radius / side / .15) ** .3
        self.density = 1.12
        towards = rng.uniform(0, 2 * np.pi)
        height = rng.uniform(.35, 1.4)
        sun = np.array([np.cos(towards), height, np.sin(towards)])
        self.sun = self.frame @ (sun / np.linalg.norm(sun))
        warm = rng.random() ** 2
        shine = rng.uniform(.55, 1.2) if rng.random() < .82 else rng.uniform(.05, .3)
        self.sunlight = lerp(np.array([1., .95, .86]), np.array([1., .66, .36]), warm) * 2 * shine
        self.skylight = lerp(np.array([.70, .78, .92]), np.array([.85, .8, .8]), rng.random()) * rng.uniform(.35, .75)
        self.skylight *= np.clip(1.6 - shine, .5, 1.2)
        self.sunlight, self.skylight = self.sunlight.astype(np.float32), self.skylight.astype(np.float32)
        self.exposure = rng.uniform(.75, 1.3)

    def to_camera(self, point):
        return self.frame @ (np.asarray(point) - self.eye)

    def bed(self, rng, spacing, margin=1.3):
        """Points (x, z) of the bed that the camera can see, one a cell of a jittered grid of triangles; the far ones get sparser."""
        spots = []
        half = self.side / 2 / self.focal
        low, high = self.pitch - np.arctan(half), self.pitch + np.arctan(half)
        near, far = (self.eye[2] + self.eye[1] / np.tan(angle) for angle in (high, max(low, .06)))
        far = min(far, self.eye[2] + 4.5 * self.distance)
        z = near - margin
        odd = False
        while z < far + margin:
            depth = (self.frame @ (np.array([0, 0, z]) - self.eye))[2]
            wide = max(depth, .5) * half + margin
            step = spacing * max(1, .62 * depth / self.distance)
            for x in np.arange(-wide - odd * step / 2, wide + step, step):
                spots.append((x + rng.uniform(-.25, .25) * step, z + rng.uniform(-.25, .25) * step))
            odd = not odd
            z += step * .87
        return np.array(spots)


def plant(rng, view, names):
    """The things of the picture."""
    if view.kind == 'field':
        often, otherwise = {'tulip': 3, 'poppy': 4, 'daisy': 3, 'spike': 4, 'sunflower': 2, 'cornflower': 2, 'anemone': 2}, .5
    else:
        often, otherwise = {'spike': .4, 'rose': 3, 'peony': 2, 'tulip': 1.3}, 1
    weights = [often.get(name, otherwise) for name in names]
    species_here = min(rng.choice([1, 2, 3], p=[.4, .4, .2]), len(names))
    kinds = rng.choice(names, size=species_here, replace=False, p=np.array(weights) / np.sum(weights))
    fine = int(np.clip(view.radius * view.density * 1.1, 12, 170))
    plants = []
    for i in range(max(len(kinds), rng.integers(2, 4))):
        species = str(kinds[i % len(kinds)])
        paint = mixed(rng, str(rng.choice(GARDEN[species])))
        plants.append([blooms.flower(rng, species, paint, fine) for _ in range(1 if fine > 60 else 2)])
    plants.sort(key=lambda variants: variants[0][0].colours.mean())     # drifts go from dark flowers to bright ones
    grassy = [rng.random() < .3 for _ in range(3)]
    leaves = [blooms.leaf(rng, np.clip(fine, 12, 60), grass) for grass in grassy]

    drift, rank = fractal(rng, 64, 2.6, rng.choice([1.5, 3.])), fractal(rng, 64, 2., 2)
    scale = rng.uniform(4, 9) * max(1, .16 * view.side / view.radius)
    gap = rng.uniform(1.25, 1.65)
    tall, sparse = rng.uniform(.1, .4), rng.choice([.6, 1.3, 3.], p=[.2, .4, .4])
    lean = view.frame.T @ np.array([0, 0, -1.])
    things = []
    bed = view.bed(rng, gap)
    kind = sample(drift, *(bed.T / scale / 4)) + rng.normal(0, .25, len(bed))
    bare = sample(rank, *(bed.T / scale / 3 + .5)) + rng.normal(0, .3, len(bed)) > sparse      # clearings: leaves only
    for (x, z), here in zip(bed[~bare], kind[~bare]):
        which = plants[int(np.clip((here + 1.2) / 2.4 * len(plants), 0, len(plants) - 1))]
        facing = np.array([0, 1, 0]) + lean * rng.uniform(.1, .7) + rng.normal(0, .3, 3)
        put(rng, view, things, which[rng.integers(len(which))], (x, rng.normal(0, tall), z), facing, rng.uniform(.78, 1.06))
    for x, z in view.bed(rng, 1.15, 1.8):
        facing = np.array([0, 1, 0]) + rng.normal(0, .5, 3)
        kind = rng.integers(len(leaves))
        put(rng, view, things, [leaves[kind]], (x, -rng.uniform(.8, 1.5) - grassy[kind], z), facing, rng.uniform(.7, 1.4), .35)
    return things


def put(rng, view, things, meshes, place, facing, scale, spread=.1):
    place = view.to_camera(place)
    half = .5 * view.side / view.focal * place[2] + 1.4 * scale
    if place[2] < .4 * scale + .5 or abs(place[0]) > half or abs(place[1]) > half:
        return
    turn = surfaces.turned(view.frame @ facing, rng.uniform(0, 2 * np.pi))
    tint = np.clip(rng.normal(1, spread) * rng.normal(1, .03, 3), .4, 1.5)
    things += [surfaces.Thing(mesh, turn, scale, place, tint) for mesh in meshes]


def mixed(rng, words):
    """A paint of the garden, a little off."""
    shift = rng.normal(1, .06, 3)
    srgb = [(int(word, 16) >> np.array([16, 8, 0]) & 255) / 255 for word in words.split()]
    colours = [tuple(np.clip(colour, .1, .97) ** 2.2 * shift) for colour in srgb]
    return Paint(*colours, reach=rng.uniform(.2, .5))


def lit(rng, view, scene, seen):
    """Linear light of what is seen: sun with cast shadows, light that shines through petals, and the sky's in hollows."""
    facing = seen.normal @ view.sun.astype(np.float32)
    shade = dapple(rng, view) if view.dappled else np.ones((view.side, view.side))
    sun = surfaces.sunlit(scene, seen, view.sun, rng.uniform(.5, 1.2)) * shade
    unit = view.radius / view.focal * view.distance         # one flower's radius, in depth
    open_sky = surfaces.hollows(seen.place[..., 2], seen.hit, .5 * unit, (view.radius * .07, view.radius * .3))
    open_sky *= surfaces.hollows(seen.place[..., 2], seen.hit, .12 * unit, (max(view.radius * .02, .8),))
    up = (seen.normal @ (view.frame @ np.array([0, 1, 0])).astype(np.float32) * .5 + .5)
    front, through = np.clip(facing * .85 + .15, 0, 1), np.clip(-facing, 0, 1)
    colour = seen.colour
    open_sky = open_sky ** (1 - .6 * colour.mean(axis=2))   # between bright petals light goes to and fro
    warm = colour ** 1.25 * 1.05                            # light that went through a petal, or from one to the next
    direct = (sun * front)[..., None] * colour + (.55 * through * (.35 + .65 * sun))[..., None] * warm
    ambient = (open_sky * (.45 + .55 * up))[..., None] * colour + .25 * ((1 - open_sky) * open_sky)[..., None] * warm
    half = view.sun + np.array([0, 0, -1.])
    sheen = np.clip(seen.normal @ (half / np.linalg.norm(half)).astype(np.float32), 0, 1) ** 24 * sun * .07
    bounced = (.13 * shade * open_sky)[..., None] * warm
    return (direct + bounced + sheen[..., None]) * view.sunlight + ambient * view.skylight * (.5 + 1.1 * shade)[..., None]


def dapple(rng, view):
    """The share of the sun that clouds and trees let through, over the frame: (side, side)."""
    small = fractal(rng, 64, rng.uniform(1.8, 2.6), rng.choice([1., 2., 3.]))
    shade = smoothstep(*(np.array([-.5, .5]) * rng.uniform(.25, 1.) + rng.normal(0, .4)), small)
    least = rng.uniform(.02, .5)
    at = (np.arange(view.side) + .5) / view.side
    return least + (1 - least) * sample(shade.astype(np.float32), at[None] * .8 + .1, at[:, None] * .8 + .1)


def beyond(rng, view):
    """What shows between and behind the plants: earth and shade, or a far blur of hedge and sky."""
    side = view.side
    dark = np.array([.012, .020, .008]) * rng.uniform(.5, 2)
    far = np.array([.06, .10, .04]) * rng.uniform(.3, 2) * (view.sunlight.mean() + .3)
    y = np.linspace(0, 1, side, dtype=np.float32)[:, None, None]
    mottle = fractal(rng, 64, 1.8, 2)
    at = (np.arange(side) + .5) / side * .9
    soft = sample(mottle, at[None], at[:, None])[..., None]
    if view.kind != 'field':
        return dark * np.exp(.4 * soft) * (view.sunlight + view.skylight)
    sky = view.skylight * rng.uniform(.3, 1.2)
    return lerp(lerp(sky, far, smoothstep(0, rng.uniform(.1, .4), y)) * np.exp(.25 * soft), dark, smoothstep(.35, .6, y))
