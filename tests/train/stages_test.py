"""Painters: the same input is the same picture, and a change of the input changes the picture only where it is."""
import unittest

from support import scene

import numpy as np
import torch

import augment
import stages
from metrics import lattice
from pix2pix import Generator
from stages import PAINTERS, Painter, drawn

SIDE = 64       # pixels of a small stack, quick to draw


def enlarged(name):
    """A painter of three stages, drawn small and enlarged to the network's size."""
    stack = drawn(name, 3, SIDE).float()
    return Painter(torch.nn.functional.interpolate(stack, augment.SIZE).to(torch.uint8))


class Stages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.painters = {name: enlarged(name) for name in PAINTERS}

    def test_a_stage_is_the_same_each_time_and_whatever_was_drawn_before(self):
        for name, painter in self.painters.items():
            with self.subTest(name):
                np.random.seed(3)
                again = stages._stage((name, .5, SIDE))
                self.assertEqual(again.dtype, np.uint8)
                kept = painter.stack[1, :, ::4, ::4].permute(1, 2, 0).numpy()
                np.testing.assert_array_equal(again, kept)

    def test_brighter_stages_are_brighter_and_show_other_things(self):
        for name, painter in self.painters.items():
            with self.subTest(name):
                stack = painter.stack.float()
                light = stack.mean((1, 2, 3)).tolist()
                self.assertLess(light[0] + 25, light[2])
                for a, b in ((0, 1), (1, 2)):
                    self.assertGreater((stack[a] - stack[b]).std(), 12, 'a stage is the one before, but brighter')

    def test_the_same_input_is_the_same_picture_and_its_bytes_are_those_of_the_stack(self):
        for name, painter in self.painters.items():
            with self.subTest(name):
                level = torch.full((1, 1, augment.SIZE, augment.SIZE), 0.)
                torch.testing.assert_close((painter(level) + 1) * 127.5, painter.stack[1:2].float(), atol=1e-3, rtol=0)
                scene = torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(1))
                grey = torch.nn.functional.interpolate(scene, augment.SIZE, mode='bicubic').clamp(0, 1) * 2 - 1
                self.assertTrue(torch.equal(painter(grey), painter(grey.clone())))

    def test_one_cell_of_the_field_changes_what_lies_near_it_alone(self):
        """For each chain: a picture of 16×16 cells, one of them brighter."""
        for name, painter in self.painters.items():
            for chain, reach in (('classic', 96), ('paper', 64)):
                with self.subTest(name, chain=chain):
                    scene = torch.full((1, 3, augment.SIZE, augment.SIZE), .4)
                    other = scene.clone()
                    other[..., 128:144, 96:112] = .9
                    _, before = augment.plain(chain, scene, painter)
                    _, after = augment.plain(chain, other, painter)
                    rows, columns = (after - before).abs().sum((0, 1)).gt(1e-4).nonzero(as_tuple=True)
                    self.assertGreater(len(rows), 100)
                    self.assertLess((rows - 136).abs().max(), reach)
                    self.assertLess((columns - 104).abs().max(), reach)
                    self.assertGreater((after - before).abs().max(), .05)

    def test_brightness_below_and_above_the_stack_is_its_ends(self):
        painter = self.painters['flowers']
        for value, stage in ((-1., 0), (1., 2)):
            level = torch.full((1, 1, augment.SIZE, augment.SIZE), value)
            torch.testing.assert_close((painter(level) + 1) * 127.5, painter.stack[stage:stage + 1].float(), atol=1e-3, rtol=0)

    def test_a_generator_that_has_learned_nothing_paints_no_lattice(self):
        torch.manual_seed(1)
        y, x = torch.meshgrid(*2 * [torch.linspace(-1, 1, 256)], indexing='ij')
        grey = (torch.sin(3 * x + y) * torch.cos(2 * y))[None, None].expand(2, -1, -1, -1)
        for size in ('slim', 'small'):
            with torch.no_grad():
                painted = Generator(size)(grey)     # in training: batch norm measures the batch itself
            self.assertLess(lattice((painted[0].mean(0).numpy() + 1) * 127.5), 4.5, size)


class OfPictures(unittest.TestCase):
    """A painter made of pictures: of the video frames of somebody else."""

    def pictures(self, count):
        grey = np.stack([60 + .6 * scene(number) for number in range(count)])       # of black a power makes no light
        return torch.from_numpy(grey.astype(np.uint8)).permute(0, 3, 1, 2)

    def test_a_stage_is_as_bright_as_it_should_be_everywhere(self):
        for count in (1, 3, 12):
            with self.subTest(count):
                stack = stages.of_pictures(self.pictures(count))
                self.assertEqual((stack.shape, stack.dtype), ((stages.COUNT, 3, 256, 256), torch.uint8))
                light = (stack.float() / 255 * augment.LUMA).sum(1)
                for i, stage in enumerate(light):
                    wanted = stages.DARKEST + (stages.BRIGHTEST - stages.DARKEST) * i / (stages.COUNT - 1)
                    self.assertAlmostEqual(stage.mean().item(), wanted, delta=.1)
                painter = Painter(stack)
                dark, bright = (painter(torch.full((1, 1, 256, 256), level)) for level in (-.9, .9))
                self.assertGreater((bright - dark).mean(), .8)

    def test_the_sharpest_of_each_brightness_is_chosen(self):
        pictures = torch.nn.functional.avg_pool2d(self.pictures(10).float(), 9, 1, 4, count_include_pad=False)
        pictures[7] = (pictures[7] + 30 * torch.randn(3, 256, 256, generator=torch.Generator().manual_seed(1))).clamp(0, 255)
        stack = stages.of_pictures(pictures.to(torch.uint8)).float()
        noise = (stack[:, :, 1:] - stack[:, :, :-1]).abs().mean((1, 2, 3))
        self.assertGreater(noise.max(), 5 * noise.median())


if __name__ == '__main__':
    unittest.main()
