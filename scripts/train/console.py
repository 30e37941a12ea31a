"""What the commands of this folder say: a bar for what takes long, one sentence for what went wrong."""
import shutil
import sys
import time

LINE_EVERY = 30     # seconds between two lines where no terminal shows a bar


class Trouble(Exception):
    """What the user can put right. Its text is a sentence that says what is the matter and what to do."""


def run(main):
    """Runs a command's main(); a Trouble becomes one sentence on standard error and exit status 1."""
    try:
        main()
    except Trouble as trouble:
        sys.exit(f'fragnet: {trouble}')
    except KeyboardInterrupt:
        sys.exit('fragnet: stopped.')


class Progress:
    """A bar with the time left. `share` is what is done, 0 to 1; on a terminal the bar stays on one line."""

    def __init__(self, title, share=0., out=None):
        self.title, self.out = title, out or sys.stdout
        self.first_share, self.started, self.last = share, time.monotonic(), 0.

    def show(self, share, words=''):
        now, terminal = time.monotonic(), self.out.isatty()
        if now - self.last < (.2 if terminal else LINE_EVERY) and share < 1:
            return
        self.last = now
        done = share - self.first_share
        left = (now - self.started) * (1 - share) / done if done > 0 else None
        filled = int(20 * min(share, 1))
        line = f'{self.title} {"█" * filled}{"░" * (20 - filled)} {100 * share:3.0f} %  {duration(left)} left  {words}'
        if terminal:
            print('\r' + line[:shutil.get_terminal_size().columns - 1].ljust(79), end='', file=self.out, flush=True)
        else:
            print(line, file=self.out, flush=True)

    def end(self):
        if self.out.isatty():
            print(file=self.out)


def duration(seconds):
    """47 s, 3 min, 2 h 05 min."""
    if seconds is None:
        return '?'
    minutes = round(seconds / 60)
    if seconds < 90:
        return f'{seconds:.0f} s'
    return f'{minutes} min' if minutes < 60 else f'{minutes // 60} h {minutes % 60:02d} min'
