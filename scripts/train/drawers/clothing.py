"""Draws clothing: small grey pictures of one piece each, bright on black, as Fashion-MNIST shows them.

A piece is a list of parts, from back to front: an outline in -1..1 (x right, y down), and how bright the part is. Outlines
are drawn large, filled, shaded with folds and a pattern, and shrunk.
"""
import numpy as np
from PIL import Image, ImageDraw

from .noise import blur, fractal, grid, lerp, reduce, smoothstep

LARGE = 256     # pixels a side, or twice the picture's


def draw(rng, size=32):
    """One picture: uint8 (size, size)."""
    side = size * max(2, LARGE // size)
    piece = PIECES[rng.integers(len(PIECES))]
    tone = rng.choice([rng.uniform(.15, .45), rng.uniform(.45, .8), rng.uniform(.8, 1.)], p=[.25, .4, .35])
    cloth = pattern(rng, side) * folds(rng, side)
    stretch, shift = rng.uniform(.9, 1.05, 2), rng.uniform(-.04, .04, 2)
    picture = np.zeros((side, side), np.float32)
    for outline, brightness in piece(rng):
        mask = filled(np.asarray(outline) * stretch + shift, side)
        seam = np.clip(mask - blur(mask, side / 60), 0, 1) * 2              # darker along the edges
        light = np.clip(tone * brightness * cloth * (1 - rng.uniform(.2, .6) * seam), 0, 1)
        picture = lerp(picture, light, mask)
    small = reduce(picture[..., None], size)[..., 0]
    small += rng.normal(0, .008, small.shape) * (small > .02)               # grain, but a clean background
    return (np.clip(small, 0, 1) * 255 + .5).astype(np.uint8)


def filled(outline, side):
    """How much of each pixel lies in the outline: (side, side), 0..1."""
    mask = Image.new('L', (side, side))
    points = (outline * .46 + .5) * side
    ImageDraw.Draw(mask).polygon([tuple(point) for point in points.tolist()], fill=255)
    return np.asarray(mask, np.float32) / 255


def rounded(points, times=2):
    """Cuts the corners of a closed outline (Chaikin)."""
    points = np.asarray(points, np.float64)
    for _ in range(times):
        following = np.roll(points, -1, axis=0)
        points = np.stack([.75 * points + .25 * following, .25 * points + .75 * following], axis=1).reshape(-1, 2)
    return points


def mirrored(right):
    """A closed outline from its right half, top to bottom."""
    right = np.asarray(right, np.float64)
    return rounded(np.concatenate([right, right[::-1] * [-1, 1]]))


def pattern(rng, side):
    """What is printed on the cloth, a factor: plain mostly, else stripes, checks, dots or a picture on the chest."""
    x, y = grid(side)
    kind = rng.choice(['plain', 'across', 'down', 'checks', 'print', 'mottled'], p=[.5, .12, .1, .08, .12, .08])
    period, dark = rng.uniform(.07, .22), rng.uniform(.35, .85)
    across, down = (smoothstep(-.2, .2, np.sin(2 * np.pi * t / period)) for t in (y, x))
    if kind == 'plain':
        return np.ones((side, side), np.float32)
    if kind == 'print':
        spot = np.hypot((x - .5) / rng.uniform(.12, .25), (y - rng.uniform(.35, .5)) / rng.uniform(.1, .22))
        return lerp(rng.choice([.3, 1.6]), 1., smoothstep(.8, 1.1, spot))
    if kind == 'mottled':
        return np.clip(1 + .3 * fractal(rng, side, 1.6, 4), .3, 1.5)
    share = {'across': across, 'down': down, 'checks': .5 * (across + down)}[kind]
    return lerp(dark, 1., share)


def folds(rng, side):
    """Light and shade of hanging cloth, a factor."""
    x, _ = grid(side)
    hang = fractal(rng, side, 2., 2, stretch=(rng.uniform(1.5, 4), 1))
    return np.clip(1 + rng.uniform(.03, .14) * hang - rng.uniform(0, .25) * (2 * x - 1) ** 2, .3, 1.4)


# ---- pieces

def top(rng, sleeve, flare=0., length=None):
    """A garment for the upper body, its sleeves (0 none, .4 short, 1 long) behind it."""
    shoulder, waist = rng.uniform(.42, .56), rng.uniform(.36, .48)
    hem, foot = waist + rng.uniform(-.02, .1) + flare, length or rng.uniform(.72, .95)
    neck, drop = rng.uniform(.14, .24), rng.uniform(.04, .22)
    body = mirrored([(0, -.88 + drop), (neck, -.92), (shoulder, -.80), (shoulder - .02, -.35), (waist, .15), (hem, foot),
                     (0, foot + .02)])
    parts = []
    if sleeve:
        reach, wide = sleeve * rng.uniform(1.2, 1.4), rng.uniform(.17, .24)
        out = rng.uniform(.12, .4) if sleeve > .6 else rng.uniform(.35, .75)
        end = np.array([shoulder + out * min(reach, .55 + .2 * sleeve), -.75 + reach])
        across = np.array([wide * .8, wide * .35 * (1.2 - sleeve)])
        arm = rounded([(shoulder - .12, -.86), (shoulder + .06, -.76), end + across * .4, end - across, (shoulder - .1, -.25)], 1)
        tone = rng.uniform(.8, 1.) if rng.random() < .8 else rng.uniform(.4, 1.5)
        parts += [(arm, tone), (arm * [-1, 1], tone)]
    parts.append((body, 1.))
    return parts, (shoulder, waist, hem, foot, neck, drop)


def t_shirt(rng):
    return top(rng, rng.uniform(.3, .5))[0]


def pullover(rng):
    parts, (_, _, hem, foot, neck, _) = top(rng, rng.uniform(.9, 1.1))
    parts.append((box(-hem, foot - .10, hem, foot), rng.uniform(.6, .95)))
    parts.append((rounded([(-neck, -.93), (neck, -.93), (neck * .7, -.74), (-neck * .7, -.74)], 1), rng.uniform(.5, .9)))
    return parts


def shirt(rng):
    parts, (_, _, _, foot, neck, drop) = top(rng, rng.choice([rng.uniform(.35, .5), rng.uniform(.9, 1.1)]))
    parts.append((box(-.035, -.80 + drop, .035, foot - .03), rng.uniform(.7, 1.2)))
    for side in (-1, 1):
        parts.append((np.array([(0, -.78 + drop), (side * neck, -.97), (side * (neck + .1), -.78)]), rng.uniform(.75, 1.25)))
    return parts


def coat(rng):
    parts, (_, _, _, foot, neck, _) = top(rng, rng.uniform(.95, 1.15), rng.uniform(.02, .2), rng.uniform(.86, 1.))
    parts.append((box(-.015, -.6, .015, foot), rng.uniform(.1, .5)))
    for side in (-1, 1):
        lapel = rounded([(side * .02, -.35), (side * neck * .6, -.98), (side * (neck + .14), -.70)], 1)
        parts.append((lapel, rng.uniform(.6, .95)))
        parts.append((box(side * .12 if side > 0 else -.34, .15, .34 if side > 0 else -.12, .2), rng.uniform(.3, .8)))
    return parts


def dress(rng):
    flare, waist = rng.uniform(.02, .4), rng.uniform(.18, .32)
    shoulder, neck = rng.uniform(.22, .36), rng.uniform(.1, .2)
    middle = rng.uniform(-.3, .05)
    body = mirrored([(0, -.72), (neck, -.96), (shoulder, -.92), (shoulder - .02, -.6), (waist, middle),
                     (waist + flare, .94), (0, .98)])
    parts = [(body, 1.)]
    if rng.random() < .5:
        parts.append((box(-waist - .02, middle - .04, waist + .02, middle + .04), rng.uniform(.3, .9)))
    if rng.random() < .4:
        reach = rng.uniform(.3, 1.)
        arm = rounded([(shoulder - .06, -.92), (shoulder + .1, -.8), (shoulder + .14, -.8 + reach),
                       (shoulder, -.8 + reach), (shoulder - .08, -.5)], 1)
        parts = [(arm, .9), (arm * [-1, 1], .9)] + parts
    return parts


def trousers(rng):
    waist, hip, leg, gap = rng.uniform(.24, .34), rng.uniform(.3, .42), rng.uniform(.13, .24), rng.uniform(.02, .12)
    foot = rng.uniform(.9, .98) if rng.random() < .8 else rng.uniform(.1, .4)
    half = rounded([(-.01, -.95), (waist, -.95), (hip, -.5), (gap + leg, foot), (gap, foot), (-.01, rng.uniform(-.4, -.2))], 1)
    return [(half, 1.), (half * [-1, 1], rng.uniform(.88, 1.)), (box(-waist, -.97, waist, -.88), rng.uniform(.5, 1.1))]


def skirt(rng):
    waist, hem, foot = rng.uniform(.26, .4), rng.uniform(.4, .85), rng.uniform(.3, .9)
    return [(mirrored([(0, -.72), (waist, -.72), (waist + .1, -.4), (hem, foot), (0, foot + .06)]), 1.),
            (box(-waist, -.76, waist, -.62), rng.uniform(.4, .9))]


def shoe(rng):
    ankle, heel = rng.uniform(-.35, -.05), rng.uniform(.0, .1)
    upper = rounded([(-.9, ankle), (-.45, ankle + .02), (-.1, .12), (.55, .22), (.9, .38), (.92, .55), (-.92, .55)], 2)
    parts = [(upper, 1.), (rounded([(-.93, .50), (.94, .50), (.95, .64), (-.9, .66 + heel)], 1), rng.uniform(.35, 1.4))]
    if rng.random() < .6:                                   # laces
        for t in np.linspace(.05, .8, 4):
            x, y = lerp(-.4, .3, t), lerp(ankle + .06, .22, t)
            lace = np.array([(x - .1, y + .10), (x + .06, y - .02), (x + .1, y + .02), (x - .06, y + .14)])
            parts.append((lace, rng.uniform(.3, 1.5)))
    else:
        parts.append((np.array([(-.2, .5), (.1, .18), (.3, .2), (.0, .5)]), rng.uniform(.3, 1.5)))
    return flipped(rng, parts)


def boot(rng):
    shaft, heel = rng.uniform(-.95, -.5), rng.uniform(.02, .35)
    wide = rng.uniform(.05, .25)
    upper = rounded([(-.6, shaft), (wide - .05, shaft), (wide, .1), (.6, .3), (.8, .5), (.82, .66), (-.62, .66), (-.66, .2)], 2)
    sole = [(-.64, .62), (.84, .62), (.84, .72), (.1, .72), (-.15, .72), (-.3, .72 + heel), (-.64, .72 + heel)]
    return flipped(rng, [(upper, 1.), (rounded(sole, 1), rng.uniform(.3, .9))])


def sandal(rng):
    heel = rng.uniform(.0, .5)
    sole = [(-.85, .45 - heel), (-.4, .50 - heel * .8), (.2, .58), (.9, .58), (.9, .68), (.1, .70),
            (-.55, .62 - heel * .6), (-.7, .7), (-.85, .7)]
    parts = [(rounded(sole, 1), 1.)]
    for at in rng.uniform(-.6, .7, rng.integers(2, 5)):
        tall = rng.uniform(.25, .6)
        base = .55 - heel * np.clip((.3 - at) / 1.1, 0, 1)
        strap = rounded([(at - .12, base), (at - .02, base - tall), (at + .10, base - tall), (at + .08, base)], 1)
        parts.append((strap, rng.uniform(.6, 1.3)))
    return flipped(rng, parts)


def bag(rng):
    wide, upper, high = rng.uniform(.6, .92), rng.uniform(.45, .9), rng.uniform(-.3, .0)
    bottom = rng.uniform(.5, .85)
    body = mirrored([(0, high), (upper, high), (wide, high + .2), (wide, bottom - .05), (wide - .06, bottom), (0, bottom)])
    arch, thick = rng.uniform(.25, .5), rng.uniform(.05, .1)
    t = np.linspace(np.pi, 0, 20)
    reach = rng.uniform(.5, .95) * (high + .95)
    outer = np.stack([arch * np.cos(t), high + .05 - reach * np.sin(t)], axis=1)
    inner = np.stack([(arch - thick) * np.cos(t), high + .05 - (reach - thick) * np.sin(t)], axis=1)[::-1]
    parts = [(np.concatenate([outer, inner]), rng.uniform(.6, 1.)), (body, 1.)]
    if rng.random() < .6:
        flap = mirrored([(0, high), (upper * .96, high), (upper * .8, high + .3), (0, high + .38)])
        parts.append((flap, rng.uniform(.65, 1.2)))
    if rng.random() < .5:
        parts.append((box(-.07, high + .28, .07, high + .42), rng.uniform(.3, 1.6)))
    return parts


def hat(rng):
    wide, crown = rng.uniform(.6, .95), rng.uniform(.35, .55)
    head = mirrored([(0, -.5), (crown * .8, -.45), (crown, .2), (0, .25)])
    return [(mirrored([(0, .1), (wide * .8, .15), (wide, .3), (wide * .6, .38), (0, .4)]), 1.), (head, 1.),
            (box(-crown * .97, .02, crown * .97, .18), rng.uniform(.3, .8))]


def box(left, upper, right, lower):
    return np.array([(left, upper), (right, upper), (right, lower), (left, lower)])


def flipped(rng, parts):
    """Looking left or right."""
    side = rng.choice([-1, 1])
    return [(outline * [side, 1], brightness) for outline, brightness in parts]


PIECES = (t_shirt, pullover, shirt, coat, dress, trousers, skirt, shoe, boot, sandal, bag, hat)
