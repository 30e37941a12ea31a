"""The generators are the predecessor's, number by number."""
import json
import unittest

from support import ROOT, TRAIN  # noqa: F401

import torch

from pix2pix import Discriminator, Generator, parameters

TOPOLOGIES = ROOT.parent / 'shared/topologies'
PARAMETERS = {'slim': 344_323, 'small': 6_297_491, 'medium': 16_786_211, 'large': 54_423_811}


class Pix2pix(unittest.TestCase):
    def test_the_sizes_have_a_third_6_17_and_54_million_parameters(self):
        for size, count in PARAMETERS.items():
            self.assertEqual(parameters(Generator(size)), count)

    def test_the_kernels_are_those_of_the_published_topologies(self):
        for size in ('small', 'medium', 'large'):
            path = TOPOLOGIES / f'pix2pix-{size}/model.json'
            if not path.exists():
                self.skipTest(f'SKIPPED: {path} is not there, nothing was compared')
            published = [tuple(weight['shape']) for group in json.loads(path.read_text())['weightsManifest']
                         for weight in group['weights'] if len(weight['shape']) == 4]
            generator = Generator(size)
            kernels = [tuple(conv.weight.permute(2, 3, 1, 0).shape) for conv in [*generator.down, *generator.up]]
            self.assertEqual(sorted(kernels), sorted(published))

    def test_the_innermost_layers_of_slim_tell_each_place_from_every_other(self):
        torch.manual_seed(1)
        generator, seen = Generator('slim'), []
        generator.up[3].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0][:, :64]))
        generator(torch.rand(4, 1, 256, 256) * 2 - 1)
        code = seen[0].mean(0).flatten(1)                       # (64 channels, 64 places)
        self.assertTrue(torch.equal(code.argmax(0), torch.arange(64)), 'channel n is loudest at place n')
        own = code.diagonal()
        others = code - torch.diag(own)
        self.assertGreater(own.min(), .5)
        self.assertLess(others.max(), .5 * own.min())

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
