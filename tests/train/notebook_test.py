"""The notebook for a rented GPU: its cells are Python, and what they run is there with the options that it is given."""
import ast
import os
import json
import unittest

from support import ROOT, TRAIN, program

NOTEBOOK = TRAIN / 'rented_gpu.ipynb'


def cells():
    """The code of each code cell, parsed."""
    notebook = json.loads(NOTEBOOK.read_text())
    return [ast.parse(''.join(cell['source'])) for cell in notebook['cells'] if cell['cell_type'] == 'code']


def runs():
    """(command, options) of each run(…), of which the words that are written out are known."""
    for cell in cells():
        for call in ast.walk(cell):
            if isinstance(call, ast.Call) and getattr(call.func, 'id', '') == 'run':
                words = [each.value for part in call.args for each in ast.walk(part) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
                yield words[0], [word for word in words if word.startswith('--')]


class Notebook(unittest.TestCase):
    def test_what_its_cells_run_is_there_and_knows_the_options(self):
        found = dict(runs())
        self.assertEqual(set(found), {'features', 'shipped', 'auto'})
        for command, options in found.items():
            status, printed, errors = program(command, '--help')
            self.assertEqual(status, 0, errors)
            others = program('train', '--help')[1] if command == 'auto' else ''      # auto hands them on
            for option in options:
                self.assertIn(option, printed + others, command)

    def test_a_cell_stops_where_its_command_does_and_holds_no_outputs(self):
        place, before = {'__name__': 'notebook'}, os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(ROOT)
        exec(compile(cells()[0], 'first cell', 'exec'), place)
        with self.assertRaisesRegex(AssertionError, 'shipped did not end well'):
            place['run']('shipped', '--minutes', 0)
        self.assertEqual([cell['outputs'] for cell in json.loads(NOTEBOOK.read_text())['cells'] if cell['cell_type'] == 'code'], [[]] * len(cells()))


if __name__ == '__main__':
    unittest.main()
