"""Draws skies: 256×256 RGB pictures of clouds, each from one number.

A picture is a vertical sky gradient with the sun's glow, a veil of cirrus, a far bank of small clouds in perspective,
and a near bank that is a real volume: thresholded fractal noise, lit by marching shadows away from the sun, then
composited front to back. Everything is linear light until the last lines, which expose, develop and add grain.
"""
import numpy as np

SIZE = 256    # pixels a side
DEPTH = 24    # slices of the near bank; a slice is SLICE pixels thick
SLICE = 4
RUN_IN = 64   # rows of shadow before the picture begins

# Linear-light colours: sky overhead, sky at the horizon, sunlight on a cloud, skylight in a cloud's shadow.
NOON      = [[.020, .095, .340], [.300, .520, .800], [1.00, .98, .94], [.22, .30, .44]]
AFTERNOON = [[.025, .095, .300], [.470, .560, .650], [1.00, .90, .72], [.19, .24, .36]]
GOLDEN    = [[.030, .080, .240], [.900, .500, .200], [1.00, .62, .28], [.13, .14, .25]]
DUSK      = [[.012, .022, .095], [.640, .200, .100], [.90, .32, .17], [.045, .046, .115]]
HOURS = np.array([NOON, AFTERNOON, GOLDEN, DUSK])


def draw_sky(seed):
    """One picture: uint8 (SIZE, SIZE, 3). The same seed (a number, or several) draws the same picture."""
    rng = np.random.default_rng(seed)
    hour = rng.choice([rng.uniform(0, 1), rng.uniform(1, 2), rng.uniform(2, 3)], p=[.66, .2, .14])
    zenith, horizon, sunlight, skylight = palette(hour, rng)
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE
    elevation = lerp(rng.uniform(.02, .35), rng.uniform(.5, 1.0), 1 - y)    # 0 at the horizon, 1 overhead

    sun_x, sun_y = rng.uniform(-.3, 1.3), rng.uniform(-.5, .45) if hour < 1.5 else rng.uniform(.2, 1.0)
    from_sun = np.hypot(x - sun_x, (y - sun_y))
    sky = lerp(horizon, zenith, ((elevation ** (rng.uniform(.45, .75) / (1 + .3 * hour)))[..., None]))
    glow = rng.uniform(.1, .35) * np.exp(-3.5 * from_sun) + .5 * np.exp(-14 * from_sun)
    sky = sky + glow[..., None] * sunlight
    if rng.random() < .3:                                                   # the sun itself, where nothing hides it
        sky = sky + (6 * smoothstep(.034, .026, from_sun))[..., None] * sunlight

    if rng.random() < .45:
        veil = cirrus(rng) * smoothstep(.05, .35, elevation) * rng.uniform(.15, .6)
        sky = lerp(sky, sunlight * .85 + skylight * .2, veil[..., None])
    if rng.random() < .5:
        cover, light = far_bank(rng, elevation, x, sun_x)
        sky = lerp(sky, lit(light, sunlight, skylight), cover[..., None] * .85)
    if rng.random() < .93:
        cover, light = near_bank(rng, sun_x, sun_y)
        silver = 1 + .9 * np.exp(-4 * from_sun) * (1 - cover)               # thin edges before the sun shine
        sky = sky * (1 - cover)[..., None] + cover[..., None] * lit(light * silver, sunlight, skylight)

    haze = rng.uniform(.1, .65) * np.exp(-elevation / rng.uniform(.05, .16))
    sky = lerp(sky, horizon * rng.uniform(.85, 1.1), haze[..., None])
    return develop(sky, rng)


def palette(hour, rng):
    """The four colours at an hour between 0 (noon) and 3 (dusk), each a little off so that no two skies agree."""
    i = min(int(hour), 2)
    colours = lerp(HOURS[i], HOURS[i + 1], hour - i)
    return colours * rng.uniform(.96, 1.04, (4, 3)) * rng.uniform(.85, 1.15, (4, 1))


def lit(light, sunlight, skylight):
    """Colour of a cloud that gets this share of the sun; the sky lights the rest."""
    light = light[..., None]
    return light * sunlight * .92 + (.55 + .45 * np.minimum(light, 1)) * skylight


def near_bank(rng, sun_x, sun_y):
    """A volume of cumulus in front of the camera: how much it covers (0..1) and how lit what one sees of it is."""
    shape, puffs = noise_3d(rng, roughness=rng.uniform(2.3, 2.8))
    cloud = shape + rng.uniform(.35, .7) * (.55 - np.abs(puffs))            # creases between rounded puffs
    z = np.linspace(-1, 1, DEPTH, dtype=np.float32)
    y = np.linspace(0, 1, SIZE, dtype=np.float32)
    cloud -= 1.1 * z ** 2                                                   # empty at the front and at the back
    if rng.random() < .6:                                                   # a bank that thickens downwards (or upwards)
        cloud += rng.uniform(-.5, 1.6) * (y - .5)[:, None, None]
    threshold = rng.choice([rng.uniform(.3, .9), rng.uniform(-.2, .3), rng.uniform(.8, 1.2)], p=[.55, .25, .2])
    extinction = np.clip((cloud - threshold) * rng.uniform(2.5, 6), 0, 1) * rng.uniform(.25, .6)

    depth = march_light(extinction, sun_x - .5, sun_y - .45, rng)
    bright = .95 * np.exp(-.45 * depth) + .32 * np.exp(-.08 * depth)        # direct light, and light scattered often
    seen_through = np.exp(-np.cumsum(extinction, axis=2))
    here = -np.diff(seen_through, axis=2, prepend=np.float32(1))            # what each slice adds to the picture
    cover = 1 - seen_through[..., -1]
    return cover, (here * bright).sum(axis=2) / np.maximum(cover, 1e-4)


