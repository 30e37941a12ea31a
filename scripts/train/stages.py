"""Painters: what is painted around a brightness, so that a network can learn it to the last petal.

A painter is a stack of pictures of one scene, from dark to bright: a bed from leaves to full bloom, a sky from blue to cloud.
What it paints at a pixel is what the stack shows there at the brightness of the network's input there. So the same input is
always the same picture, and a change of the input changes the picture only where it is: nothing is left to be guessed, and L1
alone learns it. Of pictures that merely fit the input, one blur and a thousand gardens, it learns the average.
"""
import importlib
import multiprocessing
import os

import numpy as np
import torch

from augment import SIZE

COUNT = 17              # pictures of a stack
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
