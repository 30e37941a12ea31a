"""What the tests of the training share: the modules on the path, little datasets, and the commands as a user types them."""
import io
import runpy
import signal
import subprocess
import sys
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TRAIN = ROOT / 'scripts/train'
sys.path.insert(0, str(TRAIN))


def scene(number, width=256, height=256):
    """A picture of soft coloured patches, another for each number: uint8 (height, width, 3)."""
    rng = np.random.default_rng(number)
    y, x = np.mgrid[0:height, 0:width] / 256
    picture = np.zeros((height, width, 3))
    for _ in range(6):
        light = np.exp(-((x - rng.uniform(0, width / 256)) ** 2 + (y - rng.uniform(0, 1)) ** 2) / rng.uniform(.01, .1))
        picture += light[..., None] * rng.uniform(-.2, 1, 3)
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)


def save_scenes(folder, count, **size):
    Path(folder).mkdir(parents=True, exist_ok=True)
    for i in range(count):
        Image.fromarray(scene(i, **size)).save(Path(folder) / f'{i:03d}.png')
    return Path(folder)


def command(name, *words):
    """Runs scripts/train/NAME within this process, as loading torch takes seconds: (exit status, output, errors)."""
    output, errors, status = io.StringIO(), io.StringIO(), 0
    before = sys.argv, {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    sys.argv = [str(TRAIN / name), *map(str, words)]
    try:
        with redirect_stdout(output), redirect_stderr(errors):
            runpy.run_path(sys.argv[0], run_name='__main__')
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        errors.write(end.code if isinstance(end.code, str) else '')
    finally:
        sys.argv, handlers = before
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return status, output.getvalue(), errors.getvalue()


def program(name, *words, before=(), **options):
    """The same in a process of its own."""
    done = subprocess.run([*before, str(TRAIN / name), *map(str, words)], capture_output=True, text=True, **options)
    return done.returncode, done.stdout, done.stderr


class SentenceCase(unittest.TestCase):
    """Adds: a command fails with one sentence that says so and so."""

    def assert_sentence(self, result, *parts):
        status, _, errors = result
        self.assertNotEqual(status, 0)
        self.assertEqual(len(errors.strip().splitlines()), 1, errors)
        self.assertTrue(errors.startswith('fragnet: '), errors)
        for part in parts:
            self.assertIn(part, errors)
