"""One step of pix2pix after the other: the losses, the schedule, and the processes that share the work."""
import copy
import ctypes
import os
from dataclasses import dataclass

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

import augment
import feature_network
from console import Trouble
from dataset import chosen
from pix2pix import Discriminator, Generator, calibrate_norms

AVERAGE_DECAY = .998            # the exported weights are a running average over some 500 steps
ADAM_BETAS = (.5, .999)
CALIBRATION_BATCHES = 16
FAR_AHEAD, RECENT = .3, 4       # a discriminator whose loss is below that, over so many steps; DRAW would be a draw
DRAW = 1.                       # hinge loss of a discriminator that says nothing
JUDGED = 128                    # pixels a side of the crops that it judges
SILENCE = 1e-3                  # power of a frequency that nobody sees
LOSSES = ('discriminator', 'adversarial', 'L1')


@dataclass
class World:
    """The processes that torchrun started, and this one's place among them; one alone without it."""
    device: torch.device
    rank: int = 0
    ranks: int = 1

    @property
    def leads(self):
        """Is this the process that reports and writes?"""
        return self.rank == 0


def set_threads(count):
    """Of the CPU, where `count` is not 0. Transposed convolutions go through OpenBLAS, which torch does not tell."""
    if count:
        torch.set_num_threads(count)
        try:
            ctypes.CDLL('libopenblas.so.0').openblas_set_num_threads(count)
        except OSError:     # another BLAS
            pass


def join_world(device):
    """`device`: 'cuda', 'cuda:1', 'cpu', or None for a GPU where there is one."""
    device = device or ('cuda' if torch.cuda.is_available() else 'cpu')
    if device.startswith('cuda') and not torch.cuda.is_available():
        raise Trouble(f'there is no GPU that PyTorch can use for --device {device}: leave it out to train on the CPU.')
    if int(os.environ.get('WORLD_SIZE', 1)) == 1:
        return World(torch.device(device))
    if device == 'cuda':
        device = f'cuda:{os.environ["LOCAL_RANK"]}'
        torch.cuda.set_device(device)
    dist.init_process_group('gloo' if device == 'cpu' else 'nccl')
    return World(torch.device(device), dist.get_rank(), dist.get_world_size())


class Run:
    """The two networks, their optimisers, the averaged generator, and how far they are."""

    PARTS = ('generator', 'discriminator', 'average', 'generator_adam', 'discriminator_adam', 'scaler')

    def __init__(self, options, world, targets=None):
        """`targets`: what makes them of inputs (stages.py); without it the pictures are."""
        torch.manual_seed(options.seed)
        self.options, self.world, self.targets = options, world, targets and targets.to(world.device)
        self.step, self.seconds, self.history = 0, 0., []      # history: a row (step, losses …) for each step
        on_device = {'device': world.device, 'memory_format': torch.channels_last}
        self.generator = Generator(options.size, options.grain).to(**on_device)
        self.discriminator = Discriminator(options.discriminator).to(**on_device)
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), betas=ADAM_BETAS, foreach=True)
        self.discriminator_adam = torch.optim.Adam(self.discriminator.parameters(), betas=ADAM_BETAS, foreach=True)
        self.mixed = world.device.type == 'cuda'                # half precision where it is faster
        self.half = torch.bfloat16 if not self.mixed or torch.cuda.is_bf16_supported() else torch.float16
        self.scaler = torch.cuda.amp.GradScaler(enabled=self.half == torch.float16)     # bfloat16 reaches as far as floats do
        self.features = feature_network.read().to(world.device) if options.perceptual else None
        self.painter, self.judge = self._shared(self.generator), self._shared(self.discriminator)

    def _shared(self, network):
        """The same network, its gradients averaged over all processes."""
        if self.world.ranks == 1:
            return network
        devices = [self.world.device] if self.mixed else None
        return DistributedDataParallel(network, device_ids=devices, broadcast_buffers=False)

    def state(self):
        """What a checkpoint holds of it."""
        parts = {part: getattr(self, part).state_dict() for part in self.PARTS}
        return {**parts, 'step': self.step, 'seconds': self.seconds, 'history': self.history}

    def restore(self, state):
        learned = state['discriminator_adam']['state']              # else it begins when its turn comes, as it would have
        for part in self.PARTS:
            if state[part] and (learned or not part.startswith('discriminator')):       # without a GPU the scaler is empty
                getattr(self, part).load_state_dict(state[part])
        self.step, self.seconds, self.history = state['step'], state['seconds'], state['history']

    def begin_with(self, generator):
        """Takes over the weights of a generator that has learned something."""
        for network in (self.generator, self.average):
            network.load_state_dict(generator.state_dict())

    def batch(self, pictures, step):
        """(input, target) of a step. All that is random in it, dropout included, follows from seed, step and process alone:
        a run that was stopped goes on as if it had not been."""
        options, world = self.options, self.world
        torch.manual_seed((options.seed * 1_000_003 + step) * world.ranks + world.rank)
        mine = pictures[chosen(options.seed, step, len(pictures), options.batch, world.rank, world.ranks)]
        chain = ('classic', 'paper')[step % 2] if options.chain == 'both' else options.chain
        return augment.varied(chain, mine.to(world.device).float() / 255, self.targets, options.grain)

    def advance(self, pictures, share):
        """One step of both networks; `share` of the training is done, 0 to 1. Returns the losses, as LOSSES names them."""
        options, on = self.options, torch.autocast(self.world.device.type, self.half, enabled=self.mixed)
        grey, target = self.batch(pictures, self.step)
        self._set_rates(share)
        if share < options.warm_up:
            return self._warm_up(grey, target, on)

        with on:
            painted = self.painter(grey)
        shown, wanted, made = varied_crops(grey, target, painted)
        if self._is_matched():
            with on:
                (real, real_features), (fake, _) = self.judge(shown, wanted), self.judge(shown, made.detach())
                found_out = hinge(real, fake)
            self._descend(self.discriminator_adam, found_out)
        else:
            with on, torch.no_grad():
                real, real_features = self.discriminator(shown, wanted)

        self.discriminator.requires_grad_(False)
        with on:
            verdict, features = self.discriminator(shown, made)
            fooled = -verdict.mean()
            found_out = hinge(real, verdict)
            distance = F.l1_loss(painted, target)
            alike = sum(F.l1_loss(a, b.detach()) for a, b in zip(features, real_features)) / len(features)
            loss = (fooled + options.l1 * distance + options.feature_matching * alike + self._on_detail(painted, target))
        self._descend(self.generator_adam, loss)
        self.discriminator.requires_grad_(True)
        self.scaler.update()
        return self._end_step(found_out, fooled, distance)

    def _is_matched(self):
        """Does the discriminator learn in this step? Not while it is far ahead: the generator would learn tricks of it, not pictures."""
        recent = torch.tensor([row[1] for row in self.history[-RECENT:]] or [DRAW]).mean()
        if self.world.ranks > 1:    # each has its own losses, and all must do the same
            recent = recent.to(self.world.device)
            dist.all_reduce(recent)
            recent /= self.world.ranks
        return recent.item() > FAR_AHEAD

    def _warm_up(self, grey, target, on):
        """A step without the discriminator. Until the generator has shapes and colours, all that it learns of a discriminator is to
        paint lattices, and a step takes three times as long."""
        with on:
            painted = self.painter(grey)
            distance = F.l1_loss(painted, target)
            loss = self.options.l1 * distance + self._on_detail(painted, target)
        self._descend(self.generator_adam, loss)
        self.scaler.update()
        return self._end_step(torch.full_like(distance, DRAW), torch.zeros_like(distance), distance)

    def _on_detail(self, painted, target):
        """What false detail costs: lattices, and, where the target can be known to the pixel, what is missing of it."""
        loss = painted.new_zeros(())
        if self.options.lattice:
            loss = loss + self.options.lattice * too_loud(painted, target)
        if self.options.detail:
            loss = loss + self.options.detail * missed(painted, target)
        if self.features is not None:
            loss = loss + self.options.perceptual * self.features.distance((painted + 1) / 2, (target + 1) / 2).mean()
        return loss

    def _end_step(self, *losses):
        self._follow()
        losses = torch.stack([loss.detach() for loss in losses]).tolist()
        self.step += 1
        self.history.append((self.step, *losses))
        return losses

    def _descend(self, adam, loss):
        adam.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        self.scaler.step(adam)

    def _set_rates(self, share):
        """The learning rates stand until the middle, and fall to nothing towards the end."""
        left = min(1., 2 * (1 - share))
        self.generator_adam.param_groups[0]['lr'] = self.options.rate * left
        self.discriminator_adam.param_groups[0]['lr'] = self.options.discriminator_rate * left

    @torch.no_grad()
    def _follow(self):
        decay = min(AVERAGE_DECAY, (self.step + 1) / (self.step + 10))
        for mean, new in zip(self.average.parameters(), self.generator.parameters()):
            mean.lerp_(new, 1 - decay)

    def calibrate(self, pictures):
        """The averaged generator has never seen a batch: its batch norms are measured on some."""
        calibrate_norms(self.average, (self.batch(pictures, step)[0] for step in range(CALIBRATION_BATCHES)))


