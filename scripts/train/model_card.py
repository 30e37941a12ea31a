"""What stands beside a model's weights: golden pictures, thumbnail, preview, README, and its entry in index.json."""
import json
from pathlib import Path

import torch
from PIL import Image

import augment
from console import duration
from files import save_picture, save_text
from pix2pix import parameters
from camera_scenes import someone_at_a_camera
from previews import paint
from sheets import sheet, to_image
from stages import PAINTERS

SHOWN = 3           # held-back pictures on the model's preview
THUMBNAIL = 160     # pixels a side
SHEETS = {'camera.jpg': 'What it makes of what a camera sees, by *classic*, then by *paper*:',
          'film.jpg': 'Ten seconds of a hand that moves over a table and back, by *classic*, every half second a frame:'}    # of scripts/train/evaluate
ALT = {'camera.jpg': 'A hand, a head, a face, a cup, a table, and what becomes of them', 'film.jpg': 'Frames of a film and what becomes of them'}

README = '''# {title}

{about}

![Upper row: what the network is given. Lower row: what it paints.](preview.jpg)

The columns: {shown} pictures it was not trained on and somebody at a camera, each by *classic*, then by *paper*.

| | |
|---|---|
| input | 256×256×1, grey, −1 to 1 |
| output | 256×256×3, −1 to 1 |
| format | TensorFlow.js {format}; kernels {kernels}, vectors float32 |
| size | {size}, {parameters:,} parameters |
| download | {bytes:,} bytes |

## How it was trained

{trained_on}

    {dataset_command}
    {train_command}

{pictures:,} pictures, {batch} a step, {steps:,} steps in {time} on {device}, seed {seed}.{began}

{losses}

The weights are a running average over some 500 steps, the batch norms calibrated on pictures of the training.
{evaluation}
## Checks

`golden_input.png` is a network input as an 8-bit picture (−1 is 0, 1 is 255), `golden_output.png` what becomes of it.

{checks}

## Licence

{licence}
'''


def golden_input(held, grain):
    """(1, 1, 256, 256) in -1..1, exactly what its 8-bit picture says: the first held-back picture by the paper's chain."""
    grey, _ = augment.plain('paper', held[:1].float() / 255, grain=grain)
    return (grey + 1).mul(127.5).round() / 127.5 - 1


@torch.no_grad()
def painted(generator, grey):
    return generator(grey)


def write(folder, state, generator, golden, golden_output, checks, size, options):
    """Everything but model.json and shards. `size`: their bytes; `checks`: sentences; `options`: of the command export."""
    folder = Path(folder)
    save_picture(to_image(golden[0]), folder / 'golden_input.png')
    save_picture(to_image(golden_output[0]), folder / 'golden_output.png')
    save_picture(thumbnail(generator, state['held']), folder / 'thumbnail.png')
    save_picture(preview(generator, state['held']), folder / 'preview.jpg', quality=88)
    evaluation = evaluation_of(options.checkpoint, state, folder)
    save_text(readme(folder.name, state, generator, checks, size, evaluation, options), folder / 'README.md')
    write_index(folder, state, size, options)


def thumbnail(generator, held):
    """The liveliest of the held-back pictures as it paints them: the first may be an empty sky."""
    _, by_paper, _ = paint(generator, 'paper', held)
    liveliest = by_paper.std((2, 3)).mean(1).argmax()
    return to_image(by_paper[liveliest]).resize((THUMBNAIL, THUMBNAIL), Image.LANCZOS)


def preview(generator, held):
    pictures = torch.stack([*held[:SHOWN], someone_at_a_camera()])
    (grey, by_classic, _), (fine_grey, by_paper, _) = (paint(generator, chain, pictures) for chain in ('classic', 'paper'))
    columns = [column for pair in zip(zip(grey, by_classic), zip(fine_grey, by_paper)) for column in pair]
    return sheet(list(zip(*columns)))


def evaluation_of(path, state, folder):
    """The README's part on scripts/train/evaluate, if it was run on this very state; its sheet is copied."""
    run = path if path.is_dir() else path.parent
    file = run / 'evaluation.json'
    found = json.loads(file.read_text()) if file.exists() else {}
    if found.get('step') != state['step']:
        return ''
    with Image.open(run / 'evaluation.jpg') as image:
        save_picture(image, folder / 'evaluation.jpg', quality=88)
    pictures = ''
    for sheet_name, words in SHEETS.items():
        if (run / sheet_name).exists():
            with Image.open(run / sheet_name) as image:
                save_picture(image, folder / sheet_name, quality=85)
            pictures += f'{words}\n\n![{ALT[sheet_name]}]({sheet_name})\n\n'
    return (f'\n## How well\n\nOn {found["pictures"]} held-back pictures:\n\n{found["table"]}\n\n'
            f'The output changes {found["flicker"]:.1f} times as much as its input while a hand moves over a table.\n\n'
            '![Input, output and target of held-back pictures](evaluation.jpg)\n\n' + pictures.rstrip() + '\n')


