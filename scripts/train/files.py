"""Files that are whole or not there: what is written replaces what was there before only once it is complete."""
import errno
import os
from contextlib import contextmanager
from pathlib import Path

from console import Trouble

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def whole_file(path):
    """A binary file to write to; it gets its name when it is complete, and is gone if anything fails before."""
    path = Path(path)
    part = path.with_name(path.name + '.part')
    with said_plainly(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(part, 'wb') as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def said_plainly(path):
    """A full disk and a forbidden place, as sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Trouble(f'there is no room on the disk for {path}: free some and start again; '
                          'what was written before is still there.') from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.ENOTDIR):
            raise Trouble(f'{path} cannot be written ({error.strerror}): choose another place.') from error
        raise


def save_picture(image, path, **options):
    """A PIL image, in the format that the path's ending names."""
    with whole_file(path) as file:
        image.save(file, {'.jpg': 'JPEG', '.png': 'PNG'}[Path(path).suffix], **options)


def save_text(text, path):
    with whole_file(path) as file:
        file.write(text.encode())