def hinge(real, fake):
    """What a discriminator pays: nothing where it is sure enough and right. Half of it is DRAW where it says nothing at all."""
    return .5 * (F.relu(1 - real).mean() + F.relu(1 + fake).mean())


def varied_crops(grey, target, painted):
    """The same crop of all three for a discriminator to judge, the two pictures tinted the same way, and all mirrored or not: so
    few pictures last long before it knows them by heart (Zhao et al., Differentiable augmentation, 2020)."""
    top, left = torch.randint(0, grey.shape[2] - JUDGED + 1, (2,)).tolist()
    crops = [each[:, :, top:top + JUDGED, left:left + JUDGED] for each in (grey, target, painted)]
    if torch.rand(()) < .5:
        crops = [crop.flip(3) for crop in crops]
    light, tint = torch.rand(len(grey), 1, 1, 1) * .4 - .2, torch.rand(len(grey), 3, 1, 1) * .2 - .1
    shift = (light + tint).to(grey.device)
    return crops[0], crops[1] + shift, crops[2] + shift


def missed(painted, target):
    """The energy of what differs in forms of less than some eight pixels. Of sharp pictures little is light and much is edges, and
    L1 counts light; this counts edges."""
    off = painted.float() - target
    return (off - F.avg_pool2d(off, 7, 1, 3, count_include_pad=False)).square().mean()


def too_loud(painted, target):
    """By how many times, on average over all frequencies, their amplitude in the painted pictures exceeds that around them in
    the targets. What a generator paints before it can paint detail is a lattice: a few frequencies, and those very loud.
    Both (N, 3, height, width)."""
    loudness, allowed = _power(painted), _power(target)
    allowed = F.avg_pool2d(allowed[None], 5, 1, 2, count_include_pad=False)[0]      # one batch is a noisy measure
    return F.relu(torch.sqrt((loudness + SILENCE) / (allowed + SILENCE)) - 1).mean()


def _power(pictures):
    """(height, width // 2 + 1): the mean power spectrum of all pictures and channels, without their mean colour."""
    pictures = pictures.float()
    pictures = pictures - pictures.mean((2, 3), keepdim=True)
    return torch.fft.rfft2(pictures, norm='ortho').abs().square().mean((0, 1), keepdim=True)[0]