def readme(name, state, generator, checks, size, evaluation, options):
    trained = state['options']
    dataset = state['dataset']
    return README.format(
        title=options.title or name.capitalize(), about=about(options, state), shown=min(SHOWN, len(state['held'])),
        format=options.format, kernels='float32' if options.quantize == 'none' else options.quantize,
        parameters=parameters(generator), bytes=size, trained_on=trained_on(options, state),
        dataset_command=options.dataset_command or dataset.get('command', '(the dataset was made by hand)'),
        train_command=train_command(trained), pictures=state['pictures'], steps=state['step'], time=duration(state['seconds']),
        losses=losses(trained), began=f' It began with {trained["began"]}.' if trained.get('began') else '', evaluation=evaluation, checks='\n'.join(f'- {words}' for words in checks), licence=licence(options),
        **{key: trained[key] for key in ('size', 'batch', 'seed')},
        device={'cpu': 'a CPU'}.get(state['device'], 'a GPU'))


def train_command(trained):
    """What trains the same again, two lines of it."""
    length = next(name for name in ('minutes', 'epochs', 'steps') if trained[name])
    first, second = ('size', 'chain', length, 'batch', 'seed'), ('rate', 'discriminator_rate', 'l1', 'feature_matching', 'lattice', 'detail', 'warm_up')

    def words(names):
        return ' '.join(f'--{name.replace("_", "-")} {trained[name]:g}' if isinstance(trained[name], float) else
                        f'--{name} {trained[name]}' for name in names)
    trained = {**trained, 'paint': trained.get('paint') and Path(trained['paint']).name}
    paint = ''.join(f' --{name} {trained[name]}' for name in ('paint', 'grain', 'perceptual') if trained.get(name))
    return (f'scripts/train/train {Path(trained["dataset"]).name} --name {trained["name"]}{paint} {words(first)} \\\n'
            f'        {words(second)}')


def losses(trained):
    """A sentence or two on what it learned by."""
    if trained.get('paint') and trained['paint'] not in PAINTERS:
        painted = ('The targets are painted around the inputs (`stages.py`), of five of the pictures: at each place one as bright as it is\n'
                   'there.\n')
    else:
        painted = ('The targets are painted around the inputs (`stages.py`): one scene, at each place as far on as it is bright there.\n'
                   if trained.get('paint') else '')
    if trained.get('grain'):
        painted += f'Its inputs have a grain of {trained["grain"]:g}, which the page adds too.\n'
    if trained.get('perceptual'):
        painted += f'The distance of trained features counts with weight {trained["perceptual"]:g}.\n'
    if trained['warm_up'] >= 1:
        return f'{painted}It learned by L1 and by the energy of missing detail, with weight {trained["detail"]:g}; no discriminator.'
    return (f'{painted}Adversarial loss against a PatchGAN with {trained["discriminator"]} first filters, L1 with weight '
            f'{trained["l1"]:g}, feature matching with {trained["feature_matching"]:g}, against lattices with {trained["lattice"]:g}; '
            f'the discriminator came in after {trained["warm_up"]:.0%} of the training.')


def about(options, state):
    return options.about or f'Paints what it learned from {state["pictures"]} pictures.'


def trained_on(options, state):
    return options.trained_on or state['dataset'].get('about') or f'{state["pictures"]} pictures.'


def licence(options):
    return f'{options.licence}, weights and pictures alike.'


def write_index(folder, state, size, options):
    """The model's entry in the index.json beside its folder, if there is one."""
    path = folder.resolve().parent / 'index.json'
    if not path.exists():
        return
    name = folder.resolve().name
    entry = {'name': name, 'title': options.title or name.capitalize(), 'path': f'{name}/model.json', 'bytes': size,
             'size': state['options']['size'], 'thumbnail': f'{name}/thumbnail.png', 'about': about(options, state),
             'trained_on': trained_on(options, state), 'licence': options.licence, 'range': [-1, 1]}
    entries = json.loads(path.read_text())
    known = [each['name'] for each in entries]
    if name in known:
        entries[known.index(name)] = entry
    else:
        entries.append(entry)
    save_text(json.dumps(entries, indent=2, ensure_ascii=False) + '\n', path)
    print(f'{path}: the entry "{name}" is written.')
