"""Everything that a run needs in order to go on, in one file.

A checkpoint is a dictionary: the networks and optimisers by name, the step, the seconds spent, the losses, the options, and the
few held-back pictures that previews show, a painter's stack among them. `average` is a running average of the generator's weights, its batch norms
calibrated: the network that is exported, and all that the weights kept at each preview hold of it.
"""
import io
import pickle
import zipfile
from pathlib import Path

import torch

from console import Trouble
from files import whole_file
from pix2pix import Generator
from stages import Painter

FORMAT = 'fragnet-training-1'
NAME = 'checkpoint.pt'


def save(state, path):
    # In memory first: where a file has no room, torch's writer ends the process.
    buffer = io.BytesIO()
    torch.save({'format': FORMAT, **state}, buffer)
    with whole_file(path) as file:
        file.write(buffer.getbuffer())


def read(path):
    """The dictionary; `path` is the file, or the folder of the run."""
    path = Path(path)
    path = path / NAME if path.is_dir() else path
    if not path.exists():
        raise Trouble(f'there is no checkpoint {path}: name the folder of a run, or a .pt file in it.')
    try:
        state = torch.load(path, map_location='cpu')
    except (RuntimeError, EOFError, pickle.UnpicklingError, zipfile.BadZipFile) as error:
        raise Trouble(f'{path} is no checkpoint, or is broken: name another .pt file of the run.') from error
    if not isinstance(state, dict) or state.get('format') != FORMAT:
        raise Trouble(f'{path} is no checkpoint of scripts/train/train: name one that is.')
    return state


def finished_generator(state):
    """The averaged, calibrated generator of a checkpoint, ready to paint."""
    generator = Generator(state['options']['size'], state['options'].get('grain', 0.))
    generator.load_state_dict(state['average'])
    return generator.eval()


def painter_of(state):
    """What made the targets of a checkpoint's training, or None where they were pictures."""
    return None if state.get('stack') is None else Painter(state['stack'])
