"""What is not installed is said in a sentence, by every command and whatever it is asked."""
import os
import tempfile
from pathlib import Path

from support import TRAIN, SentenceCase, program

import unittest

COMMANDS = ('auto', 'autoencoder', 'evaluate', 'export', 'features', 'prepare', 'shipped', 'train')


class Needs(SentenceCase):
    def test_without_torch_each_command_says_what_to_install(self):
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / 'torch.py').write_text("raise ModuleNotFoundError(\"No module named 'torch'\")\n")
            for name in COMMANDS:
                with self.subTest(name):
                    result = program(name, '--help', env={**os.environ, 'PYTHONPATH': place})
                    self.assert_sentence(result, 'python3-torch', 'apt install')

    def test_every_command_of_the_folder_is_tried(self):
        commands = {path.name for path in TRAIN.iterdir() if path.is_file() and os.access(path, os.X_OK)}
        self.assertEqual(commands - {'synthesise', 'preview'}, set(COMMANDS))    # those need no torch


if __name__ == '__main__':
    unittest.main()
