#!/usr/bin/python3
"""Trains the network of models/clouds: a small pix2pix that paints skies over whatever it is shown.

    scripts/train_clouds.py                              draws the pictures, trains, keeps a checkpoint and preview sheets
    scripts/train_clouds.py --resume                     goes on where a stopped run was
    scripts/train_clouds.py --export models/clouds       writes the checkpoint as a TensorFlow.js folder
    scripts/train_clouds.py --self-test                  the whole way in miniature, in under a minute

Needs Debian's python3-torch, python3-numpy, python3-pil and libopenblas0-pthread. Everything it makes on the way stands in
build/train/clouds. What is random comes from --seed.
"""
import argparse
import copy
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / 'train'))
import augment                                                  # noqa: E402
from drawers.clouds import draw                                 # noqa: E402
from export_layers_model import check_folder, export            # noqa: E402
from pix2pix import Discriminator, Generator, calibrate_norms   # noqa: E402

SMALL_PARAMETERS = 6_297_491    # of the paper's table
AVERAGE_DECAY = .998            # the exported weights are a running average over some 500 steps
ADAM_BETAS = (.5, .999)


def main():
    options = read_options()
    torch.set_num_threads(options.threads)
    if options.self_test:
        return self_test(options)
    if options.export:
        return write_model(options)
    train(options)


def read_options(words=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', type=Path, default=HERE.parent / 'build/train/clouds', metavar='FOLDER')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--pictures', type=int, default=1600, help='how many skies to draw')
    parser.add_argument('--steps', type=int, default=8000)
    parser.add_argument('--batch', type=int, default=4)
    parser.add_argument('--rate', type=float, default=2e-4, help='learning rate of the generator')
    parser.add_argument('--discriminator-rate', type=float, default=2e-4)
    parser.add_argument('--l1', type=float, default=100, help='weight of the L1 loss')
    parser.add_argument('--gan', type=float, default=1, help='weight of the adversarial loss')
    parser.add_argument('--width', type=int, default=24, help='filters of the first layer of the discriminator')
    parser.add_argument('--preview-every', type=int, default=500, metavar='STEPS')
    parser.add_argument('--save-every', type=int, default=250, metavar='STEPS')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--resume', action='store_true', help='continue from the checkpoint in --out')
    parser.add_argument('--from-step', type=int, metavar='STEP', help='resume or export that preview\'s checkpoint, not the last')
    parser.add_argument('--export', type=Path, metavar='FOLDER', help='write the checkpoint as a TensorFlow.js folder')
    parser.add_argument('--tfjs', type=Path, metavar='FOLDER', help='where @tensorflow/tfjs is installed: checks the export')
    parser.add_argument('--self-test', action='store_true')
    return parser.parse_args(words)


# ---- pictures

def load_pictures(options):
    """uint8 (count, 3, 256, 256); pictures that an earlier run has drawn are read, not drawn again."""
    folder = options.out / f'pictures-{options.seed}'
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f'{i:05d}.png' for i in range(options.pictures)]
    missing = [(path, (options.seed, i)) for i, path in enumerate(paths) if not path.exists()]
    if missing:
        print(f'drawing {len(missing)} skies into {folder}', flush=True)
        with multiprocessing.Pool(os.cpu_count()) as pool:
            pool.starmap(draw_to, missing, chunksize=8)
    return torch.from_numpy(np.stack([np.asarray(Image.open(path)).transpose(2, 0, 1) for path in paths]))


def draw_to(path, seed):
    part = path.with_suffix('.part')
    Image.fromarray(draw(np.random.default_rng(seed))).save(part, 'PNG')
    part.rename(path)


def someone_at_a_camera():
    """A head and shoulders before a dim wall with a window: what the page shows the network, and no sky."""
    scene = Image.new('RGB', (256, 256), (70, 68, 64))
    pen = ImageDraw.Draw(scene)
    pen.rectangle((180, 10, 250, 110), fill=(225, 228, 230))
    pen.ellipse((20, 190, 236, 420), fill=(38, 42, 60))
    pen.rectangle((108, 150, 150, 210), fill=(160, 122, 102))
    pen.ellipse((84, 60, 174, 190), fill=(202, 160, 138))
    pen.chord((78, 40, 180, 150), 180, 360, fill=(40, 30, 26))
    return torch.from_numpy(np.array(scene.filter(ImageFilter.GaussianBlur(3)))).permute(2, 0, 1)


# ---- training

