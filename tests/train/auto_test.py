"""The whole way, from a video to a model, with most of a minute of training."""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import SentenceCase, command, save_scenes

import checkpoint
from tfjs_folder import bytes_of

SECONDS = 30


class Auto(SentenceCase):
    def test_a_video_becomes_a_model_that_has_learnt_something(self):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            video, run = place / 'deep sea.mp4', place / 'run'
            zoom = 'mandelbrot=s=448x256:rate=1:end_scale=.05:maxiter=60'
            subprocess.run(['ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', zoom, '-t', '30', '-pix_fmt', 'yuv420p', video], check=True)
            words = ('auto', video, '--name', 'tides', '--out', run, '--frames', '20', '--inputs', '30', '--threads', '1')
            status, printed, errors = command(*words, '--minutes', SECONDS / 60, '--l1', '-1')
            self.assertNotEqual(status, 0)
            self.assertIn('fragnet: train did not end well', errors)

            status, printed, errors = command(*words, '--minutes', SECONDS / 60)   # goes on after prepare
            self.assertEqual(status, 0, errors)
            self.assertIn('/run/tides on the page', printed)
            self.assertIn('What to expect', printed)
            self.assertLess(bytes_of(run / 'tides'), 500_000)
            readme = (run / 'tides/README.md').read_text()
            for part in ('deep sea.mp4', 'of five of the pictures', '--paint pictures', '| one colour |', 'evaluation.jpg', 'kernels uint8'):
                self.assertIn(part, readme)

            state = checkpoint.read(run)
            self.assertAlmostEqual(state['seconds'], SECONDS, delta=5)
            l1 = [row[3] for row in state['history']]
            self.assertLess(sum(l1[-10:]), .9 * sum(l1[:10]), 'the L1 loss falls')

            status, printed, errors = command('evaluate', run, '--dataset', run / 'pictures')
            self.assertEqual(status, 0, errors)
            table = {row.split('|')[1].strip(): float(row.split('|')[2]) for row in printed.splitlines()
                     if row.startswith(('| classic | 0', '| paper | 0', '| one colour | 0')) and row.count('|') > 5}
            self.assertLess(max(table['classic'], table['paper']), table['one colour'], printed)
            self.assertEqual(json.loads((run / 'evaluation.json').read_text())['step'], state['step'])

    def test_it_learns_the_pictures_themselves_where_that_is_asked_and_goes_on_as_it_began(self):
        with tempfile.TemporaryDirectory() as folder:
            words = ('auto', save_scenes(Path(folder) / 'pictures', 4), '--name', 'tides', '--out', Path(folder) / 'run', '--discriminator', '2',
                     '--batch', '2', '--threads', '1', '--steps')
            status, _, errors = command(*words, '1', '--learn', 'pictures', '--size', 'slim')
            self.assertEqual(status, 0, errors)
            status, _, errors = command(*words, '2')
            self.assertEqual(status, 0, errors)
            state = checkpoint.read(Path(folder) / 'run')
            self.assertEqual((state['step'], state['options']['paint'], state['stack']), (2, None, None))
            self.assertEqual(state['options']['warm_up'], .4)
            self.assert_sentence(command(*words, '3', '--learn', 'painting'), '--learn pictures')

    def test_what_goes_wrong_on_the_way_ends_it(self):
        with tempfile.TemporaryDirectory() as folder:
            result = command('auto', Path(folder) / 'no.mp4', '--name', 'tides', '--out', Path(folder) / 'run')
            self.assert_sentence(result, 'prepare did not end well')


if __name__ == '__main__':
    unittest.main()
