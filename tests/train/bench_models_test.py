"""The benchmark's networks, which it makes with the training tool: TensorFlow.js' folder and the ONNX file of one generator."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import ROOT

from tfjs_folder import bytes_of


class BenchModels(unittest.TestCase):
    def test_the_generator_is_made_in_both_forms(self):
        with tempfile.TemporaryDirectory() as place:
            folder, onnx = Path(place) / 'small', Path(place) / 'small.onnx'
            subprocess.run([sys.executable, '-B', ROOT / 'tests/bench/make_models.py', '--size', 'small', '--onnx', onnx,
                            '--make', folder], check=True, capture_output=True)
            self.assertGreater(bytes_of(folder), 6_300_000)
            self.assertGreater(onnx.stat().st_size, 4 * 6_290_000)


if __name__ == '__main__':
    unittest.main()
