"""The trained network that compares pictures: read from a TensorFlow.js folder as TensorFlow.js reads it, and said where it is not."""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import ROOT, TRAIN, SentenceCase, command, program, save_scenes, scene

import numpy as np
import torch

import feature_network
from console import Trouble
from tfjs_folder import KERNEL_ORDER, write_folder

HAS_TFJS = (ROOT / 'node_modules/@tensorflow/tfjs').exists()
TFJS = '''
import { readFileSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
const [folder, input, output, side] = process.argv.slice(1);
const { modelTopology, weightsManifest } = JSON.parse(readFileSync(`${folder}/model.json`, 'utf8'));
const weightData = Uint8Array.from(readFileSync(`${folder}/${weightsManifest[0].paths[0]}`)).buffer;
const model = await tf.loadLayersModel({ load: async () => ({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }) });
const x = tf.tensor(new Float32Array(Uint8Array.from(readFileSync(input)).buffer), [1, Number(side), Number(side), 3]);
writeFileSync(output, Buffer.from(model.predict(x).dataSync().buffer));
'''
SIDE = 13       # odd, so that 'same' pads unevenly


def tiny():
    """(model.json, weights) of what a MobileNet is made of: all kinds of layers and of paddings."""
    rng, layers, weights = np.random.default_rng(3), [], []

    def add(name, kind, sources, **config):
        layers.append({'class_name': kind, 'name': name, 'config': {'name': name, 'trainable': False, **config},
                       'inbound_nodes': [[[source, 0, 0, {}] for source in sources]] if sources else []})
        return name

    def conv(name, source, shape, stride, padding, kind='Conv2D'):
        own = {'filters': shape[3]} if kind == 'Conv2D' else {'depth_multiplier': 1}
        kernel = torch.from_numpy(rng.normal(0, .4, shape).astype(np.float32))
        weights.append((f'{name}/{"kernel" if kind == "Conv2D" else "depthwise_kernel"}', kernel.permute(*np.argsort(KERNEL_ORDER))))
        return add(name, kind, [source], kernel_size=list(shape[:2]), strides=[stride, stride], padding=padding, use_bias=False,
                   activation='linear', dilation_rate=[1, 1], data_format='channels_last', **own)

    def norm(name, source, maps, scale):
        for part in (('gamma',) if scale else ()) + ('beta', 'moving_mean', 'moving_variance'):
            weights.append((f'{name}/{part}', torch.from_numpy(rng.uniform(.3, 1.5, maps).astype(np.float32))))
        return add(name, 'BatchNormalization', [source], axis=-1, epsilon=.001, momentum=.9, center=True, scale=scale)

    x = add('input_1', 'InputLayer', [], batch_input_shape=[None, SIDE, SIDE, 3], dtype='float32', sparse=False)
    x = add('pad', 'ZeroPadding2D', [x], padding=[[0, 1], [1, 0]], data_format='channels_last')
    x = norm('first_bn', conv('first', x, (3, 3, 3, 8), 2, 'valid'), 8, False)
    skip = x = add('relu', 'ReLU', [x], max_value=6, negative_slope=0, threshold=0)
    x = norm('deep_bn', conv('deep', x, (3, 3, 8, 1), 1, 'same', 'DepthwiseConv2D'), 8, True)
    x = add('sum', 'Add', [skip, conv('project', x, (1, 1, 8, 8), 1, 'same')])
    x = conv('last', x, (3, 3, 8, 4), 2, 'same')
    return {'modelTopology': {'keras_version': '2.2.4', 'backend': 'tensorflow', 'model_config': {'class_name': 'Model', 'config': {
        'name': 'tiny', 'layers': layers, 'input_layers': [['input_1', 0, 0]], 'output_layers': [[x, 0, 0]]}}}}, weights


