"""Pictures to look at: sheets of pictures in rows and columns, and the curve of the losses."""
import torch
from PIL import Image, ImageDraw

MARGIN = 4
POINTS = 300    # at most, of a curve
INK, PALE, COLOURS = (40, 40, 40), (225, 225, 225), ((30, 110, 190), (200, 80, 40), (60, 140, 60))


def to_image(picture):
    """(3 or 1, height, width) in -1..1 to an 8-bit image."""
    array = ((picture.float().cpu() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy()
    return Image.fromarray(array[..., 0] if array.shape[2] == 1 else array)


def sheet(rows, side=None):
    """One image of rows of pictures, each scaled to `side` pixels: PIL images, or tensors (channels, height, width) in -1..1."""
    rows = [[p if isinstance(p, Image.Image) else to_image(p) for p in row] for row in rows]
    side = side or rows[0][0].width
    step = side + MARGIN
    whole = Image.new('RGB', (max(map(len, rows)) * step + MARGIN, len(rows) * step + MARGIN), 'white')
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            picture = picture if picture.size == (side, side) else picture.resize((side, side), Image.LANCZOS)
            whole.paste(picture, (MARGIN + x * step, MARGIN + y * step))
    return whole


def contact_sheet(images, most=60, columns=10, side=96):
    """An image of at most `most` pictures, evenly chosen from the list."""
    shown = images[::max(1, -(-len(images) // most))]
    return sheet([shown[i:i + columns] for i in range(0, len(shown), columns)], side)


def loss_curves(history, names, width=900, height=240):
    """One panel for each loss over the steps. history: rows of (step, a loss for each name)."""
    left, right, top, bottom = 60, 12, 22, 20
    whole = Image.new('RGB', (width, height * len(names)), 'white')
    pen = ImageDraw.Draw(whole)
    block = -(-len(history) // POINTS)                          # steps that one point of a curve is the mean of
    points = [[sum(column) / len(column) for column in zip(*history[i:i + block])] for i in range(0, len(history), block)]
    steps = [point[0] for point in points]
    for i, (name, colour) in enumerate(zip(names, COLOURS)):
        values = [point[1 + i] for point in points]
        highest = max(values) * 1.05 or 1.
        x = [left + (step - steps[0]) / max(1, steps[-1] - steps[0]) * (width - left - right) for step in steps]
        y = [height * (i + 1) - bottom - v / highest * (height - top - bottom) for v in values]
        for fifth in range(6):
            at = height * (i + 1) - bottom - fifth / 5 * (height - top - bottom)
            pen.line((left, at, width - right, at), fill=PALE)
            pen.text((6, at - 5), f'{highest * fifth / 5:.3g}', fill=INK)
        pen.line(list(zip(x, y)), fill=colour, width=2)
        pen.text((left, height * i + 6), f'{name}, steps {history[0][0]} to {history[-1][0]}', fill=colour)
    return whole
