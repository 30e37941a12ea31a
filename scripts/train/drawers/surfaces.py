"""Renders many small curved surfaces, as petals and leaves are, with shadows and depth of field.

A surface is a grid of points. All points of a picture are thrown onto its pixels at once and the nearest one stays; what
the pixel shows is worked out afterwards, for the points that stayed. Camera space: x right, y down, z away from the camera.
"""
import math
from dataclasses import dataclass

import numpy as np

from .noise import blur, enlarge, lerp, shrink

BLOCK = 4       # points a side


@dataclass
class Mesh:
    """Surfaces of one thing, a flower or a leaf, about one unit large; the thing faces along +z.

    Grids, float32: points (surfaces, rows, columns, 3), colours of the same shape in linear light, and normals.
    """
    points: np.ndarray
    colours: np.ndarray
    normals: np.ndarray = None
    step: float = 0.        # the longest way from one row to the next

    def __post_init__(self):
        spine = np.diff(self.points[:, :, self.points.shape[2] // 2], axis=1)
        self.step = float(np.sqrt((spine ** 2).sum(axis=-1).max()))
        if self.normals is None:
            along, across = difference(self.points, 1), difference(self.points, 2)
            normals = cross(along, across)
            self.normals = normals / np.sqrt(np.maximum((normals ** 2).sum(axis=-1, keepdims=True), 1e-18))

    def blocks(self, stride):
        """The mesh in BLOCK×BLOCK points a block, a stride apart: middles (n, 3), then points, colours and normals (n, 16, 3)."""
        _, rows, columns, _ = self.points.shape
        row, column = (np.linspace(0, n - 1, BLOCK * max(1, round(n / stride / BLOCK))).round().astype(int)
                       for n in (rows, columns))
        parts = []
        for grid in (self.points, self.colours, self.normals):
            cut = grid[:, row[:, None], column[None]]
            cut = cut.reshape(len(cut), len(row) // BLOCK, BLOCK, len(column) // BLOCK, BLOCK, 3).swapaxes(2, 3)
            parts.append(np.ascontiguousarray(cut.reshape(-1, BLOCK * BLOCK, 3)))
        return [(parts[0][:, 5] + parts[0][:, 10]) / 2, *parts]         # 5 and 10 lie across the middle


@dataclass
class Thing:
    """A mesh put somewhere: its points become `turn @ point * scale + place`, its colours are multiplied by `tint`."""
    mesh: Mesh
    turn: np.ndarray        # (3, 3)
    scale: float
    place: np.ndarray       # (3,), camera space
    tint: np.ndarray        # (3,)


@dataclass
class Seen:
    """What each pixel sees, (side, side[, 3]): colour, normal, place in camera space; `hit` is false where nothing is."""
    colour: np.ndarray
    normal: np.ndarray
    place: np.ndarray
    hit: np.ndarray


def difference(grid, axis):
    """From each point's neighbour before to the one after it, along an axis; at the ends from or to the point itself."""
    padded = np.concatenate([grid.take([0], axis), grid, grid.take([-1], axis)], axis)
    n = grid.shape[axis]
    return padded.take(range(2, n + 2), axis) - padded.take(range(n), axis)


def cross(a, b):
    """The vector product along the last axis; numpy's own is slow for what is small and for what is large."""
    ax, ay, az, bx, by, bz = a[..., 0], a[..., 1], a[..., 2], b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def turned(facing, roll):
    """A rotation that takes +z to the direction of `facing`, after a turn by `roll` about it."""
    x, y, z = facing
    length = math.sqrt(x * x + y * y + z * z)
    x, y, z = x / length, y / length, z / length
    flat = math.hypot(x, z)
    a = (z / flat, 0., -x / flat) if flat > 1e-6 else (1., 0., 0.)
    b = (y * a[2], z * a[0] - x * a[2], -y * a[0])          # z × a
    c, s = math.cos(roll), math.sin(roll)
    return np.array([[p * c + q * s, q * c - p * s, r] for p, q, r in zip(a, b, (x, y, z))], np.float32)


class Scene:
    """All points that matter of many things: those that something nearer surely hides are left out.

    A first look at the middles of the blocks alone, in a picture a quarter as large, tells which blocks are hidden.
    """

    def __init__(self, things, side, focal, density):
        """`density`: points a pixel along a line; a thing that is small in the picture is thinned to it."""
        self.side, self.focal = side, focal
        things = sorted(things, key=lambda t: -t.place[2])  # near ones last: they overwrite
        cache, middles, blocks = {}, [], []
        for thing in things:
            pixels = focal * thing.scale / max(thing.place[2], .1)
            key = id(thing.mesh), stride_for(thing.mesh, pixels, density)
            if key not in cache:
                cache[key] = thing.mesh.blocks(key[1])
            blocks.append(cache[key])
            middles.append(cache[key][0] @ (thing.turn.T * np.float32(thing.scale)) + thing.place.astype(np.float32))
        self.middles = np.concatenate(middles)
        kept = self.unhidden(self.middles, max(t.scale for t in things))
        cuts = np.cumsum([0, *map(len, middles)])
        places, colours, normals = [], [], []
        for thing, block, a, b in zip(things, blocks, cuts, cuts[1:]):
            own = np.flatnonzero(kept[a:b])
            if len(own):
                turn = thing.turn.T
                points = block[1][own].reshape(-1, 3) @ (turn * np.float32(thing.scale))
                places.append(points + thing.place.astype(np.float32))
                colours.append((block[2], own, thing.tint.astype(np.float32)))
                normals.append((block[3], own, turn))
        self.places, self.colours, self.normals = np.concatenate(places), colours, normals

    def unhidden(self, middles, unit):
        side = self.side // BLOCK
        depth = np.ascontiguousarray(middles[:, 2])
        scale = self.focal / BLOCK / np.maximum(depth, 1e-3)
        column, row = middles[:, 0] * scale + side / 2 + 1, middles[:, 1] * scale + side / 2 + 1
        side += 2                                           # a margin of a block
        winner = nearest(column, row, depth, side)
        first = np.where(winner >= 0, depth[winner], 1e9).reshape(side, side)
        deepest = spread(first, np.maximum) + .1 * unit
        closed = spread(spread(spread(first, np.minimum), np.maximum), np.maximum) + 1.1 * unit   # deep down in a chink
        deepest = np.minimum(deepest, closed)
        column, row = column.astype(np.int32), row.astype(np.int32)
        inside = (column >= 0) & (column < side) & (row >= 0) & (row < side) & (depth > 0)
        cell = np.where(inside, row * side + column, 0)
        return inside & (depth < deepest.ravel()[cell])


def spread(picture, most):
    """The least or the greatest (np.minimum, np.maximum) of each 3×3 neighbourhood; it wraps."""
    for axis in (0, 1):
        picture = most(picture, most(np.roll(picture, 1, axis), np.roll(picture, -1, axis)))
    return picture


def stride_for(mesh, pixels_a_unit, density):
    """How many of a mesh's points lie on 1 / density pixels; in steps, so that things share what is thinned."""
    points = 1 / max(mesh.step * pixels_a_unit * density, 1e-6)
    return 2 ** (round(2 * math.log2(max(points, 1))) / 2)


def nearest(column, row, depth, side):
    """For each pixel the number of the point with the least depth, -1 where there is none: (side · side,)."""
    column, row = column.astype(np.int32), row.astype(np.int32)
    inside = (column.view(np.uint32) < side) & (row.view(np.uint32) < side) & (depth > 0)     # unsigned: -1 is far outside
    ids = np.flatnonzero(inside).astype(np.int32)
    cell = row[ids] * side + column[ids]
    winner = np.full(side * side, -1, np.int32)
    while len(ids):                                         # of those that share a pixel the last one stays …
        winner[cell] = ids
        nearer = depth[ids] < depth[winner[cell]]           # … and those before it are thrown again
        ids, cell = ids[nearer], cell[nearer]
    return winner


def look(scene):
    """The nearest point in each pixel of the scene's picture."""
    side, places = scene.side, scene.places
    depth = np.ascontiguousarray(places[:, 2])
    scale = scene.focal / np.maximum(depth, 1e-3)
    winner = nearest(places[:, 0] * scale + side / 2, places[:, 1] * scale + side / 2, depth, side)
    winner = closed(winner.reshape(side, side), depth).ravel()

    hit = winner >= 0
    pixels = np.flatnonzero(hit)
    pixels = pixels[np.argsort(winner[pixels])]
    ids = winner[pixels]
    starts = np.cumsum([0, *(len(own) * BLOCK ** 2 for _, own, _ in scene.colours)])
    colour, normal = np.zeros((side * side, 3), np.float32), np.zeros((side * side, 3), np.float32)
    cuts = np.searchsorted(ids, starts)
    for (colours, own, tint), (normals, _, turn), start, a, b in zip(scene.colours, scene.normals, starts, cuts, cuts[1:]):
        if a < b:
            block, point = divmod(ids[a:b] - start, BLOCK ** 2)
            colour[pixels[a:b]] = colours[own[block], point] * tint
            normal[pixels[a:b]] = normals[own[block], point] @ turn
    place = places[np.maximum(winner, 0)]
    away = (normal * place).sum(axis=1) > 0                 # surfaces have two sides: show the one towards the camera
    normal[away] *= -1
    shape = (side, side, 3)
    return Seen(colour.reshape(shape), normal.reshape(shape), place.reshape(shape), hit.reshape(side, side))


def closed(winner, depth):
    """Chinks of one or two pixels that a thinly spread surface left open take what lies on both sides of them."""
    z = np.where(winner >= 0, depth[winner], np.float32(1e9))
    for axis in (0, 1, 0, 1):
        for before, after in ((1, 1), (1, 2), (2, 1)):
            ahead, behind = np.roll(z, before, axis), np.roll(z, -after, axis)
            gap = (np.maximum(ahead, behind) < z * .997) & (np.abs(ahead - behind) < .02 * ahead)
            winner = np.where(gap, np.roll(winner, 1, axis) if before == 1 else np.roll(winner, -1, axis), winner)
            z = np.where(gap, ahead if before == 1 else behind, z)
    return winner


def sunlit(scene, seen, sun, softness):
    """How much sun reaches what each pixel sees, 0..1, from two pictures of depths taken from the sun.

    A coarse one of all blocks tells what stands in whose shade; a fine one of the points that the camera sees, and what lies
    just before them, draws the shadows within a flower.

    sun   unit vector towards it, camera space
    """
    z = -sun.astype(np.float32)                             # the way the light travels
    x = cross(np.array([0, 1, 0] if abs(z[1]) < .9 else [1, 0, 0]), z)
    x = x / np.linalg.norm(x)
    frame = np.stack([x, cross(z, x), z], axis=1).astype(np.float32)
    at = seen.place.reshape(-1, 3) @ frame
    shown = at[seen.hit.ravel()][::7, :2]
    low, high = np.percentile(shown, 1, axis=0), np.percentile(shown, 99, axis=0)
    low = np.array([*low, at[:, 2].min() - 50], np.float32)
    at -= low
    light = 1
    for points, side, bias in ((scene.middles, scene.side // 3, (2.5, 6)), (scene.places[::2], scene.side * 2 // 3, (2.5, 7))):
        from_sun = points @ frame - low
        scale = np.float32(side / max(high - low[:2]))
        winner = nearest(from_sun[:, 0] * scale, from_sun[:, 1] * scale, np.ascontiguousarray(from_sun[:, 2]), side)
        first = np.where(winner >= 0, from_sun[winner, 2], np.float32(1e9)) * scale
        light = np.minimum(light, reached(at * scale, first, side, bias, softness))
    return light.reshape(seen.hit.shape)


def reached(at, first, side, bias, softness):
    """The share of looks around a place that nothing stands before: at (n, 3) in cells, first (side · side,) depths."""
    light = 0
    for dx, dy in ((-.9, -.4), (.4, -.9), (.9, .4), (-.4, .9)):
        column = np.clip(at[:, 0] + np.float32(dx * softness), 0, side - 1).astype(np.int32)
        row = np.clip(at[:, 1] + np.float32(dy * softness), 0, side - 1).astype(np.int32)
        light = light + np.clip((bias[1] - at[:, 2] + first[row * side + column]) / (bias[1] - bias[0]), 0, 1)
    return light / 4


def hollows(depth, hit, unit, reaches):
    """How open each pixel's surroundings are to the sky, 0..1, from what stands nearer around it.

    depth     (side, side); unit: the depth of a hollow that takes most of the light; reaches: deviations in pixels
    """
    z = np.where(hit, depth, depth[hit].max() if hit.any() else 1.)
    total = 0.
    for reach in reaches:
        total = total + np.clip((z - blur_small(z, reach)) / unit, -.25, 1.5)
    return np.exp(-1.25 * np.maximum(total, -.3)).astype(np.float32)


def blur_small(picture, reach):
    """A blur of a large picture, at the resolution that it needs."""
    times = 4 if reach >= 6 else 2 if reach >= 3 else 1
    if times == 1:
        return blur(picture, reach)
    small = blur(shrink(picture, times), reach / times)
    return enlarge(small if small.ndim == 3 else small[..., None], len(picture)).reshape(picture.shape)


def out_of_focus(picture, circle):
    """(side, side, 3) blurred at each pixel by its own deviation, `circle` (side, side) in pixels.

    What is sharp does not bleed into what is not: a pixel takes part in a blur as far as it is blurred itself.
    """
    levels = [0, .8, 1.6, 3.2, 6.4, 12.8]
    result = previous = picture
    for low, high in zip(levels, levels[1:]):
        if circle.max() <= low:
            break
        part = np.clip(circle / high, .02, 1)[..., None]
        wide = blur_small(np.concatenate([picture * part, part], axis=2), high)
        wide = wide[..., :3] / wide[..., 3:]
        here = np.clip((circle - low) / (high - low), 0, 1)[..., None]
        result = np.where((circle > low)[..., None], lerp(previous, wide, here), result)
        previous = wide
    return result
