"""The land under a night sky: mountains, a forest's silhouette, snow, and water that mirrors all of it."""
import numpy as np
from PIL import Image, ImageDraw

from . import heightfield
from .noise import blur, fractal, grid, lerp, line, sample, smoothstep


def add(rng, sky, horizon, ambient):
    """`sky` (size, size, 3) in linear light, with land before it.

    horizon   the row of eye level in the middle of the frame; the land fills what lies below, if anything does
    ambient   (3,) linear light that falls on the land
    """
    size = len(sky)
    if horizon > size * 1.05:                               # looking up: at most treetops reach into the frame
        return framed_by_trees(rng, sky, ambient) if rng.random() < .45 else sky
    horizon = min(horizon, size * .97)
    picture = sky.copy()
    water = rng.random() < .45
    if rng.random() < .7:
        picture = mountains(rng, picture, horizon, ambient)
    if rng.random() < .6 or not water:
        picture = forest(rng, picture, horizon, ambient, rng.uniform(.01, .07))
    if water:
        picture = mirrored(rng, picture, horizon)
    else:
        picture = snow(rng, picture, horizon, ambient)
    if rng.random() < .3:
        near = max(horizon + size * .03, size * rng.uniform(.9, 1.06))
        picture = forest(rng, picture, near, ambient, rng.uniform(.15, .5), few=True)
    return picture


