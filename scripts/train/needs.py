"""Imported before anything else: says in a sentence what is not installed, instead of failing where it is first used."""
import sys

PACKAGES = {'torch': 'python3-torch', 'numpy': 'python3-numpy', 'PIL': 'python3-pil'}

for module, package in PACKAGES.items():
    try:
        __import__(module)
    except ImportError as error:
        sys.exit(f'fragnet: {package} cannot be used ({error}): on Debian, `apt install '
                 f'{" ".join(PACKAGES.values())} libopenblas0-pthread ffmpeg` as root installs all that scripts/train needs; '
                 'elsewhere, `pip install torch numpy pillow` and ffmpeg.')