def march_light(extinction, sun_x, sun_y, rng):
    """Cloud between each voxel and the sun (y, x, z), row by row away from it; the sum leaks, as scattered light does."""
    sideways = abs(sun_x) > abs(sun_y)
    rows = extinction.transpose(1, 0, 2) if sideways else extinction        # rows: the picture axis the light follows
    along, across = (sun_x, sun_y) if sideways else (sun_y, sun_x)
    rows = rows[::-1] if along > 0 else rows
    slope = np.clip(across / max(abs(along), .05), -1, 1) * -1
    slope_z = rng.uniform(-.8, .5) / SLICE                                  # negative: the sun stands behind the camera
    depth = np.zeros_like(rows)
    shade = np.zeros_like(rows[0])
    for i in range(-RUN_IN, SIZE):                                          # the clouds above the frame shade it too
        if i >= 0:
            depth[i] = shade
        shade = shift(shift((shade + rows[i]) * .965, slope, 0), -slope_z, 1)
    depth = depth[::-1] if along > 0 else depth
    return depth.transpose(1, 0, 2) if sideways else depth


def shift(a, distance, axis):
    """`a` moved by a fraction of a cell along an axis; it wraps, as the noise does."""
    step = 1 if distance > 0 else -1
    return a + abs(distance) * (np.roll(a, step, axis) - a)


def far_bank(rng, elevation, x, sun_x):
    """Small clouds on a plane overhead, crowding towards the horizon: cover and light."""
    tile = noise_2d(rng, roughness=1.75, lowest=3)
    away = .16 / np.maximum(elevation, .03)
    u, v = (x - .5) * away * 1.6 + rng.random(), away + rng.random()
    density = sample(tile, u, v)
    towards_sun = sample(tile, u + .02 * np.sign(sun_x - .5), v + .03)
    threshold = rng.uniform(.1, 1.0)
    cover = smoothstep(0, .9, density - threshold) * smoothstep(.03, .12, elevation) * smoothstep(.6, .3, elevation)
    return cover, np.clip(.75 - .35 * (towards_sun - threshold) + .45 * (density - towards_sun), .1, 1.1)


def cirrus(rng):
    """A veil of combed ice, 0..1."""
    tile = noise_2d(rng, roughness=1.5, lowest=2, stretch=rng.uniform(3, 7))
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    angle, bend = rng.uniform(-.8, .8), rng.uniform(-.3, .3)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle) + bend * x * x
    return smoothstep(-.2, 2.2, sample(tile, u * .7, v * .7)) * smoothstep(-1, 1.5, noise_2d(rng, 2.4, 1))


def noise_2d(rng, roughness, lowest, stretch=1):
    """Periodic fractal noise (SIZE, SIZE) of deviation 1; amplitude falls as frequency^-roughness."""
    k = np.hypot(np.fft.fftfreq(SIZE)[:, None] * SIZE, np.fft.rfftfreq(SIZE)[None] * SIZE * stretch)
    amplitude = np.where(k < lowest, 0, np.maximum(k, 1) ** -roughness)
    noise = np.fft.irfft2(amplitude * np.fft.rfft2(rng.standard_normal((SIZE, SIZE))))
    return (noise / noise.std()).astype(np.float32)


def noise_3d(rng, roughness):
    """Two periodic fractal noises (SIZE, SIZE, DEPTH): one with large forms, one without, both of deviation 1."""
    fy, fx, fz = (np.fft.fftfreq(n) * SIZE / d for n, d in ((SIZE, 1), (SIZE, 1), (DEPTH, SLICE)))
    k = np.sqrt((fy[:, None, None] * rng.uniform(1, 1.7)) ** 2 + fx[None, :, None] ** 2 + fz[None, None, :] ** 2)
    white = rng.standard_normal((2, SIZE, SIZE, DEPTH), dtype=np.float32)
    spectrum = np.fft.fftn(white[0] + 1j * white[1])
    fields = []
    for lowest, part in ((rng.uniform(1, 2.5), 'real'), (rng.uniform(6, 12), 'imag')):
        amplitude = np.maximum(k, lowest) ** -roughness * (k > .5 * lowest)
        field = getattr(np.fft.ifftn(spectrum * amplitude), part).astype(np.float32)
        fields.append(field / field.std())
    return fields


def sample(tile, u, v):
    """Bilinear look-up in a periodic tile; one unit is one tile."""
    u, v = u * SIZE, v * SIZE
    i, j = np.floor(u).astype(int), np.floor(v).astype(int)
    fu, fv = u - i, v - j
    i0, i1, j0, j1 = i % SIZE, (i + 1) % SIZE, j % SIZE, (j + 1) % SIZE
    return lerp(lerp(tile[j0, i0], tile[j0, i1], fu), lerp(tile[j1, i0], tile[j1, i1], fu), fv)


def develop(light, rng):
    """Linear light to an 8-bit picture: exposure, a film's soft shoulder and colour, sRGB's gamma, a little grain."""
    light = np.maximum(light * rng.uniform(.9, 1.25), 0)
    shoulder = light * (1 + light / 4) / (1 + light * .62)
    grey = shoulder.mean(axis=2, keepdims=True)
    picture = np.clip(lerp(grey, shoulder, 1.2), 0, 1) ** (1 / 2.2) + rng.normal(0, .006, light.shape)
    return (np.clip(picture, 0, 1) * 255 + .5).astype(np.uint8)


def lerp(a, b, t):
    return a + (b - a) * t


def smoothstep(low, high, value):
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
