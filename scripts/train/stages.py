"""Painters: what is painted around a brightness, so that a network can learn it to the last petal.

A painter is a stack of pictures of one scene, from dark to bright: a bed from leaves to full bloom, a sky from blue to cloud.
What it paints at a pixel is what the stack shows there at the brightness of the network's input there. So the same input is
always the same picture, and a change of the input changes the picture only where it is: nothing is left to be guessed, and L1
alone learns it. Of pictures that merely fit the input, one blur and a thousand gardens, it learns the average.

The stack is drawn, or made of some pictures of one kind, as the frames of a video are.
"""
import importlib
import multiprocessing
import os

import numpy as np
import torch
import torch.nn.functional as F

from augment import LUMA, SIZE

COUNT = 17              # pictures of a stack
CHOSEN = 5              # pictures that a stack of pictures is made of
DARKEST, BRIGHTEST = .1, .88    # light of its ends, where 1 is white
REACH = 33              # pixels: light is evened out over so many
PAINTERS = {'flowers': 'garden', 'clouds': 'cumulus', 'waves': 'surf', 'aurora': 'northern'}    # the drawer of each


class Painter:
    """Paints by a stack, uint8 (count, 3, size, size)."""

    def __init__(self, stack):
        self.stack = stack
        pixels = stack.permute(0, 2, 3, 1).flatten(1, 2)
        self.pairs = torch.cat([pixels[:-1], pixels[1:]], 2).flatten(0, 1).contiguous()     # of a pixel in two stages

    def to(self, device):
        return Painter(self.stack.to(device))

    def __call__(self, grey):
        """(N, 3, size, size) around a network's input (N, 1, size, size), both in -1..1."""
        side = grey.shape[-1]
        at = (grey[:, 0] + 1) * (.5 * (len(self.stack) - 1))
        low = at.floor().clamp(0, len(self.stack) - 2)
        share = (at - low)[:, None]
        place = low.long() * (side * side) + torch.arange(side * side, device=grey.device).view(1, side, side)
        below, above = self.pairs[place].permute(0, 3, 1, 2).float().split(3, 1)
        return (below + (above - below) * share) / 127.5 - 1


def painter(name_or_pictures):
    """The painter of this name, or one made of pictures, uint8 (N, 3, size, size)."""
    return Painter(drawn(name_or_pictures) if isinstance(name_or_pictures, str) else of_pictures(name_or_pictures))


def of_pictures(pictures, count=COUNT):
    """The stack of a painter that paints as these pictures are: the sharpest of the dark ones, of the brighter ones and so on up to
    the bright, each in as many stages as it takes from one to the next, and each stage evened out to its light: uint8."""
    pictures = pictures.float() / 255
    light = (pictures * LUMA).sum(1)
    edges = (light[:, 1:, 1:] - light[:, :-1, :-1]).square().mean((1, 2))
    groups = light.mean((1, 2)).argsort().tensor_split(min(CHOSEN, len(pictures)))
    chosen = [group[edges[group].argmax()].item() for group in groups]
    stages = []
    for i in range(count):
        share = i / (count - 1)
        picture = pictures[chosen[min(int(share * len(chosen)), len(chosen) - 1)]]
        nearby = (picture[None] * LUMA).sum(1, keepdim=True)
        for _ in range(3):
            nearby = F.avg_pool2d(nearby, REACH, 1, REACH // 2, count_include_pad=False)
        wanted = DARKEST + (BRIGHTEST - DARKEST) * share
        # A power takes light to light and leaves black and white where they are, so nothing is cut off.
        power = (np.log(wanted) / nearby.clamp(.03, .97).log()).clamp(.3, 3.5)[0]
        stages.append(picture.clamp(0, 1) ** power)
    return (torch.stack(stages) * 255).round().to(torch.uint8)


def drawn(name, count=COUNT, size=SIZE):
    """The stack of a painter, drawn by all cores: uint8 (count, 3, size, size)."""
    jobs = [(name, i / (count - 1), size) for i in range(count)]
    workers = min(os.cpu_count() or 1, count)
    if workers == 1:
        stages = [_stage(job) for job in jobs]
    else:
        with multiprocessing.get_context('fork').Pool(workers) as pool:
            stages = pool.map(_stage, jobs, 1)
    return torch.from_numpy(np.stack(stages)).permute(0, 3, 1, 2).contiguous()


def _stage(job):
    name, share, size = job
    return importlib.import_module(f'drawers.{PAINTERS[name]}').stage(share, size)