class Run:
    """Everything that a checkpoint holds."""

    def __init__(self, options):
        torch.manual_seed(options.seed)
        self.step, self.seconds = 0, 0.
        self.generator, self.discriminator = Generator(), Discriminator(options.width)
        self.average = copy.deepcopy(self.generator).eval()     # of the generator's weights; this is what is exported
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), options.rate, ADAM_BETAS)
        self.discriminator_adam = torch.optim.Adam(self.discriminator.parameters(), options.rate, ADAM_BETAS)

    PARTS = ('generator', 'discriminator', 'average', 'generator_adam', 'discriminator_adam')

    def save(self, path):
        state = {part: getattr(self, part).state_dict() for part in self.PARTS}
        state.update(step=self.step, seconds=self.seconds, random=torch.get_rng_state())
        torch.save(state, path.with_suffix('.part'))
        path.with_suffix('.part').rename(path)                  # a run killed while writing keeps the one before

    def load(self, path):
        state = torch.load(path)
        for part in self.PARTS:
            getattr(self, part).load_state_dict(state[part])
        self.step, self.seconds = state['step'], state['seconds']
        torch.set_rng_state(state['random'])
        return self


def train(options):
    pictures = load_pictures(options)
    run, checkpoint = Run(options), options.out / 'checkpoint.pt'
    if options.resume:
        run.load(checkpoint_to_read(options))
    losses, started, first = [], time.time(), run.step
    while run.step < options.steps:
        before = time.time()
        set_rates(run, options)
        losses.append(one_step(run, next_batch(pictures, run.step, options), options))
        run.step += 1
        run.seconds += time.time() - before
        if run.step % 50 == 0:
            report(run, options, losses, (time.time() - started) / (run.step - first))
            losses = []
        if run.step % options.save_every == 0 or run.step == options.steps:
            run.save(checkpoint)
        if run.step % options.preview_every == 0 or run.step == options.steps:
            preview(run, pictures, options.out / f'preview-{run.step:06d}.png')
            run.save(options.out / f'checkpoint-{run.step:06d}.pt')     # to go back to, should a later one look worse


def checkpoint_to_read(options):
    return options.out / ('checkpoint.pt' if options.from_step is None else f'checkpoint-{options.from_step:06d}.pt')


def next_batch(pictures, step, options):
    """(input, target), by the classic chain on even steps and by the paper's on odd ones."""
    chosen = pictures[torch.randint(len(pictures), (options.batch,))].float() / 255
    return (augment.classic, augment.paper)[step % 2](chosen)


def set_rates(run, options):
    """The learning rates fall to a tenth over the last third of the steps."""
    left = min(1, max(.1, 3 * (options.steps - run.step) / options.steps))
    run.generator_adam.param_groups[0]['lr'] = options.rate * left
    run.discriminator_adam.param_groups[0]['lr'] = options.discriminator_rate * left


def one_step(run, batch, options):
    """One step of both networks; returns the three losses."""
    grey, target = batch
    painted = run.generator(grey)

    real, fake = run.discriminator(grey, target), run.discriminator(grey, painted.detach())
    found_out = .5 * (F.softplus(-real).mean() + F.softplus(fake).mean())
    run.discriminator_adam.zero_grad()
    found_out.backward()
    run.discriminator_adam.step()

    run.discriminator.requires_grad_(False)
    fooled = F.softplus(-run.discriminator(grey, painted)).mean()
    distance = F.l1_loss(painted, target)
    run.generator_adam.zero_grad()
    (options.gan * fooled + options.l1 * distance).backward()
    run.generator_adam.step()
    run.discriminator.requires_grad_(True)

    with torch.no_grad():
        decay = min(AVERAGE_DECAY, (run.step + 1) / (run.step + 10))
        for mean, new in zip(run.average.parameters(), run.generator.parameters()):
            mean.lerp_(new, 1 - decay)
    return found_out.item(), fooled.item(), distance.item()


def report(run, options, losses, seconds_a_step):
    discriminator, adversarial, l1 = np.mean(losses, axis=0)
    minutes = (options.steps - run.step) * seconds_a_step / 60
    print(f'step {run.step:6d}  discriminator {discriminator:.3f}  adversarial {adversarial:.3f}  L1 {l1:.4f}  '
          f'{1000 * seconds_a_step:.0f} ms a step  {minutes:.0f} min left', flush=True)


# ---- looking at it

def finished_generator(run, pictures, options, batches=40):
    """The averaged generator, its batch norms calibrated on fixed pictures; leaves the run's random numbers alone."""
    with torch.random.fork_rng():
        torch.manual_seed(options.seed)
        calibrate_norms(run.average, [next_batch(pictures, i, options)[0] for i in range(batches)])
    return run.average


def preview(run, pictures, path, options=None):
    """A sheet: six skies and someone at a camera; input, painting and target by the classic chain, then by the paper's."""
    options = options or read_options([])
    generator = finished_generator(run, pictures, options)
    shown = torch.stack([*pictures[:6], someone_at_a_camera()]).float() / 255
    rows = []
    for chain in ('classic', 'paper'):
        grey, target = augment.plain(chain, shown)
        with torch.no_grad():
            painted = generator(grey)
        rows += [grey.expand(-1, 3, -1, -1), painted, target]
    sheet = torch.cat([torch.cat(list(row), 2) for row in rows[:5]], 1)
    to_image(sheet).save(path)


