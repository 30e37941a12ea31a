"""The shipped models: what they hold is what their golden pictures say, and their output follows what they are shown."""
import json
import unittest

from support import ROOT

import numpy as np
import torch
from PIL import Image

import augment
from export_layers_model import read_layers_model

RADIUS = 32     # pixels; what lies within twice that of the blob's middle counts as its place
CENTRES = [(x, y) for y in (72, 128, 184) for x in (72, 128, 184)]


def shipped():
    """(name, folder, generator) of each pix2pix in models/."""
    for path in sorted((ROOT / 'models').glob('*/model.json')):
        if json.loads(path.read_text())['format'] == 'layers-model':
            yield path.parent.name, path.parent, read_layers_model(path.parent)[1]


def shares_at_the_blob(generator):
    """What part of the output's change lies at the blob, for each place of a bright blob in the page's *classic* input."""
    y, x = np.mgrid[0:256, 0:256]
    shares = []
    with torch.no_grad():
        dim = torch.full((1, 3, 256, 256), .3)
        before = generator(augment.plain('classic', dim)[0])
        for left, top in CENTRES:
            distance = np.hypot(x - left, y - top)
            blob = torch.from_numpy(.6 * np.exp(-distance ** 2 / (2 * (RADIUS / 2) ** 2))).float()
            change = (generator(augment.plain('classic', dim + blob)[0]) - before).abs().sum(1)[0].numpy()
            shares.append(change[distance < 2 * RADIUS].sum() / change.sum())
    return shares


class Models(unittest.TestCase):
    def test_the_golden_output_is_what_the_golden_input_becomes(self):
        for name, folder, generator in shipped():
            with self.subTest(name), torch.no_grad():
                grey, expected = (np.asarray(Image.open(folder / f'golden_{which}.png'), np.float32) / 127.5 - 1
                                  for which in ('input', 'output'))
                painted = generator(torch.from_numpy(grey)[None, None])[0].permute(1, 2, 0).numpy()
                self.assertLess(np.abs(painted - expected).max(), .51 / 127.5)

    def test_the_output_changes_where_a_moving_blob_is(self):
        for name, _, generator in shipped():
            with self.subTest(name):
                shares = shares_at_the_blob(generator)
                print(name, ' '.join(f'{100 * share:.0f} %' for share in shares), 'of the change lies on the 20 % around the blob')
                self.assertGreater(min(shares), .5)


if __name__ == '__main__':
    unittest.main()
