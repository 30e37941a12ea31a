"""scripts/train/autoencoder: what it writes is what PyTorch computes; the shipped ones hold what their golden arrays say."""
import gzip
import json
import struct
import tempfile
import unittest
from pathlib import Path

from support import ROOT, SentenceCase, command

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

EPOCHS = 2
ACTIVATIONS = {'relu': F.relu, 'sigmoid': torch.sigmoid}


def draw(folder, count, side=32):
    folder.mkdir(parents=True)
    for i in range(count):
        rng = np.random.default_rng(i)
        picture = np.zeros((side, side), np.uint8)
        left, top = rng.integers(2, 12, 2)
        picture[top:-top, left:-left] = rng.integers(90, 255)
        Image.fromarray(picture).save(folder / f'{i:03d}.png')
    return folder


def run(folder):
    """(golden arrays, what PyTorch makes of the golden input by layers.json and the arrays beside it), by layer."""
    topology = json.loads((folder / 'layers.json').read_text())
    values = torch.from_numpy(np.load(folder / 'golden_input.npy')).permute(0, 3, 1, 2)
    assert list(values.shape[1:]) == [topology['input'][2], *topology['input'][:2]]
    golden, made = {}, {}
    for layer in topology['layers']:
        if layer['op'] == 'upsample_nearest':
            values = F.interpolate(values, scale_factor=layer['factor'], mode='nearest')
        else:
            kernel, bias = (torch.from_numpy(np.load(folder / layer[part])) for part in ('kernel', 'bias'))
            how = {'stride': layer['stride'], 'padding': layer['padding']}
            if layer['op'] == 'conv2d_transpose':
                values = F.conv_transpose2d(values, kernel, bias, output_padding=layer['output_padding'], **how)
            else:
                values = F.conv2d(values, kernel, bias, **how)
            values = ACTIVATIONS[layer['activation']](values)
        golden[layer['name']] = np.load(folder / f'golden_{layer["name"]}.npy')
        made[layer['name']] = values.permute(0, 2, 3, 1).numpy()
    assert sorted(topology['outputs']) == sorted(made) and topology['outputs'][0] == list(made)[-1]
    return golden, made


class Autoencoder(SentenceCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def assert_same(self, folder):
        golden, made = run(folder)
        for name, maps in golden.items():
            self.assertEqual(maps.dtype, np.float32)
            np.testing.assert_allclose(made[name], maps, atol=1e-5, err_msg=name)
        return golden

    def test_what_it_writes_is_what_pytorch_computes(self):
        pictures = draw(self.folder / 'pictures', 40)
        status, output, errors = command('autoencoder', '--pictures', pictures, '--epochs', EPOCHS, '--into', self.folder / 'out')
        self.assertEqual((status, errors), (0, ''))
        self.assertIn('38 pictures to learn, 2 held back', output)
        for kind, layers in (('transposed', 4), ('nearest', 6)):
            self.assertEqual(len(self.assert_same(self.folder / 'out' / kind)), layers)
        self.assertIn(f'--epochs {EPOCHS} --seed 1', (self.folder / 'out/README.md').read_text())
        with Image.open(self.folder / 'out/garments.png') as garments:
            self.assertEqual(garments.size, (2 * 32, 32))

    def test_the_same_seed_gives_the_same_weights(self):
        pictures = draw(self.folder / 'pictures', 20)
        for out in ('a', 'b'):
            command('autoencoder', '--pictures', pictures, '--epochs', 1, '--seed', 7, '--into', self.folder / out)
        for path in sorted((self.folder / 'a').glob('*/*.npy')):
            self.assertEqual(path.read_bytes(), (self.folder / 'b' / path.relative_to(self.folder / 'a')).read_bytes(), path)

    def write_idx(self, name, pictures, count=None):
        header = struct.pack('>4B3I', 0, 0, 8, 3, len(pictures) if count is None else count, *pictures.shape[1:])
        with gzip.open(self.folder / f'{name}-images-idx3-ubyte.gz', 'wb') as file:
            file.write(header + pictures.tobytes())

    def test_it_reads_the_files_of_fashion_mnist(self):
        pictures = np.random.default_rng(1).integers(0, 255, (12, 28, 28), np.uint8)
        self.write_idx('train', pictures)
        self.write_idx('t10k', pictures[:4])
        status, output, _ = command('autoencoder', '--fashion-mnist', self.folder, '--epochs', 1, '--into', self.folder / 'out')
        self.assertEqual(status, 0)
        self.assertIn('12 pictures to learn, 4 held back', output)
        first = self.assert_same(self.folder / 'out/nearest') and np.load(self.folder / 'out/nearest/golden_input.npy')[0, :, :, 0]
        np.testing.assert_array_equal(first[2:30, 2:30], pictures[0].astype(np.float32) / 255)
        self.assertEqual(first[:2].max(), 0)

    def test_what_is_wrong_with_its_pictures_is_said(self):
        def trained(*words):
            return command('autoencoder', *words, '--into', self.folder / 'out')
        self.assert_sentence(trained('--pictures', self.folder / 'nowhere'), 'there is no folder')
        large = draw(self.folder / 'large', 3, 64)
        self.assert_sentence(trained('--pictures', large), '64×64 pixels, and 32×32 are needed')
        self.assert_sentence(trained('--fashion-mnist', self.folder), 'holds neither train-images-idx3-ubyte')
        self.write_idx('train', np.zeros((2, 28, 28), np.uint8), count=3)
        self.assert_sentence(trained('--fashion-mnist', self.folder), 'says that it has 3 pictures of 28×28')
        (self.folder / 'train-images-idx3-ubyte').write_bytes(b'PK\3\4' + bytes(20))
        self.assert_sentence(trained('--fashion-mnist', self.folder), 'is no idx file of pictures')

    def test_the_shipped_ones_are_what_their_golden_arrays_say(self):
        for kind in ('transposed', 'nearest'):
            with self.subTest(kind):
                golden = self.assert_same(ROOT / 'models/autoencoder' / kind)
                error = np.square(golden['up_2'] - np.load(ROOT / 'models/autoencoder' / kind / 'golden_input.npy')).mean()
                self.assertLess(error, .01)


if __name__ == '__main__':
    unittest.main()
