"""scripts/train/prepare: what becomes of a video and of a folder, what is left out, and what it says of bad input."""
import json
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from support import SentenceCase, command, program, save_scenes, scene

import numpy as np
from PIL import Image

import dataset


def save_video(path, *source):
    subprocess.run(['ffmpeg', '-v', 'error', '-y', *source, path], check=True)
    return path


class Prepare(SentenceCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.place = Path(folder.name)
        self.target = self.place / 'dataset'
        self.addCleanup(folder.cleanup)

    def prepare(self, source, *words):
        return command('prepare', source, self.target, *words)

    def test_a_video_gives_evenly_spaced_frames_cropped_left_and_right(self):
        # Twenty frames, 640×360: frame n is n · 10 grey on its left half and 255 − n · 10 on its right.
        frames = self.place / 'frames'
        frames.mkdir()
        for n in range(20):
            frame = np.full((360, 640, 3), 255 - 10 * n, np.uint8)
            frame[:, :320] = 10 * n
            Image.fromarray(frame).save(frames / f'{n:02d}.png')
        video = save_video(self.place / 'v.mkv', '-i', frames / '%02d.png', '-c:v', 'ffv1')
        status, words, errors = self.prepare(video, '--frames', '5')
        self.assertEqual(status, 0, errors)
        self.assertIn('10 pictures of 5 frames or files; left out: 0 near-duplicates', words)
        pictures = [np.asarray(Image.open(path)).astype(int) for path in dataset.picture_files(self.target)]
        self.assertEqual({picture.shape for picture in pictures}, {(256, 256, 3)})
        for i, n in enumerate((0, 4, 8, 12, 16)):
            left, right = pictures[2 * i][128, 0, 0], pictures[2 * i + 1][128, -1, 0]
            self.assertLess(max(abs(left - 10 * n), abs(right - (255 - 10 * n))), 4)
        described = json.loads((self.target / dataset.DESCRIPTION).read_text())
        self.assertEqual(described['command'], 'scripts/train/prepare v.mkv dataset --frames 5')

    def test_a_video_of_few_frames_gives_each_once(self):
        video = save_video(self.place / 'v.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=256x256:r=2:d=2', '-pix_fmt', 'yuv420p')
        self.assertIn(' of 4 frames', self.prepare(video, '--frames', '100')[1])

    def test_a_folder_loses_what_is_broken_small_or_there_twice_and_says_how_many(self):
        source = save_scenes(self.place / 'source', 4, width=400, height=300)
        save_scenes(source / 'deeper', 1, width=256, height=600)
        small = save_scenes(self.place / 'small', 1, width=255, height=255)
        (small / '000.png').rename(source / 'small.png')
        (source / 'broken.jpg').write_bytes(b'no picture')
        (source / 'cut.png').write_bytes((source / '000.png').read_bytes()[:2000])
        (source / 'notes.txt').write_text('no picture, and not counted')
        brighter = np.minimum(scene(0, 400, 300).astype(int) + 2, 255).astype(np.uint8)
        Image.fromarray(brighter).save(source / 'zero again.jpg', quality=60)
        status, words, errors = self.prepare(source)
        self.assertEqual(status, 0, errors)
        self.assertIn('10 pictures of 9 frames or files; left out: 2 near-duplicates, 2 broken, 1 smaller than 256×256.', words)
        self.assertIn('That is few', words)
        self.assertEqual(len(dataset.picture_files(self.target)), 10, 'the contact sheet is no picture of the dataset')
        self.assertTrue((self.target / dataset.SHEET).exists())

    def test_a_set_that_is_too_varied_is_said_to_be(self):
        alike, varied = self.place / 'alike', self.place / 'varied'
        for folder in (alike, varied):
            folder.mkdir()
        for i, colour in enumerate([(255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (255, 255, 0), (0, 255, 0)]):
            Image.new('RGB', (256, 256), colour).save(varied / f'{i}.png')
            Image.new('RGB', (256, 256), (120 + 10 * i, 130, 140 - 8 * i)).save(alike / f'{i}.png')
        self.assertNotIn('differ much', self.prepare(alike)[1])
        shutil.rmtree(self.target)
        status, words, errors = self.prepare(varied)
        self.assertEqual(status, 0, errors)
        self.assertIn('They differ much, 1', words)
        self.assertIn('Film one kind of thing', words)

    def test_what_can_not_be_prepared_is_said_in_a_sentence_and_nothing_is_left_behind(self):
        empty, nonsense = self.place / 'empty', self.place / 'nonsense.mp4'
        empty.mkdir()
        nonsense.write_bytes(b'no video')
        sound = save_video(self.place / 'sound.mp4', '-f', 'lavfi', '-i', 'sine=d=1')
        tiny = save_video(self.place / 'tiny.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=2:d=2', '-pix_fmt', 'yuv420p')
        small = save_scenes(self.place / 'small', 3, width=200, height=300)
        before = sorted(self.place.iterdir())
        for source, part in ((self.place / 'nowhere', 'there is no'), (empty, 'holds no pictures'), (nonsense, 'has no frames'),
                             (sound, 'has no frames'), (tiny, '320×240'), (small, '3 smaller than 256×256')):
            self.assert_sentence(self.prepare(source), part)
            self.assertEqual(sorted(self.place.iterdir()), before)
        full = program('prepare', save_scenes(self.place / 'full', 3), self.target,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000)))
        self.assert_sentence(full, 'no room on the disk')
        self.assertFalse(self.target.exists())
        self.target.mkdir()
        (self.target / 'mine.txt').write_text('mine')
        self.assert_sentence(self.prepare(save_scenes(self.place / 'source', 3)), 'is there already')
        self.assertEqual([path.name for path in self.target.iterdir()], ['mine.txt'])