class Features(SentenceCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)
        write_folder(self.place, *tiny(), 'uint8')

    @unittest.skipUnless(HAS_TFJS, 'SKIPPED: TensorFlow.js is not installed')
    def test_a_folder_is_read_as_tensorflow_js_reads_it(self):
        x = torch.rand(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
        network = feature_network.read(self.place, ('last',))
        x.permute(0, 2, 3, 1).contiguous().numpy().astype('<f4').tofile(self.place / 'in.f32')
        done = subprocess.run(['node', '--input-type=module', '-e', TFJS, self.place, self.place / 'in.f32', self.place / 'out.f32', str(SIDE)],
                              cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        wanted = np.fromfile(self.place / 'out.f32', '<f4')
        (made,) = network(x)
        self.assertEqual(made.shape, (1, 4, 3, 3))
        np.testing.assert_allclose(made[0].permute(1, 2, 0).flatten(), wanted, atol=1e-4)
        self.assertGreater(wanted.std(), .1)

    def test_the_distance_grows_with_the_difference_and_leads_back(self):
        network = feature_network.read(self.place, ('relu', 'sum'))
        target = torch.from_numpy(np.stack([scene(n) for n in (1, 2)])).permute(0, 3, 1, 2).float() / 255
        noise = torch.randn(target.shape, generator=torch.Generator().manual_seed(1))
        distances = [network.distance((target + amount * noise).clamp(0, 1), target) for amount in (0., .05, .2)]
        self.assertEqual(distances[0].tolist(), [0, 0])
        self.assertTrue((distances[0] < distances[1]).all() and (distances[1] < distances[2]).all())
        painted = (target + .05 * noise).requires_grad_()
        network.distance(painted, target).sum().backward()
        nearer = network.distance((painted - .01 * painted.grad.sign()).detach(), target)
        self.assertTrue((nearer < distances[1]).all())

    def test_what_is_absent_or_broken_is_said_with_what_to_do(self):
        with self.assertRaisesRegex(Trouble, 'scripts/train/features` fetches it'):
            feature_network.read(self.place / 'nothing')
        model = self.place / 'model.json'
        for text in ('', '[]', '{"modelTopology": 1, "weightsManifest": []}', model.read_text().replace('"Add"', '"Lambda"')):
            broken = self.place / 'broken'
            broken.mkdir(exist_ok=True)
            for shard in self.place.glob('group1*'):
                (broken / shard.name).write_bytes(shard.read_bytes())
            (broken / 'model.json').write_text(text)
            with self.subTest(text[:20]), self.assertRaisesRegex(Trouble, 'remove it, and fetch it again'):
                feature_network.read(broken, ('last',))
        next(self.place.glob('group1*')).write_bytes(b'short')
        with self.assertRaisesRegex(Trouble, 'fetch it again'):
            feature_network.read(self.place, ('last',))

    def test_evaluate_goes_without_and_train_does_not(self):
        run, pictures, before = self.place / 'run', save_scenes(self.place / 'pictures', 4), feature_network.FOLDER
        feature_network.FOLDER = self.place / 'nothing'
        self.addCleanup(setattr, feature_network, 'FOLDER', before)
        words = ('train', pictures, '--name', 'test', '--out', run, '--steps', '1', '--batch', '2', '--discriminator', '2', '--threads', '1')
        self.assert_sentence(command(*words, '--perceptual', '1'), 'scripts/train/features')
        self.assertEqual(command(*words)[0], 0)
        status, printed, errors = command('evaluate', run)
        self.assertEqual(status, 0, errors)
        self.assertIn('No feature distance:', printed)
        self.assertIn('`scripts/train/features` fetches it', printed)
        self.assertNotIn('| feature distance |', printed)

    @unittest.skipUnless((feature_network.FOLDER / 'model.json').exists(), 'SKIPPED: the network is not there: scripts/train/features')
    def test_the_network_that_is_fetched_measures_and_teaches(self):
        network = feature_network.read()
        target = torch.from_numpy(scene(1)).permute(2, 0, 1)[None].float() / 255
        blurred = torch.nn.functional.avg_pool2d(target, 9, 1, 4, count_include_pad=False)
        shifted = target.roll(1, 3)
        self.assertLess(network.distance(shifted, target), network.distance(1 - target, target))
        self.assertGreater(network.distance(blurred, target), 0)
        words = ('train', save_scenes(self.place / 'pictures', 4), '--name', 'test', '--out', self.place / 'run', '--steps', '2', '--batch', '2',
                 '--discriminator', '2', '--threads', '1', '--perceptual', '1')
        status, _, errors = command(*words)
        self.assertEqual(status, 0, errors)
        self.assertIn('| feature distance |', command('evaluate', self.place / 'run')[1])

    def test_without_npm_it_is_said(self):
        result = program('features', '--into', self.place / 'new', env={'PATH': str(TRAIN)})
        self.assert_sentence(result, 'Node.js')


if __name__ == '__main__':
    unittest.main()
