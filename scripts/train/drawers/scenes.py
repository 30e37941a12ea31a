"""Draws what stands before a camera, for a painter's input: hands, faces, cups, letters, boxes and blobs in soft light, grey.

Nothing of it is meant to be looked at: the page's chains keep 11 to 16 pixels a side. What matters is that all that moves before
cameras has a likeness here, in all contrasts.
"""
import numpy as np

from .noise import enlarge, fractal

COARSE = 64     # pixels a side; the chains keep fewer


def draw(rng, size=256):
    """One picture: uint8 (size, size, 3), grey."""
    y, x = (np.mgrid[0:COARSE, 0:COARSE].astype(np.float32) + .5) / COARSE
    turn = rng.uniform(0, 2 * np.pi)
    ground = rng.uniform(0, 1) + rng.uniform(-.6, .6) * ((x - .5) * np.cos(turn) + (y - .5) * np.sin(turn))
    scene = ground + rng.choice([.02, .1, .3]) * _cloudy(rng)
    for _ in range(rng.integers(0, 6)):
        shape = SHAPES[rng.integers(len(SHAPES))]
        u, v = _placed(rng, x, y)
        soft = rng.uniform(.02, .2)
        cover = np.clip(.5 - shape(rng, u, v) / soft, 0, 1)
        scene = scene + (rng.uniform(-.1, 1.1) - scene) * cover * (1 - .3 * rng.random() * (u * u + v * v).clip(0, 1))
    if rng.random() < .5:                       # full contrast, as auto-exposure makes of most scenes
        low, high = np.percentile(scene, (2, 98))
        scene = (scene - low) / max(high - low, .1) * rng.uniform(.7, 1.05) + rng.uniform(-.05, .2)
    grey = enlarge(np.clip(scene + rng.normal(0, .02, scene.shape), 0, 1).astype(np.float32)[..., None], size)
    return np.repeat((grey * 255 + .5).astype(np.uint8), 3, axis=2)


def _cloudy(rng):
    """Soft noise of deviation about 1."""
    return fractal(rng, COARSE, rng.uniform(1.2, 2.6), rng.uniform(1, 6))


def _placed(rng, x, y):
    """Coordinates of a shape of size 1 that stands anywhere, turned and stretched."""
    turn, size, tall = rng.uniform(0, 2 * np.pi), rng.uniform(.1, .5), rng.uniform(.6, 1.6)
    x, y = x - rng.uniform(-.1, 1.1), y - rng.uniform(-.1, 1.1)
    return (x * np.cos(turn) + y * np.sin(turn)) / size, (y * np.cos(turn) - x * np.sin(turn)) / size / tall


# Each shape: how far outside of it a place (u, v) is, negative within, about 1 large.

def blob(rng, u, v):
    return np.hypot(u, v) - 1


def box(rng, u, v):
    return np.maximum(np.abs(u), np.abs(v)) - .8


def bar(rng, u, v):
    return np.maximum(np.abs(u) - .15, np.abs(v) - 2)


def hand(rng, u, v):
    """A palm and its fingers, spread."""
    away = np.hypot(u, v * .9 - .3) - .55
    spread = rng.uniform(.2, .4)
    for i in range(5):
        angle = (i - 2) * spread
        along, across = u * np.sin(angle) - v * np.cos(angle), u * np.cos(angle) + v * np.sin(angle)
        length = (.9, 1.25, 1.35, 1.25, .95)[i] if i else .9
        away = np.minimum(away, np.maximum(np.abs(across) - .12, np.abs(along - .4) - length + .4))
    return away


def face(rng, u, v):
    """A head without its eyes and mouth."""
    away = np.hypot(u, v * .8) - .9
    for x, y, wide in ((-.35, -.2, .16), (.35, -.2, .16), (0, .55, .3)):
        away = np.maximum(away, wide - np.hypot(u - x, (v - y) * 1.6))
    return away


def cup(rng, u, v):
    """A ring with a handle: a cup from above."""
    ring = np.abs(np.hypot(u, v) - .6) - .18
    return np.minimum(ring, np.maximum(np.abs(v) - .12, np.abs(u - 1) - .3))


def letter(rng, u, v):
    """Strokes along a grid."""
    away = np.full_like(u, 9.)
    for _ in range(rng.integers(2, 5)):
        at = rng.choice([-.7, 0, .7])
        a, b = (u, v) if rng.random() < .5 else (v, u)
        away = np.minimum(away, np.maximum(np.abs(a - at) - .15, np.abs(b) - .85))
    return away


SHAPES = (blob, blob, box, bar, hand, hand, face, cup, letter)
