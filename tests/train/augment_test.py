"""The training makes inputs of pictures as the page does. What the engine makes of golden/scene.png is kept beside it, as
eight-bit pictures; where the native program is built, it is asked again."""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import ROOT

import numpy as np
import torch
from PIL import Image

import augment

GOLDEN = Path(__file__).resolve().parent / 'golden'
NATIVE = ROOT / 'build/native/fragnet'
# A network that gives back its input, so that `fragnet run` writes what the chain made of the picture.
NODE = {'dtype': {'type': 'DT_FLOAT'}, 'shape': {'shape': {'dim': [{'size': str(n)} for n in (1, 256, 256, 1)]}}}
NOTHING = {'format': 'graph-model', 'weightsManifest': [], 'modelTopology': {'node': [
    {'name': 'x', 'op': 'Placeholder', 'input': [], 'attr': NODE}, {'name': 'y', 'op': 'Relu', 'input': ['x'], 'attr': {}}]}}


def picture(path):
    """float (1, 3, height, width) in 0..1"""
    return torch.from_numpy(np.array(Image.open(path).convert('RGB'))).permute(2, 0, 1)[None].float() / 255


GRAIN = .2      # of the golden grain.png, by the paper's chain


def engine(chain, *words, program=NATIVE):
    """The input that the engine makes of the scene, 0..1."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / 'model.json').write_text(json.dumps(NOTHING))
        subprocess.run([program, 'run', folder, GOLDEN / 'scene.png', f'{folder}/out.png', '--augmentation', chain,
                        '--precision', 'fp32', '--range', '0,1', *words], check=True)
        return picture(f'{folder}/out.png')


class Augment(unittest.TestCase):
    def test_both_chains_are_those_of_the_engine(self):
        for chain in augment.CHAINS:
            with self.subTest(chain):
                grey, target = augment.plain(chain, picture(GOLDEN / 'scene.png'))
                self.assertEqual((grey.shape, target.shape), ((1, 1, 256, 256), (1, 3, 256, 256)))
                off = ((grey + 1) / 2 - picture(GOLDEN / f'{chain}.png')).abs().max().item()
                self.assertLess(off, .51 / 255, 'more than rounding to eight bits explains')

    @unittest.skipUnless(NATIVE.exists(), 'SKIPPED: the native program is not built, the golden pictures stand for it')
    def test_the_golden_pictures_are_what_the_engine_makes_today(self):
        for chain in augment.CHAINS:
            off = (engine(chain) - picture(GOLDEN / f'{chain}.png')).abs().max().item()
            self.assertLessEqual(off, 1.01 / 255, chain)
        off = (engine('paper', '--grain', str(GRAIN)) - picture(GOLDEN / 'grain.png')).abs().max().item()
        self.assertLessEqual(off, 1.01 / 255)

    def test_grain_is_that_of_the_engine_and_leaves_a_painters_target_as_it_is(self):
        scene = picture(GOLDEN / 'scene.png')
        (plain, target), (grainy, same) = (augment.plain('paper', scene, lambda grey: grey, grain) for grain in (0., GRAIN))
        self.assertLess(((grainy + 1) / 2 - picture(GOLDEN / 'grain.png')).abs().max().item(), .51 / 255)
        self.assertTrue(torch.equal(target, same) and torch.equal(plain, target))
        noise = augment.NOISE
        self.assertTrue(-1 <= noise.min() < -.999 and .999 < noise.max() <= 1)
        self.assertLess(abs(noise.mean()), .01)
        for down, across in ((0, 1), (1, 0), (1, 1)):
            self.assertLess(abs(np.corrcoef(noise[down:, across:].flatten(), noise[:256 - down, :256 - across].flatten())[0, 1]), .02)

    def test_the_chains_differ_so_that_each_is_compared_with_its_own(self):
        grey = [augment.plain(chain, picture(GOLDEN / 'scene.png'))[0] for chain in augment.CHAINS]
        self.assertGreater((grey[0] - grey[1]).abs().max(), .1)

    def test_variations_follow_the_seed_and_stay_within_their_bounds(self):
        scene = picture(GOLDEN / 'scene.png').expand(4, -1, -1, -1)
        made = []
        for seed in (1, 1, 2):
            torch.manual_seed(seed)
            made.append(augment.varied('paper', scene))
        self.assertTrue(torch.equal(made[0][0], made[1][0]) and torch.equal(made[0][1], made[1][1]))
        self.assertFalse(torch.equal(made[0][1], made[2][1]))
        self.assertFalse(torch.equal(made[0][1][0], made[0][1][1]), 'each picture of a batch varies its own way')
        for values in made[0]:
            self.assertTrue(-1 <= values.min() and values.max() <= 1)

    def test_the_input_of_a_variation_shows_what_its_target_shows(self):
        torch.manual_seed(3)
        grey, target = augment.varied('paper', picture(GOLDEN / 'scene.png').expand(8, -1, -1, -1))
        again, _ = augment.plain('paper', (target + 1) / 2)
        for a, b in zip(grey, again):      # but for brightness, contrast and clamping
            self.assertGreater(np.corrcoef(a.flatten(), b.flatten())[0, 1], .98)


if __name__ == '__main__':
    unittest.main()
