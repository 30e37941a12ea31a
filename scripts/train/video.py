"""Frames of a video, by ffmpeg."""
import json
import shutil
import subprocess

from console import Trouble
from dataset import SIZE


def save_frames(video, count, folder):
    """Saves `count` frames, evenly spaced over the whole video, as PNG files, the short side scaled to 256 pixels; all frames
    where it has fewer."""
    for program in ('ffmpeg', 'ffprobe'):
        if shutil.which(program) is None:
            raise Trouble(f'{program} is needed to read a video: install the Debian package ffmpeg.')
    frames, width, height = frames_and_size(video)
    if min(width, height) < SIZE:
        raise Trouble(f'{video} has {width}×{height} pixels, and at least {SIZE}×{SIZE} are needed: take a larger video.')
    taken = f'lt(mod(n*{min(count, frames)},{frames}),{min(count, frames)})'    # so many of n = 0 … frames − 1, evenly
    side = f'w=if(gt(iw\\,ih)\\,-2\\,{SIZE}):h=if(gt(iw\\,ih)\\,{SIZE}\\,-2)'
    done = subprocess.run(
        ['ffmpeg', '-v', 'error', '-nostdin', '-i', video, '-an', '-vsync', 'passthrough',
         '-vf', f"select='{taken}',scale={side}:flags=lanczos", folder / '%06d.png'], capture_output=True, text=True)
    if 'No space left on device' in done.stderr:
        raise Trouble(f'there is no room on the disk for the frames of {video}: free some and start again.')
    if not any(folder.iterdir()):
        raise Trouble(f'{video} has no frames that ffmpeg can read: {last_line(done.stderr)}')


def frames_and_size(video):
    """(frames, width, height) of the video's picture."""
    asked = ['-count_packets', '-select_streams', 'v:0', '-show_entries', 'stream=nb_read_packets,width,height', '-of', 'json']
    done = subprocess.run(['ffprobe', '-v', 'error', *asked, video], capture_output=True, text=True)
    streams = json.loads(done.stdout or '{}').get('streams', [])
    frames = int(streams[0].get('nb_read_packets', 0)) if streams else 0
    if frames == 0:
        raise Trouble(f'{video} has no frames ({last_line(done.stderr)}): name a video, or a folder of pictures.')
    return frames, streams[0]['width'], streams[0]['height']


def last_line(words):
    return (words.strip().splitlines() or ['it holds no picture'])[-1]
