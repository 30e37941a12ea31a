"""The pictures that the autoencoder learns: small, grey, bright on black, as float32 (count, 1, 32, 32) from 0 to 1."""
import gzip
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import dataset
from console import Trouble

SIDE = 32
IDX_BYTES, IDX_RANK = 8, 3      # what the header of a file of pictures says


def drawn(folder):
    """(pictures to learn, pictures held back) of a folder that `synthesise clothing` drew."""
    learned, held = dataset.split(dataset.picture_files(folder))
    return read_pictures(learned), read_pictures(held)


def read_pictures(paths):
    return as_tensor(np.stack([read_picture(path) for path in paths]))


def read_picture(path):
    try:
        with Image.open(path) as picture:
            grey = np.asarray(picture.convert('L'))
    except (OSError, SyntaxError, ValueError) as error:
        raise Trouble(f'{path} is broken ({error}): remove it.') from error
    if grey.shape != (SIDE, SIDE):
        raise Trouble(f'{path} has {grey.shape[1]}×{grey.shape[0]} pixels, and {SIDE}×{SIDE} are needed: '
                      '`scripts/train/synthesise clothing` draws such pictures.')
    return grey


def fashion_mnist(folder):
    """The same of Fashion-MNIST's own files, packed or not: its test pictures are those held back."""
    return tuple(as_tensor(read_idx(Path(folder), f'{part}-images-idx3-ubyte')) for part in ('train', 't10k'))


def read_idx(folder, name):
    """uint8 (count, height, width)."""
    path = next((path for path in (folder / name, folder / f'{name}.gz') if path.exists()), None)
    if path is None:
        raise Trouble(f'{folder} holds neither {name} nor {name}.gz: name the folder with the files of Fashion-MNIST.')
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == '.gz' else data
    except (OSError, EOFError, zlib.error) as error:
        raise Trouble(f'{path} is broken ({error}): fetch it again.') from error
    if len(data) < 16 or data[:4] != bytes([0, 0, IDX_BYTES, IDX_RANK]):
        raise Trouble(f'{path} is no idx file of pictures: it should begin with 0, 0, 8, 3.')
    count, height, width = np.frombuffer(data, '>u4', 3, 4).tolist()
    if len(data) != 16 + count * height * width or not 0 < max(height, width) <= SIDE or not count:
        raise Trouble(f'{path} says that it has {count} pictures of {width}×{height} pixels, and has {len(data):,} bytes: '
                      'fetch it again.')
    return np.frombuffer(data, np.uint8, offset=16).reshape(count, height, width)


def as_tensor(pictures):
    """uint8 (count, height, width), black around what is smaller than 32×32."""
    rows, columns = (SIDE - side for side in pictures.shape[1:])
    around = (0, 0), (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2)
    return torch.from_numpy(np.pad(pictures, around)[:, None].astype(np.float32) / 255)
