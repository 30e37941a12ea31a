"""What a generator paints: the pictures that are shown while it trains, and after."""
import torch

import augment
import camera_scenes
from sheets import sheet

SHOWN = 6    # held-back pictures on a preview


@torch.no_grad()
def paint(generator, chain, pictures, painter=None):
    """(input, painted, target) of uint8 pictures (N, 3, 256, 256), each in -1..1."""
    device = next(generator.parameters()).device
    grey, target = augment.plain(chain, pictures.to(device).float() / 255, painter and painter.to(device), generator.grain)
    return grey, torch.cat([generator(each) for each in grey.split(8)]), target


def preview(generator, pictures, painter=None):
    """A sheet: what the network is given and what it paints by the classic chain, then by the paper's; below, the targets
    (a painter's are those of the paper's inputs)."""
    pictures = torch.stack([*pictures[:SHOWN], camera_scenes.someone_at_a_camera()])
    rows = []
    for chain in ('classic', 'paper'):
        grey, painted, target = paint(generator, chain, pictures, painter)
        rows += [list(grey), list(painted)]
    return sheet([*rows, list(target)])


FRAMES, ROWS, COLUMNS, SIDE = 240, 2, 10, 112       # of the film, ten seconds of it; of the strip, and of a frame on it


def camera_sheet(generator):
    """What it paints before a camera: input and output by the classic chain, then by the paper's."""
    scenes, rows = camera_scenes.all_scenes(), []
    for chain in ('classic', 'paper'):
        grey, painted, _ = paint(generator, chain, scenes)
        rows += [list(grey), list(painted)]
    return sheet([list(scenes.float() / 127.5 - 1), *rows])


def film(generator):
    """A hand moves over a table and back: (a strip of frames, how much the output changes from frame to frame for each change of the
    input, both as mean absolute differences). Of boiling pictures it is many times that of steady ones."""
    grey, painted, _ = paint(generator, 'classic', camera_scenes.film(FRAMES))
    change = [(clip[1:] - clip[:-1]).abs().mean() for clip in (grey, painted)]
    shown = range(0, FRAMES, FRAMES // (ROWS * COLUMNS))
    rows = [[clip[i] for i in shown[row * COLUMNS:(row + 1) * COLUMNS]] for row in range(ROWS) for clip in (grey, painted)]
    return sheet(rows, SIDE), (change[1] / change[0]).item()
