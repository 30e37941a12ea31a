"""A dataset: a folder of pictures, the last of which are held back from training.

Only targets are kept; what the network is given is made from them on the fly, see augment.py. The pictures held back are
the last twentieth in the order of their names: of a video its end, so that no neighbour of theirs has been trained on.
"""
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

from augment import SIZE
from console import Trouble

ENDINGS = {'.png', '.jpg', '.jpeg', '.webp', '.bmp', '.tif', '.tiff', '.gif'}
SHEET = 'contact_sheet.jpg'     # lies among the pictures, and is none of them
DESCRIPTION = 'dataset.json'    # what made the folder
HELD_BACK = 20                  # one picture in so many
MOST_HELD_BACK = 200


def picture_files(folder):
    """The pictures of a folder, in the order of their names; folders within it are searched too."""
    folder = Path(folder)
    if not folder.is_dir():
        raise Trouble(f'there is no folder {folder}: name a folder of pictures.')
    files = sorted(path for path in folder.rglob('*') if path.suffix.lower() in ENDINGS
                   and not path.name.startswith('.') and path.name != SHEET)
    if not files:
        raise Trouble(f'{folder} holds no pictures ({", ".join(sorted(ENDINGS))}): name a folder that does.')
    return files


def split(files):
    """(files to train on, files held back)."""
    if len(files) < 2:
        raise Trouble('one picture is too few: at least two are needed, one to train on and one held back.')
    held = min(MOST_HELD_BACK, max(1, len(files) // HELD_BACK))
    return files[:-held], files[-held:]


def load(files):
    """uint8 (count, 3, 256, 256): each picture's short side scaled to 256, and its middle."""
    pictures = torch.empty(len(files), 3, SIZE, SIZE, dtype=torch.uint8)
    for i, path in enumerate(files):
        image = open_picture(path)
        if min(image.size) < SIZE:
            raise Trouble(f'{path} has {image.width}×{image.height} pixels, and at least {SIZE}×{SIZE} are needed: '
                          'run `scripts/train/prepare` on the folder, it drops such pictures.')
        if image.size != (SIZE, SIZE):
            image = ImageOps.fit(image, (SIZE, SIZE), Image.LANCZOS)
        pictures[i] = torch.from_numpy(np.array(image).transpose(2, 0, 1))
    return pictures


def open_picture(path):
    """A PIL image in RGB, turned upright, what is transparent on white."""
    try:
        with Image.open(path) as file:
            image = ImageOps.exif_transpose(file)
            if image.mode in ('P', 'LA', 'RGBA', 'PA'):
                image = image.convert('RGBA')
                image = Image.alpha_composite(Image.new('RGBA', image.size, 'white'), image)
            return image.convert('RGB')
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Trouble(f'{path} is broken ({error}): run `scripts/train/prepare` on the folder, it drops '
                      'such pictures.') from error


def described(folder):
    """{'command': what made the folder, 'about': what it shows}, as far as its dataset.json says so."""
    path = Path(folder) / DESCRIPTION
    found = json.loads(path.read_text()) if path.exists() else {}
    if 'kind' in found:                 # of scripts/train/synthesise
        count = len(picture_files(folder))
        only, looks = ('', '') if 'only' not in found else (f' --only {",".join(found["only"])}', f' ({", ".join(found["only"])})')
        return {'command': f'scripts/train/synthesise {found["kind"]}{only} --count {count} --seed {found["seed"]} --out …',
                'about': f'{count} pictures of {found["kind"]}{looks} that scripts/train/synthesise drew; no photograph was used.'}
    return found


def chosen(seed, step, count, batch, rank=0, ranks=1):
    """The pictures of one step of one process: every picture once an epoch, in an order of the seed's."""
    per_epoch = steps_per_epoch(count, batch, ranks)
    epoch, within = divmod(step, per_epoch)
    order = np.random.default_rng((seed, epoch)).permutation(count)
    first = (within * ranks + rank) * batch
    return torch.from_numpy(np.resize(order, per_epoch * ranks * batch)[first:first + batch])


def steps_per_epoch(count, batch, ranks=1):
    return -(-count // (batch * ranks))
