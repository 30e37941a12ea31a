"""From linear light to the picture that a camera would have made of it: glare, vignette, exposure, film, grain."""
import numpy as np

from .noise import blur, enlarge, grid, lerp

LUMA = np.array([.299, .587, .114], np.float32)


def develop(light, rng, exposure=1., saturation=1.1, glare=.06, vignette=.25, grain=.008, contrast=.2, soften=.45):
    """Linear light (size, size, 3) to uint8 of the same shape.

    exposure    a factor; the film's shoulder bends what goes above 1 softly to white
    glare       the share of the light that the lens spreads widely
    vignette    how much the corners lose
    grain       deviation of the grain in mid-grey, of 1
    contrast    0 is the film's own curve, 1 bends it to a full S
    soften      deviation of the lens's blur in pixels of a picture of 256
    """
    size = len(light)
    scale = size / 256
    light = blur(np.maximum(light, 0).astype(np.float32), soften * scale)
    light = lerp(light, .6 * wide_blur(light, 5 * scale) + .4 * wide_blur(light, 18 * scale), glare)
    x, y = grid(size)
    centre = rng.uniform(.42, .58, 2).astype(np.float32)
    light = light * (1 - vignette * 1.6 * ((x - centre[0]) ** 2 + (y - centre[1]) ** 2))[..., None]
    light = np.maximum(light * exposure, 0)
    film = light * (1 + light / 6) / (1 + light * .72)
    grey = (film @ LUMA)[..., None]
    picture = np.clip(lerp(grey, film, saturation), 0, 1) ** (1 / 2.2)
    picture = lerp(picture, picture ** 2 * (3 - 2 * picture), contrast)
    amount = grain * (1.3 - picture.mean(axis=2, keepdims=True))
    coarse = rng.standard_normal((size, size, 1), dtype=np.float32)
    fine = rng.standard_normal((size, size, 3), dtype=np.float32)
    picture = picture + amount * (.8 * coarse + .5 * fine)
    return (np.clip(picture, 0, 1) * 255 + .5).astype(np.uint8)


def wide_blur(light, deviation):
    """A blur so wide that a quarter of the resolution is enough for it."""
    size = len(light)
    small = blur(light.reshape(size // 4, 4, size // 4, 4, 3).mean(axis=(1, 3)) if size % 4 == 0 else light[::4, ::4],
                 max(deviation / 4, .3))
    return enlarge(small, size)
