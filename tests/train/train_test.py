"""scripts/train/train: what a seed promises, what survives a stop, and what it says of bad input."""
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from support import ROOT, TRAIN, SentenceCase, command, program, save_scenes

import torch
import torch.multiprocessing
from PIL import Image

import checkpoint
from export_layers_model import read_layers_model
from training import Run, World, hinge, too_loud, varied_crops

SMALLEST = ('--discriminator', '2', '--batch', '2', '--threads', '1', '--device', 'cpu')


def train(out, *words, run=command, **options):
    return run('train', '--name', 'test', '--out', out, *SMALLEST, *words, **options)


def weights(out):
    state = checkpoint.read(out)
    return [t for part in ('generator', 'discriminator', 'average') for t in state[part].values()]


class Train(SentenceCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = Path(cls.folder.name)
        cls.pictures = save_scenes(cls.place / 'pictures', 8)
        status, cls.words, errors = train(cls.place / 'whole', cls.pictures, '--steps', '5', '--epoch', '2')
        assert status == 0, errors

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def assert_same_weights(self, one, other):
        for a, b in zip(weights(one), weights(other)):
            self.assertTrue(torch.equal(a, b))

    def test_one_seed_gives_one_network_and_another_seed_another(self):
        for name, seed in (('again', 1), ('other', 2)):
            self.assertEqual(train(self.place / name, self.pictures, '--steps', '5', '--epoch', '9', '--seed', seed)[0], 0)
        self.assert_same_weights(self.place / 'whole', self.place / 'again')
        self.assertFalse(torch.equal(weights(self.place / 'whole')[0], weights(self.place / 'other')[0]))

    def test_a_killed_run_goes_on_as_if_it_had_not_been(self):
        for number in (signal.SIGKILL, signal.SIGTERM):
            out = self.place / f'killed-{number}'
            errors = self.start_and_stop(out, number)
            if number == signal.SIGTERM:        # it is given the time to save, and says how to go on
                self.assertIn('fragnet: stopped at step', errors)
                self.assertIn('--resume', errors)
            self.assertLess(checkpoint.read(out)['step'], 5)
            self.assertEqual(train(out, '--resume')[0], 0)
            self.assert_same_weights(self.place / 'whole', out)

    def start_and_stop(self, out, number):
        """Starts a run, and sends it a signal once there is a checkpoint; what it said on standard error."""
        words = [TRAIN / 'train', self.pictures, '--name', 'test', '--out', out, *SMALLEST, '--steps', '5', '--epoch', '2']
        running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while not (out / checkpoint.NAME).exists() and running.poll() is None:
            time.sleep(.01)
        running.send_signal(number)
        errors = running.communicate(timeout=60)[1]
        self.assertNotEqual(running.returncode, 0)
        return errors

    def test_it_leaves_previews_weights_and_a_loss_curve_and_says_how_far_it_is(self):
        names = {path.name for path in (self.place / 'whole').iterdir()}
        steps = ('0000002', '0000004', '0000005')
        self.assertEqual(names, {'checkpoint.pt', 'losses.png', 'now', 'preview.html', 'preview.json', *(f'preview-{n}.png' for n in steps),
                                 *(f'weights-{n}.pt' for n in steps)})
        with Image.open(self.place / 'whole/preview-0000005.png') as preview:
            self.assertEqual(preview.size, (2 * 260 + 4, 5 * 260 + 4))
        self.assertIn('preview-0000005.png', (self.place / 'whole/preview.html').read_text())
        self.assertIn('7 pictures to learn, 1 held back; small: 6,297,491 parameters; on cpu', self.words)
        self.assertRegex(self.words, r'100 %  0 s left  step 5  discriminator \d.* adversarial -?\d.* L1 \d.* ms a step')

    def test_the_discriminator_rests_during_the_warm_up(self):
        self.assertEqual(train(self.place / 'warm', self.pictures, '--steps', '2', '--warm-up', '1')[0], 0)
        warm, whole = checkpoint.read(self.place / 'warm'), checkpoint.read(self.place / 'whole')
        self.assertEqual(warm['discriminator_adam']['state'], {})
        self.assertNotEqual(warm['generator_adam']['state'], {})
        self.assertNotEqual(whole['discriminator_adam']['state'], {})

    def test_a_full_disk_loses_nothing(self):
        out = self.place / 'full'
        self.assertEqual(train(out, self.pictures, '--steps', '2')[0], 0)
        before = (out / checkpoint.NAME).read_bytes()
        # A limit on a file's size stands for the end of the disk.
        result = train(out, '--resume', '--steps', '3', run=program,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9_000_000, 9_000_000)))
        self.assert_sentence(result, 'no room on the disk', 'what was written before is still there')
        self.assertEqual((out / checkpoint.NAME).read_bytes(), before)
        self.assertEqual(list(out.glob('*.part')), [])

    def test_what_cannot_be_trained_is_said_in_a_sentence(self):
        empty, small, single = self.place / 'empty', self.place / 'small', self.place / 'single'
        empty.mkdir()
        save_scenes(small, 3, width=300, height=200)
        save_scenes(single, 1)
        broken = save_scenes(self.place / 'broken', 2)
        (broken / '000.png').write_bytes((broken / '000.png').read_bytes()[:900])
        new = self.place / 'new'
        for words, *parts in (
                ((self.place / 'nowhere',), 'there is no folder'), ((empty,), 'holds no pictures'), ((single,), 'too few'),
                ((small,), '300×200', 'prepare'), ((broken,), 'is broken', 'prepare'), ((), 'name the folder'),
                ((self.pictures, '--batch', '1'), 'at least 2'), ((self.pictures, '--rate', '0'), '--rate must be more')):
            self.assert_sentence(train(new, *words), *parts)
            self.assertFalse(new.exists())
        self.assert_sentence(train(self.place / 'whole', self.pictures), 'holds a run', '--resume')
        self.assert_sentence(train(new, '--resume'), 'there is no checkpoint')

    def test_a_checkpoint_of_another_size_or_none_at_all_is_refused(self):
        self.assert_sentence(train(self.place / 'whole', '--resume', '--size', 'medium'), '--size small', 'medium')
        for content in (b'', b'no checkpoint', b'PK\x03\x04 half a zip'):
            broken = self.place / 'broken.pt'
            broken.write_bytes(content)
            self.assert_sentence(command('export', broken), 'broken.pt is no checkpoint')
        torch.save({'weights': 1}, broken)
        self.assert_sentence(command('export', broken), 'is no checkpoint of scripts/train/train')

    def test_a_lattice_is_louder_than_its_target_and_detail_is_not(self):
        noise = torch.Generator().manual_seed(1)
        target = torch.randn(4, 3, 256, 256, generator=noise) * .1
        other = torch.randn(4, 3, 256, 256, generator=noise) * .1       # as much detail, elsewhere
        lattice = torch.zeros_like(target)
        lattice[..., ::8, ::8] = 1.
        self.assertEqual(too_loud(target.mean((2, 3), keepdim=True).expand_as(target), target), 0)
        self.assertGreater(too_loud(other + lattice, target), too_loud(other, target) + .01)
        self.assertLess(too_loud(other, target), .2)

    def test_a_discriminator_far_ahead_waits_for_the_generator(self):
        pictures = torch.randint(0, 256, (4, 3, 256, 256), dtype=torch.uint8)
        for loss, learns in ((.05, False), (1., True)):
            run = Run(options(), World(torch.device('cpu')))
            run.history = [(step, loss, 1., .5) for step in range(4)]
            judge, painter = (next(network.parameters()).clone() for network in (run.discriminator, run.generator))
            run.advance(pictures, 0.)
            self.assertEqual(not torch.equal(next(run.discriminator.parameters()), judge), learns, loss)
            self.assertFalse(torch.equal(next(run.generator.parameters()), painter))

    def test_it_begins_with_the_weights_of_another_model(self):
        for source in (self.place / 'whole', 'aurora', ROOT / 'models/aurora'):
            out = self.place / 'fine'
            self.assertEqual(train(out, self.pictures, '--from', source, '--steps', '1', '--rate', '1e-9')[2], '')
            average = checkpoint.finished_generator(checkpoint.read(out))
            expected = read_generator(source)
            for (name, a), b in zip(average.named_parameters(), expected.parameters()):
                torch.testing.assert_close(a, b, atol=1e-6, rtol=0, msg=name)
            shutil.rmtree(out)
        self.assert_sentence(train(self.place / 'fine', self.pictures, '--from', 'nothing'), 'no such model', 'aurora')
        self.assert_sentence(train(self.place / 'fine', self.pictures, '--from', self.place / 'whole', '--size', 'medium'), '--size small')

    def test_a_discriminator_that_says_nothing_draws_and_one_that_is_right_pays_nothing(self):
        nothing, sure = torch.zeros(2, 1, 6, 6), torch.full((2, 1, 6, 6), 1.5)
        self.assertEqual(hinge(nothing, nothing), 1)
        self.assertEqual(hinge(sure, -sure), 0)
        self.assertEqual(hinge(-sure, sure), 2.5)

    def test_the_crops_that_are_judged_are_of_one_place_and_pass_gradients_on(self):
        torch.manual_seed(1)
        place = torch.arange(256 * 256.).view(1, 1, 256, 256).expand(2, -1, -1, -1)
        painted = place.expand(-1, 3, -1, -1).clone().requires_grad_()
        shown, wanted, made = varied_crops(place, painted.detach(), painted)
        self.assertEqual(made.shape, (2, 3, 128, 128))
        self.assertTrue(torch.equal(wanted, made.detach()))
        self.assertLess((wanted - shown).abs().max(), .5)
        made.sum().backward()
        self.assertEqual(painted.grad.sum(), 2 * 3 * 128 * 128)

    def test_two_processes_train_one_network(self):
        out = self.place / 'two'
        torchrun = [sys.executable, '-m', 'torch.distributed.run', '--redirects', '1', '--tee', '1', '--nproc_per_node', '2', '--master_port', free_port()]
        status, words, errors = train(out, self.pictures, '--steps', '2', run=program, before=torchrun)
        self.assertEqual(status, 0, errors)
        self.assertEqual(words.count('pictures to learn'), 1, 'one process speaks for all')
        self.assertEqual(checkpoint.read(out)['step'], 2)

    def test_all_processes_hold_the_same_weights_and_see_other_pictures(self):
        torch.multiprocessing.spawn(one_of_two, (free_port(), self.place), nprocs=2)
        first, second = (torch.load(self.place / f'rank-{rank}.pt') for rank in (0, 1))
        self.assertFalse(torch.equal(first['batch'], second['batch']))
        for name, values in first['weights'].items():
            if 'running' not in name:       # each process keeps its own averages of batch norm; the checkpoint calibrates
                self.assertTrue(torch.equal(values, second['weights'][name]), name)


