"""scripts/train/shipped from nothing to a folder that the page can run, and on from there."""
import json
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import TRAIN, SentenceCase, program

import checkpoint
from export_layers_model import read_layers_model
from stages import PAINTERS
from tfjs_folder import bytes_of

MINUTES = .05


class Shipped(SentenceCase):
    def test_it_draws_learns_measures_and_exports_and_goes_on(self):
        with tempfile.TemporaryDirectory() as place:
            words = ('shipped', 'aurora', '--minutes', MINUTES, '--scenes', 6, '--device', 'cpu', '--out', place)
            status, printed, errors = program(*words)
            self.assertEqual(status, 0, errors)
            run = Path(place) / 'aurora'
            first = checkpoint.read(run)
            self.assertEqual(first['stack'].shape, (17, 3, 256, 256))
            self.assertIn('sharpness', printed)
            model = run / 'aurora'
            self.assertLess(bytes_of(model), 500_000)
            for name in ('model.json', 'README.md', 'preview.jpg', 'thumbnail.png', 'evaluation.jpg', 'camera.jpg', 'film.jpg'):
                self.assertTrue((model / name).exists(), name)
            self.assertIn('painted around the inputs', (model / 'README.md').read_text())

            status, _, errors = program(*words, '--resume')
            self.assertEqual(status, 0, errors)
            second = checkpoint.read(run)
            self.assertGreater(second['step'], first['step'])
            self.assertAlmostEqual(second['seconds'] / 60, first['seconds'] / 60 + MINUTES, delta=.05)
            self.assertEqual(json.loads((run / 'evaluation.json').read_text())['step'], second['step'])

    def test_two_minutes_from_nothing_to_four_folders_though_killed_on_the_way(self):
        """The rehearsal of a GPU's ten minutes: --minutes is that of learning, drawing and measuring come to it."""
        with tempfile.TemporaryDirectory() as place:
            place = Path(place)
            words = ['--minutes', MINUTES * 5, '--scenes', 6, '--device', 'cpu', '--out', place]
            first = subprocess.Popen([str(word) for word in (TRAIN / 'shipped', *words)], start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for line in first.stdout:
                if line.startswith('» train') and '--name clouds' in line:      # flowers are learned
                    break
            os.killpg(first.pid, signal.SIGKILL)
            first.communicate()
            flowers = checkpoint.read(place / 'flowers')
            self.assertFalse((place / 'clouds/checkpoint.pt').exists())
            status, printed, errors = program('shipped', *words, '--resume')
            self.assertEqual(status, 0, errors)
            self.assertEqual(checkpoint.read(place / 'flowers')['step'], flowers['step'], 'what is finished is left alone')
            for name in PAINTERS:
                folder = place / name / name
                self.assertEqual(read_layers_model(folder)[0], 'slim')
                self.assertIn('| paper |', (folder / 'README.md').read_text())
            sizes = {path: path.stat().st_size for path in place.rglob('*') if path.is_file()}
            self.assertLess(max(sizes.values()), 16 * 1024 * 1024, sizes)
            self.assertFalse([path for path in sizes if path.suffix == '.part'])

    def test_what_it_cannot_do_is_said_in_a_sentence(self):
        for words, part in ((('roses',), 'no shipped model "roses"'), (('--minutes', 0), 'more than 0'), (('--scenes', 1), 'at least 2')):
            self.assert_sentence(program('shipped', *words), part)


if __name__ == '__main__':
    unittest.main()
