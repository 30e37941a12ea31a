"""Tests of scripts/train/synthesise and its drawers: /usr/bin/python3 -m unittest tests/train/test_synthesise.py"""
import contextlib
import errno
import importlib.util
import inspect
import io
import os
import subprocess
import sys
import tempfile
import unittest
import zlib
from importlib.machinery import SourceFileLoader
from pathlib import Path
from unittest import mock

# As the program does: on a busy machine OpenBLAS's second thread costs minutes. It is read when numpy is first loaded.
os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')

import numpy as np              # noqa: E402
from PIL import Image           # noqa: E402

SCRIPT = Path(__file__).resolve().parents[2] / 'scripts/train/synthesise'
SMALL = 64      # pixels a side: enough to look at, quick to draw


def load_script():
    loader = SourceFileLoader('synthesise', str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('synthesise', loader))
    with mock.patch.object(sys, 'dont_write_bytecode', True):
        loader.exec_module(module)
    return module


synthesise = load_script()


def picture(kind, seed, number, size=SMALL):
    return synthesise.drawer(kind)(np.random.default_rng([seed, number]), size)


def some(kind, count=8):
    """float (count, SMALL, SMALL): the pictures' brightness, 0..1."""
    grey = [picture(kind, 5, i) for i in range(count)]
    return np.stack([g if g.ndim == 2 else g @ [.299, .587, .114] for g in grey]) / 255