def mountains(rng, picture, horizon, ambient):
    """Snow and rock, lit by the sky, one range behind another in haze."""
    size, columns = len(picture), picture.shape[1]
    distances = heightfield.slices(3, 30, 150)
    x = distances[:, None] * np.linspace(-.6, .6, columns, dtype=np.float32)[None]
    z = np.broadcast_to(distances[:, None], x.shape)
    base = fractal(rng, 256, 2.3, 2)
    crest = np.exp(-np.abs(fractal(rng, 256, 2.6, 3)) * 1.3)
    u, v = x / 30 + rng.random(), z / 30 + rng.random()
    form = .35 * sample(base, u, v) + 1.4 * sample(crest, u, v) - .75 + .05 * sample(base, u * 4, v * 4)
    heights = rng.uniform(.06, .34) * form * smoothstep(3, 9, distances)[:, None] * distances[:, None] ** .8 - .05
    at, seen, _ = heightfield.look(heights.astype(np.float32), distances, size, horizon, size * .9)

    side = np.gradient(heights, axis=1) / (distances[:, None] * 1.2 / columns)
    light = np.clip(.55 + rng.choice([-1, 1]) * .55 * side, .06, 1.4)
    rock = smoothstep(.2, 1.3, np.abs(side) + .35 * sample(base, u * 9, v * 9)) * rng.uniform(.5, 1)
    tone = light * lerp(1., .12, rock) * rng.uniform(.35, 1.1)
    haze = heightfield.read(np.broadcast_to((1 - np.exp(-distances / 45))[:, None], x.shape), at)[..., None]
    ground = heightfield.read(tone.astype(np.float32), at)[..., None] * ambient
    behind = picture[max(int(horizon) - size // 6, 0):max(int(horizon), 1)].reshape(-1, 3).mean(axis=0)
    return lerp(picture, lerp(ground, behind, haze), seen[..., None])


def forest(rng, picture, ground_row, ambient, height, few=False):
    """Spruces along a line of the land; `height` of a tree, of the frame's. `few`: single ones, at the sides."""
    size = len(picture)
    cover = silhouette(rng, size, ground_row, height, few)[..., None]
    _, y = grid(size)
    frost = .05 + .12 * np.clip(1 - (y * size - ground_row + height * size) / (height * size), 0, 1)
    return lerp(picture, frost[..., None] * ambient * rng.uniform(.1, .8), cover)


def silhouette(rng, size, ground_row, height, few, detail=3):
    """How much of each pixel is tree or the ground below, 0..1."""
    side = size * detail
    mask = Image.new('L', (side, side))
    pen = ImageDraw.Draw(mask)
    land = ground_row * detail + line(rng, side, 1.8, 1) * min(height, .12) * side * .16
    pen.polygon([(0, side), *zip(range(side), land.tolist()), (side, side)], fill=255)
    count = rng.integers(1, 6) if few else int(np.clip(rng.uniform(.7, 2.2) / height, 8, 90))
    places = rng.random(count)
    if few:
        places = np.where(rng.random(count) < .5, places * .3, 1 - places * .3)
    for place in places:
        tall = height * side * rng.uniform(.45, 1.1) * (1 if few else .5 + rng.random())
        x = place * side
        spruce(rng, pen, x, land[min(int(x), side - 1)] + tall * .06, tall)
    return np.asarray(mask, np.float32).reshape(size, detail, size, detail).mean(axis=(1, 3)) / 255


def spruce(rng, pen, x, foot, tall, turn=0.):
    """A conifer: boughs that droop, wider and rougher towards the foot; the whole turned about the picture's middle."""
    tiers = int(np.clip(tall / 9, 5, 26))
    spread = tall * rng.uniform(.13, .22)
    down = np.linspace(0, 1, tiers)[:, None]
    reach = spread * (.03 + down ** .85) * rng.uniform(.65, 1.15, (tiers, 2)) * [-1, 1]
    y = foot - tall * (1 - down * .93)
    tip, notch = np.stack([x + reach, y + tall * .035 + 0 * reach], 2), np.stack([x + reach * .45, y + tall * .01 + 0 * reach], 2)
    sides = np.stack([tip, notch], 1).reshape(2 * tiers, 2, 2)
    trunk = tall * .012
    outline = np.concatenate([[[x, foot - tall * 1.02]], sides[:, 1], [[x + trunk, foot], [x - trunk, foot]], sides[::-1, 0]])
    middle = pen.im.size[0] / 2
    cos, sin = np.cos(turn), np.sin(turn)
    outline = (outline - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle
    pen.polygon([tuple(point) for point in outline.tolist()], fill=255)


def framed_by_trees(rng, picture, ambient):
    """Looking up in a wood: treetops point from the edges to the middle."""
    size = len(picture)
    detail = 3
    side = size * detail
    mask = Image.new('L', (side, side))
    pen = ImageDraw.Draw(mask)
    for _ in range(rng.integers(2, 9)):
        turn = rng.normal(0, .35)
        spruce(rng, pen, side * rng.uniform(.3, .7), side * 1.35, side * rng.uniform(.45, .95), turn)
    cover = np.asarray(mask, np.float32).reshape(size, detail, size, detail).mean(axis=(1, 3)) / 255
    return lerp(picture, ambient * .04, cover[..., None])


def mirrored(rng, picture, shore):
    """Water from the shore's row downwards: the picture upside down, rippled, darker by what does not reflect."""
    size = len(picture)
    x, y = grid(size)
    row = int(min(shore + size * rng.uniform(.0, .02), size - 2))
    depth = np.clip(y * size - row, 0, None) / max(size - row, 1)
    wind = rng.choice([.002, .008, .03])
    u, v = x * 2, np.log(.06 + depth) * 1.6
    ripple = sample(fractal(rng, 256, 1.3, 4, stretch=(1, 5)), u, v) * wind * (.15 + depth)
    smooth = lerp(picture, blur(picture, size / 170, size / 32), min(1, wind * 40))
    above = np.clip(2 * row / size - y + ripple * 2.2, 0, row / size - .5 / size)
    water = sample(smooth, np.clip(x + ripple * .4, .5 / size, 1 - 1.5 / size), above - .5 / size)
    water = water * lerp(.9, rng.uniform(.45, .7), depth)[..., None] * [.85, .95, 1.]
    return lerp(picture, water, smoothstep(0, 1.5, y * size - row)[..., None])


def snow(rng, picture, horizon, ambient):
    """Open ground with drifts, lit by the sky."""
    size, columns = len(picture), picture.shape[1]
    distances = heightfield.slices(.6, 40, 150)
    x = distances[:, None] * np.linspace(-.6, .6, columns, dtype=np.float32)[None]
    drift = fractal(rng, 256, 2.3, 2, stretch=(1, 2))
    u, v = x / 12 + rng.random(), distances[:, None] / 12 + 0 * x
    heights = .05 * sample(drift, u, v) + .012 * sample(drift, u * 5, v * 5) - rng.uniform(.22, .5)
    at, seen, _ = heightfield.look(heights, distances, size, horizon, size * .9)
    slope = np.gradient(heights, axis=1) / (distances[:, None] * 1.2 / columns)
    rise = np.gradient(heights, axis=0) / np.gradient(distances)[:, None]
    tone = np.clip(.6 + 1.6 * slope * rng.choice([-1, 1]) + .8 * rise, .1, 1.5)
    tone *= 1 - rng.uniform(.3, .8) * smoothstep(.5, 1.6, sample(drift, u * 3 + .3, v * 3)) * rng.choice([0, 1])
    ground = heightfield.read(tone.astype(np.float32), at)[..., None] * ambient * rng.uniform(.25, 1.1)
    return lerp(picture, ground, seen[..., None] * smoothstep(-1, 1, np.arange(size) - horizon)[:, None, None])
