"""Looks across a landscape of heights: which point of it each pixel sees, hills before hills.

    camera ──▸  slice 0   slice 1      slice 2 …      a slice is a line across the view at one distance;
                  ·  ·  ·                              columns fan out from the camera
"""
import numpy as np


def slices(near, far, count):
    """(count,) distances, each the same factor beyond the one before."""
    return np.geomspace(near, far, count).astype(np.float32)


def look(heights, distances, rows, horizon, focal):
    """What a level camera at height 0 sees of a landscape.

    heights    (slices, columns), relative to the camera, in the unit of the distances
    distances  (slices,), growing
    rows       of the picture
    horizon    row of eye level, 0 the top edge; may lie outside
    focal      focal length in rows: a height h at distance d shows h / d · focal rows above the horizon

    Returns (at, seen, edge): `at` (rows, columns) is the slice that a pixel sees, with its fraction, `seen` how much of
    the pixel is landscape and not sky (0..1), `edge` the row of the skyline in each column.
    """
    count, columns = heights.shape
    up = rows - horizon + focal * heights / distances[:, None]      # of each point, in rows above the bottom edge
    top = np.maximum.accumulate(up, axis=0)
    bins = np.clip(np.ceil(top), 0, rows).astype(np.int32)
    hidden = np.bincount((bins * columns + np.arange(columns, dtype=np.int32)).ravel(), minlength=(rows + 1) * columns)
    first = np.cumsum(hidden.reshape(rows + 1, columns)[:rows], axis=0)     # the first slice that reaches this row
    last = np.clip(first, 1, count - 1)
    row = np.arange(rows, dtype=np.float32)[:, None]
    below, above = (np.take_along_axis(top, k, axis=0) for k in (last - 1, last))
    at = last - 1 + np.clip((row - below) / np.maximum(above - below, 1e-3), 0, 1)
    seen = np.clip(top[-1] - row + .5, 0, 1)
    at = at.astype(np.float32)
    return at[::-1], seen[::-1], rows - top[-1]


def read(values, at):
    """`values` (slices, columns[, channels]) where `look` says that each pixel sees: (rows, columns[, channels])."""
    low = np.clip(at.astype(np.int32), 0, len(values) - 2)
    t = np.clip(at - low, 0, 1).astype(np.float32)
    column = np.arange(values.shape[1])[None]
    if values.ndim == 3:
        t = t[..., None]
    return values[low, column] * (1 - t) + values[low + 1, column] * t
