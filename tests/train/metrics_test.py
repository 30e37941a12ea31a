"""The metrics, on pictures whose values are known."""
import unittest

from support import scene

import numpy as np
import torch

from metrics import METRICS, fine_energy, l1, lattice, odd_even, psnr, random_feature_distance, ssim


def pictures(*numbers):
    """(N, 3, 256, 256) in 0..1"""
    return torch.stack([torch.from_numpy(scene(n)) for n in numbers]).permute(0, 3, 1, 2).float() / 255


class Metrics(unittest.TestCase):
    def test_a_picture_is_as_near_to_itself_as_can_be(self):
        same = pictures(1, 2)
        for name, best in (('L1', 0), ('PSNR in dB', 100), ('SSIM', 1), ('random-feature distance', 0)):
            self.assertEqual(METRICS[name](same, same).shape, (2,))
            torch.testing.assert_close(METRICS[name](same, same), torch.full((2,), float(best)), atol=1e-4, rtol=0)

    def test_a_tenth_more_light_is_a_tenth_and_20_decibels(self):
        half = torch.full((1, 3, 64, 64), .5)
        self.assertAlmostEqual(l1(half + .1, half).item(), .1, places=5)
        self.assertAlmostEqual(psnr(half + .1, half).item(), 20, places=3)

    def test_ssim_of_flat_pictures_follows_its_formula(self):
        a, b = .5, .6
        expected = (2 * a * b + 1e-4) / (a * a + b * b + 1e-4)      # no variance: the second factor is 1
        flat = torch.full((1, 3, 64, 64), 1.)
        self.assertAlmostEqual(ssim(a * flat, b * flat).item(), expected, places=3)

    def test_noise_costs_similarity_though_hardly_any_light(self):
        target = pictures(3)
        noise = torch.randn(target.shape, generator=torch.Generator().manual_seed(1)) * .05
        self.assertLess(ssim(target + noise, target).item(), .8)
        self.assertGreater(psnr(target + noise, target).item(), 25)

    def test_the_random_feature_distance_minds_texture_more_than_place(self):
        target = pictures(4)
        moved = torch.roll(target, (40, 40), (2, 3))
        noise = torch.randn(target.shape, generator=torch.Generator().manual_seed(1)) * .1
        self.assertGreater(random_feature_distance(target + noise, target), 2 * random_feature_distance(moved, target))

    def test_the_random_network_is_the_same_every_time(self):
        a, b = pictures(5), pictures(6)
        first = random_feature_distance(a, b)
        torch.manual_seed(9)
        self.assertTrue(torch.equal(first, random_feature_distance(a, b)))

    def test_sharpness_is_the_share_of_the_fine_detail_that_is_left(self):
        sharp = np.random.default_rng(1).normal(128, 30, (192, 192))
        self.assertAlmostEqual(fine_energy(128 + (sharp - 128) / 2) / fine_energy(sharp), .25, places=6)
        soft = sum(np.roll(sharp, (y, x), (0, 1)) for y in range(9) for x in range(9)) / 81
        self.assertLess(fine_energy(soft) / fine_energy(sharp), .03)

    def test_a_weave_is_a_lattice_and_noise_is_none(self):
        noise = np.random.default_rng(2).normal(128, 10, (192, 192))
        self.assertLess(lattice(noise), 4.5)
        for period in (2, 4, 8):
            weave = noise.copy()
            weave[:, ::period] += 8
            self.assertGreater(lattice(weave), 8, period)

    def test_odd_and_even_pixels_that_differ_are_found(self):
        picture = pictures(7)
        odd = picture.clone()
        odd[..., 1::2, ::2] += .05
        self.assertLess(odd_even(picture), .05)
        self.assertGreater(odd_even(odd), .2)


if __name__ == '__main__':
    unittest.main()
