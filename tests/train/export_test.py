"""Both formats, every quantisation: what TensorFlow.js and the native program paint is what PyTorch paints."""
import json
import tempfile
import unittest
from pathlib import Path

from support import ROOT, SentenceCase, command, save_scenes

import torch
from PIL import Image

import checkpoint
from check_export import NATIVE, check_with_fragnet, check_with_tfjs
from console import Trouble
from export_graph_model import graph_model
from export_layers_model import layers_model, read_layers_model
from pix2pix import Generator
from tfjs_folder import bytes_of, write_folder

HAS_TFJS = (ROOT / 'node_modules/@tensorflow/tfjs').exists()


def lively_generator(size='small'):
    """One whose batch norms do not stand where they begin, and whose output is no grey."""
    torch.manual_seed(5)
    generator = Generator(size).eval()
    for module in generator.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.data.uniform_(.5, 2)
            module.bias.data.uniform_(-.5, .5)
            module.running_mean.uniform_(-.5, .5)
            module.running_var.uniform_(.2, 2)
    generator.up[-1].weight.data *= 80
    return generator


def input_and_output(generator):
    grey = torch.rand(1, 1, 256, 256, generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.no_grad():
        return grey, generator(grey)


class Formats(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.place = Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    @unittest.skipUnless(HAS_TFJS, 'SKIPPED: TensorFlow.js is not installed')
    def test_every_format_and_quantisation_paints_what_pytorch_paints(self):
        exact = input_and_output(lively_generator())[1]
        self.assertGreater(exact.std((2, 3)).min(), .03, 'a picture of one colour compares nothing')
        for form, quantization, most in ((layers_model, 'none', 0), (layers_model, 'uint8', .1),
                                         (graph_model, 'float16', .001), (graph_model, 'uint16', .001)):
            with self.subTest(f'{form.__name__} {quantization}'):
                generator = lively_generator()
                folder = self.place / f'{form.__name__}-{quantization}'
                size = write_folder(folder, *form(generator, 'test'), quantization)
                bytes_each = {'none': 4, 'uint8': 1}.get(quantization, 2)
                self.assertAlmostEqual(size / (bytes_each * 6_291_000), 1, delta=.02)
                grey, expected = input_and_output(generator)
                self.assertLessEqual((expected - exact).abs().mean().item(), most, 'quantisation moves the output')
                painted, words = check_with_tfjs(folder, grey, expected)
                self.assertEqual(painted.shape, (1, 3, 256, 256))
                self.assertIn('TensorFlow.js paints what the checkpoint does', words)
                if NATIVE.exists():
                    self.assertIn('fragnet paints', check_with_fragnet(folder, grey, expected)[1])

    def test_every_size_has_its_topology_in_both_formats(self):
        for size, layers in (('medium', 8), ('large', 8)):
            generator = Generator(size)
            model, weights = layers_model(generator, 'test')
            kinds = [layer['class_name'] for layer in model['modelTopology']['model_config']['config']['layers']]
            self.assertEqual((kinds.count('Conv2D'), kinds.count('Conv2DTranspose')), (layers, layers))
            self.assertEqual((kinds.count('BatchNormalization'), kinds.count('Dropout')), (14, 0))
            ops = [node['op'] for node in graph_model(generator, 'test')[0]['modelTopology']['node']]
            self.assertEqual((ops.count('Conv2D'), ops.count('Conv2DBackpropInput')), (layers, layers))

    def test_the_grain_goes_along(self):
        generator = Generator('slim', .15)
        for form in (layers_model, graph_model):
            self.assertEqual(form(generator, 'test')[0]['userDefinedMetadata']['grain'], .15)
        write_folder(self.place, *layers_model(generator, 'test'), 'uint8')
        self.assertEqual(read_layers_model(self.place)[1].grain, .15)

    @unittest.skipUnless(HAS_TFJS, 'SKIPPED: TensorFlow.js is not installed')
    def test_a_folder_that_paints_something_else_is_refused(self):
        generator = lively_generator()
        write_folder(self.place / 'm', *layers_model(generator, 'test'), 'none')
        grey, expected = input_and_output(generator)
        with self.assertRaisesRegex(Trouble, 'paints something else than the checkpoint'):
            check_with_tfjs(self.place / 'm', grey, expected + .001)

    def test_a_shard_cut_short_is_noticed(self):
        write_folder(self.place, *layers_model(Generator('small'), 'test'), 'uint8')
        shard = next(self.place.glob('group1-shard2of*.bin'))
        shard.write_bytes(shard.read_bytes()[:-1])
        with self.assertRaisesRegex(ValueError, 'the manifest promises'):
            bytes_of(self.place)


class Export(SentenceCase):
    """The command, on a checkpoint that was not trained."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.run_folder = Path(cls.folder.name) / 'run'
        status, _, errors = command('train', save_scenes(Path(cls.folder.name) / 'pictures', 4), '--name', 'tides', '--out',
                                    cls.run_folder, '--steps', '1', '--discriminator', '2', '--batch', '2', '--threads', '1')
        assert status == 0, errors

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_folder_is_complete_and_stands_in_the_index(self):
        models = Path(self.folder.name) / 'models'
        models.mkdir()
        others = [{'name': 'clouds', 'title': 'Clouds'}, {'name': 'waves', 'title': 'Waves'}]
        (models / 'index.json').write_text(json.dumps(others))
        words = ('export', self.run_folder, '--into', models / 'tides', '--title', 'Tides', '--about', 'Paints a sea.',
                 '--fragnet', self.folder.name + '/none')
        status, printed, errors = command(*words)
        self.assertEqual(status, 0, errors)
        self.assertIn('not checked with the native fragnet', printed)
        self.assertEqual({path.name for path in (models / 'tides').iterdir()},
                         {'model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin', 'golden_input.png', 'golden_output.png',
                          'thumbnail.png', 'preview.jpg', 'README.md'})
        index = json.loads((models / 'index.json').read_text())
        self.assertEqual(index[:2], others)
        self.assertEqual(index[2], {
            'name': 'tides', 'title': 'Tides', 'path': 'tides/model.json', 'bytes': bytes_of(models / 'tides'), 'size': 'small',
            'thumbnail': 'tides/thumbnail.png', 'about': 'Paints a sea.', 'trained_on': '3 pictures.', 'licence': 'MIT',
            'range': [-1, 1]})
        readme = (models / 'tides/README.md').read_text()
        for part in ('# Tides', 'Paints a sea.', '6,297,491 parameters', '1 steps', 'seed 1', 'on a CPU'):
            self.assertIn(part, readme)
        self.assertNotIn(self.folder.name, readme, 'no path of this machine')

        command(*words, '--licence', 'CC0')     # again: the entry is replaced, and no shard is left over
        index = json.loads((models / 'index.json').read_text())
        self.assertEqual([each['name'] for each in index], ['clouds', 'waves', 'tides'])
        self.assertEqual(index[2]['licence'], 'CC0')

    def test_the_golden_output_is_what_the_golden_input_becomes(self):
        status, _, errors = command('export', self.run_folder, '--quantize', 'none')
        self.assertEqual(status, 0, errors)
        folder = self.run_folder / 'tides'
        grey, painted = (torch.tensor(list(Image.open(folder / f'golden_{which}.png').tobytes())) / 127.5 - 1
                         for which in ('input', 'output'))
        generator = checkpoint.finished_generator(checkpoint.read(self.run_folder))
        with torch.no_grad():
            expected = generator(grey.view(1, 1, 256, 256))[0].permute(1, 2, 0).flatten()
        self.assertLess((expected - painted).abs().max().item(), .51 / 127.5)

    def test_it_does_not_write_into_a_folder_of_other_things(self):
        other = Path(self.folder.name) / 'letters'
        other.mkdir()
        (other / 'letter.txt').write_text('dear')
        self.assert_sentence(command('export', self.run_folder, '--into', other), 'holds other things')
        self.assertEqual([path.name for path in other.iterdir()], ['letter.txt'])


if __name__ == '__main__':
    unittest.main()
