"""The generators are the predecessor's, number by number."""
import json
import unittest

from support import ROOT, TRAIN  # noqa: F401

import torch

from pix2pix import SIZES, Discriminator, Generator, parameters

TOPOLOGIES = ROOT.parent / 'shared/topologies'
PARAMETERS = {'small': 6_297_491, 'medium': 16_786_211, 'large': 54_423_811}


class Pix2pix(unittest.TestCase):
    def test_the_sizes_have_6_17_and_54_million_parameters(self):
        for size, count in PARAMETERS.items():
            self.assertEqual(parameters(Generator(size)), count)

    def test_the_kernels_are_those_of_the_published_topologies(self):
        for size in SIZES:
            path = TOPOLOGIES / f'pix2pix-{size}/model.json'
            if not path.exists():
                self.skipTest(f'SKIPPED: {path} is not there, nothing was compared')
            published = [tuple(weight['shape']) for group in json.loads(path.read_text())['weightsManifest']
                         for weight in group['weights'] if len(weight['shape']) == 4]
            generator = Generator(size)
            kernels = [tuple(conv.weight.permute(2, 3, 1, 0).shape) for conv in [*generator.down, *generator.up]]
            self.assertEqual(sorted(kernels), sorted(published))

    def test_the_discriminator_judges_30_by_30_patches_of_70_by_70_pixels(self):
        judge = Discriminator(2).eval()
        grey, picture = torch.zeros(1, 1, 256, 256), torch.zeros(1, 3, 256, 256, requires_grad=True)
        logits, features = judge(grey, picture)
        self.assertEqual(logits.shape, (1, 1, 30, 30))
        self.assertEqual([f.shape[1] for f in features], [2, 4, 8, 16])
        logits[0, 0, 15, 15].backward()
        rows = picture.grad.abs().sum((0, 1, 3)).nonzero().flatten()
        self.assertEqual(rows.max() - rows.min() + 1, 70)


if __name__ == '__main__':
    unittest.main()
