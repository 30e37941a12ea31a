"""The page that shows a training while it goes on: what the run writes for it, and what its server gives out."""
import json
import tempfile
import threading
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from support import TRAIN, SentenceCase, command, program, save_scenes

from export_layers_model import read_layers_model


def module_of(name):
    """A command of scripts/train as a module."""
    loader = SourceFileLoader(name, str(TRAIN / name))
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


class Preview(SentenceCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.place = Path(cls.folder.name)
        status, _, errors = command('train', save_scenes(cls.place / 'pictures', 4), '--name', 'a <b>', '--out', cls.place / 'run', '--size', 'slim',
                                    '--steps', '2', '--epoch', '1', '--batch', '2', '--discriminator', '2', '--threads', '1')
        assert status == 0, errors
        (cls.place / 'dist').mkdir()
        (cls.place / 'dist/fragnet.js').write_text('export {};')
        (cls.place / 'secret.txt').write_text('secret')
        (cls.place / 'run/link').symlink_to(cls.place / 'secret.txt')
        cls.server = module_of('preview').serve(cls.place / 'run', 0, cls.place / 'dist')
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)

    def get(self, path):
        with urlopen(f'http://127.0.0.1:{self.server.server_port}{path}') as answer:
            return answer.headers['Content-Type'], answer.read()

    def test_the_page_shows_the_last_preview_and_the_network_as_it_stands(self):
        shown = json.loads(self.get('/preview.json')[1])
        self.assertEqual((shown['step'], shown['picture']), ('2', 'preview-0000002.png'))
        kind, page = self.get('/preview.html')
        self.assertEqual(kind, 'text/html')
        self.assertIn('<b>a &lt;b&gt;</b> after <span id="step">2</span>', page.decode())
        self.assertIn(f'src="{shown["picture"]}"', page.decode())
        self.assertIn('model.json?step=${step}', page.decode())
        self.assertEqual(self.get('/' + shown['picture'])[0], 'image/png')
        self.assertEqual(self.get('/now/model.json?step=2')[0], 'application/json')
        self.assertEqual(read_layers_model(self.place / 'run/now')[0], 'slim')
        self.assertEqual(self.get('/dist/fragnet.js'), ('text/javascript', b'export {};'))

    def test_nothing_else_is_given_out(self):
        for path in ('/../secret.txt', '/%2e%2e/secret.txt', '/dist/../secret.txt', '/dist/%2e%2e/secret.txt', '/link', '/', '/dist/', '/now',
                     '//etc/passwd', '/dist/other.js', '/%00'):
            with self.subTest(path), self.assertRaises(HTTPError) as refused:
                self.get(path)
            refused.exception.close()
            self.assertEqual(refused.exception.code, 404)

    def test_where_there_is_no_preview_it_is_said(self):
        self.assert_sentence(program('preview', self.place), 'no preview.html yet')
        port = self.server.server_port
        self.assert_sentence(program('preview', self.place / 'run', '--port', port), f'port {port} cannot be used', '--port')


if __name__ == '__main__':
    unittest.main()
