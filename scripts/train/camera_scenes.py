"""What a camera at a desk sees, drawn: somebody, a hand, a cup, and a table from above. No dataset holds them. Each is uint8
(3, 256, 256)."""
import math

import torch
from PIL import Image, ImageDraw, ImageFilter

SIDE = 256


def someone_at_a_camera():
    """A head and shoulders before a dim wall with a window."""
    scene = Image.new('RGB', (SIDE, SIDE), (70, 68, 64))
    pen = ImageDraw.Draw(scene)
    pen.rectangle((180, 10, 250, 110), fill=(225, 228, 230))
    pen.ellipse((20, 190, 236, 420), fill=(38, 42, 60))
    pen.rectangle((108, 150, 150, 210), fill=(160, 122, 102))
    pen.ellipse((84, 60, 174, 190), fill=(202, 160, 138))
    pen.chord((78, 40, 180, 150), 180, 360, fill=(40, 30, 26))
    return _seen(scene)


def hand():
    """A spread hand before a dark wall."""
    scene = Image.new('RGB', (SIDE, SIDE), (44, 46, 52))
    _draw_hand(ImageDraw.Draw(scene), 128, 158, 1.25, 0.)
    return _seen(scene)


def face():
    """A face that fills the picture, lit from the left."""
    scene = Image.new('RGB', (SIDE, SIDE), (92, 88, 84))
    pen = ImageDraw.Draw(scene)
    pen.ellipse((44, 10, 212, 246), fill=(140, 106, 90))
    pen.ellipse((38, 12, 178, 244), fill=(214, 172, 148))
    pen.chord((40, -6, 214, 130), 180, 360, fill=(34, 26, 22))
    for x in (92, 158):
        pen.ellipse((x - 18, 108, x + 18, 128), fill=(60, 44, 40))
    pen.polygon([(124, 120), (112, 168), (138, 168)], fill=(176, 130, 110))
    pen.ellipse((92, 190, 162, 208), fill=(126, 60, 58))
    return _seen(scene)


def cup():
    """A white cup on a wooden board."""
    scene = Image.new('RGB', (SIDE, SIDE), (104, 76, 50))
    pen = ImageDraw.Draw(scene)
    pen.rectangle((0, 0, SIDE, 96), fill=(58, 62, 70))
    pen.ellipse((150, 110, 220, 190), outline=(226, 222, 214), width=16)
    pen.rectangle((70, 78, 176, 206), fill=(236, 232, 224))
    pen.ellipse((70, 186, 176, 226), fill=(214, 208, 198))
    pen.ellipse((70, 60, 176, 98), fill=(190, 184, 174))
    pen.ellipse((80, 66, 166, 94), fill=(48, 30, 20))
    return _seen(scene)


def table(hand_at=None):
    """A table from above, with a folded cloth, a cable and keys; and a hand over it, at (x, y) in 0..1."""
    scene = Image.new('RGB', (SIDE, SIDE), (128, 100, 74))
    pen = ImageDraw.Draw(scene)
    pen.polygon([(14, 150), (110, 128), (136, 236), (30, 254)], fill=(226, 222, 214))
    pen.polygon([(36, 162), (104, 146), (118, 200)], fill=(188, 184, 178))
    pen.line([(150 + 60 * math.sin(t / 5), 10 + 4 * t) for t in range(40)], fill=(24, 24, 28), width=9, joint='curve')
    pen.ellipse((196, 30, 232, 66), outline=(210, 212, 216), width=7)
    for angle in (.4, .9, 1.5):
        tip = 214 + 62 * math.cos(angle), 62 + 62 * math.sin(angle)
        pen.line([(214, 62), tip], fill=(196, 190, 160), width=11)
    if hand_at is not None:
        _draw_hand(pen, hand_at[0] * SIDE, hand_at[1] * SIDE, 1., .5)
    return _seen(scene)


def film(frames):
    """A hand that moves over the table and back: uint8 (frames, 3, 256, 256)."""
    turns = [2 * math.pi * i / frames for i in range(frames)]
    return torch.stack([table((.5 - .38 * math.cos(turn), .55 + .2 * math.sin(turn))) for turn in turns])


def all_scenes():
    return torch.stack([hand(), someone_at_a_camera(), face(), cup(), table(), table((.5, .6))])


def _draw_hand(pen, x, y, scale, turn):
    skin = (216, 174, 150)

    def at(right, up):
        return (x + scale * (right * math.cos(turn) + up * math.sin(turn)), y + scale * (right * math.sin(turn) - up * math.cos(turn)))
    for angle, start, length in ((-1.05, 24, 62), (-.38, 30, 92), (-.1, 32, 102), (.16, 32, 96), (.45, 28, 78)):
        ends = [at(reach * math.sin(angle), reach * math.cos(angle)) for reach in (start, length)]
        pen.line(ends, fill=skin, width=round(18 * scale))
        for px, py in ends:
            pen.ellipse((px - 9 * scale, py - 9 * scale, px + 9 * scale, py + 9 * scale), fill=skin)
    palm = [at(42 * math.cos(t / 10), 44 * math.sin(t / 10)) for t in range(63)]
    pen.polygon(palm, fill=skin)
    pen.line([at(0, -20), at(0, -220)], fill=skin, width=round(52 * scale))


def _seen(image):
    """As a camera has it, a little soft."""
    image = image.filter(ImageFilter.GaussianBlur(3))
    return torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).view(SIDE, SIDE, 3).permute(2, 0, 1)
