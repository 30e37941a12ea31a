"""Random fields that the drawers build on: fractal noise, look-ups in it, blurs; all float32, all in whole arrays.

A *tile* is a periodic field (rows, columns); one unit of a look-up's coordinates is one tile. A field's deviation is 1.
"""
from functools import lru_cache

import numpy as np


def fractal(rng, shape, roughness=1.8, lowest=1., highest=None, stretch=(1., 1.)):
    """A tile of fractal noise whose amplitude falls as frequency^-roughness.

    shape      a number of pixels a side, or (rows, columns)
    roughness  1 is all detail, 3 is all large forms
    lowest     the form with the lowest frequency, in cycles a tile; nothing below half of it
    highest    nothing above, in cycles a tile
    stretch    (down, across): a form is this much longer that way
    """
    rows, columns = (shape, shape) if np.isscalar(shape) else shape
    fy = np.fft.fftfreq(rows)[:, None] * rows * stretch[0]
    fx = np.fft.rfftfreq(columns)[None] * columns * stretch[1]
    k = np.hypot(fy, fx)
    amplitude = np.maximum(k, lowest) ** -roughness * (k > .5 * lowest)
    if highest:
        amplitude *= np.exp(-(k / highest) ** 2)
    white = rng.standard_normal((rows, columns), dtype=np.float32)
    field = np.fft.irfft2(amplitude * np.fft.rfft2(white), s=(rows, columns))
    return (field / max(field.std(), 1e-9)).astype(np.float32)


def line(rng, count, roughness=1.5, lowest=1., highest=None):
    """The same along one line: (count,), periodic."""
    return fractal(rng, (1, count), roughness, lowest, highest)[0]


def ridged(rng, shape, roughness=1.6, lowest=2., octaves=3):
    """Creases: 1 along the lines where noise changes sign, falling to 0; finer ones gather on the coarser."""
    total, weight = 0., 1.
    for i in range(octaves):
        crease = np.exp(-np.abs(fractal(rng, shape, roughness + 1, lowest * 2.2 ** i)) * 2.2)
        total = total + weight * crease * (1 if i == 0 else np.clip(total, .2, 1))
        weight *= .5
    return np.clip(total / 1.6, 0, 1).astype(np.float32)


def sample(tile, u, v):
    """Bilinear look-up: u across and v down, in tiles; (…,) or (…, channels) as the tile has them."""
    rows, columns = tile.shape[:2]
    u, v = np.asarray(u, np.float32) * columns, np.asarray(v, np.float32) * rows
    u, v = np.broadcast_arrays(u, v) if u.shape != v.shape else (u, v)
    i, j = np.floor(u), np.floor(v)
    fu, fv = u - i, v - j
    i0, j0 = _wrapped(i.astype(np.int32), columns), _wrapped(j.astype(np.int32), rows)
    i1, j1 = _wrapped(i0 + 1, columns), _wrapped(j0 + 1, rows) * columns
    j0 *= columns
    flat = tile.reshape(rows * columns, *tile.shape[2:])
    if tile.ndim > 2:
        fu, fv = fu[..., None], fv[..., None]
    top = lerp(flat.take(j0 + i0, axis=0), flat.take(j0 + i1, axis=0), fu)
    bottom = lerp(flat.take(j1 + i0, axis=0), flat.take(j1 + i1, axis=0), fu)
    return lerp(top, bottom, fv)


def _wrapped(index, count):
    return index & (count - 1) if count & (count - 1) == 0 else index % count


def warped(tile, amount, by_u, by_v):
    """A tile whose forms are pushed about by two others of its shape; `amount` in tiles."""
    rows, columns = tile.shape[:2]
    v, u = np.mgrid[0:rows, 0:columns].astype(np.float32)
    return sample(tile, u / columns + amount * by_u, v / rows + amount * by_v)


def gradient(tile):
    """(d/du, d/dv) of a periodic tile, by pixel."""
    return ((np.roll(tile, -1, 1) - np.roll(tile, 1, 1)) / 2, (np.roll(tile, -1, 0) - np.roll(tile, 1, 0)) / 2)


@lru_cache(maxsize=64)
def _blur_matrix(size, deviation):
    """(size, size): a Gaussian along a line, the border repeated."""
    reach = int(np.ceil(3 * deviation))
    kernel = np.exp(-.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    matrix = np.zeros((size, size))
    for tap, weight in zip(range(-reach, reach + 1), kernel / kernel.sum()):
        np.add.at(matrix, (np.arange(size), np.clip(np.arange(size) + tap, 0, size - 1)), weight)
    return matrix.astype(np.float32)


def blur(picture, across, down=None):
    """(rows, columns[, channels]) blurred by Gaussians of these deviations in pixels; the border is repeated.

    Deviations are rounded to steps of about 12 %, so that the matrices that do it can be kept.
    """
    down = across if down is None else down
    picture = np.asarray(picture, np.float32)
    if across > .2:
        matrix = _blur_matrix(picture.shape[1], _rounded(across))
        turned = np.ascontiguousarray(picture.swapaxes(0, 1))
        turned = (matrix @ turned.reshape(len(turned), -1)).reshape(turned.shape)
        picture = np.ascontiguousarray(turned.swapaxes(0, 1))
    if down > .2:
        matrix = _blur_matrix(picture.shape[0], _rounded(down))
        picture = (matrix @ picture.reshape(len(picture), -1)).reshape(picture.shape)
    return picture


def _rounded(deviation):
    return round(float(2 ** (round(np.log2(deviation) * 6) / 6)), 4)


def shrink(picture, times):
    """The mean of blocks of times×times pixels."""
    rows, columns = picture.shape[0] // times, picture.shape[1] // times
    return picture.reshape(rows, times, columns, times, *picture.shape[2:]).mean(axis=(1, 3))


@lru_cache(maxsize=8)
def _area_matrix(small, large):
    """(small, large): each row averages the stretch of the line that its cell covers."""
    edges, cell = np.linspace(0, large, small + 1), np.arange(large)
    overlap = np.minimum(edges[1:, None], cell + 1) - np.maximum(edges[:-1, None], cell)
    return (np.clip(overlap, 0, 1) * small / large).astype(np.float32)


def reduce(picture, size):
    """(n, n, channels) to (size, size, channels), each pixel the mean of what it covers; n need be no multiple of size."""
    matrix = _area_matrix(size, len(picture))
    n, _, channels = picture.shape
    rows = (matrix @ np.asarray(picture, np.float32).reshape(n, n * channels)).reshape(size, n, channels)
    columns = matrix @ np.ascontiguousarray(rows.swapaxes(0, 1)).reshape(n, size * channels)
    return np.ascontiguousarray(columns.reshape(size, size, channels).swapaxes(0, 1))


def enlarge(small, size):
    """(n, n, channels) bilinearly to (size, size, channels), the border repeated."""
    n = len(small)
    at = np.clip((np.arange(size, dtype=np.float32) + .5) * n / size - .5, 0, n - 1)
    low = np.minimum(at.astype(np.int32), n - 2)
    t = (at - low).astype(np.float32)[:, None]
    rows = lerp(small[low], small[low + 1], t[..., None])
    return lerp(rows[:, low], rows[:, low + 1], t[None])


def grid(size):
    """(x, y) of the pixels' centres, 0..1, y downwards; both (size, size)."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    return (x + .5) / size, (y + .5) / size


def lerp(a, b, t):
    return a + (b - a) * t


def smoothstep(low, high, value):
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
