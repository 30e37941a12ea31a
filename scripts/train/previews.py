"""What a generator paints: the pictures that are shown while it trains, and after."""
import torch
from PIL import Image, ImageDraw, ImageFilter

import augment
from sheets import sheet

SHOWN = 6    # held-back pictures on a preview


def someone_at_a_camera():
    """A head and shoulders before a dim wall with a window, which no dataset holds: uint8 (3, 256, 256)."""
    scene = Image.new('RGB', (256, 256), (70, 68, 64))
    pen = ImageDraw.Draw(scene)
    pen.rectangle((180, 10, 250, 110), fill=(225, 228, 230))
    pen.ellipse((20, 190, 236, 420), fill=(38, 42, 60))
    pen.rectangle((108, 150, 150, 210), fill=(160, 122, 102))
    pen.ellipse((84, 60, 174, 190), fill=(202, 160, 138))
    pen.chord((78, 40, 180, 150), 180, 360, fill=(40, 30, 26))
    return as_tensor(scene.filter(ImageFilter.GaussianBlur(3)))


def as_tensor(image):
    """uint8 (3, height, width)."""
    return torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).view(image.height, image.width, 3).permute(2, 0, 1)


@torch.no_grad()
def paint(generator, chain, pictures):
    """(input, painted, target) of uint8 pictures (N, 3, 256, 256), each in -1..1."""
    device = next(generator.parameters()).device
    grey, target = augment.plain(chain, pictures.to(device).float() / 255)
    return grey, torch.cat([generator(each) for each in grey.split(8)]), target


def preview(generator, pictures):
    """A sheet: what the network is given and what it paints by the classic chain, then by the paper's; below, the targets."""
    pictures = torch.stack([*pictures[:SHOWN], someone_at_a_camera()])
    rows = []
    for chain in ('classic', 'paper'):
        grey, painted, target = paint(generator, chain, pictures)
        rows += [list(grey), list(painted)]
    return sheet([*rows, list(target)])