class Steps(unittest.TestCase):
    def test_in_half_precision_and_with_grain_a_step_is_nearly_the_same(self):
        """As on a GPU, which takes no part in tests."""
        pictures = torch.randint(0, 256, (8, 3, 256, 256), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
        losses = {}
        for grain, mixed in ((0., False), (.2, False), (.2, True)):
            run = Run(options(size='slim', grain=grain, detail=100.), World(torch.device('cpu')))
            run.mixed = mixed
            self.assertEqual(run.half, torch.bfloat16)
            self.assertEqual(run.batch(pictures, 0)[0].dtype, torch.float32)
            losses[grain, mixed] = [run.advance(pictures, 0.) for _ in range(2)][1]
        for full, half in zip(losses[.2, False], losses[.2, True]):
            self.assertAlmostEqual(full, half, delta=.02)
        self.assertNotEqual(losses[0., False], losses[.2, False])
        self.assertNotEqual(losses[.2, True], losses[.2, False])


def one_of_two(rank, port, place):
    """Two steps in a world of two processes."""
    torch.set_num_threads(1)
    os.environ.update(MASTER_ADDR='127.0.0.1', MASTER_PORT=port, WORLD_SIZE='2', RANK=str(rank), LOCAL_RANK=str(rank))
    torch.distributed.init_process_group('gloo')
    run = Run(options(), World(torch.device('cpu'), rank, 2))
    pictures = torch.randint(0, 256, (8, 3, 256, 256), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    batch, _ = run.batch(pictures, 0)
    for _ in range(2):
        run.advance(pictures, 0.)
    torch.save({'batch': batch, 'weights': run.generator.state_dict()}, place / f'rank-{rank}.pt')
    torch.distributed.destroy_process_group()


def read_generator(source):
    folder = ROOT / 'models' / source
    return read_layers_model(folder)[1] if folder.name == 'aurora' else checkpoint.finished_generator(checkpoint.read(source))


def options(**others):
    from types import SimpleNamespace
    return SimpleNamespace(**{**dict(size='small', discriminator=2, batch=2, seed=1, chain='both', rate=2e-4, discriminator_rate=1e-4,
                                     l1=100., feature_matching=10., lattice=10., detail=0., warm_up=0., grain=0., perceptual=0.), **others})


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return str(one.getsockname()[1])


if __name__ == '__main__':
    unittest.main()