class Drawers(unittest.TestCase):
    def test_each_kind_draws_pictures_of_the_size_asked_for(self):
        for kind in synthesise.KINDS:
            for size in (SMALL, 80):
                with self.subTest(kind=kind, size=size):
                    drawn = picture(kind, 1, 0, size)
                    self.assertEqual(drawn.dtype, np.uint8)
                    self.assertEqual(drawn.shape, (size, size) if kind == 'clothing' else (size, size, 3))

    def test_clothing_is_32_pixels_a_side_and_the_rest_256_unless_told(self):
        sizes = {kind: inspect.signature(synthesise.drawer(kind)).parameters['size'].default for kind in synthesise.KINDS}
        self.assertEqual(sizes, {kind: 32 if kind == 'clothing' else 256 for kind in synthesise.KINDS})

    def test_a_picture_depends_on_its_seed_and_number_alone(self):
        for kind in synthesise.KINDS:
            with self.subTest(kind=kind):
                first = picture(kind, 1, 7)
                np.random.seed(99)
                picture(kind, 2, 3)
                np.testing.assert_array_equal(first, picture(kind, 1, 7))

    def test_other_seeds_and_other_numbers_draw_other_pictures(self):
        for kind in synthesise.KINDS:
            with self.subTest(kind=kind):
                drawn = [picture(kind, seed, number).astype(float) for seed in (1, 2) for number in range(2)]
                for i in range(len(drawn)):
                    for j in range(i):
                        self.assertGreater(np.abs(drawn[i] - drawn[j]).mean(), 5)

    def test_bright_and_dark_are_spread_over_pictures_and_places(self):
        for kind in set(synthesise.KINDS) - {'clothing'}:
            with self.subTest(kind=kind):
                grey = some(kind)
                layout = grey.reshape(-1, 8, SMALL // 8, 8, SMALL // 8).mean(axis=(2, 4))    # as a blurred camera sees it
                means = grey.mean(axis=(1, 2))
                self.assertGreater(means.mean(), .2)
                self.assertLess(means.mean(), .75)
                self.assertGreater(means.std(), .04, 'all pictures are as bright as one another')
                self.assertGreater(np.mean(layout.std(axis=(1, 2))), .07, 'a picture is as bright here as there')
                # Were the bright places always the same ones, the mean layout would be as uneven as a single one.
                self.assertLess(layout.mean(axis=0).std(), .85 * np.mean(layout.std(axis=(1, 2))))

    def test_pictures_are_rich_in_colour_and_detail(self):
        for kind in set(synthesise.KINDS) - {'clothing', 'scenes'}:
            with self.subTest(kind=kind):
                drawn = np.stack([picture(kind, 5, i) for i in range(5)]).astype(float)
                self.assertGreater(np.mean(drawn.max(axis=3) - drawn.min(axis=3)), 20, 'grey pictures')
                self.assertGreater(np.abs(np.diff(drawn, axis=2)).mean(), 3, 'smooth pictures')
                compressed = len(zlib.compress(drawn.astype(np.uint8).tobytes()))
                self.assertGreater(compressed / drawn.size, .4, 'flat pictures')

    def test_all_looks_are_the_kind_and_some_are_less(self):
        for kind in ('flowers', 'waves'):
            looks = synthesise.module_of(kind).LOOKS
            with self.subTest(kind=kind):
                all_looks = synthesise.drawer(kind, looks)(np.random.default_rng([3, 4]), SMALL)
                np.testing.assert_array_equal(all_looks, picture(kind, 3, 4))
        cornflowers = [synthesise.drawer('flowers', ['cornflower'])(np.random.default_rng([1, i]), SMALL).astype(float) for i in range(6)]
        sunflowers = [synthesise.drawer('flowers', ['sunflower'])(np.random.default_rng([1, i]), SMALL).astype(float) for i in range(6)]
        warmth = [np.mean([p[..., 0].mean() - p[..., 2].mean() for p in drawn]) for drawn in (cornflowers, sunflowers)]
        self.assertLess(warmth[0], warmth[1] - 30, 'cornflowers are bluer than sunflowers')

    def test_clothing_is_a_bright_piece_on_black(self):
        for drawn in some('clothing', 24):
            self.assertEqual(np.median([drawn[0, 0], drawn[0, -1], drawn[-1, 0], drawn[-1, -1]]), 0)
            self.assertGreater((drawn > .08).mean(), .03)
            self.assertLess((drawn > .08).mean(), .75)


class Command(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = Path(self.place.name) / 'dataset'

    def run_it(self, *words):
        """(exit code, what it printed, what it complained of)."""
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = synthesise.main([str(word) for word in words])
        return code, out.getvalue(), error.getvalue()

    def clothing(self, count, *words):
        return self.run_it('clothing', '--count', count, '--out', self.folder, '--workers', 1, *words)

    def test_only_some_looks_make_a_dataset_of_their_own(self):
        words = ('waves', '--count', 1, '--size', 64, '--out', self.folder, '--workers', 1)
        self.assertEqual(self.run_it(*words, '--only', 'noon,storm')[0], 0)
        self.assertIn('noon, storm', self.refused(*words))
        self.assertIn('summer', self.refused(*words, '--only', 'noon,night'))
        self.refused('clouds', '--only', 'noon', '--out', self.folder)

    def refused(self, *words):
        code, _, complaint = self.run_it(*words)
        self.assertEqual(code, 2)
        self.assertRegex(complaint, r'^synthesise: [^\n]+\.\n$', 'one sentence')
        return complaint

    def test_writes_the_pictures_and_a_contact_sheet(self):
        code, told, _ = self.clothing(5, '--seed', 3)
        self.assertEqual(code, 0)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         [*(f'{i:05d}.png' for i in range(5)), 'contact_sheet.jpg', 'dataset.json'])
        np.testing.assert_array_equal(np.asarray(Image.open(self.folder / '00004.png')), picture('clothing', 3, 4, 32))
        with Image.open(self.folder / 'contact_sheet.jpg') as sheet:
            self.assertEqual(sheet.size, (8 * 32, 32))
        self.assertIn('5/5', told)
        self.assertIn('0:00 left', told)

    def test_goes_on_where_it_was_stopped_and_makes_longer_datasets_of_shorter(self):
        self.clothing(3)
        (self.folder / '00001.png').unlink()
        kept = (self.folder / '00002.png')
        before = kept.stat().st_mtime_ns
        (self.folder / '.00001.png.part').write_bytes(b'half a picture')
        code, told, _ = self.clothing(4)
        self.assertEqual(code, 0)
        self.assertIn('2 of 4 pictures are there already', told)
        self.assertEqual(kept.stat().st_mtime_ns, before, 'a picture that was there is drawn again')
        self.assertFalse(list(self.folder.glob('.*')))
        np.testing.assert_array_equal(np.asarray(Image.open(self.folder / '00001.png')), picture('clothing', 1, 1, 32))

    def test_several_workers_draw_what_one_draws(self):
        other = Path(self.place.name) / 'other'
        self.clothing(6)
        subprocess.run([SCRIPT, 'clothing', '--count', '6', '--out', other, '--workers', '2'], check=True, stdout=subprocess.DEVNULL)
        for path in self.folder.glob('*.png'):
            self.assertEqual(path.read_bytes(), (other / path.name).read_bytes())

    def test_writes_jpeg_of_the_size_asked_for(self):
        self.assertEqual(self.clothing(1, '--format', 'jpg', '--size', 64)[0], 0)
        with Image.open(self.folder / '00000.jpg') as image:
            self.assertEqual((image.format, image.size), ('JPEG', (64, 64)))

    def test_refuses_what_it_cannot_do_in_a_sentence(self):
        out = '--out', self.folder
        for words, expected in ((('roses', *out), 'no drawer for "roses"'),
                                (('clothing', *out, '--count', 0), '--count is 0, but it must be 1 or more'),
                                (('clothing', *out, '--count', 'many'), "invalid int value: 'many'"),
                                (('clothing', *out, '--seed', -1), '--seed is -1'),
                                (('clothing', *out, '--workers', 0), '--workers is 0'),
                                (('clothing', *out, '--size', 40), '--size is 40, but it must be a multiple of 16'),
                                (('clothing', *out, '--size', 4096), 'between 16 and 2048'),
                                (('clothing',), 'required: --out')):
            with self.subTest(words=words):
                self.assertIn(expected, self.refused(*words))
        self.assertFalse(self.folder.exists(), 'a refused command leaves nothing behind')

    def test_does_not_mix_datasets(self):
        self.clothing(1)
        words = 'clothing', '--count', 1, '--out', self.folder
        self.assertIn('holds clothing of seed 1, 32×32, as png, not clothing of seed 2', self.refused(*words, '--seed', 2))
        self.assertIn('give another folder', self.refused('aurora', *words[1:]))
        (self.folder / 'dataset.json').write_text('{')
        self.assertIn('dataset.json cannot be read', self.refused(*words))
        (self.folder / 'dataset.json').unlink()
        self.assertIn('pictures of another origin', self.refused(*words))

    def test_a_file_in_the_place_of_the_folder_is_named(self):
        self.folder.write_text('not a folder')
        self.assertIn('is a file, but a folder is needed', self.refused('clothing', '--count', 1, '--out', self.folder))
        self.assertIn('not a directory', self.refused('clothing', '--count', 1, '--out', self.folder / 'below'))

    def test_a_full_disk_ends_in_a_sentence_and_loses_nothing(self):
        save, saved = Image.Image.save, []

        def fail_at_the_third(image, path, **how):
            if len(saved) == 2:
                Path(path).write_bytes(b'what still fitted')
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            saved.append(path)
            save(image, path, **how)

        with mock.patch.object(Image.Image, 'save', fail_at_the_third):
            complaint = self.refused('clothing', '--count', 5, '--out', self.folder, '--workers', 1)
        self.assertIn('the disk is full; 2 of 5 pictures are drawn, and the same command goes on from there', complaint)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ['00000.png', '00001.png', 'dataset.json'])
        self.assertEqual(self.clothing(5)[0], 0)

    def test_runs_as_a_program(self):
        done = subprocess.run([SCRIPT, 'clothing', '--count', '1', '--out', self.folder], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual(subprocess.run([SCRIPT, 'nothing', '--out', self.folder], capture_output=True).returncode, 2)


if __name__ == '__main__':
    unittest.main()