def to_image(picture):
    """(3 or 1, height, width) in -1..1 to an 8-bit image."""
    array = ((picture + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy()
    return Image.fromarray(array[..., 0] if array.shape[2] == 1 else array)


# ---- export

def write_model(options):
    """The folder with its golden pictures, thumbnail and preview, and its line in index.json."""
    folder = options.export
    pictures = load_pictures(options)
    run = Run(options).load(checkpoint_to_read(options))
    bytes_written, as_read = export(finished_generator(run, pictures, options, 200), folder, 'clouds')
    parameters = check_folder(folder)
    print(f'{folder}: step {run.step}, {run.seconds / 3600:.2f} h, {parameters} parameters, {bytes_written} bytes')

    unseen = [torch.from_numpy(draw(np.random.default_rng((options.seed, 10_000 + i))).transpose(2, 0, 1)) for i in range(2)]
    shown = torch.stack([*unseen, someone_at_a_camera()]).float() / 255
    grey = torch.stack([augment.plain(chain, shown)[0] for chain in ('classic', 'paper')], 1).flatten(0, 1)
    golden = (grey[1:2] + 1).mul(127.5).round() / 127.5 - 1     # what its 8-bit picture says
    with torch.no_grad():
        painted, expected, unquantised = as_read(grey), as_read(golden), run.average(golden)
    print(f'rounding the kernels to uint8 moves the output by {(expected - unquantised).abs().mean():.4f} on average')
    to_image(golden[0]).save(folder / 'golden_input.png')
    to_image(painted[1]).save(folder / 'thumbnail.png')
    columns = [torch.cat([g.expand(3, -1, -1), p], 1) for g, p in zip(grey, painted)]
    to_image(torch.cat(columns, 2)).save(folder / 'preview.jpg', quality=88)
    if options.tfjs:
        to_image(check_with_tfjs(options, golden, expected)).save(folder / 'golden_output.png')
    write_index(folder, bytes_written)


def check_with_tfjs(options, golden, expected):
    """What TensorFlow.js makes of the golden input; it must be what PyTorch makes of it with the weights as stored."""
    with tempfile.TemporaryDirectory() as tensors:
        for name, values in (('input', golden), ('expected', expected)):
            values[0].permute(1, 2, 0).numpy().astype('<f4').tofile(f'{tensors}/{name}.f32')
        subprocess.run(['node', HERE / 'train/check_with_tfjs.mjs', options.export, tensors, options.tfjs], check=True)
        return torch.from_numpy(np.fromfile(f'{tensors}/output.f32', '<f4').reshape(256, 256, 3)).permute(2, 0, 1)


def write_index(folder, bytes_written):
    path = folder.parent / 'index.json'
    entries = json.loads(path.read_text()) if path.exists() else []
    entry = {'name': folder.name, 'title': 'Clouds', 'path': f'{folder.name}/model.json', 'bytes': bytes_written,
             'size': 'small', 'thumbnail': f'{folder.name}/thumbnail.png',
             'about': 'Paints a sky: bright places become clouds, dark places the blue between them.',
             'licence': 'MIT', 'range': [-1, 1]}
    entries = [e for e in entries if e['name'] != folder.name] + [entry]
    path.write_text(json.dumps(entries, indent=2) + '\n')


# ---- self-test

def self_test(options):
    """Eight pictures, three steps, a resumed fourth, an export; the shards must hold what the manifest promises."""
    with tempfile.TemporaryDirectory() as folder:
        words = ['--out', f'{folder}/run', '--pictures', '8', '--batch', '2', '--preview-every', '3', '--save-every', '1']
        train(read_options([*words, '--steps', '3']))
        train(read_options([*words, '--steps', '4', '--resume', '--from-step', '3']))
        write = read_options([*words, '--export', f'{folder}/models/clouds'])
        write.tfjs = options.tfjs
        write_model(write)

        parameters = check_folder(write.export)
        assert parameters == SMALL_PARAMETERS, f'{parameters} parameters, {SMALL_PARAMETERS} expected'
        assert (draw(np.random.default_rng((1, 0))) == load_pictures(write)[0].permute(1, 2, 0).numpy()).all(), 'a seed draws one picture'
        shard = next(write.export.glob('group1-shard*.bin'))
        shard.write_bytes(shard.read_bytes()[:-1])
        try:
            check_folder(write.export)
        except ValueError as error:
            print(f'a shard cut short is noticed: {error}')
        else:
            raise AssertionError('a shard cut short went unnoticed')
    print('self-test passed')


if __name__ == '__main__':
    main()
