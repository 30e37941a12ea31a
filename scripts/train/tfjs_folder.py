"""Writes and checks a TensorFlow.js folder: model.json, and the weights in shards of 4 MiB.

Kernels are stored as --quantize says, vectors stay float32 (they are few, and a batch norm's error is every pixel's):

    uint8, uint16   q = round((w − min) / scale), read back as q · scale + min
    float16         rounded

Kernels are re-ordered, never flipped:

    Conv2D            PyTorch (out, in, kh, kw) → (kh, kw, in, out)
    Conv2DTranspose   PyTorch (in, out, kh, kw) → (kh, kw, out, in)
"""
import json
import math
from pathlib import Path

import numpy as np
import torch

from files import save_text, whole_file

SHARD_BYTES = 4 * 1024 * 1024
QUANTIZATIONS = ('none', 'float16', 'uint16', 'uint8')
KERNEL_ORDER = (2, 3, 1, 0)     # for both kinds, and KERNEL_BACK undoes it
KERNEL_BACK = (3, 2, 0, 1)


def write_folder(folder, model, weights, quantization):
    """Writes `model` (all but its weightsManifest) and weights; returns the bytes of model.json and shards together.

    `weights`: (name, tensor) pairs, a kernel in PyTorch's order. The tensors are changed to what a reader gets back.
    """
    folder = Path(folder)
    for old in folder.glob('group1-shard*.bin'):
        old.unlink()
    entries, chunks = [], []
    for name, tensor in weights:
        entry, stored = encode(name, tensor, quantization)
        entries.append(entry)
        chunks.append(stored.tobytes())
    data = b''.join(chunks)
    count = -(-len(data) // SHARD_BYTES)
    paths = [f'group1-shard{i + 1}of{count}.bin' for i in range(count)]
    for i, path in enumerate(paths):
        with whole_file(folder / path) as file:
            file.write(data[i * SHARD_BYTES:(i + 1) * SHARD_BYTES])
    manifest = [{'paths': paths, 'weights': entries}]
    save_text(json.dumps({**model, 'weightsManifest': manifest}, separators=(',', ':')), folder / 'model.json')
    return bytes_of(folder)


def encode(name, tensor, quantization):
    """(entry of the manifest, array as stored); a kernel that loses precision loses it in `tensor` too."""
    if tensor.dim() != 4:
        values = tensor.detach().numpy()
        return {'name': name, 'shape': list(values.shape), 'dtype': 'int32' if values.dtype == np.int32 else 'float32'}, values
    values = tensor.detach().permute(KERNEL_ORDER).contiguous().numpy()
    entry = {'name': name, 'shape': list(values.shape), 'dtype': 'float32'}
    if quantization == 'none':
        return entry, values
    if quantization == 'float16':
        stored = values.astype('<f2')
        back = stored.astype(np.float32)
        entry['quantization'] = {'dtype': 'float16', 'original_dtype': 'float32'}
    else:
        stored, low, scale = quantise(values, quantization)
        back = (stored * scale + low).astype(np.float32)       # in doubles first, as TensorFlow.js
        entry['quantization'] = {'dtype': quantization, 'min': low, 'scale': scale, 'original_dtype': 'float32'}
    tensor.data.copy_(torch.from_numpy(back).permute(KERNEL_BACK))
    return entry, stored


def quantise(values, dtype):
    """(codes, min, scale): one range for the whole kernel."""
    low, high = float(values.min()), float(values.max())
    most = np.iinfo(dtype).max
    scale = (high - low) / most or 1.
    return np.clip(np.round((values.astype(np.float64) - low) / scale), 0, most).astype(dtype), low, scale


def read_weights(folder):
    """{name: float32 array in TensorFlow's order} of a folder, its numbers as they were stored. ValueError where its files hold fewer
    bytes than its manifest promises."""
    found = {}
    for group in json.loads((Path(folder) / 'model.json').read_text())['weightsManifest']:
        data, at = b''.join((Path(folder) / path).read_bytes() for path in group['paths']), 0
        for entry in group['weights']:
            stored = entry.get('quantization', entry)
            values = np.frombuffer(data, np.dtype(stored['dtype']).newbyteorder('<'), math.prod(entry['shape']), at)
            at += values.nbytes
            values = values * stored.get('scale', 1) + stored.get('min', 0)
            found[entry['name']] = values.astype(np.float32).reshape(entry['shape'])
    return found


def bytes_of(folder):
    """What a visitor downloads. Raises unless the shards hold exactly the bytes that the manifest promises."""
    folder = Path(folder)
    promised, written = 0, 0
    for group in json.loads((folder / 'model.json').read_text())['weightsManifest']:
        for weight in group['weights']:
            stored_as = weight.get('quantization', weight)['dtype']
            promised += math.prod(weight['shape']) * np.dtype(stored_as).itemsize
        sizes = [(folder / path).stat().st_size for path in group['paths']]
        if max(sizes) > SHARD_BYTES:
            raise ValueError(f'{folder}: a shard has {max(sizes)} bytes, at most {SHARD_BYTES} are wanted')
        written += sum(sizes)
    if written != promised:
        raise ValueError(f'{folder}: the manifest promises {promised} bytes, the shards hold {written}')
    return written + (folder / 'model.json').stat().st_size
