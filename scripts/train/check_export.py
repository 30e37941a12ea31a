"""Does an exported folder paint what its checkpoint paints? Asked of TensorFlow.js in Node and of the native fragnet."""
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch

from console import Trouble

ROOT = Path(__file__).resolve().parents[2]
NATIVE = ROOT / 'build/native/fragnet'
TOLERANCE = 1e-4    # on an output in -1..1


def check_with_tfjs(folder, grey, expected):
    """(what TensorFlow.js paints or None, a sentence); `grey` (1, 1, 256, 256), `expected` (1, 3, 256, 256), in -1..1."""
    if shutil.which('node') is None or not (ROOT / 'node_modules/@tensorflow/tfjs').exists():
        return None, 'not checked with TensorFlow.js, which is not installed: `npm ci` does that.'
    return _check(['node', ROOT / 'scripts/train/check_with_tfjs.mjs', folder], [], 'TensorFlow.js', grey, expected)


def check_with_fragnet(folder, grey, expected, program=NATIVE):
    """The same by the native program."""
    if not Path(program).exists():
        return None, ('not checked with the native fragnet, which is not built: `cmake --preset native && '
                      'cmake --build --preset native` does that.')
    return _check([program, 'predict', folder], ['--precision', 'fp32'], 'fragnet', grey, expected)


def _check(before, after, who, grey, expected):
    with tempfile.TemporaryDirectory() as place:
        given, made = Path(place) / 'input.f32', Path(place) / 'output.f32'
        grey.permute(0, 2, 3, 1).contiguous().numpy().astype('<f4').tofile(given)
        done = subprocess.run([*map(str, before), given, made, *after], capture_output=True, text=True)
        if done.returncode != 0:
            raise Trouble(f'{who} cannot run {before[-1]}: {(done.stderr or done.stdout).strip()[-500:]}')
        painted = np.fromfile(made, '<f4').reshape(1, 256, 256, 3)
    painted = torch.from_numpy(painted).permute(0, 3, 1, 2)
    worst = (painted - expected).abs().max().item()
    if not worst <= TOLERANCE:
        raise Trouble(f'{who} paints something else than the checkpoint: {before[-1]} is off by up to {worst:.1e}, '
                      f'and {TOLERANCE:.0e} is the most that rounding explains. Do not use it.')
    return painted, f'{who} paints what the checkpoint does, to {worst:.1e}.'
